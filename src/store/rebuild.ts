import { addDays, type Calendar } from "../domain/calendar.ts";
import type { Lease } from "./lease.ts";
import type { Store } from "./open.ts";
import { type RollupProgress, rollUp } from "./rollups.ts";
import { createSourceHours } from "./source-hours-write.ts";
import { createStaleMarks } from "./stale.ts";

const BATCH = 5_000;

/**
 * Makes everything derived anew, with the days of `calendar`. Killed at any point it leaves the old numbers or marks
 * from which `rollUp` makes the rest.
 */
export async function rebuildAll(
  store: Store,
  calendar: Calendar,
  lease: Lease,
  onProgress: (what: string, progress: RollupProgress) => void,
): Promise<void> {
  const marks = createStaleMarks(store);
  const hours = createSourceHours(store);
  const total = await store.events.estimatedDocumentCount();
  let done = 0;
  const events = store.events.find({}, { projection: { account: 1, at: 1 }, batchSize: BATCH });
  for await (const { account, at } of events) {
    const day = calendar.dayOf(at.getTime());
    // The days around it too: should the zone not be changed in the end, the event may lie on one of them.
    for (const offset of [-1, 0, 1]) marks.add(account, addDays(day, offset));
    hours.note([{ account, at }]);
    done += 1;
    if (done % BATCH !== 0) continue;
    lease.check();
    await marks.write();
    onProgress("Reading events", { done, total });
  }
  await marks.write();
  lease.check();
  await hours.replaceAll();
  await Promise.all([store.people.deleteMany({}), store.sessions.deleteMany({}), store.daily.deleteMany({})]);
  await store.meta.updateOne(
    { _id: "store" },
    { $set: { timeZone: calendar.timeZone, dataUpTo: null } },
    { upsert: true },
  );
  await rollUp(store, { calendar, lease, onProgress: (progress) => onProgress("Computing", progress) });
}
