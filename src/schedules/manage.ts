import { setTimeout as sleep } from "node:timers/promises";
import { readTarget } from "../delivery/index.ts";
import { nextSlot, slotsAfter } from "../domain/recurrence.ts";
import { formatRequest, readRequest } from "../domain/request.ts";
import { type ChannelName, type Target, targetKey } from "../domain/target.ts";
import type { Viewer } from "../domain/viewer.ts";
import { AccessError, AppError, UsageError } from "../errors.ts";
import { type FormatName, formats } from "../render/formats.ts";
import type {
  ArchiveDocument,
  DeliveryDocument,
  OwnerDocument,
  RunDocument,
  RunKind,
  ScheduleDocument,
} from "../store/documents.ts";
import { isDuplicateKey } from "../store/lease.ts";
import { isEmptyReport } from "./contents.ts";
import type { RunDeps } from "./deps.ts";
import { enterRun, takeRun } from "./ledger.ts";
import { reasonOf } from "./policy.ts";
import { workOn } from "./run.ts";
import { newScheduleId } from "./schedule.ts";
import { formatPlan, type Plan } from "./words.ts";

/** Whoever manages schedules: what they may see, and who they are. */
export interface Manager {
  readonly viewer: Viewer;
  readonly owner: OwnerDocument;
}

/** What a plan would do, for whoever makes it. */
export interface Preview {
  readonly plan: Plan;
  readonly targets: readonly { readonly target: Target; readonly why: string; readonly isAllowed: boolean }[];
  /** Milliseconds since the epoch. */
  readonly next: readonly number[];
  /** Of the report as of now. */
  readonly title: string;
  readonly rows: number;
  readonly isEmpty: boolean;
}

/** A run with what became of it. */
export interface RunView {
  readonly run: RunDocument;
  readonly deliveries: readonly DeliveryDocument[];
}

/** A schedule with its latest run. */
export interface ScheduleView {
  readonly schedule: ScheduleDocument;
  readonly last: RunView | undefined;
}

/** What schedules are about to do, and which do nothing. */
export interface Agenda {
  readonly count: number;
  /** Those that come next, the earliest first. */
  readonly next: readonly ScheduleDocument[];
  /** Those that are paused, the latest first. */
  readonly paused: readonly ScheduleDocument[];
}

/** What may be done with schedules. */
export type Schedules = ReturnType<typeof createSchedules>;

const SHOWN_RUNS = 3;
const MOST_SCHEDULES = 5_000;
const ID_TRIES = 20;

/** What managing takes, beside running. */
interface ManageDeps extends RunDeps {
  /** Sees to it that a slot is taken up when its time has come. */
  planSlot(schedule: string, slot: number): Promise<void>;
  nudge(): void;
}

/** Sets schedules up, changes and shows them, for whoever may: their owner, and who may see everybody's use. */
export function createSchedules(deps: ManageDeps) {
  const { store, clock, channels } = deps;

  /** The Slack id of whoever manages, if they have one. */
  const meOf = ({ front, who }: OwnerDocument): string | undefined => (front === "slack" ? who : undefined);

  async function targetsOf(plan: Pick<Plan, "targets">, owner: OwnerDocument): Promise<Target[]> {
    const words = plan.targets.length > 0 ? plan.targets : ["me"];
    const found = await Promise.all(words.map((word) => readTarget(channels, word, meOf(owner))));
    return [...new Map(found.map((target) => [targetKey(target), target])).values()];
  }

  /** @throws AccessError alike for a schedule that there is not and one that is not theirs */
  async function find(id: string, { viewer, owner }: Manager): Promise<ScheduleDocument> {
    const found = await store.schedules.findOne({ _id: id.toLowerCase() });
    const isTheirs =
      viewer.sees === "everybody" ||
      (found?.owner.who === owner.who && found.owner.workspace === owner.workspace);
    if (found === null || found.state === "deleted" || !isTheirs) {
      const userMessage = `there is no schedule ${id.slice(0, 20)}; schedules shows those there are`;
      throw new AccessError("no such schedule, or not theirs", { userMessage });
    }
    return found;
  }

  /** The schedules that somebody manages, for the store to find. */
  function theirs({ viewer, owner }: Manager) {
    const mine = {
      "owner.who": owner.who,
      ...(owner.workspace === undefined ? {} : { "owner.workspace": owner.workspace }),
    };
    return { ...(viewer.sees === "everybody" ? {} : mine), state: { $ne: "deleted" as const } };
  }

  /** Whose a schedule is once somebody changed it: theirs, if its owner may see nothing of it any more. */
  async function ownerAfter({ owner }: ScheduleDocument, manager: Manager): Promise<OwnerDocument> {
    const viewer = await deps.viewerOf(owner).catch(() => undefined);
    return viewer?.sees === "self" ? manager.owner : owner;
  }

  async function preview(plan: Plan, manager: Manager): Promise<Preview> {
    const targets = await targetsOf(plan, manager.owner);
    const checked = targets.map(async (target) => {
      try {
        const why = (await channels[target.channel]?.check(target)) ?? "not set up";
        return { target, why, isAllowed: true };
      } catch (error) {
        return { target, why: reasonOf(error), isAllowed: false };
      }
    });
    const now = clock();
    const report = await deps.answer(plan.request, { viewer: manager.viewer, now });
    for (const name of plan.formats) {
      if (!formats[name].fits(report))
        throw new UsageError(`there is nothing in this report for a ${formats[name].title}`);
    }
    return {
      plan,
      targets: await Promise.all(checked),
      next: slotsAfter(plan.rule, plan.zone, now, SHOWN_RUNS),
      title: `${report.title}, ${report.period.label}`,
      rows: Object.values(report.tables).reduce((sum, { total }) => sum + total, 0),
      isEmpty: isEmptyReport(report),
    };
  }

  /** @throws UsageError when a target may not get reports */
  async function factsOf(plan: Plan, manager: Manager) {
    const seen = await preview(plan, manager);
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
  async function dropPending(id: string, reason: string): Promise<void> {
    await store.deliveries.updateMany(
      { schedule: id, state: "pending" },
      { $set: { state: "skipped", reason, endedAt: new Date(clock()) } },
    );
  }

  async function viewRun(run: RunDocument): Promise<RunView> {
    return { run, deliveries: await store.deliveries.find({ run: run._id }).toArray() };
  }

  async function viewSchedule(schedule: ScheduleDocument): Promise<ScheduleView> {
    const last = await store.runs.findOne(
      { schedule: schedule._id, kind: { $ne: "test" } },
      { sort: { createdAt: -1 } },
    );
    return { schedule, last: last ? await viewRun(last) : undefined };
  }

  /** Has deliveries of a run that is over sent again. */
  async function reopen(run: string, states: DeliveryDocument["state"][], only?: string): Promise<number> {
    const now = new Date(clock());
    const { modifiedCount } = await store.deliveries.updateMany(
      { run, state: { $in: states }, ...(only === undefined ? {} : { _id: only }) },
      { $set: { state: "pending", retryAt: now, attempts: 0, isHopeless: false } },
    );
    if (modifiedCount === 0) return 0;
    const deadline = new Date(now.getTime() + RETRY_TIME);
    // Whoever may just be ending it is not to have the last word.
    await store.runs.updateOne(
      { _id: run },
      { $set: { state: "open", wakeAt: now, deadline, holder: null, begun: 0 } },
    );
    deps.nudge();
    return modifiedCount;
  }

  return {
    find,
    preview,

    /** The ways to send that the settings allow. */
    ways: Object.keys(channels) as ChannelName[],

    /** What typed or chosen targets mean, and whether they may get reports. */
    targetsOf,

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
      const { seen, facts } = await factsOf(plan, manager);
      const owner = await ownerAfter(before, manager);
      return { schedule: await update(before._id, { ...facts, owner }), seen };
    },

    /** The newest, with their latest runs. */
    async list(manager: Manager): Promise<ScheduleView[]> {
      const found = await store.schedules
        .find(theirs(manager), { sort: { createdAt: -1 }, limit: SHOWN_SCHEDULES })
        .toArray();
      return Promise.all(found.map(viewSchedule));
    },

    async view(id: string, manager: Manager): Promise<ScheduleView> {
      return viewSchedule(await find(id, manager));
    },

    /** At most so many of each kind. */
    async agenda(manager: Manager, most: number): Promise<Agenda> {
      const { schedules } = store;
      const mine = theirs(manager);
      const [count, next, paused] = await Promise.all([
        schedules.countDocuments(mine),
        schedules.find({ ...mine, state: "active" }, { sort: { next: 1 }, limit: most }).toArray(),
        schedules.find({ ...mine, state: "paused" }, { sort: { changedAt: -1 }, limit: most }).toArray(),
      ]);
      return { count, next, paused };
    },

    /** Its last runs, the newest first. */
    async history(id: string, manager: Manager, most = 10): Promise<RunView[]> {
      const { _id } = await find(id, manager);
      const runs = await store.runs
        .find({ schedule: _id }, { sort: { createdAt: -1 }, limit: most })
        .toArray();
      return Promise.all(runs.map(viewRun));
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
      const { _id, rule, zone } = await find(id, manager);
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

    /** Somebody fetched a file: if a schedule had it made, somebody wants it. */
    async noteFetched({ schedule }: Pick<ArchiveDocument, "schedule">): Promise<void> {
      if (schedule === undefined) return;
      await store.schedules.updateOne({ _id: schedule }, { $set: { wantedAt: new Date(clock()) } });
    },

    /** Whether a file was sent to somebody (a Slack id or an e-mail) who might be sent it now as well. */
    async mayStillGet({ _id, schedule }: ArchiveDocument, to: string): Promise<boolean> {
      if (schedule === undefined) return false;
      const delivery = await store.deliveries.findOne({ schedule, "target.to": to, files: _id });
      const channel = delivery && channels[delivery.target.channel];
      if (!channel) return false;
      return channel.check(delivery.target).then(
        () => true,
        () => false,
      );
    },

    /** Enters a run as of now: to all targets, or as a test to whoever asks. Gives the run's id. */
    async run(id: string, kind: Exclude<RunKind, "slot">, manager: Manager): Promise<string> {
      const { _id, targets } = await find(id, manager);
      const now = clock();
      const to =
        kind === "now" ? targets : [await readTarget(channels, testWord(manager), meOf(manager.owner))];
      const run = await enterRun(store, { schedule: _id, kind, slot: now, targets: to, now, wakeAt: now });
      if (kind === "now") await store.schedules.updateOne({ _id }, { $set: { wantedAt: new Date(now) } });
      deps.nudge();
      return run;
    },

    /** Works on a run here and now, or waits for whoever does; gives what became of it, as far as it is known by then. */
    async work(id: string): Promise<RunView | undefined> {
      for (let tries = 0; tries < WORK_TRIES; tries++) {
        const hold = await takeRun(store, clock, id);
        if (hold) await workOn(deps, hold);
        const run = await store.runs.findOne({ _id: id });
        if (run === null) return undefined;
        // What is put off for later is somebody else's: an app's that runs on.
        if (hold || run.state !== "open") return viewRun(run);
        await sleep(WORK_PAUSE);
      }
      const run = await store.runs.findOne({ _id: id });
      return run ? viewRun(run) : undefined;
    },

    viewRun: async (id: string): Promise<RunView | undefined> => {
      const run = await store.runs.findOne({ _id: id });
      return run ? viewRun(run) : undefined;
    },

    /** Tries what failed in a run again. Gives how many targets that are. */
    async retry(run: string, manager: Manager): Promise<number> {
      await find(run.split(" ")[0] ?? "", manager);
      return reopen(run, ["failed"]);
    },

    /** Sends once more what may have arrived or not. Gives how many targets that are. */
    async sendAgain(run: string, manager: Manager): Promise<number> {
      await find(run.split(" ")[0] ?? "", manager);
      return reopen(run, ["unknown"]);
    },
  };
}

const SHOWN_SCHEDULES = 200;
const WORK_TRIES = 120;
const WORK_PAUSE = 500;
const RETRY_TIME = 2 * 3_600_000;

/** Where a test goes: to whoever asks for it. */
function testWord({ viewer, owner }: Manager): string {
  if (owner.front === "slack") return "me";
  if (viewer.email !== undefined) return viewer.email;
  throw new UsageError("a test goes to whoever asks: say with --as EMAIL to whom");
}

/** The plan that a schedule was made from. */
export function planOf(schedule: ScheduleDocument): Plan {
  const { request, rule, zone, targets, formats: names, whenEmpty } = schedule;
  return {
    request: readRequest(request),
    rule,
    zone,
    targets: targets.map(({ channel, to }) =>
      channel === "slack" ? `${/^[UW]/.test(to) ? "@" : "#"}${to}` : to,
    ),
    formats: names as FormatName[],
    whenEmpty,
  };
}

/** A schedule in the words that make it, with targets as people call them. */
export function wordsOf(schedule: ScheduleDocument): string {
  return formatPlan({ ...planOf(schedule), targets: schedule.targets.map(({ name }) => name) });
}
