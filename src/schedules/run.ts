import type { DeliveryDocument, RunDocument, ScheduleDocument } from "../store/documents.ts";
import { type Making, makeContents } from "./contents.ts";
import type { RunDeps } from "./deps.ts";
import type { Hold } from "./hold.ts";
import { beginSend, doubtLeftovers, endSend, putOff } from "./ledger.ts";
import { judge, MOST_FAILURES, type Outcome, outcomeOf, reasonOf, whyPause } from "./policy.ts";

/** After so many processes ended while they worked on one run, it is not begun again. */
const MOST_BEGINNINGS = 4;
/** Milliseconds until an owner who could not be told is told again, and for how long. */
const TELL_AGAIN = 300_000;
const TELL_FOR = 86_400_000;
/** Slots sent without a sign that anybody reads them, after which the owner is asked. */
const UNREAD = 12;

/** Works on a run that was taken, and gives it back. Never rejects: what goes wrong is in the ledger and the log. */
export async function workOn(deps: RunDeps, hold: Hold): Promise<void> {
  try {
    await hold.release(await advance(deps, hold));
  } catch (error) {
    deps.logger.error({ err: error, run: hold.run._id }, "a run of a schedule broke off");
    const { now, deadline } = timesOf(deps, hold.run);
    const wakeAt = now + TELL_AGAIN;
    await hold.release(wakeAt > deadline + TELL_FOR ? "done" : wakeAt).catch(() => undefined);
  }
}

function timesOf({ clock }: RunDeps, run: RunDocument): { now: number; deadline: number } {
  return { now: clock(), deadline: run.deadline.getTime() };
}

/** Does what is due of a run. Gives when it is to go on, in milliseconds since the epoch, or that it is done. */
async function advance(deps: RunDeps, hold: Hold): Promise<number | "done"> {
  const { store } = deps;
  const { run } = hold;
  const { now } = timesOf(deps, run);
  await doubtLeftovers(store, run._id, now);
  const schedule = await store.schedules.findOne({ _id: run.schedule });
  const due = await store.deliveries
    .find({ run: run._id, state: "pending", retryAt: { $lte: new Date(now) } })
    .toArray();
  if (due.length > 0) await deliver(deps, hold, schedule, due);
  const deliveries = await store.deliveries.find({ run: run._id }).toArray();
  const waiting = deliveries.filter(({ state }) => state === "pending");
  if (waiting.length > 0) return Math.min(...waiting.map(({ retryAt }) => retryAt.getTime()));
  return schedule === null ? "done" : settle(deps, schedule, run, deliveries);
}

async function deliver(
  deps: RunDeps,
  hold: Hold,
  schedule: ScheduleDocument | null,
  due: readonly DeliveryDocument[],
): Promise<void> {
  const { store } = deps;
  const { run } = hold;
  const { now, deadline } = timesOf(deps, run);
  const ids = due.map(({ _id }) => _id);
  if (schedule === null || schedule.state === "deleted")
    return putOff(store, ids, now, { state: "skipped", reason: "the schedule was deleted" });
  if (run.begun > MOST_BEGINNINGS) {
    const reason = `the app ended ${MOST_BEGINNINGS} times while it worked on this`;
    return putOff(store, ids, now, { state: "failed", reason });
  }
  if (now >= deadline) return putOff(store, ids, now, { state: "failed", reason: "its time was over" });
  let making: Making;
  try {
    making = await makeContents(deps, schedule, run);
  } catch (error) {
    deps.logger.warn({ err: error, run: run._id }, "a scheduled report could not be made");
    const attempts = 1 + Math.max(...due.map((delivery) => delivery.attempts));
    return putOff(store, ids, now, judge(error, "preparing", { attempts, now, deadline }));
  }
  if (making.isSkipped)
    return putOff(store, ids, now, { state: "skipped", reason: "there was nothing to report" });
  const time = new AbortController();
  const timer = setTimeout(() => time.abort(), deadline - now);
  await Promise.all(due.map((delivery) => deliverOne(deps, hold, delivery, making, time.signal)));
  clearTimeout(timer);
}

/** Sends to one target; whatever goes wrong there stays there. */
async function deliverOne(
  deps: RunDeps,
  hold: Hold,
  delivery: DeliveryDocument,
  making: Making,
  signal: AbortSignal,
): Promise<void> {
  const { store, clock, channels, logger } = deps;
  const { target } = delivery;
  const { deadline } = timesOf(deps, hold.run);
  const attempts = delivery.attempts + 1;
  const verdictOn = (error: unknown, during: "preparing" | "sending") => {
    logger.warn({ err: error, delivery: delivery._id, during }, "a target was not reached");
    return judge(error, during, { attempts, now: clock(), deadline });
  };
  try {
    const channel = channels[target.channel];
    if (channel === undefined) {
      const reason = `${target.channel} is not set up any more`;
      return await putOff(store, [delivery._id], clock(), { state: "failed", reason, isHopeless: true });
    }
    let contents: Awaited<ReturnType<Making["contents"]>>;
    try {
      await channel.check(target);
      contents = await making.contents(channel.isOpen(target));
    } catch (error) {
      return await putOff(store, [delivery._id], clock(), verdictOn(error, "preparing"));
    }
    if (hold.hasLapsed() || signal.aborted) return;
    const files = contents.files.map(({ _id }) => _id);
    if (!(await beginSend(store, delivery, hold.holder, clock(), files))) return;
    try {
      const { reference, lacking = null } = await channel.send(target, { ...contents, signal });
      await endSend(store, delivery, hold.holder, clock(), { state: "sent", reference, lacking });
    } catch (error) {
      await endSend(store, delivery, hold.holder, clock(), verdictOn(error, "sending"));
    }
  } catch (error) {
    // The store itself: what was begun is in doubt, and comes up when the run is taken again.
    logger.error(
      { err: error, delivery: delivery._id },
      "what became of a delivery could not be written down",
    );
  }
}

/** Once every target of a run is settled: the schedule goes on or pauses, and its owner is told what they have to know. */
async function settle(
  deps: RunDeps,
  schedule: ScheduleDocument,
  run: RunDocument,
  deliveries: readonly DeliveryDocument[],
): Promise<number | "done"> {
  const outcome = outcomeOf(deliveries);
  try {
    if (outcome === "failed" || outcome === "partial") {
      const paused = run.kind === "slot" ? await pauseAfter(deps, schedule, run, deliveries) : undefined;
      await deps.tell({ about: "failure", schedule, run, deliveries, paused });
    } else if (outcome === "sent" && run.kind === "slot") {
      const times = await countUnread(deps, schedule);
      if (times > 0 && times % UNREAD === 0) await deps.tell({ about: "unread", schedule, times });
    }
  } catch (error) {
    const { now, deadline } = timesOf(deps, run);
    deps.logger.error({ err: error, run: run._id, reason: reasonOf(error) }, "nobody could be told of a run");
    if (now + TELL_AGAIN < deadline + TELL_FOR) return now + TELL_AGAIN;
  }
  return "done";
}

async function pauseAfter(
  { store, clock }: RunDeps,
  schedule: ScheduleDocument,
  run: RunDocument,
  deliveries: readonly DeliveryDocument[],
): Promise<string | undefined> {
  const before = await lastOutcomes(store, schedule, run);
  const isHopeless = deliveries.every((delivery) => delivery.state === "failed" && delivery.isHopeless);
  const why = whyPause([outcomeOf(deliveries), ...before], isHopeless);
  if (why === undefined) return undefined;
  await store.schedules.updateOne(
    { _id: schedule._id, state: "active" },
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
function countUnread({ store }: RunDeps, { _id, wantedAt }: ScheduleDocument): Promise<number> {
  // The run that is being settled is not done yet.
  return store.runs
    .countDocuments({ schedule: _id, kind: "slot", state: "done", createdAt: { $gt: wantedAt } })
    .then((done) => done + 1);
}
