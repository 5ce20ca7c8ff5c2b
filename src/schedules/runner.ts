import type { RunDeps } from "./deps.ts";
import { takeRun } from "./hold.ts";
import { workOn } from "./run.ts";

/** Works on the runs that are due, a few at a time. */
export interface Runner {
  /** Looks now whether something is due, as after a run was entered. */
  nudge(): void;
  /** Takes nothing new, and resolves when nothing is worked on any more, or after so many milliseconds. */
  stop(patience: number): Promise<void>;
}

/** Runs of one process at a time, so that nine o'clock on a Monday leaves room for whoever asks for an answer. */
const AT_ONCE = 3;
/** Milliseconds between looks; other processes enter runs as well. */
const EVERY = 2_000;

export function createRunner(deps: RunDeps): Runner {
  const working = new Set<Promise<void>>();
  let isStopped = false;
  let taking: Promise<void> | undefined;
  let isAsked = false;

  async function take(): Promise<void> {
    do {
      isAsked = false;
      while (!isStopped && working.size < AT_ONCE) {
        const hold = await takeRun(deps.store, deps.clock);
        if (hold === undefined) break;
        const work: Promise<void> = workOn(deps, hold).finally(() => {
          working.delete(work);
          nudge();
        });
        working.add(work);
      }
    } while (isAsked && !isStopped && working.size < AT_ONCE);
  }

  function nudge(): void {
    isAsked = true;
    if (isStopped || taking !== undefined) return;
    taking = take()
      .catch((error: unknown) => deps.logger.warn({ err: error }, "runs of schedules could not be looked up"))
      .finally(() => {
        taking = undefined;
      });
  }

  const timer = setInterval(nudge, EVERY);
  nudge();
  return {
    nudge,
    async stop(patience) {
      isStopped = true;
      clearInterval(timer);
      await taking;
      const { promise, resolve } = Promise.withResolvers<void>();
      const late = setTimeout(resolve, patience);
      await Promise.race([Promise.all(working), promise]);
      clearTimeout(late);
    },
  };
}
