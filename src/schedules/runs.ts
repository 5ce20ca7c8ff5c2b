import { setTimeout as sleep } from "node:timers/promises";
import { readTarget } from "../delivery/index.ts";
import { UsageError } from "../errors.ts";
import type { DeliveryDocument, RunKind } from "../store/schedule-documents.ts";
import type { RunDeps } from "./deps.ts";
import { takeRun } from "./hold.ts";
import { enterRun } from "./ledger.ts";
import { slackIdOf } from "./preview.ts";
import { workOn } from "./run.ts";
import type { createViews, Manager, RunView } from "./views.ts";

const WORK_TRIES = 120;
const WORK_PAUSE = 500;
const RETRY_TIME = 2 * 3_600_000;

/** Runs schedules by hand. `nudge` says that a run was entered. */
export function createRuns(
  deps: RunDeps & { nudge(): void },
  { find, viewRun }: Pick<ReturnType<typeof createViews>, "find" | "viewRun">,
) {
  const { store, clock, channels } = deps;

  /** Has deliveries of a run that is over sent again. @throws UsageError while it is worked on */
  async function reopen(run: string, states: DeliveryDocument["state"][]): Promise<number> {
    const now = new Date(clock());
    const found = await store.runs.findOne({ _id: run });
    if (found?.state === "open" && found.holder !== null)
      throw new UsageError("it is being sent at this moment; look at its history in a minute");
    const { modifiedCount } = await store.deliveries.updateMany(
      { run, state: { $in: states } },
      { $set: { state: "pending", retryAt: now, attempts: 0, isHopeless: false } },
    );
    if (modifiedCount === 0) return 0;
    const deadline = new Date(now.getTime() + RETRY_TIME);
    // Whoever ends between these two leaves it to `openUnsettled`.
    await store.runs.updateOne(
      { _id: run },
      { $set: { state: "open", wakeAt: now, deadline, holder: null, begun: 0 } },
    );
    deps.nudge();
    return modifiedCount;
  }

  return {
    /** Enters a run as of now: to all targets, or as a test to whoever asks. Gives the run's id. */
    async run(id: string, kind: Exclude<RunKind, "slot">, manager: Manager): Promise<string> {
      const schedule = await find(id, manager);
      const { _id, targets } = schedule;
      const now = clock();
      const to =
        kind === "now" ? targets : [await readTarget(channels, testWord(manager), slackIdOf(manager.owner))];
      const run = await enterRun(store, {
        schedule,
        kind,
        slot: now,
        targets: to,
        now,
        wakeAt: now,
        askedBy: manager.owner,
      });
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

/** Where a test goes: to whoever asks for it. */
function testWord({ viewer, owner }: Manager): string {
  if (owner.front === "slack") return "me";
  if (viewer.email !== undefined) return viewer.email;
  throw new UsageError("a test goes to whoever asks: say with --as EMAIL to whom");
}
