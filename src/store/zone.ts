import { type Calendar, createCalendar, DEFAULT_ZONE } from "../domain/calendar.ts";
import { UsageError } from "../errors.ts";
import type { Store } from "./open.ts";

/**
 * The store's zone, for whoever is about to store events and holds the lease "ingest". The first of them into an empty
 * store set it: to the one that is asked for, else to `fallback`, that of the settings.
 * @throws UsageError where another zone is asked for than the one whose days the store has
 */
export async function claimZone(
  store: Pick<Store, "meta" | "events">,
  { asked, fallback }: { readonly asked?: string | undefined; readonly fallback?: string | undefined },
): Promise<Calendar> {
  const meta = await store.meta.findOne({ _id: "store" });
  const isEmpty = meta === null || (await store.events.findOne({})) === null;
  if (isEmpty) {
    const timeZone = asked ?? fallback ?? DEFAULT_ZONE;
    await store.meta.updateOne(
      { _id: "store" },
      { $set: { timeZone }, $setOnInsert: { dataUpTo: null } },
      { upsert: true },
    );
    return createCalendar(timeZone);
  }
  if (asked !== undefined && asked !== meta.timeZone) {
    throw new UsageError(
      `the store's days are those of ${meta.timeZone}; “rebuild --time-zone ${asked}” changes them`,
    );
  }
  return createCalendar(meta.timeZone);
}
