import type { Logger } from "pino";
import { DAY, DEFAULT_ZONE, MINUTE } from "../domain/calendar.ts";
import { warningOf } from "../reports/sources.ts";
import { claim, disclaim, prolong } from "../store/claims.ts";
import type { Store } from "../store/open.ts";
import { readSourceStates, type SourceState } from "../store/source-states.ts";
import { within } from "./within.ts";

/** Milliseconds between looks. */
const EVERY = 15 * MINUTE;
/** A look comes a little late or early, and the next day's is not to be missed for that. */
const TOLD_FOR = DAY - 5 * MINUTE;
/** For how long nobody else tells it while it is being told. */
const TELLING = 10 * MINUTE;
/** A failure that was over by the next look would trouble nobody. */
const FAILURE_PATIENCE = EVERY;
const PATIENCE = 5_000;

/** What looking after the sources takes. */
export interface WatchDeps {
  readonly store: Pick<Store, "hours" | "imports" | "feeds" | "claims" | "calendar">;
  /** Now, in milliseconds since the epoch. */
  readonly clock: () => number;
  /** The zone that the settings ask for. */
  readonly zone: string | undefined;
  readonly logger: Pick<Logger, "warn">;
  /** Tells the admins of silent sources, a sentence each without its end; without it the log alone does. */
  readonly tell?: ((warnings: readonly string[]) => Promise<void>) | undefined;
}

/**
 * Tells of sources that are silent, now and every quarter of an hour: each once a day for as long as it lasts, however
 * many processes there are on the store. Never rejects; what could not be told is tried again.
 */
export function startSourceWatch(deps: WatchDeps): { close(): Promise<void> } {
  let running: Promise<void> | undefined;
  const start = (): void => {
    running ??= tellOfSilence(deps)
      .catch((error: unknown) =>
        deps.logger.warn({ err: error }, "nobody could be told of a silent source; that is tried again"),
      )
      .finally(() => {
        running = undefined;
      });
  };
  const timer = setInterval(start, EVERY);
  start();
  return {
    async close() {
      clearInterval(timer);
      const untold = new Error("somebody was still being told of a silent source when the app ended");
      await within(Promise.resolve(running), PATIENCE, untold).catch((err: unknown) =>
        deps.logger.warn({ err }, "it may be told again"),
      );
    },
  };
}

async function tellOfSilence({ store, clock, zone, logger, tell }: WatchDeps): Promise<void> {
  const now = clock();
  const calendar = await store.calendar(zone ?? DEFAULT_ZONE);
  const keys: string[] = [];
  const warnings: string[] = [];
  for (const state of await readSourceStates(store, now, calendar)) {
    const warning = warningOf(state, calendar, true);
    const key = `silence ${state.source}`;
    if (warning === undefined || mayPass(state, now)) continue;
    if (!(await claim(store, key, { now, lifetime: TELLING }))) continue;
    keys.push(key);
    warnings.push(warning);
  }
  if (warnings.length === 0) return;
  try {
    for (const warning of warnings) logger.warn(warning);
    await tell?.(warnings);
  } catch (error) {
    for (const key of keys) await disclaim(store, key);
    throw error;
  }
  for (const key of keys) await prolong(store, key, now + TOLD_FOR);
}

function mayPass({ silence }: SourceState, now: number): boolean {
  return silence?.kind === "failure" && now - silence.since.getTime() < FAILURE_PATIENCE;
}
