import type { UsageEvent } from "../domain/event.ts";

/** The source of a feed of what was sent to us and is no known vault's. */
export const NO_SOURCE = "other";

/**
 * A way by which a vault's events come by themselves, and how far it has come. `_id` says how, and what: `collect
 * bitwarden`, `post hr`, `syslog cyberark`, `syslog keeper Commander`.
 */
export interface FeedDocument {
  _id: string;
  source: string;
  /** Which of the source's forms it is, where two of them cannot match each other. */
  dialect?: string;
  /** Of what is collected: whatever the vault knew that happened before is in the store. Null until then, and for what is sent to us. */
  upTo: Date | null;
  /** When it was last heard of: an answer of the vault, a message. */
  heardAt: Date | null;
  /** Why nothing comes, in words for an admin, and since when; null while all is well. */
  failure: { since: Date; at: Date; reason: string } | null;
  /** The first and the last event that came of it; missing until there is one. */
  from?: Date;
  to?: Date;
  /** How many records there were in all; those that came again count again. */
  read: number;
  added: number;
  rejected: number;
  /** The last one that was left out. */
  lastFault: { at: Date; reason: string } | null;
  /** Words of the vault that nobody knows; the first ones only. */
  unknown: string[];
  /** Of what is collected. */
  cursor?: CursorDocument;
}

/** Which feed it is. */
export type FeedName = Pick<FeedDocument, "_id" | "source" | "dialect">;

/** Where the collecting of a feed stands. */
export interface CursorDocument {
  /** Milliseconds that one request's days are to span: less where a lot happens. */
  span: number;
  /** When the days for which events come late, and the list of members, were last read again. */
  sweptAt: Date | null;
  /** How far that has come while it is under way; null while it is not. */
  sweptTo: Date | null;
}

/** Records that were acknowledged to whoever sent them, and are not among the events yet. */
export interface InboxDocument {
  _id: string;
  feed: FeedName;
  at: Date;
  /** How many events it has. */
  count: number;
  events: InboxEvent[];
}

/** An event as the store will have it, with the vault's word where nobody knows it. */
export type InboxEvent = UsageEvent & { readonly unknown?: string };
