import { nextSlot } from "../domain/recurrence.ts";
import { formatRequest } from "../domain/request.ts";
import type { ChannelName, Target } from "../domain/target.ts";
import type { Viewer } from "../domain/viewer.ts";
import { AppError, UsageError } from "../errors.ts";
import { isDuplicateKey } from "../store/errors.ts";
import type { OwnerDocument, ScheduleDocument } from "../store/schedule-documents.ts";
import type { RunDeps } from "./deps.ts";
import { createFiles } from "./files.ts";
import { createPreviews, type Preview } from "./preview.ts";
import { createRuns } from "./runs.ts";
import { newScheduleId } from "./schedule.ts";
import { createViews, type Manager } from "./views.ts";
import type { Plan } from "./words.ts";

/** What may be done with schedules. */
export type Schedules = ReturnType<typeof createSchedules>;

const MOST_SCHEDULES = 5_000;
const ID_TRIES = 20;

/** What managing takes, beside running. */
interface ManageDeps extends RunDeps {
  /** Sees to it that a slot is taken up when its time has come. */
  planSlot(schedule: string, slot: number): Promise<void>;
  /** Takes a slot up that has passed. */
  takeUp(schedule: string, slot: number): Promise<void>;
  nudge(): void;
}

/** Sets schedules up, changes and shows them, for whoever may: their owner, and who may see everybody's use. */
export function createSchedules(deps: ManageDeps) {
  const { store, clock, channels } = deps;
  const views = createViews(store);
  const previews = createPreviews(deps);
  const { find } = views;

  /**
   * Whose a schedule is once somebody changed it, and what they may see: theirs, if its owner may see nothing of it any
   * more.
   */
  async function ownerAfter(
    { owner }: ScheduleDocument,
    manager: Manager,
  ): Promise<{ readonly owner: OwnerDocument; readonly viewer: Viewer }> {
    const viewer = await deps.viewerOf(owner).catch(() => undefined);
    return viewer === undefined || viewer.sees === "self" ? manager : { owner, viewer };
  }

  /** A slot that has passed and that nobody has taken up is not lost by what changes the next one. */
  async function takeUpPassed({ _id, state, next }: ScheduleDocument): Promise<void> {
    if (state === "active" && next !== null && next.getTime() <= clock())
      await deps.takeUp(_id, next.getTime());
  }

  /** @throws UsageError when a target may not get reports */
  async function factsOf(plan: Plan, manager: Manager, viewer = manager.viewer) {
    const seen = await previews.preview(plan, { ...manager, viewer });
    const refused = seen.targets.find(({ isAllowed }) => !isAllowed);
    if (refused) throw new UsageError(`${refused.target.name}: ${refused.why}`);
    const { request, formats: wanted, rule, zone, whenEmpty } = plan;
    const now = clock();
    return {
      seen,
      facts: {
        request: formatRequest(request),
        formats: [...wanted],
        targets: seen.targets.map(({ target }) => target),
        rule,
        zone,
        whenEmpty,
        changedAt: new Date(now),
        wantedAt: new Date(now),
        state: "active" as const,
        pausedWhy: null,
        next: new Date(nextSlot(rule, zone, now)),
      },
    };
  }

  async function planned(schedule: ScheduleDocument): Promise<ScheduleDocument> {
    if (schedule.next) await deps.planSlot(schedule._id, schedule.next.getTime());
    return schedule;
  }

  async function update(id: string, changes: Partial<ScheduleDocument>): Promise<ScheduleDocument> {
    const changed = await store.schedules.findOneAndUpdate(
      { _id: id, state: { $ne: "deleted" } },
      { $set: changes },
      { returnDocument: "after" },
    );
    if (changed === null)
      throw new AppError("the schedule was deleted", { userMessage: "it was deleted meanwhile" });
    return planned(changed);
  }

  /** What was entered and is not sent yet is not to be sent. */
  async function dropPending(id: string, reason: string, kept: readonly Target[] = []): Promise<void> {
    await store.deliveries.updateMany(
      { schedule: id, state: "pending", "target.to": { $nin: kept.map(({ to }) => to) } },
      { $set: { state: "skipped", reason, endedAt: new Date(clock()) } },
    );
  }

  return {
    ...views,
    ...previews,
    ...createRuns(deps, views),
    ...createFiles(deps),

    /** The ways to send that the settings allow. */
    ways: Object.keys(channels) as ChannelName[],

    async create(plan: Plan, manager: Manager): Promise<{ schedule: ScheduleDocument; seen: Preview }> {
      if ((await store.schedules.countDocuments({ state: { $ne: "deleted" } })) >= MOST_SCHEDULES)
        throw new UsageError(`there are ${MOST_SCHEDULES} schedules already; delete some first`);
      const { seen, facts } = await factsOf(plan, manager);
      for (let tries = 1; ; tries++) {
        const schedule: ScheduleDocument = {
          _id: newScheduleId(),
          ...facts,
          owner: manager.owner,
          createdAt: facts.changedAt,
        };
        try {
          await store.schedules.insertOne(schedule);
        } catch (error) {
          if (!isDuplicateKey(error) || tries === ID_TRIES) throw error;
          continue;
        }
        return { schedule: await planned(schedule), seen };
      }
    },

    /**
     * Puts another plan in the place of a schedule's, which runs again if it was paused. It stays its owner's, unless
     * they may see nothing of it any more, as after they left: then it is whose change it was.
     */
    async change(
      id: string,
      plan: Plan,
      manager: Manager,
    ): Promise<{ schedule: ScheduleDocument; seen: Preview }> {
      const before = await find(id, manager);
      const { owner, viewer } = await ownerAfter(before, manager);
      const { seen, facts } = await factsOf(plan, manager, viewer);
      await takeUpPassed(before);
      const schedule = await update(before._id, { ...facts, owner });
      await dropPending(before._id, "it is no target any more", facts.targets);
      return { schedule, seen };
    },

    async pause(id: string, manager: Manager): Promise<ScheduleDocument> {
      const { _id } = await find(id, manager);
      const paused = await update(_id, {
        state: "paused",
        pausedWhy: null,
        next: null,
        changedAt: new Date(clock()),
      });
      await dropPending(_id, "the schedule was paused");
      return paused;
    },

    async resume(id: string, manager: Manager): Promise<ScheduleDocument> {
      const before = await find(id, manager);
      await takeUpPassed(before);
      const { _id, rule, zone } = before;
      const now = clock();
      const next = new Date(nextSlot(rule, zone, now));
      const at = new Date(now);
      return update(_id, { state: "active", pausedWhy: null, next, changedAt: at, wantedAt: at });
    },

    /** It goes from the lists; what it sent stays in the ledger. */
    async remove(id: string, manager: Manager): Promise<ScheduleDocument> {
      const { _id } = await find(id, manager);
      const gone = await update(_id, { state: "deleted", next: null, changedAt: new Date(clock()) });
      await dropPending(_id, "the schedule was deleted");
      return gone;
    },

    /** Somebody showed that they want it. */
    async keep(id: string, manager: Manager): Promise<ScheduleDocument> {
      const { _id } = await find(id, manager);
      return update(_id, { wantedAt: new Date(clock()) });
    },
  };
}
