import type { FeedDocument } from "../../src/store/feed-documents.ts";

/** A feed as its worker would have written it; `_id` says how, and what. */
export function feed(
  _id: string,
  source: string,
  more: Partial<Omit<FeedDocument, "_id" | "source">> = {},
): FeedDocument {
  return {
    _id,
    source,
    upTo: null,
    heardAt: null,
    failure: null,
    read: 0,
    added: 0,
    rejected: 0,
    lastFault: null,
    unknown: [],
    ...more,
  };
}
