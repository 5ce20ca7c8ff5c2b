import type { EventKind } from "../domain/event.ts";
import { accountOf, emailOf, fieldsOf, idOf, nameOf } from "./fields.ts";
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

/** Uses of an item, open as well: exports, edits, shares and fetches by programs are `other`. */
const usages: ReadonlyMap<unknown, EventKind> = new Map([
  ["fill", "password_autofilled"],
  ["reveal", "password_accessed"],
  ["secure-copy", "password_accessed"],
  ["server-create", "account_added"],
]);

/**
 * 1Password Events API: sign-in attempts, item usages and audit events, as records or as pages of `items`.
 * Session ids are left out, as item usages have none: with them, a sign-in and the use that follows would be two
 * sessions. The format has no device id.
 */
export const onepassword: Source = {
  title: "1Password",
  describe: "1Password Events API answers (sign-in attempts, item usages, audit events)",
  forms: [
    {
      cut: "json",
      recognises: (fields) =>
        isEmptyPage(fields) ||
        (typeof fields.timestamp === "string" &&
          ("target_user" in fields || "actor_uuid" in fields || ("action" in fields && "user" in fields))),
      translate,
    },
  ],
};

function translate(fields: Fields): Translation {
  if (isEmptyPage(fields)) return undefined;
  const isAudit = "actor_uuid" in fields;
  const isSignIn = !isAudit && "target_user" in fields;
  if (!isAudit && !isSignIn && !("action" in fields)) {
    throw new Rejection("neither a sign-in attempt nor an item usage nor an audit event");
  }
  const user = fieldsOf(isAudit ? fields.actor_details : isSignIn ? fields.target_user : fields.user);
  const account = idOf(isAudit ? (fields.actor_uuid ?? user.uuid) : user.uuid, "user id");
  if (account === undefined) throw new Rejection("no user");
  const type = user.user_type ?? (isAudit ? fields.actor_type : undefined);
  const id = idOf(fields.uuid, "id");
  return {
    type: "event",
    time: fields.timestamp,
    kind: isAudit
      ? "other"
      : ((isSignIn ? signIns.get(fields.category) : usages.get(fields.action)) ?? "other"),
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

function isEmptyPage(fields: Fields): boolean {
  return (
    Array.isArray(fields.items) && fields.items.length === 0 && ("has_more" in fields || "cursor" in fields)
  );
}

function word(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
