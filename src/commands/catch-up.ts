import { DEFAULT_ZONE } from "../domain/calendar.ts";
import { tryLease } from "../store/lease.ts";
import { rollUp } from "../store/rollups.ts";
import type { CommandDeps } from "./command.ts";

/**
 * Finishes what an import that was killed left stale. Gives whether anything is stale still, because another process
 * is at work on it.
 */
export async function catchUp(deps: Pick<CommandDeps, "store" | "zone" | "onProgress">): Promise<boolean> {
  const { store, zone, onProgress } = deps;
  if ((await store.stale.findOne({})) === null) return false;
  const lease = await tryLease(store, "ingest");
  if (!lease) return true;
  try {
    const calendar = await store.calendar(zone ?? DEFAULT_ZONE);
    await rollUp(store, {
      calendar,
      lease,
      onProgress: (progress) => onProgress({ what: "Computing", ...progress }),
    });
  } finally {
    await lease.release();
  }
  return false;
}
