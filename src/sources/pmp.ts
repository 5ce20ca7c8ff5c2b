import type { EventKind } from "../domain/event.ts";
import { namedAccount } from "./line-account.ts";
import type { EventDraft, Fields, Source } from "./source.ts";
import { Rejection, SOURCE_ZONE } from "./source.ts";
import type { SyslogLine } from "./syslog.ts";
import { isoOfWords } from "./wall-clock.ts";

/**
 * Operations, without blanks and in small letters (◐: the format is the vendor's, but it does not list its operations; these
 * are what its audit calls them as far as that could be found out).
 */
const kinds: ReadonlyMap<string, EventKind> = new Map([
  ["userloggedin", "login"],
  ["userlogin", "login"],
  ["login", "login"],
  ["userloggedout", "logout"],
  ["userlogout", "logout"],
  ["logout", "logout"],
  ["loginfailed", "login_failed"],
  ["passwordretrieved", "password_accessed"],
  ["passwordretrieval", "password_accessed"],
  ["passwordviewed", "password_accessed"],
  ["passwordcopied", "password_accessed"],
  ["autologon", "password_autofilled"],
  ["accountadded", "account_added"],
  ["remotesessionstarted", "remote_connection"],
  ["remoteconnection", "remote_connection"],
  ["resourceadded", "other"],
  ["passwordchanged", "other"],
  ["passwordreset", "other"],
]);

const braces = /^[^{]{0,64}\{([^{}]*)\} *\{([^{}]*)\} *\{([^{}]*)\} *\{([^{}]*)\}/;
const address = /^[\dA-Fa-f]*[.:][\dA-Fa-f.:]*$/;
/** The same without braces: user and address, words, a time, the word for the outcome. */
const withoutBraces =
  /^(?:[A-Za-z ]{1,40}: )?([^\s:{}]+:\S+) ([A-Za-z][A-Za-z _-]{0,63}?) ((?:\d{4}-\d\d-\d\d[T ]|[A-Z][a-z]{2} +\d{1,2},? \d{4},? |\d{1,2} [A-Z][a-z]{2} \d{4} )\d{1,2}:\d\d(?::\d\d)?(?:\.\d+)?(?: ?[AP]M)?(?:Z|[+-]\d\d:?\d\d)?) ([A-Za-z]+)(?= |$)/;

/**
 * ManageEngine Password Manager Pro's syslog: `{USER:IP} {OPERATION} {TIME} {STATUS} {SERVER} {RESOURCE:ACCOUNT:REASON}`. Whether
 * the braces are written is not said, so lines without them are read too. Nothing behind the outcome is looked at. An
 * operation that failed counts for nothing, unless it is a sign-in.
 */
export const pmp: Source = {
  title: "Password Manager Pro",
  describe: "ManageEngine Password Manager Pro's syslog",
  forms: [{ cut: "lines", recognises: (fields) => partsOf(fields) !== undefined, translate }],
};

function translate(fields: Fields): EventDraft {
  const parts = partsOf(fields);
  if (parts === undefined) throw new Rejection("no event of Password Manager Pro");
  const { user, operation, status } = parts;
  const account = namedAccount(user);
  const time = isoOfWords(parts.time) ?? parts.time;
  const known = kinds.get(operation.toLowerCase().replace(/[\s_-]+/g, ""));
  const hasFailed = /^fail|^denied|^error/i.test(status);
  const kind = hasFailed && known !== undefined ? (known === "login" ? "login_failed" : "other") : known;
  return {
    type: "event",
    time,
    zone: SOURCE_ZONE,
    kind: kind ?? "other",
    ...(known === undefined && { unknown: operation }),
    account,
    trace: [operation, status, account.id, time],
  };
}

function partsOf(
  fields: Fields,
): { user: string; operation: string; time: string; status: string } | undefined {
  const { message } = fields as SyslogLine;
  const inBraces = braces.exec(message);
  const found = inBraces ?? withoutBraces.exec(message);
  if (found === null) return undefined;
  const [, who = "", operation = "", time = "", status = ""] = found.map((part) => part.trim());
  const colon = who.indexOf(":");
  if (colon < 1 || operation === "" || !/\d:\d\d/.test(time)) return undefined;
  // Less is certain about words without braces.
  if (inBraces === null && !address.test(who.slice(colon + 1))) return undefined;
  return { user: who.slice(0, colon), operation, time, status };
}
