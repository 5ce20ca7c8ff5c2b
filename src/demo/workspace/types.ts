/** A JSON object whose shape is Slack's business. */
export type Json = Readonly<Record<string, unknown>>;

/** A person or bot, in Slack's field names; what is left out is false, or the workspace's time zone. */
export interface User {
  readonly id: string;
  readonly name: string;
  readonly real_name: string;
  readonly email: string;
  readonly is_owner?: boolean;
  readonly is_admin?: boolean;
  readonly deleted?: boolean;
  readonly is_bot?: boolean;
  readonly tz?: string;
}

/** A conversation; the app is in it when its bot user is among `members`. */
export interface Channel {
  readonly id: string;
  readonly name: string;
  readonly is_private?: boolean;
  readonly is_archived?: boolean;
  readonly is_im?: boolean;
  readonly is_mpim?: boolean;
  readonly members: readonly string[];
}

export interface Usergroup {
  readonly id: string;
  readonly handle: string;
  readonly name: string;
  readonly users: readonly string[];
}

export interface Block extends Json {
  readonly type: string;
  /** Always there once stored; made up where the app gave none. */
  readonly block_id: string;
}

/** A message as the workspace keeps it; never changed in place, an update makes a new one with the same `ts`. */
export interface Message {
  readonly channel: string;
  readonly ts: string;
  /** Who wrote it: the app's bot user, a person, or `USLACKBOT` for Slack's own notices. */
  readonly user: string;
  readonly text: string;
  readonly blocks: readonly Block[];
  readonly files: readonly string[];
  readonly thread_ts?: string;
  readonly metadata?: Json;
  /** The only person who sees it; absent for a message that everybody in the channel sees. */
  readonly ephemeralTo?: string;
  readonly edited?: boolean;
}

/** An uploaded file. */
export interface StoredFile {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  /** The person whose it is; absent for the app's own. */
  readonly owner?: string;
  /** What the app said the length would be; the upload must match. */
  readonly length: number;
  readonly altText?: string;
  readonly bytes?: Buffer;
  /** Milliseconds since the epoch; absent until completed. */
  readonly completedAt?: number;
  /** From when on `mimetype` is set and an image block may use it. */
  readonly readyAt?: number;
  readonly channels: readonly string[];
}

export type StateValues = Readonly<Record<string, Readonly<Record<string, Json>>>>;

/** A modal or Home view as the workspace keeps it. */
export interface View {
  readonly id: string;
  readonly type: "modal" | "home";
  readonly userId: string;
  readonly hash: string;
  readonly blocks: readonly Block[];
  readonly state: StateValues;
  readonly title?: Json;
  readonly submit?: Json;
  readonly close?: Json;
  readonly private_metadata: string;
  readonly callback_id: string;
  readonly external_id: string;
  readonly clear_on_close: boolean;
  readonly notify_on_close: boolean;
  readonly root_view_id: string;
  readonly previous_view_id: string | null;
}

/** One call of the Web API (or of an upload or response URL), without tokens. */
export interface Call {
  readonly at: number;
  readonly method: string;
  readonly args: Json;
  readonly ok: boolean;
  readonly status: number;
  readonly error?: string;
  readonly response: Json;
}

/** Something Slack would let pass and a careful app must not do. */
export interface Violation {
  readonly rule: "broadcast" | "ack";
  readonly where: string;
  readonly detail: string;
}

/** What a listener of `on("change")` is told. */
export interface Change {
  readonly kind: "message" | "file" | "view" | "home" | "directory";
  /** The channel, file or person it is about. */
  readonly id: string;
}

/**
 * What a method does instead of its work. With `after` it does its work first, and the caller never learns, as when
 * a connection breaks on the way back.
 */
export type Fault = (
  | { readonly error: string }
  | { readonly status: 429; readonly retryAfter: number }
  | { readonly status: number }
  | { readonly hang: true }
  | { readonly reset: true }
) & { readonly after?: boolean };

/** How the app acknowledged something a person did. */
export interface Ack {
  /** Milliseconds from the first byte sent to the whole answer read. */
  readonly ms: number;
  /** HTTP status; 200 for an acknowledged envelope; 0 where there was no answer. */
  readonly status: number;
  readonly body: unknown;
  /** What Slack would show: `operation_timeout`, `dispatch_failed`, or why the acknowledgement's body was refused. */
  readonly error?: string;
}

/** What was sent to the app and how it answered. */
export interface Delivery extends Ack {
  readonly kind: "command" | "interactive" | "event";
  readonly payload: Json;
  readonly triggerId?: string;
  readonly responseUrl?: string;
}
