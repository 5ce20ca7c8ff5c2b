import type { AccountRef, EventKind, Member } from "../domain/event.ts";
import { accountOf, emailOf, idOf, meaning, nameOf } from "./fields.ts";
import type { Fields, Source, Translation } from "./source.ts";
import { Rejection } from "./source.ts";

/** Actions that count for something, in lower case, as they are spelt in several ways. */
const actions: ReadonlyMap<string, EventKind> = new Map([
  ["log in", "login"],
  ["failed login attempt", "login_failed"],
  ["form filled", "password_autofilled"],
  ["site added", "account_added"],
]);

/** Who acts where a program of the organisation does: the name stands in the place of an e-mail. */
const robot = "api";

/**
 * LastPass reporting API: pages whose `data` is a map from `"Event1"`, `"Event2"`, … to events; and the users that the same
 * API lists (`getuserdata`), whose `Users` is a map from numbers that no event knows. The keys of events are places in
 * the answer and no ids. What an event is about (`Data`: the domain of a site, mostly) is not looked at, so events of
 * one second that differ in nothing else are told apart by their number. There are no sessions and no devices.
 */
export const lastpass: Source = {
  title: "LastPass",
  describe: "LastPass event reports (answers of the reporting API), its users (answers of getuserdata)",
  forms: [
    {
      cut: "json",
      recognises: (fields) => isEvent(fields) || isUser(fields) || isEmptyPage(fields),
      translate,
    },
  ],
};

function isEvent(fields: Fields): boolean {
  return "Time" in fields && "Username" in fields && "Action" in fields;
}

function isUser(fields: Fields): boolean {
  return "username" in fields && "fullname" in fields;
}

/** An answer without events or users: the map is empty, or an empty list, as PHP writes it. */
function isEmptyPage({ status, data, total, count, Users }: Fields): boolean {
  if (typeof status === "string" && isEmpty(data)) return true;
  return (typeof total === "number" || typeof count === "number") && isEmpty(Users);
}

function isEmpty(entries: unknown): boolean {
  return typeof entries === "object" && entries !== null && Object.keys(entries).length === 0;
}

function translate(fields: Fields): Translation {
  if (isEmptyPage(fields)) return undefined;
  if (isUser(fields)) return { type: "member", member: memberOf(fields) };
  if (!("Time" in fields) || !("Action" in fields)) throw new Rejection("neither an event nor a user");
  const account = userOf(fields.Username);
  const action = typeof fields.Action === "string" ? fields.Action.trim() : "";
  return {
    type: "event",
    time: fields.Time,
    // All times of the reporting API are US/Eastern.
    zone: "America/New_York",
    ...meaning(actions.get(action.toLowerCase()), action),
    account,
    trace: [fields.Time, account.id, action],
  };
}

/** Who is disabled stays: that somebody left is for the directory to say. */
function memberOf(fields: Fields): Member {
  return userOf(fields.username, nameOf(fields.fullname));
}

function userOf(username: unknown, name?: string): AccountRef {
  const email = emailOf(username);
  const user = email ?? idOf(username, "user name");
  if (user === undefined) throw new Rejection("no user");
  return accountOf(user, { email, name, robot: user.toLowerCase() === robot });
}
