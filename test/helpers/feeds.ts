import type { FeedDocument } from "../../src/store/feed-documents.ts";
import { freshFeed } from "../../src/store/feeds.ts";

/** A feed as its worker would have written it; `_id` says how, and what. */
export function feed(
  _id: string,
  source: string,
  more: Partial<Omit<FeedDocument, "_id" | "source">> = {},
): FeedDocument {
  return { _id, source, ...freshFeed, ...more };
}
