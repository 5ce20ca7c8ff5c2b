import type { AnyBulkWriteOperation } from "mongodb";
import type { Logger } from "pino";
import type { FeedDocument, FeedName } from "../store/feed-documents.ts";
import { freshFeed, newWords } from "../store/feeds.ts";
import type { Store } from "../store/open.ts";
import type { IngestSummary } from "../store/summary.ts";

const WRITTEN_AFTER = 1_000;

/** What was heard of a feed. */
export interface Heard {
  readonly read: number;
  readonly rejected: number;
  /** Why the last of them was. */
  readonly reason?: string | undefined;
}

/** Keeps the documents of the feeds that are sent to us. */
export interface Feeds {
  /** Counts; written within about a second, for all together. */
  heard(feed: FeedName, heard: Heard): void;
  /** Says what came of events of the inbox. */
  moved(feed: FeedName, moved: Pick<IngestSummary, "added" | "unknown" | "from" | "to">): Promise<void>;
  /** Writes what is counted and not written. */
  close(): Promise<void>;
}

interface Count {
  readonly feed: FeedName;
  read: number;
  rejected: number;
  at: Date;
  fault: { at: Date; reason: string } | undefined;
}

export function createFeeds({
  store,
  clock,
  logger,
}: {
  readonly store: Pick<Store, "feeds">;
  readonly clock: () => number;
  readonly logger: Pick<Logger, "warn">;
}): Feeds {
  let counts = new Map<string, Count>();
  let timer: NodeJS.Timeout | undefined;
  let writing = Promise.resolve();

  const write = async (): Promise<void> => {
    const written = counts;
    if (written.size === 0) return;
    counts = new Map();
    try {
      await store.feeds.bulkWrite([...written.values()].map(operationOf), { ordered: false });
    } catch (error) {
      logger.warn({ err: error }, "what was sent could not be counted; that is tried again");
      for (const [id, old] of written) {
        const { read, rejected, fault, ...newer } = counts.get(id) ?? { ...old, read: 0, rejected: 0 };
        counts.set(id, {
          ...newer,
          read: read + old.read,
          rejected: rejected + old.rejected,
          fault: fault ?? old.fault,
        });
      }
      later();
    }
  };
  const writeNow = (): void => {
    timer = undefined;
    writing = writing.then(write);
  };
  const later = (): void => {
    timer ??= setTimeout(writeNow, WRITTEN_AFTER);
  };

  return {
    heard(feed, { read, rejected, reason }) {
      const at = new Date(clock());
      const known = counts.get(feed._id) ?? { feed, read: 0, rejected: 0, at, fault: undefined };
      known.read += read;
      known.rejected += rejected;
      known.at = at;
      if (reason !== undefined) known.fault = { at, reason };
      counts.set(feed._id, known);
      later();
    },
    async moved({ _id, ...feed }, { added, unknown, from, to }) {
      const words = await newWords(store, _id, unknown.keys());
      const { added: _added, unknown: none, ...fresh } = freshFeed;
      await store.feeds.updateOne(
        { _id },
        {
          $inc: { added },
          $setOnInsert: { ...feed, ...fresh, ...(words.length === 0 && { unknown: none }) },
          ...(words.length > 0 && { $addToSet: { unknown: { $each: words } } }),
          ...(from !== null && to !== null && { $min: { from: new Date(from) }, $max: { to: new Date(to) } }),
        },
        { upsert: true },
      );
    },
    async close() {
      clearTimeout(timer);
      writeNow();
      await writing;
      clearTimeout(timer);
    },
  };
}

function operationOf({
  feed: { _id, ...feed },
  read,
  rejected,
  at,
  fault,
}: Count): AnyBulkWriteOperation<FeedDocument> {
  const { heardAt: _at, read: _read, rejected: _rejected, lastFault, ...fresh } = freshFeed;
  return {
    updateOne: {
      filter: { _id },
      update: {
        $inc: { read, rejected },
        $max: { heardAt: at },
        ...(fault && { $set: { lastFault: fault } }),
        $setOnInsert: { ...feed, ...fresh, ...(fault === undefined && { lastFault }) },
      },
      upsert: true,
    },
  };
}
