import type { AnyBulkWriteOperation } from "mongodb";
import type { Logger } from "pino";
import type { FeedDocument } from "../store/feed-documents.ts";
import type { Store } from "../store/open.ts";

/** How many of the vault's words that nobody knows are kept. */
const WORDS_KEPT = 20;
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
  heard(feed: string, source: string, heard: Heard): void;
  /** Says what came of events of the inbox. */
  moved(feed: string, source: string, moved: { added: number; words: Iterable<string> }): Promise<void>;
  /** Writes what is counted and not written. */
  close(): Promise<void>;
}

interface Count {
  source: string;
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
      await store.feeds.bulkWrite([...written].map(operationOf), { ordered: false });
    } catch (error) {
      logger.warn({ err: error }, "what was sent could not be counted; that is tried again");
      for (const [feed, old] of written) {
        const { read, rejected, fault, ...newer } = counts.get(feed) ?? { ...old, read: 0, rejected: 0 };
        counts.set(feed, {
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
    heard(feed, source, { read, rejected, reason }) {
      const at = new Date(clock());
      const known = counts.get(feed) ?? { source, read: 0, rejected: 0, at, fault: undefined };
      known.read += read;
      known.rejected += rejected;
      known.at = at;
      if (reason !== undefined) known.fault = { at, reason };
      counts.set(feed, known);
      later();
    },
    async moved(feed, source, { added, words }) {
      const known = await store.feeds.findOne({ _id: feed }, { projection: { unknown: 1 } });
      const unknown = known?.unknown ?? [];
      const more = [...new Set(words)].filter((word) => !unknown.includes(word));
      const kept = more.slice(0, Math.max(0, WORDS_KEPT - unknown.length));
      const { unknown: none, ...rest } = nothing;
      await store.feeds.updateOne(
        { _id: feed },
        {
          $inc: { added, read: 0, rejected: 0 },
          $setOnInsert: { source, ...rest, ...(kept.length === 0 && { unknown: none }) },
          ...(kept.length > 0 && { $addToSet: { unknown: { $each: kept } } }),
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

const nothing = {
  upTo: null,
  heardAt: null,
  failure: null,
  lastFault: null,
  unknown: [] as string[],
} satisfies Partial<FeedDocument>;

function operationOf([feed, { source, read, rejected, at, fault }]: [
  string,
  Count,
]): AnyBulkWriteOperation<FeedDocument> {
  const { heardAt: _, lastFault, ...rest } = nothing;
  return {
    updateOne: {
      filter: { _id: feed },
      update: {
        $inc: { read, rejected, added: 0 },
        $max: { heardAt: at },
        ...(fault && { $set: { lastFault: fault } }),
        $setOnInsert: { source, ...rest, ...(fault === undefined && { lastFault }) },
      },
      upsert: true,
    },
  };
}
