import type { EventKind } from "../domain/event.ts";
import { fieldsOf, idOf } from "./fields.ts";
import { namedAccount } from "./line-account.ts";
import type { EventDraft, Fields, Form, Source } from "./source.ts";
import { Rejection } from "./source.ts";
import type { SyslogLine } from "./syslog.ts";

/** MessageIDs that mean more than `other` (◐: from third parties, not CyberArk's own list). */
const kinds: ReadonlyMap<string, EventKind> = new Map([
  ["4", "login_failed"],
  ["7", "login"],
  ["8", "logout"],
  ["295", "password_accessed"],
  ["300", "remote_connection"],
  ["308", "password_accessed"],
  ["309", "login_failed"],
  ["428", "password_accessed"],
]);
/** What the password manager itself does, well or in vain: verify, change and reconcile passwords. */
const robotWork = new Set(["22", "24", "31", "38", "57", "60"]);
/**
 * MessageIDs whose meaning is known and that count for nothing here: gateways (19, 20), files and safes (50 to 52, 185 …),
 * stored passwords (294), the end and the recording of a connection (302, 304), and what was typed and seen in it (359, 361,
 * 411, 412), of which nothing but that it happened is read.
 */
const others = new Set(
  "19 20 32 33 50 51 52 59 62 88 98 105 106 107 124 125 126 130 178 180 181 185 187 259 265 266 273 294 302 304 359 361 411 412 427".split(
    " ",
  ),
);

/** Users that CyberArk's components sign in as, by its own naming (◐). */
const component =
  /^(?:PasswordManager|PVWA(?:App|GW)User|PSMP?(?:App|GW)_|PSMP_ADB_|Prov_|(?:DR|Batch|Backup|NotificationEngine)$)/i;
const session = /(?:^|;)SessionID=([^;]{1,128})/;

/**
 * CyberArk Vault's audit records as its Elastic translator writes them to syslog, with a header before them or one JSON
 * object a line. The session is that of a connection through PSM; other records have none, so signing in and
 * connecting are two sessions.
 */
export const cyberark: Source = {
  title: "CyberArk",
  describe: 'CyberArk Vault audit records as syslog JSON ({"syslog":{"audit_record":{…}}})',
  forms: [
    { cut: "json", recognises: (fields) => recordOf(fields) !== undefined, translate },
    {
      cut: "lines",
      // By its text, as the last line of a beginning may be incomplete; without a header it is JSON.
      recognises: (fields) => {
        const { text, timestamp } = fields as SyslogLine;
        return (timestamp !== undefined || text.startsWith("<")) && text.includes('"audit_record"');
      },
      translate: (fields) => translate(objectIn(fields)),
    },
  ] satisfies Form[],
};

/** The JSON that begins somewhere in a line. */
function objectIn(fields: Fields): Fields {
  const { text } = fields as SyslogLine;
  const from = text.indexOf("{");
  if (from < 0) throw new Rejection("no audit record");
  try {
    return fieldsOf(JSON.parse(text.slice(from)));
  } catch {
    throw new Rejection("not valid JSON");
  }
}

function recordOf(fields: Fields): Fields | undefined {
  const record = fieldsOf(fields.syslog).audit_record;
  return record === undefined ? undefined : fieldsOf(record);
}

function translate(fields: Fields): EventDraft {
  const record = recordOf(fields);
  if (record === undefined) throw new Rejection("no audit record");
  const code = idOf(record.MessageID, "message id");
  if (code === undefined) throw new Rejection("no message id");
  const isRobotWork = robotWork.has(code);
  const issuer = record.Issuer;
  const robot = isRobotWork || (typeof issuer === "string" && component.test(issuer.trim()));
  const account = namedAccount(issuer, { robot });
  const details = typeof record.ExtraDetails === "string" ? record.ExtraDetails : "";
  const sessionId = idOf(session.exec(details)?.[1], "session");
  const kind = kinds.get(code);
  return {
    type: "event",
    time: record.IsoTimestamp,
    kind: kind ?? "other",
    ...(kind === undefined && !isRobotWork && !others.has(code) && { unknown: code }),
    account,
    session: sessionId,
    // No station, safe, file or reason: a hash of them could be turned back.
    trace: [code, account.id, record.IsoTimestamp, sessionId],
  };
}
