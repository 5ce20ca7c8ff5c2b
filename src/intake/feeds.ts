import type { Logger } from "pino";
import type { FeedName } from "../store/feed-documents.ts";
import { noteNews } from "../store/feeds.ts";
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
    for (const [id, count] of written) {
      const { feed, at: heardAt, read, rejected, fault } = count;
      try {
        await noteNews(store, feed, { heardAt, read, rejected, fault });
      } catch (error) {
        logger.warn({ err: error }, "what was sent could not be counted; that is tried again");
        const newer = counts.get(id) ?? { ...count, read: 0, rejected: 0 };
        counts.set(id, {
          ...newer,
          read: newer.read + read,
          rejected: newer.rejected + rejected,
          fault: newer.fault ?? fault,
        });
        later();
      }
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
    moved: (feed, { added, unknown, from, to }) => noteNews(store, feed, { added, unknown, from, to }),
    async close() {
      clearTimeout(timer);
      writeNow();
      await writing;
      clearTimeout(timer);
    },
  };
}
