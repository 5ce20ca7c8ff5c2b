import type { EventKind, Member } from "../domain/event.ts";
import { isOwnList } from "./directory.ts";
import { accountOf, emailOf, fieldsOf, idOf, meaning, nameOf } from "./fields.ts";
import type { Fields, Source, Translation } from "./source.ts";
import { Rejection } from "./source.ts";

/** Outcomes of a sign-in. The list is open: what is not in it is `other`. */
const signIns: ReadonlyMap<unknown, EventKind> = new Map([
  ["success", "login"],
  ["firewall_reported_success", "login"],
  ["credentials_failed", "login_failed"],
  ["mfa_failed", "login_failed"],
  ["sso_failed", "login_failed"],
  ["modern_version_failed", "login_failed"],
  ["firewall_failed", "login_failed"],
]);

/** Uses of an item, open as well; those that are known and count for nothing are `other`. */
const usages: ReadonlyMap<unknown, EventKind> = new Map([
  ["fill", "password_autofilled"],
  ["reveal", "password_accessed"],
  ["secure-copy", "password_accessed"],
  ["server-create", "account_added"],
  ["server-fetch", "other"],
  ["server-update", "other"],
  ["enter-item-edit-mode", "other"],
  ["export", "other"],
  ["share", "other"],
  ["select-sso-provider", "other"],
  ["other", "other"],
]);

/** What a user is, `MEMBER`, and how the account stands, `TRANSFER_STARTED`: never so short as where somebody lives, `CA`. */
const userType = /^(?:[A-Z][A-Z_]+)?$/;
const userState = /^[A-Z][A-Z_]{5,}$/;
const robots = /^SERVICE_?ACCOUNT$/i;

/**
 * 1Password Events API: sign-in attempts, item usages and audit events, as records or as pages of `items`; and the users
 * that the command line lists, who have the same ids (◐ the states are the vendor's list, its types are not told).
 * Session ids are left out, as item usages have none: with them, a sign-in and the use that follows would be two
 * sessions. The format has no device id.
 */
export const onepassword: Source = {
  title: "1Password",
  describe:
    "1Password Events API answers (sign-in attempts, item usages, audit events), the users of op user list --format=json",
  forms: [
    {
      cut: "json",
      recognises: (fields) =>
        isEmptyPage(fields) ||
        isSurelyUser(fields) ||
        (typeof fields.timestamp === "string" &&
          ("target_user" in fields || "actor_uuid" in fields || isUsage(fields))),
      takes: isUser,
      translate,
    },
  ],
};

function translate(fields: Fields): Translation {
  if (isEmptyPage(fields)) return undefined;
  if (isUser(fields)) return { type: "member", member: memberOf(fields) };
  const isAudit = "actor_uuid" in fields;
  const isSignIn = !isAudit && "target_user" in fields;
  if (!isAudit && !isSignIn && !("action" in fields)) {
    throw new Rejection("neither a sign-in attempt nor an item usage nor an audit event nor a user");
  }
  const user = fieldsOf(isAudit ? fields.actor_details : isSignIn ? fields.target_user : fields.user);
  const account = idOf(isAudit ? (fields.actor_uuid ?? user.uuid) : user.uuid, "user id");
  if (account === undefined) throw new Rejection("no user");
  const type = user.user_type ?? (isAudit ? fields.actor_type : undefined);
  const id = idOf(fields.uuid, "id");
  return {
    type: "event",
    time: fields.timestamp,
    ...(isAudit
      ? { kind: "other" }
      : isSignIn
        ? meaning(signIns.get(fields.category), fields.category)
        : meaning(usages.get(fields.action), fields.action)),
    account: accountOf(account, {
      email: emailOf(user.email),
      name: nameOf(user.name),
      robot: typeof type === "string" && type !== "" && type.toLowerCase() !== "user",
    }),
    id,
    trace:
      id === undefined
        ? [
            fields.timestamp,
            account,
            word(fields.category),
            word(fields.action),
            idOf(fields.item_uuid, "item"),
          ]
        : [],
  };
}

function isUser(fields: Fields): boolean {
  return "id" in fields && "email" in fields && "state" in fields && !("timestamp" in fields);
}

function isSurelyUser(fields: Fields): boolean {
  const { type, state } = fields;
  const hasWords =
    typeof type === "string" && userType.test(type) && typeof state === "string" && userState.test(state);
  return isUser(fields) && hasWords && !isOwnList(fields);
}

/** Who is suspended, or deleted, stays, as in every vault's list: that somebody left is for the directory to say. */
function memberOf(fields: Fields): Member {
  const id = idOf(fields.id, "user id");
  if (id === undefined) throw new Rejection("a user without an id");
  return accountOf(id, {
    email: emailOf(fields.email),
    name: nameOf(fields.name),
    robot: typeof fields.type === "string" && robots.test(fields.type),
  });
}

/** Other vaults have actions of users as well, but name the user by a text. */
function isUsage(fields: Fields): boolean {
  return "action" in fields && typeof fields.user === "object" && fields.user !== null;
}

function isEmptyPage(fields: Fields): boolean {
  const isPage = ("has_more" in fields || "cursor" in fields) && !("continuation_token" in fields);
  return isPage && Array.isArray(fields.items) && fields.items.length === 0;
}

function word(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
