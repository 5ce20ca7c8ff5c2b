/** What a person did, in the words every vault is translated to. */
export const eventKinds = [
  "login",
  "logout",
  "login_failed",
  "password_accessed",
  "password_autofilled",
  "remote_connection",
  "account_added",
  "other",
] as const;

export type EventKind = (typeof eventKinds)[number];

/** An account of one vault, as one of its records names it. */
export interface AccountRef {
  /** The vault's own id of the account; unique within the source. */
  readonly id: string;
  readonly email?: string;
  readonly name?: string;
  /** A service account or another program; true once any record says so. */
  readonly robot?: boolean;
}

/** One thing that happened in a vault. Nothing else of the vendor's record is kept: no address, no item name. */
export interface UsageEvent {
  /**
   * What makes this event itself within its source: the vendor's id, or, where it gives none, a hash of the
   * record with an occurrence number, so that the same file read twice names the same events.
   */
  readonly id: string;
  /** Milliseconds since the epoch; finer digits are cut off. */
  readonly at: number;
  readonly account: AccountRef;
  readonly kind: EventKind;
  /** The vault's session id, only where it stands on every kind of event. */
  readonly session?: string;
  readonly device?: string;
}

/** The source that is the organisation's own list of people, by e-mail: its word goes before that of the vaults. */
export const DIRECTORY = "directory";

/** A row of a member list: somebody who may use the vault, whether or not they ever did. */
export interface Member extends AccountRef {
  readonly team?: string;
  /** The lower-cased e-mail of the person's manager. */
  readonly manager?: string;
  /** The list says that they are there no more. */
  readonly left?: boolean;
  /** The first day on which they are there. */
  readonly started?: string;
  /** What the list calls them where it names managers by such ids, and what it calls their manager. */
  readonly listId?: string;
  readonly managerId?: string;
}

/** What a source makes of its input, in the order of the input. `line` counts from 1. */
export type SourceRecord =
  | {
      readonly type: "event";
      readonly event: UsageEvent;
      readonly line: number;
      /** The vault's word for what happened, where nobody knows what it means; the event is `other`. */
      readonly unknown?: string;
    }
  | { readonly type: "member"; readonly member: Member; readonly line: number }
  | {
      readonly type: "rejected";
      readonly reason: string;
      readonly line: number;
      /** The input ends in the middle of this record, so more may be missing. */
      readonly isCutOff?: boolean;
    };
