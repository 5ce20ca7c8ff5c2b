import type { Logger } from "pino";
import { removeExpired } from "../store/archive.ts";
import { claim } from "../store/claims.ts";
import type { Store } from "../store/open.ts";

const HOUR = 3_600_000;
/** Of several processes on one store, one does it each hour. */
const CLAIM = { key: "housekeeping", lifetime: HOUR - 60_000 };

/** Removes what is kept for a time only, now and once an hour. Never rejects; what failed is tried again. */
export function startHousekeeping(deps: {
  readonly store: Pick<Store, "archive" | "claims" | "db">;
  readonly clock: () => number;
  readonly archiveDays: number;
  readonly logger: Pick<Logger, "info" | "warn">;
}): { close(): Promise<void> } {
  const { store, clock, archiveDays, logger } = deps;
  let running = Promise.resolve();
  const run = async (): Promise<void> => {
    try {
      const now = clock();
      if (!(await claim(store, CLAIM.key, { now, lifetime: CLAIM.lifetime }))) return;
      const removed = await removeExpired(store, now, archiveDays);
      if (removed > 0) logger.info({ removed }, "files older than ARCHIVE_DAYS were removed");
    } catch (error) {
      logger.warn({ err: error }, "old files could not be removed; that is tried again in an hour");
    }
  };
  const start = (): void => {
    running = running.then(run);
  };
  const timer = setInterval(start, HOUR);
  start();
  return {
    async close() {
      clearInterval(timer);
      await running;
    },
  };
}
