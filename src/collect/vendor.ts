import type { Fields, SourceName } from "../sources/index.ts";

/** A stretch of time in milliseconds since the epoch, both ends included. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** The event API of a vault. */
export interface Vendor {
  readonly source: SourceName;
  /** How long one range may be, in milliseconds. */
  readonly longestSpan: number;
  /** How far back it knows anything, in milliseconds. */
  readonly reach: number;
  /**
   * What happened in the range, page by page: every event that is known by then is in one page and in one only. Several equal
   * records are several events.
   * @throws CollectError
   */
  events(range: Range, signal: AbortSignal): AsyncGenerator<readonly Fields[], void>;
  /** Who may use the vault, where its API says so. */
  members?(signal: AbortSignal): Promise<readonly Fields[]>;
}
