import { randomUUID } from "node:crypto";
import type { RunDocument } from "../store/schedule-documents.ts";
import type { Ledger } from "./ledger.ts";

/** Whoever works on a run says so within this time, or it is somebody else's. */
const LEASE = 30_000;
const RENEWED = 8_000;

/** The right to work on a run. It is kept up until `release`. */
export interface Hold {
  readonly run: RunDocument;
  readonly holder: string;
  /** Whether somebody else may have the run by now. */
  hasLapsed(): boolean;
  /** Gives it back; it is to be worked on again at `wakeAt`, or never. */
  release(wakeAt: number | "done"): Promise<void>;
}

/**
 * Takes the open run that has waited longest, or that one only, if it is due: it moves on in time by a lease, so that it is due again
 * should its holder end. `clock` is in milliseconds since the epoch.
 */
export async function takeRun(
  { runs }: Ledger,
  clock: () => number,
  only?: string,
): Promise<Hold | undefined> {
  const holder = randomUUID();
  const taken = clock();
  const run = await runs.findOneAndUpdate(
    {
      ...(only === undefined ? {} : { _id: only }),
      state: "open",
      wakeAt: { $lte: new Date(taken) },
    },
    { $set: { holder, wakeAt: new Date(taken + LEASE) }, $inc: { begun: 1 } },
    { sort: { wakeAt: 1 }, returnDocument: "after" },
  );
  if (run === null) return undefined;
  const mine = { _id: run._id, holder };
  // By a clock that nobody sets: how long ago it was renewed.
  let renewedAt = performance.now();
  let isLost = false;
  const renew = async (): Promise<void> => {
    const at = performance.now();
    const { matchedCount } = await runs.updateOne(mine, { $set: { wakeAt: new Date(clock() + LEASE) } });
    if (matchedCount === 0) isLost = true;
    else renewedAt = at;
  };
  const timer = setInterval(() => renew().catch(() => undefined), RENEWED);
  return {
    run,
    holder,
    hasLapsed: () => isLost || performance.now() - renewedAt > LEASE,
    async release(wakeAt) {
      clearInterval(timer);
      const end = wakeAt === "done" ? { state: "done" as const } : { wakeAt: new Date(wakeAt) };
      await runs.updateOne(mine, { $set: { ...end, begun: 0, holder: null } });
    },
  };
}
