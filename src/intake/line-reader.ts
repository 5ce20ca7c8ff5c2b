import { isUtf8 } from "node:buffer";
import type { SourceRecord } from "../domain/event.ts";
import { createRecentIdentity } from "../sources/identity.ts";
import { type SourceName, sources } from "../sources/index.ts";
import { createSettle, type Settle } from "../sources/settle.ts";
import type { CutRecord, Fields, Form, Source } from "../sources/source.ts";
import { parseSyslog, type SyslogLine } from "../sources/syslog.ts";
import { type FeedName, NO_SOURCE } from "../store/feed-documents.ts";

/** What came of a line: an event of a source, or why it is none; then the source may be {@link NO_SOURCE}. */
export interface ReadLine {
  readonly feed: FeedName;
  readonly record: SourceRecord;
}

/** Vaults whose events come as a JSON object behind a line's header, or without any. */
const inJson: readonly SourceName[] = ["cyberark", "keeper", "passbolt"];
/** A settled time's bounds move on so often. */
const SETTLES_FOR = 60_000;

const nobodys: FeedName = { _id: `syslog ${NO_SOURCE}`, source: NO_SOURCE };

interface Candidate {
  readonly source: SourceName;
  readonly form: Form;
}

const all: readonly Candidate[] = Object.entries<Source>(sources).flatMap(([source, { forms }]) =>
  forms.map((form) => ({ source: source as SourceName, form })),
);
const ofLines = all.filter(({ form }) => form.cut === "lines");
const ofJson = all.filter(({ source, form }) => form.cut === "json" && inJson.includes(source));

/**
 * Reads the lines of one sender, each of whatever vault it is. Events without an id are numbered among the sender's last
 * ones, so that a line which is sent again over another connection is the same event. `timeZone` is that of times
 * without a zone.
 */
export function createLineReader({
  clock,
  timeZone,
}: {
  readonly clock: () => number;
  readonly timeZone: string | undefined;
}): { read(bytes: Buffer): ReadLine | undefined; reject(reason: string): ReadLine } {
  const nameEvent = createRecentIdentity();
  let settles = new Map<Form, Settle>();
  let settlesUntil = 0;

  const settleOf = (form: Form): Settle => {
    const now = clock();
    if (now >= settlesUntil || now < settlesUntil - SETTLES_FOR) {
      settles = new Map();
      settlesUntil = now + SETTLES_FOR;
    }
    let settle = settles.get(form);
    if (settle === undefined) {
      settle = createSettle(form, now, timeZone, nameEvent);
      settles.set(form, settle);
    }
    return settle;
  };
  const settled = ({ source, form }: Candidate, cut: CutRecord): ReadLine | undefined => {
    const record = settleOf(form)(cut);
    if (record === undefined) return undefined;
    return { feed: feedOf(source, form), record: record.type === "rejected" ? inWords(record) : record };
  };

  return {
    read(bytes) {
      if (!isUtf8(bytes)) return rejected("not valid UTF-8");
      const text = bytes.toString("utf8").replace(/[\s\0]+$/, "");
      if (text.trim() === "") return undefined;
      const fields = parseSyslog(text);
      const object = objectIn(fields);
      const cut = (fields: Fields): CutRecord => ({ line: 1, fields, size: bytes.length });
      // JSON without a header may quote anything.
      const isBare = object !== undefined && fields.message.length === fields.text.length;
      const found = isBare ? undefined : ofLines.find(({ form }) => form.recognises(fields));
      if (found !== undefined) return settled(found, cut(fields));
      const other = object && ofJson.find(({ form }) => form.recognises(object));
      if (object !== undefined && other !== undefined) return settled(other, cut(object));
      return rejected("no event of a vault that is known");
    },
    reject: rejected,
  };
}

function rejected(reason: string): ReadLine {
  return { feed: nobodys, record: { type: "rejected", reason, line: 1 } };
}

/** One for each dialect of a source, since what they tell cannot be matched. */
function feedOf(source: SourceName, { dialect }: Form): FeedName {
  return dialect === undefined
    ? { _id: `syslog ${source}`, source }
    : { _id: `syslog ${source} ${dialect}`, source, dialect };
}

/** What somebody at a terminal would set, the settings set here. */
function inWords(record: Extract<SourceRecord, { type: "rejected" }>): SourceRecord {
  return { ...record, reason: record.reason.replace("--source-time-zone", "SYSLOG_TIMEZONE") };
}

function objectIn({ message }: SyslogLine): Fields | undefined {
  if (!message.startsWith("{")) return undefined;
  try {
    // It begins with a brace, so it is an object.
    return JSON.parse(message) as Fields;
  } catch {
    return undefined;
  }
}
