import { type Calendar, createCalendar, DEFAULT_ZONE } from "../domain/calendar.ts";
import { UsageError } from "../errors.ts";
import type { Store } from "./open.ts";

/**
 * The store's zone. The first that writes into an empty store sets it: to the zone that is `wanted`, else to the one of
 * the settings. Belongs under the lease "ingest".
 * @throws UsageError when another zone is wanted than the store has
 */
export async function claimZone(
  store: Pick<Store, "meta" | "events">,
  { wanted, otherwise }: { readonly wanted?: string | undefined; readonly otherwise: string | undefined },
): Promise<Calendar> {
  const meta = await store.meta.findOne({ _id: "store" });
  if (meta === null || (await store.events.findOne({})) === null) {
    const timeZone = wanted ?? otherwise ?? DEFAULT_ZONE;
    await store.meta.updateOne(
      { _id: "store" },
      { $set: { timeZone }, $setOnInsert: { dataUpTo: null } },
      { upsert: true },
    );
    return createCalendar(timeZone);
  }
  if (wanted !== undefined && wanted !== meta.timeZone) {
    throw new UsageError(
      `the store's days are those of ${meta.timeZone}; “rebuild --time-zone ${wanted}” changes them`,
    );
  }
  return createCalendar(meta.timeZone);
}
