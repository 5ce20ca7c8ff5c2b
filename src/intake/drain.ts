import type { Logger } from "pino";
import type { SourceRecord } from "../domain/event.ts";
import type { FeedName, InboxDocument } from "../store/feed-documents.ts";
import { ingest } from "../store/ingest.ts";
import { type Lease, tryLease } from "../store/lease.ts";
import type { Store } from "../store/open.ts";
import { rollUp } from "../store/rollups.ts";
import { claimZone } from "../store/zone.ts";
import type { Feeds } from "./feeds.ts";
import type { Inbox } from "./inbox.ts";
import type { IntakeLimits } from "./limits.ts";

/** Whether or not anybody says that there is something. */
const LOOKED_AFTER = 60_000;
/** While somebody else stores, and after a failure. */
const TRIED_AFTER = 2_000;
/** Events that are moved together, and in one go before an import that waits may have its turn. */
const TOGETHER = 10_000;
const IN_ONE_GO = 100_000;
/** Documents, of a megabyte at most, that are fetched at a time. */
const FETCHED = 4;

/** Moves what waits in the inbox to where reports see it. */
export interface Drain {
  /** Says that there may be something. */
  nudge(): void;
  /** Moves what can still be moved within a few seconds; what is left stays in the inbox. */
  close(): Promise<void>;
}

interface DrainDeps {
  readonly store: Store;
  /** The zone of a store that is empty. */
  readonly zone: string | undefined;
  readonly inbox: Pick<Inbox, "count">;
  readonly feeds: Pick<Feeds, "moved">;
  readonly limits: Pick<IntakeLimits, "pause" | "rest" | "patience">;
  readonly logger: Pick<Logger, "warn" | "debug">;
}

/**
 * Moves now, soon after each nudge, and every minute; of several processes on one store one at a time does. Between two
 * movings it rests, so that a steady stream costs a share of the time only.
 */
export function startDrain(deps: DrainDeps): Drain {
  const { limits, logger } = deps;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let isNudged = false;
  let isOver = false;
  let restsUntil = 0;

  const wake = (after: number): void => {
    timer ??= setTimeout(go, Math.max(0, after));
  };
  const go = (): void => {
    timer = undefined;
    isNudged = false;
    running = move().finally(() => {
      running = undefined;
      if (isNudged) nudge();
    });
  };
  const move = async (): Promise<void> => {
    const start = performance.now();
    let outcome: Outcome | undefined;
    try {
      outcome = await moveAll(deps, IN_ONE_GO);
    } catch (error) {
      logger.warn({ err: error }, "what was sent could not be taken in yet; that is tried again");
    }
    const end = performance.now();
    restsUntil = end + Math.max(limits.pause, limits.rest * (end - start));
    if (isOver || outcome === "all") return;
    if (outcome === "some") isNudged = true;
    else wake(TRIED_AFTER);
  };
  const nudge = (): void => {
    if (isOver) return;
    isNudged = true;
    if (running === undefined) wake(restsUntil - performance.now());
  };
  const every = setInterval(nudge, LOOKED_AFTER);
  nudge();

  return {
    nudge,
    async close() {
      isOver = true;
      clearInterval(every);
      clearTimeout(timer);
      await running;
      clearTimeout(timer);
      const deadline = performance.now() + limits.patience;
      try {
        while (performance.now() < deadline && (await moveAll(deps, TOGETHER)) === "some");
      } catch (error) {
        logger.warn({ err: error }, "what was sent is taken in at the next start");
      }
    },
  };
}

type Outcome = "all" | "some" | "busy";

/** Moves about so many events at most. Killed at any point it loses and doubles nothing: events are one by their id. */
async function moveAll(deps: DrainDeps, most: number): Promise<Outcome> {
  const { store, zone, inbox } = deps;
  if ((await store.inbox.findOne({}, { projection: { _id: 1 } })) === null) return "all";
  const lease = await tryLease(store, "ingest");
  if (lease === undefined) return "busy";
  try {
    const calendar = await claimZone(store, { fallback: zone });
    let moved = 0;
    let batch: Batch = { parcels: new Map(), ids: [], events: 0 };
    do {
      batch = await nextBatch(store);
      await moveBatch(deps, batch, { calendar, lease });
      moved += batch.events;
    } while (batch.ids.length > 0 && moved < most);
    await rollUp(store, { calendar, lease });
    await inbox.count();
    return batch.ids.length === 0 ? "all" : "some";
  } finally {
    await lease.release();
  }
}

interface Batch {
  /** By the feed's name. */
  readonly parcels: Map<string, { readonly feed: FeedName; readonly documents: InboxDocument[] }>;
  readonly ids: string[];
  events: number;
}

async function nextBatch(store: Pick<Store, "inbox">): Promise<Batch> {
  const batch: Batch = { parcels: new Map(), ids: [], events: 0 };
  for await (const document of store.inbox.find({}, { sort: { at: 1 }, batchSize: FETCHED })) {
    const parcel = batch.parcels.get(document.feed._id) ?? { feed: document.feed, documents: [] };
    batch.parcels.set(document.feed._id, parcel);
    parcel.documents.push(document);
    batch.ids.push(document._id);
    batch.events += document.count;
    if (batch.events >= TOGETHER) break;
  }
  return batch;
}

async function moveBatch(
  { store, feeds, logger }: DrainDeps,
  { parcels, ids, events }: Batch,
  { calendar, lease }: { calendar: Awaited<ReturnType<typeof claimZone>>; lease: Lease },
): Promise<void> {
  for (const { feed, documents } of parcels.values()) {
    const summary = await ingest(store, feed.source, recordsOf(documents), { calendar, lease });
    await feeds.moved(feed, summary);
  }
  if (ids.length === 0) return;
  // What is stored is marked as stale, so nothing is lost should the numbers never be made here.
  await store.inbox.deleteMany({ _id: { $in: ids } });
  logger.debug({ events }, "events that were sent are stored");
}

async function* recordsOf(documents: readonly InboxDocument[]): AsyncGenerator<SourceRecord> {
  for (const { events } of documents) {
    for (const { unknown, ...event } of events) {
      yield { type: "event", event, line: 0, ...(unknown !== undefined && { unknown }) };
    }
  }
}
