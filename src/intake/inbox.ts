import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import type { FeedName, InboxDocument, InboxEvent } from "../store/feed-documents.ts";
import type { Store } from "../store/open.ts";
import type { IntakeLimits } from "./limits.ts";

/** Seconds after which senders may come again when there is no room. */
export const FULL_PATIENCE = 15;
const COUNTED_AFTER = 5_000;
const ASKED_AGAIN = 500;

/** What was sent by somebody, as it is going to be stored. */
export interface Parcel {
  readonly feed: FeedName;
  readonly events: readonly InboxEvent[];
}

/**
 * Where events wait that were acknowledged, so that no sender waits for an import that is under way. Reports do not know
 * of them yet.
 */
export interface Inbox {
  /** Resolves when the events are stored and survive a crash. What is put again is one in the end, by its id. */
  put(parcels: readonly Parcel[]): Promise<void>;
  /** Whether so much waits that senders should come again later. Several processes may go beyond it for seconds. */
  isFull(): boolean;
  /** Resolves when there is room. */
  room(signal: AbortSignal): Promise<void>;
  /** Asks the store how much waits. */
  count(): Promise<void>;
}

export function createInbox({
  store,
  clock,
  limits,
  logger,
  onPut,
}: {
  readonly store: Pick<Store, "inbox">;
  readonly clock: () => number;
  readonly limits: Pick<IntakeLimits, "waiting" | "documentEvents" | "documentBytes">;
  readonly logger: Pick<Logger, "warn">;
  /** Told when something is there to be moved on. */
  onPut(): void;
}): Inbox {
  let waiting = 0;
  /** Put since the store was asked. */
  let since = 0;
  let countedAt = Number.NEGATIVE_INFINITY;

  let counting: Promise<void> = Promise.resolve();
  let isCounting = false;

  const ask = async (): Promise<void> => {
    isCounting = true;
    const before = since;
    try {
      const [sum] = await store.inbox
        .aggregate<{ events: number }>([{ $group: { _id: null, events: { $sum: "$count" } } }])
        .toArray();
      waiting = sum?.events ?? 0;
      // What was put meanwhile may be counted twice, until the next count.
      since -= before;
    } finally {
      countedAt = performance.now();
      isCounting = false;
    }
  };
  const count = (): Promise<void> => {
    const next = counting.then(ask);
    counting = next.catch(() => undefined);
    return next;
  };
  const isFull = (): boolean => {
    if (!isCounting && performance.now() - countedAt > COUNTED_AFTER) {
      count().catch((error: unknown) => logger.warn({ err: error }, "what waits could not be counted"));
    }
    return waiting + since >= limits.waiting;
  };

  return {
    async put(parcels) {
      const at = new Date(clock());
      const documents = parcels.flatMap((parcel) => documentsOf(parcel, at, limits));
      if (documents.length === 0) return;
      // Said here, as not every MongoDB waits for its journal by itself.
      await store.inbox.insertMany(documents, { writeConcern: { w: "majority", journal: true } });
      since += documents.reduce((sum, document) => sum + document.count, 0);
      onPut();
    },
    isFull,
    async room(signal) {
      while (isFull()) await sleep(ASKED_AGAIN, undefined, { signal });
    },
    count,
  };
}

function documentsOf(
  { feed, events }: Parcel,
  at: Date,
  { documentEvents, documentBytes }: Pick<IntakeLimits, "documentEvents" | "documentBytes">,
): InboxDocument[] {
  const documents: InboxDocument[] = [];
  let batch: InboxEvent[] = [];
  let size = 0;
  const end = (): void => {
    if (batch.length > 0) documents.push({ _id: randomUUID(), feed, at, count: batch.length, events: batch });
    batch = [];
    size = 0;
  };
  for (const event of events) {
    const bytes = mostBytesOf(event);
    if (batch.length >= documentEvents || size + bytes > documentBytes) end();
    batch.push(event);
    size += bytes;
  }
  end();
  return documents;
}

/** Every unit of a text is at most three bytes of UTF-8; the rest is numbers and names of fields. */
function mostBytesOf({ id, account, session = "", device = "", unknown = "" }: InboxEvent): number {
  const { email = "", name = "" } = account;
  const units = [id, account.id, email, name, session, device, unknown].reduce(
    (sum, part) => sum + part.length,
    0,
  );
  return 200 + 3 * units;
}
