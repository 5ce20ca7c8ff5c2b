import { createHash } from "node:crypto";
import { lastSlot, nextSlot } from "../domain/recurrence.ts";
import { AppError } from "../errors.ts";
import type { Store } from "../store/open.ts";
import type { ScheduleDocument } from "../store/schedule-documents.ts";
import type { RunDeps } from "./deps.ts";
import { enterRun, openMissed, openUnsettled } from "./ledger.ts";

/** What taking up slots takes. */
export interface SlotDeps {
  readonly store: Pick<Store, "schedules" | "runs" | "deliveries">;
  readonly clock: () => number;
  /** Milliseconds within which the latest slot that was missed is made up for. */
  readonly catchUp: number;
  /** Sees to it that the slot is taken up when its time has come. */
  planSlot(schedule: string, slot: number): Promise<void>;
  /** Says that a run was entered. */
  nudge(): void;
}

const WIDEST = 60_000;
const APART = 100;
const WHY_MISSED = "the app was not running at that time";

/**
 * Takes a slot of a schedule up: enters its run into the ledger and plans the next one. Whatever was entered already
 * stays, so it may be taken up as often as one likes. Of slots that passed unnoticed the latest one is still run, if it
 * is not too late; the others are entered as missed. A slot that is not the schedule's next one (any more) is nothing.
 */
export async function takeUpSlot(deps: SlotDeps, id: string, slot: number): Promise<void> {
  const { store, clock } = deps;
  const schedule = await store.schedules.findOne({ _id: id });
  if (schedule?.state !== "active" || schedule.next?.getTime() !== slot) return;
  const now = clock();
  // Clocks may be set back, or differ.
  if (now < slot) throw new AppError("a slot was taken up before its time", { retryable: true });
  const { rule, zone, targets } = schedule;
  const { slot: latest, passed } = lastSlot(rule, zone, now, slot - 1) ?? { slot, passed: [] };
  const entry = { schedule, kind: "slot", targets, now, wakeAt: now } as const;
  for (const each of passed) await enterRun(store, { ...entry, slot: each, missed: WHY_MISSED });
  if (now - latest > deps.catchUp) {
    await enterRun(store, { ...entry, slot: latest, missed: WHY_MISSED });
  } else {
    const wakeAt = now + (await jitter(deps, schedule, slot));
    await openMissed(store, await enterRun(store, { ...entry, slot: latest, wakeAt }), now, wakeAt);
  }
  await moveOn(deps, schedule, nextSlot(rule, zone, latest));
  deps.nudge();
}

async function moveOn(
  { store, planSlot }: SlotDeps,
  { _id, next }: ScheduleDocument,
  following: number,
): Promise<void> {
  const { matchedCount } = await store.schedules.updateOne(
    { _id, state: "active", next },
    { $set: { next: new Date(following) } },
  );
  if (matchedCount > 0) await planSlot(_id, following);
}

/** Milliseconds by which schedules of one slot are spread, the more the more there are, up to a minute. */
async function jitter({ store }: SlotDeps, { _id }: ScheduleDocument, slot: number): Promise<number> {
  const others = await store.schedules.countDocuments({ state: "active", next: new Date(slot) });
  if (others < 2) return 0;
  const place = createHash("sha256").update(`${_id} ${slot}`).digest().readUInt32BE() / 2 ** 32;
  return Math.floor(place * Math.min(WIDEST, others * APART));
}

/**
 * Plans the next slot of every active schedule, and opens runs that are over too early: for what a process that ended
 * left behind, and for clocks that were set. A next slot that lies beyond the one that should come next is brought back; what ran already does not run again.
 */
export async function planAll(deps: SlotDeps & Pick<RunDeps, "logger">): Promise<void> {
  const { store, clock, logger, nudge } = deps;
  for await (const schedule of store.schedules.find({ state: "active" })) {
    await planNext(deps, schedule).catch((error: unknown) =>
      logger.error({ err: error, schedule: schedule._id }, "a schedule could not be planned"),
    );
  }
  if ((await openUnsettled(store, clock())) > 0) nudge();
}

async function planNext(
  { store, clock, planSlot }: SlotDeps,
  { _id, rule, zone, next }: ScheduleDocument,
): Promise<void> {
  const should = nextSlot(rule, zone, clock());
  const slot = next?.getTime() ?? should;
  if (next !== null && slot <= should) return planSlot(_id, slot);
  const { matchedCount } = await store.schedules.updateOne(
    { _id, state: "active", next },
    { $set: { next: new Date(should) } },
  );
  if (matchedCount > 0) await planSlot(_id, should);
}
