import { isEmptyPage, isMember, memberOf } from "./bitwarden.ts";
import { bitwardenKind } from "./bitwarden-kinds.ts";
import { accountOf, emailOf, idOf, meaning, nameOf, withoutNulls } from "./fields.ts";
import type { EventDraft, Fields, Source, Translation } from "./source.ts";
import { Rejection } from "./source.ts";

/**
 * Vaultwarden: pages of its internal API, and rows of its table `event`, which name the same events alike. It speaks
 * Bitwarden's language, so its events are told from Bitwarden's by what only Bitwarden says, `object: "event"`; its
 * member lists cannot be told at all, and are Vaultwarden's if it is named.
 *
 * What users do to their own account (10xx, such as a sign-in) is written once without an organisation and once more
 * for each that they are in, every copy with the clock's time at its own writing; and pages repeat rows. So equal
 * events are one and get no number, and of the time of a 10xx only the second counts. Hence two true events are taken
 * for one if they agree in all else and in the microsecond (a 10xx, and everything in MySQL: in the second); and
 * copies that straddle the end of a second, which takes some microseconds of a million, stay two.
 */
export const vaultwarden: Source = {
  title: "Vaultwarden",
  describe:
    "Vaultwarden event pages (internal API) and rows of its table event (JSON, CSV); with --source vaultwarden its member list and table users",
  forms: [
    {
      cut: "json",
      recognises: (fields) => (isEvent(fields) && fields.object === undefined) || isRow(fields),
      takes: (fields) => isEvent(fields) || isMember(fields) || isEmptyPage(fields) || isUser(fields),
      translate,
    },
    { cut: "csv", recognises: isRow, takes: isUser, translate },
  ],
};

function isEvent(fields: Fields): boolean {
  return typeof fields.type === "number" && "date" in fields && "organizationId" in fields;
}

/** A row of the table `event`. */
function isRow(fields: Fields): boolean {
  return (
    "event_type" in fields && "event_date" in fields && ("act_user_uuid" in fields || "user_uuid" in fields)
  );
}

/** A row of the table `users`, which many lists of people look like. */
function isUser(fields: Fields): boolean {
  return "uuid" in fields && "email" in fields && !("event_type" in fields);
}

function translate(given: Fields): Translation {
  if (isRow(given)) return eventOf(apiNames(withoutNulls(given)));
  if (isEvent(given)) return eventOf(given);
  if (isMember(given)) return { type: "member", member: memberOf(given) };
  if (isEmptyPage(given)) return undefined;
  if (!isUser(given)) throw new Rejection("neither an event nor a member");
  const { uuid, email, name } = withoutNulls(given);
  const id = idOf(uuid, "user id");
  if (id === undefined) throw new Rejection("a user without an id");
  return { type: "member", member: accountOf(id, { email: emailOf(email), name: nameOf(name) }) };
}

/** A row under the names of the internal API. */
function apiNames(row: Fields): Fields {
  return {
    type: row.event_type,
    userId: row.user_uuid,
    organizationId: row.org_uuid,
    cipherId: row.cipher_uuid,
    collectionId: row.collection_uuid,
    groupId: row.group_uuid,
    organizationUserId: row.org_user_uuid,
    actingUserId: row.act_user_uuid,
    date: row.event_date,
    deviceType: row.device_type,
    policyId: row.policy_uuid,
    providerId: row.provider_uuid,
  };
}

function eventOf(fields: Fields): EventDraft {
  const user = idOf(fields.actingUserId, "acting user id") ?? idOf(fields.userId, "user id");
  if (user === undefined) throw new Rejection("no acting user");
  const type = idOf(fields.type, "type");
  const device = idOf(fields.deviceType, "device");
  const isUserEvent = /^10\d\d$/.test(type ?? "");
  return {
    type: "event",
    time: fields.date,
    zone: "UTC",
    ...meaning(bitwardenKind(type), type),
    account: accountOf(user, {}),
    device,
    // The membership of a user event is another one in each organisation.
    trace: isUserEvent
      ? [type, user, device, moment(fields.date).slice(0, "2026-03-02 08:03:10".length)]
      : [
          type,
          user,
          device,
          moment(fields.date),
          idOf(fields.userId, "user id"),
          idOf(fields.organizationId, "organization id"),
          idOf(fields.cipherId, "cipher id"),
          idOf(fields.collectionId, "collection id"),
          idOf(fields.groupId, "group id"),
          idOf(fields.organizationUserId, "member id"),
          idOf(fields.policyId, "policy id"),
          idOf(fields.providerId, "provider id"),
        ],
    hasCopies: true,
  };
}

/** What is longer is no time, and is rejected; nor is it worth looking through. */
const longestTime = 64;

/** The time in one spelling, as the API and the databases write it in several. */
function moment(time: unknown): string {
  if (typeof time !== "string" || time.length > longestTime) return "";
  return time
    .trim()
    .replace(/[Tt]/, " ")
    .replace(/(?:[Zz]|[+-]00:?00)$/, "")
    .replace(/\.(\d*?)0*$/, (_, digits) => (digits === "" ? "" : `.${digits}`));
}
