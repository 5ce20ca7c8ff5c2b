import type { EventKind } from "../domain/event.ts";
import { accountOf, emailOf, idOf, meaning } from "./fields.ts";
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
 * LastPass reporting API: pages whose `data` is a map from `"Event1"`, `"Event2"`, … to events. The keys are places in
 * the answer and no ids. What an event is about (`Data`: the domain of a site, mostly) is not looked at, so events of
 * one second that differ in nothing else are told apart by their number. There are no sessions and no devices.
 */
export const lastpass: Source = {
  title: "LastPass",
  describe: "LastPass event reports (answers of the reporting API)",
  forms: [
    {
      cut: "json",
      recognises: (fields) => isEvent(fields) || isEmptyPage(fields),
      translate,
    },
  ],
};

function isEvent(fields: Fields): boolean {
  return "Time" in fields && "Username" in fields && "Action" in fields;
}

/** An answer without events: the map is empty, or an empty list, as PHP writes it. */
function isEmptyPage(fields: Fields): boolean {
  const { status, data } = fields;
  return (
    typeof status === "string" && typeof data === "object" && data !== null && Object.keys(data).length === 0
  );
}

function translate(fields: Fields): Translation {
  if (isEmptyPage(fields)) return undefined;
  if (!("Time" in fields) || !("Action" in fields)) throw new Rejection("no LastPass event");
  const email = emailOf(fields.Username);
  const user = email ?? idOf(fields.Username, "user name");
  if (user === undefined) throw new Rejection("no user");
  const action = typeof fields.Action === "string" ? fields.Action.trim() : "";
  return {
    type: "event",
    time: fields.Time,
    // All times of the reporting API are US/Eastern.
    zone: "America/New_York",
    ...meaning(actions.get(action.toLowerCase()), action),
    account: accountOf(user, { email, robot: user.toLowerCase() === robot }),
    trace: [fields.Time, user, action],
  };
}
