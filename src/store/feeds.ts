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
  await feeds.updateOne({ _id }, { $setOnInsert: rest }, { upsert: true });
  return { _id, ...rest, ...(await feeds.findOne({ _id })) };
}

/** Of the vault's words that nobody knows those which the feed does not have, as far as there is room for more. */
export async function newWords(
  { feeds }: Pick<Store, "feeds">,
  _id: string,
  words: Iterable<string>,
): Promise<string[]> {
  const all = new Set(words);
  if (all.size === 0) return [];
  const known = (await feeds.findOne({ _id }, { projection: { unknown: 1 } }))?.unknown ?? [];
  return [...all.difference(new Set(known))].slice(0, Math.max(0, MOST_WORDS - known.length));
}

/** Adds what came of some records to what the feed's document says; `also` is set beside. */
export async function noteRead(
  { feeds }: Pick<Store, "feeds">,
  _id: string,
  summary: Pick<IngestSummary, "read" | "added" | "rejected" | "faults" | "unknown" | "from" | "to">,
  at: Date,
  also: Partial<Pick<FeedDocument, "upTo" | "cursor">> = {},
): Promise<void> {
  const { read, added, rejected, faults, unknown, from, to } = summary;
  const fault = faults.at(-1);
  const words = await newWords({ feeds }, _id, unknown.keys());
  await feeds.updateOne(
    { _id },
    {
      $set: {
        heardAt: at,
        failure: null,
        ...(fault && { lastFault: { at, reason: fault.reason } }),
        ...also,
      },
      $inc: { read, added, rejected },
      ...(from !== null && to !== null && { $min: { from: new Date(from) }, $max: { to: new Date(to) } }),
      ...(words.length > 0 && { $addToSet: { unknown: { $each: words } } }),
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
