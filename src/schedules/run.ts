import { AppError, DeliveryError } from "../errors.ts";
import type { DeliveryDocument, RunDocument, ScheduleDocument } from "../store/schedule-documents.ts";
import { type Making, makeContents } from "./contents.ts";
import type { RunDeps } from "./deps.ts";
import type { Hold } from "./hold.ts";
import { beginSend, doubtLeftovers, endSend, putOff } from "./ledger.ts";
import { judge } from "./policy.ts";
import { settle, TELL_AGAIN, TELL_FOR } from "./settle.ts";
import { within } from "./within.ts";

/** After so many processes ended while they worked on one run, it is not begun again. */
const MOST_BEGINNINGS = 4;
/** Milliseconds that making a report with its files may take, and then sending it to one target. */
const MAKING = 600_000;
const SENDING = 300_000;
/** Milliseconds until a send whose end could not be written down counts as in doubt. */
const IN_DOUBT = 30_000;

const notMade = new AppError("a report was not made in time", {
  retryable: true,
  userMessage: "the report could not be made in time",
});
const notAnswered = new DeliveryError("a send did not end", {
  fate: "unknown",
  userMessage: "it took so long that nobody waited for the end, so it may have arrived or not",
});

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
  // What could not be written down is in doubt when the run is taken the next time.
  if (deliveries.some(({ state }) => state === "sending")) return timesOf(deps, run).now + IN_DOUBT;
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
  const isPaused = schedule.state === "paused" && schedule.pausedWhy === null;
  if (run.kind === "slot" && isPaused && schedule.changedAt > run.createdAt)
    return putOff(store, ids, now, { state: "skipped", reason: "the schedule was paused" });
  if (run.begun > MOST_BEGINNINGS) {
    const reason = `the app ended ${MOST_BEGINNINGS} times while it worked on this`;
    return putOff(store, ids, now, { state: "failed", reason });
  }
  if (now >= deadline) return putOff(store, ids, now, { state: "failed", reason: "its time was over" });
  let making: Making;
  try {
    making = await within(makeContents(deps, run), Math.min(MAKING, deadline - now), notMade);
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
      const error = new DeliveryError("no such channel here", {
        retryable: true,
        userMessage: `${target.channel} is not set up where this was tried`,
      });
      return await putOff(store, [delivery._id], clock(), verdictOn(error, "preparing"));
    }
    let contents: Awaited<ReturnType<Making["contents"]>>;
    try {
      await channel.check(target);
      contents = await within(making.contents(channel.isOpen(target)), MAKING, notMade);
    } catch (error) {
      return await putOff(store, [delivery._id], clock(), verdictOn(error, "preparing"));
    }
    if (hold.hasLapsed() || signal.aborted) return;
    const files = contents.files.map(({ _id }) => _id);
    if (!(await beginSend(store, delivery, hold.holder, clock(), files))) return;
    try {
      const sending = channel.send(target, { ...contents, signal });
      const { reference, lacking = null } = await within(sending, SENDING, notAnswered);
      await endSend(store, delivery, hold.holder, clock(), { state: "sent", reference, lacking });
    } catch (error) {
      await endSend(store, delivery, hold.holder, clock(), verdictOn(error, "sending"));
    }
  } catch (error) {
    // The store itself: what was begun is in doubt.
    logger.error(
      { err: error, delivery: delivery._id },
      "what became of a delivery could not be written down",
    );
  }
}
