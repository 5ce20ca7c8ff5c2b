import type { SourceRecord } from "../domain/event.ts";
import { createApiSettle, type Fields } from "../sources/index.ts";
import { ingest } from "../store/ingest.ts";
import { withLease } from "../store/lease.ts";
import type { Store } from "../store/open.ts";
import { claimZone } from "../store/zone.ts";
import { addGathered, type Gathered } from "./gathered.ts";
import type { Range, Vendor } from "./vendor.ts";

/** What collecting takes. */
export interface CollectDeps {
  readonly store: Store;
  /** Now, in milliseconds since the epoch. */
  readonly clock: () => number;
  /** The zone of the settings, for an empty store. */
  readonly zone: string | undefined;
}

/** Records that are held before they are written. */
const BATCH = 2_000;
/**
 * Brings what a vault knows of a range into the store, or some of it if that takes more than `mostPages`: gives whether
 * all of it is there. Doing it again changes nothing.
 */
export async function readRange(
  deps: CollectDeps,
  vendor: Vendor,
  range: Range,
  mostPages: number,
  gathered: Gathered,
  signal: AbortSignal,
): Promise<{ readonly isWhole: boolean; readonly pages: number }> {
  const settle = createApiSettle(vendor.source, deps.clock());
  let batch: SourceRecord[] = [];
  let pages = 0;
  for await (const page of vendor.events(range, signal)) {
    pages += 1;
    for (const fields of page) {
      const record = settle(fields);
      if (record !== undefined) batch.push(record);
    }
    if (batch.length >= BATCH) {
      await write(deps, vendor, batch, gathered, signal);
      batch = [];
    }
    if (pages >= mostPages) return { isWhole: false, pages };
  }
  await write(deps, vendor, batch, gathered, signal);
  return { isWhole: true, pages };
}

/** Brings the member list into the store. */
export async function readMembers(
  deps: CollectDeps,
  vendor: Vendor,
  gathered: Gathered,
  signal: AbortSignal,
): Promise<void> {
  const members: readonly Fields[] = (await vendor.members?.(signal)) ?? [];
  const settle = createApiSettle(vendor.source, deps.clock());
  const records = members.flatMap((fields) => settle(fields) ?? []);
  await write(deps, vendor, records, gathered, signal);
}

/** Holds the lease for as long as the writing takes, and not while a vault is asked. */
async function write(
  { store, zone }: CollectDeps,
  { source }: Vendor,
  records: readonly SourceRecord[],
  gathered: Gathered,
  signal: AbortSignal,
): Promise<void> {
  if (records.length === 0) return;
  const summary = await withLease(
    store,
    "ingest",
    async (lease) => {
      const calendar = await claimZone(store, { fallback: zone });
      return ingest(store, source, streamOf(records), { calendar, lease });
    },
    undefined,
    signal,
  );
  addGathered(gathered, summary);
}

async function* streamOf(records: readonly SourceRecord[]): AsyncGenerator<SourceRecord, void> {
  yield* records;
}
