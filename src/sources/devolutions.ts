import type { EventKind } from "../domain/event.ts";
import { namedAccount } from "./line-account.ts";
import type { EventDraft, Fields, Source } from "./source.ts";
import { Rejection, SOURCE_ZONE } from "./source.ts";
import type { SyslogLine } from "./syslog.ts";

/** Message types: opened connections, added entries, credentials for the browser's extension, viewed passwords; and PAM's. */
const kinds: ReadonlyMap<number, EventKind> = new Map([
  [4, "remote_connection"],
  [5, "account_added"],
  [10, "password_autofilled"],
  [43, "password_accessed"],
  [58, "password_accessed"],
  [59, "account_added"],
]);
/** The vendor's list, which has no 42, is known up to here; what is not above means nothing for the report. */
const lastKnown = 76;

/** Name, process, category, type and subtype. The category stands in brackets, the type may be hexadecimal. */
const shape =
  /Devolutions ?Server(?:\[\d+\]:?| \S+)? +(?:- +)*\[\d+\] +(\d{1,4}|0[xX][\dA-Fa-f]{1,3}) +(\d{1,6})(?= |$)/;
const userInBrackets = /\[User(?:name)?: ?([^\]]+)\]/i;
const userInWords = /(?:^|[ ,;|])User(?:name)?[:=] ?"?([^",;|\]\s]+)/i;

/**
 * Devolutions Server's syslog: `<14>1 TIME HOST Devolutions Server PID [CATEGORY] TYPE SUBTYPE [ClientIP:…] …`. The parts and
 * the types are the vendor's; it does not say how the rest names the user. Assumed: `[User:ann@example.com]`, or
 * `User: ann@example.com` in the text. Signing in has no message type of its own.
 */
export const devolutions: Source = {
  title: "Devolutions Server",
  describe: "Devolutions Server's syslog",
  forms: [{ cut: "lines", recognises: (fields) => shape.test((fields as SyslogLine).text), translate }],
};

function translate(fields: Fields): EventDraft {
  const { text, timestamp } = fields as SyslogLine;
  const found = shape.exec(text);
  if (found === null) throw new Rejection("no event of Devolutions Server");
  const type = Number(found[1]);
  const subtype = Number(found[2]);
  const rest = text.slice(found.index + found[0].length);
  const account = namedAccount((userInBrackets.exec(rest) ?? userInWords.exec(rest))?.[1]);
  const kind = kinds.get(type);
  const isKnown = kind !== undefined || (type <= lastKnown && type !== 42);
  return {
    type: "event",
    time: timestamp,
    zone: SOURCE_ZONE,
    kind: kind ?? "other",
    ...(!isKnown && { unknown: String(type) }),
    account,
    trace: [type, subtype, account.id, timestamp],
  };
}
