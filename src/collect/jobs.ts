import { MINUTE } from "../domain/calendar.ts";
import { openAgenda } from "../store/agenda.ts";
import type { Store } from "../store/open.ts";
import { CollectError } from "./errors.ts";
import type { CollectLogger, Collector } from "./index.ts";

const COLLECTION = "collecting";
const EVERY = 5_000;
const PATIENCE = 8_000;
/** A round that takes longer may be begun beside; it then finds that somebody is at it. */
const LOCKED = 10 * MINUTE;

const nameOf = (source: string): string => `collect ${source}`;

/**
 * Has every vault collected at once and then every few minutes, by one of the processes on the store at a time: a
 * recurring job of Agenda for each. Those that are missed while nothing runs are not made up for, since each round begins where the
 * last one ended.
 */
export async function startCollecting(deps: {
  readonly collector: Collector;
  readonly store: Pick<Store, "db">;
  readonly minutes: number;
  readonly logger: CollectLogger;
}): Promise<{ close(): Promise<void> }> {
  const { collector, store, minutes, logger } = deps;
  const { sources } = collector;
  if (sources.length === 0) return { close: async () => undefined };
  const ending = new AbortController();
  const agenda = await openAgenda(store.db, COLLECTION, {
    processEvery: EVERY,
    defaultLockLifetime: LOCKED,
    onStumble: (error) => logger.warn({ err: error }, "the alarm for collecting stumbled"),
  });
  for (const source of sources) {
    agenda.define(
      nameOf(source),
      async () => {
        try {
          const { read, added, rejected, upTo } = await collector.collect(source, { signal: ending.signal });
          logger.info({ source, read, added, rejected, upTo: new Date(upTo) }, "collected");
        } catch (error) {
          if (ending.signal.aborted) return;
          // What a vault does not give now it may give in the next round.
          if (!(error instanceof CollectError)) throw error;
          logger.warn({ source, reason: error.message }, "a vault could not be collected from");
        }
      },
      { concurrency: 1, lockLimit: 1 },
    );
  }
  await agenda.start();
  for (const source of sources) await agenda.every(`${minutes} minutes`, nameOf(source));
  return {
    async close() {
      ending.abort();
      await agenda.drain(PATIENCE);
      await agenda.stop(false);
    },
  };
}
