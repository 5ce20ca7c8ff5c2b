import type { FeedDocument } from "./feed-documents.ts";
import type { Store } from "./open.ts";
import type { IngestSummary } from "./summary.ts";

const MOST_WORDS = 50;

/** The feed's document, made if there is none. */
export async function openFeed(
  { feeds }: Pick<Store, "feeds">,
  { _id, source, dialect }: Pick<FeedDocument, "_id" | "source"> & { readonly dialect?: string | undefined },
): Promise<FeedDocument> {
  const fresh: Omit<FeedDocument, "_id"> = {
    source,
    ...(dialect !== undefined && { dialect }),
    upTo: null,
    heardAt: null,
    failure: null,
    read: 0,
    added: 0,
    rejected: 0,
    lastFault: null,
    unknown: [],
  };
  await feeds.updateOne({ _id }, { $setOnInsert: fresh }, { upsert: true });
  return { _id, ...fresh, ...(await feeds.findOne({ _id })) };
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
  const words = [...unknown.keys()].slice(0, MOST_WORDS);
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
