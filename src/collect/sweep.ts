import { DAY, MINUTE } from "../domain/calendar.ts";
import type { CursorDocument } from "../store/feed-documents.ts";
import { type Gathered, nothingGathered } from "./gathered.ts";
import { type CollectDeps, readRange } from "./range.ts";
import type { Range, Vendor } from "./vendor.ts";

/** A stretch of time that is read range by range. */
export interface Sweep extends Range {
  /** Its `span` is changed. */
  readonly cursor: CursorDocument;
  /** Ends after the range at which the clock is past this, in milliseconds since the epoch; reads all if not said. */
  readonly until?: number;
  readonly signal: AbortSignal;
  /** Told what came, and up to when everything from the start on is in the store. */
  onRange(gathered: Gathered, upTo: number): Promise<void>;
}

/** What one range spans at first; milliseconds. */
export const FIRST_SPAN = DAY;
const SHORTEST_SPAN = MINUTE;
/** A range that takes more pages is halved, so that little is to be done again after a crash; one of few grows. */
const MANY_PAGES = 200;
const FEW_PAGES = 50;

/** Brings all that a vault knows of a stretch of time into the store. @throws CollectError */
export async function sweep(deps: CollectDeps, vendor: Vendor, options: Sweep): Promise<void> {
  const { from, to, cursor, until, signal, onRange } = options;
  for (let at = from; at < to; ) {
    const range = { from: at, to: Math.min(to, at + cursor.span) };
    const mostPages = cursor.span > SHORTEST_SPAN ? MANY_PAGES : Number.POSITIVE_INFINITY;
    const gathered = nothingGathered();
    const { isWhole, pages } = await readRange(deps, vendor, range, mostPages, gathered, signal);
    if (!isWhole) cursor.span = Math.max(SHORTEST_SPAN, Math.round((range.to - range.from) / 2));
    else {
      at = range.to;
      if (pages < FEW_PAGES) cursor.span = Math.min(vendor.longestSpan, cursor.span * 2);
    }
    await onRange(gathered, at);
    if (until !== undefined && deps.clock() >= until) return;
  }
}
