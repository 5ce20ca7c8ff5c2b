import type { EventKind } from "../domain/event.ts";
import { accountOf, emailOf, fieldsOf, idOf, meaning, textOf, withoutNulls } from "./fields.ts";
import { isEmptyPage, isPassboltUser, passboltAccount, passboltMember } from "./passbolt-users.ts";
import type { EventDraft, Fields, Source, Translation } from "./source.ts";
import { Rejection, SOURCE_ZONE } from "./source.ts";

type Meaning = readonly [done: EventKind, failed: EventKind];

const login: Meaning = ["login", "login_failed"];
const logout: Meaning = ["logout", "other"];
const access: Meaning = ["password_accessed", "other"];
const add: Meaning = ["account_added", "other"];
const other: Meaning = ["other", "other"];

/** What actions come to, if they were done and if they failed, under the names of the log and of the SIEM lines. */
const actions: ReadonlyMap<string, Meaning> = new Map([
  ["AuthLogin.loginPost", login],
  ["JwtLogin.loginPost", login],
  ["AuthLogout.logout", logout],
  ["JwtLogout.logoutPost", logout],
  ["SecretsView.view", access],
  ["ResourcesAdd.add", add],
  ["ResourcesView.view", other],
  ["ResourcesIndex.index", other],
  ["ResourcesUpdate.update", other],
  ["ResourcesDelete.delete", other],
  ["Share.share", other],
  ["user_login", login],
  ["user_logout", logout],
  ["password_access", access],
  ["password_add", add],
  ["password_update", other],
  ["password_delete", other],
  ["share", other],
]);

/**
 * Passbolt: rows of the action log, and the lines it sends to a SIEM. The rows have ids and the lines have none, so
 * the two cannot match each other. The API lists the users, under the ids that the rows have. Neither knows sessions, devices or robots. Times without an offset are those of the
 * server that wrote them.
 */
export const passbolt: Source = {
  title: "Passbolt",
  describe:
    "rows of Passbolt's action log with the action's name (JSON, CSV), Passbolt's SIEM lines, its users (answers of GET /users.json)",
  dialects: { "action log": "the action log", SIEM: "a SIEM" },
  forms: [
    {
      cut: "json",
      dialect: "action log",
      recognises: (fields) => isRow(fields) || isPassboltUser(fields) || isEmptyPage(fields),
      translate,
    },
    { cut: "json", dialect: "SIEM", recognises: isLine, translate },
    {
      cut: "csv",
      dialect: "action log",
      recognises: isRow,
      translate: (fields) => translate(withoutNulls(fields)),
    },
  ],
};

function isRow(fields: Fields): boolean {
  const hasAction = "action_id" in fields || "action" in fields || "action_name" in fields;
  return "user_id" in fields && "status" in fields && "created" in fields && hasAction;
}

function isLine(fields: Fields): boolean {
  return typeof fields.user === "string" && typeof fields.action === "string" && "timestamp" in fields;
}

function translate(fields: Fields): Translation {
  if ("timestamp" in fields && "action" in fields) return lineOf(fields);
  if ("created" in fields && ("action_id" in fields || "action" in fields || "action_name" in fields)) {
    return rowOf(fields);
  }
  if (isPassboltUser(fields)) return { type: "member", member: passboltMember(fields) };
  if (isEmptyPage(fields)) return undefined;
  throw new Rejection("neither a row of the action log nor a SIEM line nor a user");
}

function rowOf(fields: Fields): EventDraft {
  const name = textOf(fields.action_name) ?? textOf(fields.action) ?? textOf(fieldsOf(fields.action).name);
  const kind = kindOf(name, fields.status);
  const user = idOf(fields.user_id, "user id");
  if (user === undefined) {
    throw new Rejection(kind === "login_failed" ? "a failed sign-in that does not say whose" : "no user");
  }
  const id = idOf(fields.id, "id");
  return {
    type: "event",
    time: fields.created,
    zone: SOURCE_ZONE,
    // An action without its name is only known by a number that is derived from it.
    ...meaning(kind, name ?? idOf(fields.action_id, "action id")),
    account: passboltAccount(user, fieldsOf(fields.user)),
    id,
    trace: id === undefined ? [name, user, fields.created, isDone(fields.status)] : [],
  };
}

function lineOf(fields: Fields): EventDraft {
  const action = textOf(fields.action);
  const kind = kindOf(action, fields.status);
  const email = emailOf(fields.user);
  const user = email ?? idOf(fields.user, "user");
  if (user === undefined) {
    throw new Rejection(kind === "login_failed" ? "a failed sign-in that does not say whose" : "no user");
  }
  return {
    type: "event",
    time: fields.timestamp,
    zone: SOURCE_ZONE,
    ...meaning(kind, action),
    account: accountOf(user, { email }),
    trace: [action, user, fields.timestamp, isDone(fields.status), idOf(fields.resource_id, "resource id")],
  };
}

function kindOf(action: string | undefined, status: unknown): EventKind | undefined {
  const found = action === undefined ? undefined : actions.get(action);
  return found?.[isDone(status) ? 0 : 1];
}

function isDone(status: unknown): boolean {
  if (status === 1 || status === true || status === "1" || status === "true" || status === "t") return true;
  if (status === 0 || status === false || status === "0" || status === "false" || status === "f")
    return false;
  throw new Rejection("no status, right would be 1 or 0");
}
