import type { Member } from "../domain/event.ts";
import { bitwardenKind } from "./bitwarden-kinds.ts";
import { accountOf, emailOf, idOf, meaning, nameOf } from "./fields.ts";
import type { EventDraft, Fields, Source } from "./source.ts";
import { Rejection } from "./source.ts";

/** Pages of the Public API and of the vault's own, which differ in names; and the web vault's CSV of the event log. */
export const bitwarden: Source = {
  title: "Bitwarden",
  describe: "Bitwarden event pages, a Bitwarden member list, the CSV of Bitwarden's event log",
  dialects: { API: "the API", CSV: "the web vault's CSV" },
  forms: [
    {
      cut: "json",
      dialect: "API",
      recognises: (fields) =>
        isEmptyPage(fields) || isMember(fields) || (isEvent(fields) && isSurely(fields)),
      takes: isEvent,
      translate(fields) {
        if (isEmptyPage(fields)) return undefined;
        if (isMember(fields)) return { type: "member", member: memberOf(fields) };
        if (!isEvent(fields)) throw new Rejection("neither an event nor a member");
        return eventOf(fields);
      },
    },
    {
      cut: "csv",
      dialect: "CSV",
      recognises: (fields) => "userId" in fields && "date" in fields && "type" in fields,
      translate: rowOf,
    },
  ],
};

/** Whether an empty page has the shape that Bitwarden and what speaks its language give it. */
export function isEmptyPage(fields: Fields): boolean {
  return fields.object === "list" && Array.isArray(fields.data) && fields.data.length === 0;
}

/** Of the Public API, of the vault's own, or in a list that lost the word for what it lists. */
export function isMember(fields: Fields): boolean {
  const { object } = fields;
  if (object !== undefined) return object === "member" || object === "organizationUserUserDetails";
  return "userId" in fields && "email" in fields && "status" in fields && !("date" in fields);
}

function isEvent(fields: Fields): boolean {
  return typeof fields.type === "number" && "date" in fields && (fields.object ?? "event") === "event";
}

/**
 * Revoked members stay, so that their past events carry a name. Somebody who never accepted the invitation has no
 * account yet; they come under the membership, and their e-mail makes them one with the account later on.
 */
export function memberOf(fields: Fields): Member {
  const user = idOf(fields.userId, "user id");
  const membership = idOf(fields.id, "member id");
  if (user === undefined && membership === undefined) throw new Rejection("a member without an id");
  return accountOf(user ?? `member:${membership}`, {
    email: emailOf(fields.email),
    name: nameOf(fields.name),
  });
}

/** An event that names an organisation and does not say that it is one is Vaultwarden's; Bitwarden always says so. */
function isSurely(fields: Fields): boolean {
  return fields.object === "event" || !("organizationId" in fields);
}

function eventOf(fields: Fields): EventDraft {
  const robot = idOf(fields.serviceAccountId, "service account id");
  const acting = idOf(fields.actingUserId, "acting user id");
  // With a system user (a directory, the API) `userId` is who it was done to.
  const isBySystem = fields.systemUser !== undefined && fields.systemUser !== null;
  const user = acting ?? (isBySystem ? undefined : idOf(fields.userId, "user id"));
  const account = user ?? robot;
  if (account === undefined) throw new Rejection("no acting user");
  const device = idOf(fields.device ?? fields.deviceType, "device");
  return {
    type: "event",
    time: fields.date,
    ...meaning(bitwardenKind(fields.type as number), fields.type),
    account: accountOf(account, { robot: user === undefined }),
    device,
    // No address: together with the rest, which is known, a hash of it could be turned back.
    trace: [
      fields.type,
      user,
      robot,
      fields.date,
      device,
      idOf(fields.itemId ?? fields.cipherId, "item id"),
      idOf(fields.memberId ?? fields.organizationUserId, "member id"),
      idOf(fields.collectionId, "collection id"),
      idOf(fields.groupId, "group id"),
      idOf(fields.policyId, "policy id"),
      idOf(fields.secretId, "secret id"),
      idOf(fields.projectId, "project id"),
      idOf(fields.installationId, "installation id"),
    ],
  };
}

function rowOf(fields: Fields): EventDraft {
  const user = idOf(fields.userId, "user id");
  const account = user ?? idOf(fields.serviceAccountId, "service account id");
  if (account === undefined) throw new Rejection("no acting user");
  const device = idOf(fields.appName, "app name");
  const type = idOf(fields.type, "type");
  return {
    type: "event",
    time: fields.date,
    ...meaning(bitwardenKind(type), type),
    account: accountOf(account, {
      email: emailOf(fields.userEmail),
      // The web vault's word for users that it cannot resolve.
      name: fields.userName === "Unknown" ? undefined : nameOf(fields.userName),
      robot: user === undefined,
    }),
    device,
    trace: [type, account, fields.date, device, idOf(fields.installationId, "installation id")],
  };
}
