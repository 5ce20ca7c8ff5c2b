import type { ObjectId } from "mongodb";
import type { EventKind, Member } from "../domain/event.ts";
import type { Counts, EventMetricKey } from "../domain/metrics.ts";
import type { ResolvedPeriod } from "../domain/period.ts";
import type { Person } from "../domain/person.ts";
import type { ReportName } from "../domain/request.ts";
import type { Viewer } from "../domain/viewer.ts";

/** What records have said of one account of one vault. `_id` is its key, `<source>/<the vault's own id>`. */
export interface AccountDocument {
  _id: string;
  source: string;
  /** The newest word of the account's own events, and when it was said (ties go to the greater text). */
  said?: { email?: Said; name?: Said };
  /** The word of a member list or directory, which goes before that of events. */
  listed?: Pick<Member, "email" | "name" | "team" | "manager" | "left" | "started" | "listId" | "managerId">;
  robot?: boolean;
}

/**
 * What an admin decided of an account, which goes before what the sources say of it and survives every import and
 * rebuild. `_id` is the account's key.
 */
export interface DecisionDocument {
  _id: string;
  /** Accounts whose person this one belongs to as well, whatever the e-mails are. */
  under?: string[];
  /** Whether it is a robot's. */
  robot?: boolean;
}

export interface Said {
  value: string;
  at: Date;
}

/** One event. `_id` is `<source>:<its id in the source>`. Nothing else of the vendor's record is kept. */
export interface EventDocument {
  _id: string;
  account: string;
  kind: EventKind;
  at: Date;
  session?: string;
  device?: string;
}

/** The `firstAt` of somebody who has done nothing yet. */
export const NEVER = new Date("9999-12-31T00:00:00Z");

/** One person, made from the accounts. */
export interface PersonDocument
  extends Omit<Person, "id" | "accounts" | "aliases" | "manager" | "left" | "started"> {
  _id: string;
  /** These three are missing in documents of older stores. */
  manager?: string | null;
  left?: boolean;
  started?: string | null;
  aliases?: string[];
  accounts: string[];
  /** Whether a member list names one of the accounts. */
  listed: boolean;
  /** The first event of any kind, else `NEVER`. */
  firstAt: Date;
  lastActive: Date | null;
  lastValue: Date | null;
}

/** One session of one person, made from the events. */
export interface SessionDocument extends Counts<EventMetricKey> {
  _id: string;
  person: string;
  startedAt: Date;
  startDay: string;
  lastAt: Date;
  logoutAt: Date | null;
  vaultId: string | null;
  source: string;
  device: string | null;
}

/** What one person did on one day, made from the events. */
export interface DailyDocument extends Counts<EventMetricKey | "loginSessions"> {
  _id: string;
  person: string;
  day: string;
  lastLogin: Date | null;
  lastActive: Date | null;
  lastValue: Date | null;
}

/** Days of an account whose derived data may be out of date; written before the events that make them so. */
export interface StaleDocument {
  _id: string;
  account: string;
  /** First and last day, in one month. */
  from: string;
  to: string;
}

/** What one import did. */
export interface ImportDocument {
  _id: string;
  at: Date;
  name: string;
  source: string;
  /** In which of the source's dialects the events were, if it has several; missing in documents of older stores. */
  dialect?: string;
  read: number;
  added: number;
  duplicates: number;
  rejected: number;
  people: number;
  from: Date | null;
  to: Date | null;
}

/** The one document about the store itself. */
export interface MetaDocument {
  _id: "store";
  /** The zone in which the days were computed. */
  timeZone: string;
  /** The time of the last event. */
  dataUpTo: Date | null;
}

/** A right that one process at a time holds, until it lapses. */
export interface LeaseDocument {
  _id: string;
  owner: string;
  until: Date;
}

/** One thing that somebody asked for, and whether they got it. */
export interface AuditDocument {
  _id: string;
  at: Date;
  front: "slack" | "terminal";
  /** A Slack user id, or the name of the machine's user. */
  who: string;
  /** The Slack workspace. */
  workspace?: string;
  /** How it was asked. */
  by: "command" | "click" | "share" | "home" | "fetch";
  /** The words of the request. */
  what: string;
  /** A Slack channel, "modal" or "home"; null in a terminal. */
  where: string | null;
  /** Whose use the person may see; null where nobody could say. */
  sees: Viewer["sees"] | null;
  outcome: "answered" | "refused" | "failed";
  /** What the person was told instead of an answer. */
  reason?: string;
}

/** That somebody does a thing that is to be done once; see `claims.ts`. */
export interface ClaimDocument {
  _id: string;
  until: Date;
}

/** One file that was made, and what it says. */
export interface ArchiveDocument {
  /** Cannot be guessed. */
  _id: string;
  at: Date;
  /** As whoever got it saw it. */
  name: string;
  format: string;
  mediaType: string;
  /** Bytes. */
  size: number;
  /** Of the bytes, in lower-case hexadecimal. */
  sha256: string;
  /** Rows of its tables. */
  rows: number;
  /** What it answers, in words, and for which days; `asOf` is the moment that it is told for. */
  request: string;
  report: ReportName;
  period: ResolvedPeriod;
  asOf: Date;
  dataUpTo: Date | null;
  /** Which definitions its numbers follow (`definitionsVersion`), and which version of the app made it. */
  definitions: number;
  version: string;
  front: "slack" | "terminal";
  /** As in the audit. */
  who: string;
  workspace?: string;
  /** Whose use it shows: only who may see as much gets it again. */
  sees: Viewer["sees"];
  /** The schedule that it was made for, if it was. */
  schedule?: string;
  /** In GridFS; null once its bytes were removed. */
  file: ObjectId | null;
  removedAt: Date | null;
}
