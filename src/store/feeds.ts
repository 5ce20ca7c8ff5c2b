import type { FeedDocument, FeedName } from "./feed-documents.ts";
import type { Store } from "./open.ts";
import type { IngestSummary } from "./summary.ts";

/** How many of the vault's words that nobody knows are kept. */
const MOST_WORDS = 50;

/** What is said of a feed of which nothing came yet. */
export const freshFeed: Omit<FeedDocument, keyof FeedName> = {
  upTo: null,
  heardAt: null,
  failure: null,
  read: 0,
  added: 0,
  rejected: 0,
  lastFault: null,
  unknown: [],
};

/** The feed's document, made if there is none. */
export async function openFeed({ feeds }: Pick<Store, "feeds">, feed: FeedName): Promise<FeedDocument> {
  const { _id, ...rest } = { ...feed, ...freshFeed };
  const known = await feeds.findOne({ _id });
  if (known === null) await feeds.updateOne({ _id }, { $setOnInsert: rest }, { upsert: true });
  return { _id, ...rest, ...known };
}

/** What came of a feed, or of some of its records. */
export interface FeedNews
  extends Partial<Pick<IngestSummary, "read" | "added" | "rejected" | "unknown" | "from" | "to">> {
  readonly heardAt?: Date;
  /** The last record that was left out. */
  readonly fault?: FeedDocument["lastFault"] | undefined;
}

/** Adds what came to what the feed's document says; `also` is set beside. */
export async function noteNews(
  { feeds }: Pick<Store, "feeds">,
  feed: FeedName,
  news: FeedNews,
  also: Partial<Pick<FeedDocument, "failure" | "upTo" | "cursor">> = {},
): Promise<void> {
  const { read = 0, added = 0, rejected = 0, unknown = new Map(), from = null, to = null } = news;
  const { heardAt, fault } = news;
  const { unknown: known } = await openFeed({ feeds }, feed);
  const words = [...new Set(unknown.keys()).difference(new Set(known))];
  const room = Math.max(0, MOST_WORDS - known.length);
  const set = { ...also, ...(fault && { lastFault: fault }) };
  const latest = { ...(heardAt && { heardAt }), ...(to !== null && { to: new Date(to) }) };
  await feeds.updateOne(
    { _id: feed._id },
    {
      $inc: { read, added, rejected },
      // Before 5.0 MongoDB refuses an operator that has nothing to do.
      ...(Object.keys(set).length > 0 && { $set: set }),
      ...(Object.keys(latest).length > 0 && { $max: latest }),
      ...(from !== null && { $min: { from: new Date(from) } }),
      $addToSet: { unknown: { $each: words.slice(0, room) } },
    },
  );
}

/** Keeps why nothing comes of a feed; since when stays as it was. */
export async function noteFailure(
  { feeds }: Pick<Store, "feeds">,
  _id: string,
  reason: string,
  at: Date,
): Promise<void> {
  const known = await feeds.findOne({ _id });
  const since = known?.failure?.since ?? at;
  await feeds.updateOne({ _id }, { $set: { failure: { since, at, reason } } });
}
