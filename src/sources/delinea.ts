import type { EventKind } from "../domain/event.ts";
import { parseCef } from "./cef.ts";
import { idOf } from "./fields.ts";
import { namedAccount } from "./line-account.ts";
import type { EventDraft, Fields, Source } from "./source.ts";
import { Rejection, SOURCE_ZONE } from "./source.ts";
import type { SyslogLine } from "./syslog.ts";
import { isoOfWords } from "./wall-clock.ts";

/**
 * Names of events (◐: only viewing and signing in are known for sure; the others by Secret Server's way of naming). That a
 * password was displayed follows on the view, which is counted already.
 */
const kinds: ReadonlyMap<string, EventKind> = new Map([
  ["USER - LOGIN", "login"],
  ["USER - LOGINFAILURE", "login_failed"],
  ["USER - LOGOUT", "logout"],
  ["SECRET - VIEW", "password_accessed"],
  ["SECRET - LAUNCH", "remote_connection"],
  ["SECRET - CREATE", "account_added"],
  ["SECRET - PASSWORD_DISPLAYED", "other"],
  ["SECRET - EDIT", "other"],
  ["SECRET - CHECKOUT", "other"],
  ["SECRET - CHECKIN", "other"],
  ["SECRET - SECRETPASSWORDCHANGE", "other"],
  ["SECRET - SECRETPASSWORDCHANGEFAILURE", "other"],
  ["FOLDER - EDITPERMISSIONS", "other"],
  ["FOLDER - SECRETPOLICYCHANGE", "other"],
]);

const vendor = /CEF:\d+\|(?:Thycotic|Delinea)[^|]*\|[^|]*Secret Server\|/;

/**
 * Delinea (Thycotic) Secret Server's syslog in CEF. Its times (`rt`) have no offset, unless they are milliseconds; its
 * own messages ("System Log") name no user and are rejected as such.
 */
export const delinea: Source = {
  title: "Delinea Secret Server",
  describe: "Delinea Secret Server's syslog in CEF",
  forms: [{ cut: "lines", recognises: (fields) => vendor.test((fields as SyslogLine).text), translate }],
};

function translate(fields: Fields): EventDraft {
  const { text, timestamp } = fields as SyslogLine;
  const cef = vendor.test(text) ? parseCef(text) : undefined;
  if (cef === undefined) throw new Rejection("no event of Secret Server");
  const name = cef.name.trim().toUpperCase();
  const kind = kinds.get(name);
  const user = cef.value("suser") ?? cef.value("duser");
  const display = cef.value("cs4Label") === "suser Display Name" ? cef.value("cs4") : undefined;
  const account = namedAccount(user === undefined ? undefined : userOf(user), {
    name: display === undefined ? undefined : userOf(display).replace(/^[^\\]*\\/, ""),
    robot: user === "ThycoticSystem",
  });
  const time = timeOf(cef.value("rt")) ?? timestamp;
  return {
    type: "event",
    time,
    zone: SOURCE_ZONE,
    kind: kind ?? "other",
    ...(kind === undefined && { unknown: cef.name }),
    account,
    trace: [cef.signature, name, account.id, time, idOf(cef.value("fileId"), "item id")],
  };
}

/** Secret Server does not always escape the backslash behind a domain: a line break is what became of `EXAMPLE\nora`. */
function userOf(value: string): string {
  return value.replaceAll("\n", "\\n").replaceAll("\r", "\\r");
}

/** Milliseconds since the epoch, or words such as `Nov 10 2022 15:43:42`. */
function timeOf(value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  if (/^\d{13}$/.test(value)) return Temporal.Instant.fromEpochMilliseconds(Number(value)).toString();
  return isoOfWords(value) ?? value;
}
