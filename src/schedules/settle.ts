import type {
  DeliveryDocument,
  OwnerDocument,
  RunDocument,
  ScheduleDocument,
} from "../store/schedule-documents.ts";
import type { RunDeps } from "./deps.ts";
import { MOST_FAILURES, type Outcome, outcomeOf, reasonOf, whyPause } from "./policy.ts";

/** Milliseconds until an owner who could not be told is told again, and for how long. */
export const TELL_AGAIN = 300_000;
export const TELL_FOR = 86_400_000;
/** Slots sent without a sign that anybody reads them, after which the owner is asked. */
const UNREAD = 12;

/** Once every target of a run is settled: the schedule goes on or pauses, and its owner is told what they have to know. */
export async function settle(
  deps: RunDeps,
  schedule: ScheduleDocument,
  run: RunDocument,
  deliveries: readonly DeliveryDocument[],
): Promise<number | "done"> {
  const outcome = outcomeOf(deliveries);
  const isWhole = deliveries.every(({ lacking }) => lacking === null);
  const to = run.askedBy ?? schedule.owner;
  try {
    if (outcome === "failed" || outcome === "partial" || !isWhole) {
      const paused = run.kind === "slot" ? await pauseAfter(deps, schedule, run, deliveries) : undefined;
      const mayNothing = await seesNothing(deps, to);
      await deps.tell({ about: "failure", schedule, to, mayNothing, run, deliveries, paused });
    } else if (outcome === "sent" && run.kind === "slot") {
      const times = await countUnread(deps, schedule);
      if (times > 0 && times % UNREAD === 0)
        await deps.tell({ about: "unread", schedule, to, mayNothing: false, times });
    }
  } catch (error) {
    const now = deps.clock();
    deps.logger.error({ err: error, run: run._id, reason: reasonOf(error) }, "nobody could be told of a run");
    if (now + TELL_AGAIN < run.deadline.getTime() + TELL_FOR) return now + TELL_AGAIN;
  }
  return "done";
}

/** Whether somebody may see nothing of a report any more; nobody knows it where Slack does not say. */
function seesNothing({ viewerOf }: RunDeps, owner: OwnerDocument): Promise<boolean> {
  return viewerOf(owner).then(
    ({ sees }) => sees === "self",
    () => false,
  );
}

/** Pauses the schedule if it has failed too often since it was last changed. Gives why it is paused. */
async function pauseAfter(
  { store, clock }: RunDeps,
  schedule: ScheduleDocument,
  run: RunDocument,
  deliveries: readonly DeliveryDocument[],
): Promise<string | undefined> {
  // Told before, perhaps to nobody.
  if (schedule.state === "paused" && schedule.pausedWhy !== null) return schedule.pausedWhy;
  if (run.createdAt < schedule.changedAt) return undefined;
  const before = await lastOutcomes(store, schedule, run);
  const isHopeless = deliveries.every((delivery) => delivery.state === "failed" && delivery.isHopeless);
  const why = whyPause([outcomeOf(deliveries), ...before], isHopeless);
  if (why === undefined) return undefined;
  await store.schedules.updateOne(
    { _id: schedule._id, state: "active", changedAt: schedule.changedAt },
    { $set: { state: "paused", pausedWhy: why, next: null, changedAt: new Date(clock()) } },
  );
  return why;
}

/** How the slots before a run went, the newest first, since the schedule was last set up or changed. */
async function lastOutcomes(
  { runs, deliveries }: RunDeps["store"],
  { _id: schedule, changedAt }: ScheduleDocument,
  run: RunDocument,
): Promise<Outcome[]> {
  const before = await runs
    .find(
      { schedule, kind: "slot", state: "done", slot: { $lt: run.slot }, createdAt: { $gt: changedAt } },
      { sort: { createdAt: -1 }, limit: MOST_FAILURES - 1 },
    )
    .toArray();
  return Promise.all(before.map(async ({ _id }) => outcomeOf(await deliveries.find({ run: _id }).toArray())));
}

/** How many slots were sent since somebody last showed that they want them. */
async function countUnread(
  { store }: RunDeps,
  { _id: schedule, wantedAt }: ScheduleDocument,
): Promise<number> {
  const sent = { schedule, kind: "slot", state: "sent", begunAt: { $gt: wantedAt } } as const;
  return (await store.deliveries.distinct("run", sent)).length;
}
