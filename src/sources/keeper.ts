import { idOf, meaning } from "./fields.ts";
import { keeperAccount } from "./keeper-account.ts";
import { keeperKind } from "./keeper-kinds.ts";
import { isKeeperUser, isSurelyKeeperUser, keeperMember, keeperUsersCsv } from "./keeper-members.ts";
import { keeperSyslog } from "./keeper-syslog.ts";
import type { EventDraft, Fields, Source, Translation } from "./source.ts";
import { Rejection } from "./source.ts";

/**
 * Keeper, in the dialects of its SIEM push and public API, which give no ids, and of Commander's raw report, which
 * does, as its syslog has: so the two cannot match each other, and importing the same days in both counts them twice.
 * Commander lists the users, too. The format has no session id; what stands for the device is the client with its version.
 */
export const keeper: Source = {
  title: "Keeper",
  describe:
    "Keeper events (SIEM and public API, Commander's raw report as JSON and its syslog), the users of Commander's enterprise-info --users (JSON, CSV)",
  dialects: { API: "the API or a SIEM", Commander: "Commander" },
  forms: [
    { cut: "json", dialect: "API", recognises: (fields) => isSiem(fields) || isEmptyPage(fields), translate },
    {
      cut: "json",
      dialect: "Commander",
      recognises: (fields) => isRaw(fields) || isSurelyKeeperUser(fields),
      takes: isKeeperUser,
      translate,
    },
    keeperSyslog,
    keeperUsersCsv,
  ],
};

function translate(fields: Fields): Translation {
  if (isEmptyPage(fields)) return undefined;
  if (isRaw(fields)) return rawOf(fields);
  if (isSiem(fields)) return siemOf(fields);
  if (isKeeperUser(fields)) return { type: "member", member: keeperMember(fields) };
  throw new Rejection(
    isPage(fields) ? "a page whose entries are in no list that is known" : "neither an event nor a user",
  );
}

function isSiem(fields: Fields): boolean {
  return typeof fields.audit_event === "string";
}

function isRaw(fields: Fields): boolean {
  return typeof fields.audit_event_type === "string";
}

function isPage(fields: Fields): boolean {
  return "continuation_token" in fields && "has_more" in fields;
}

/** A page comes here whole if it has no entries, or has them in a list that nobody knows. */
function isEmptyPage(fields: Fields): boolean {
  return isPage(fields) && !Object.values(fields).some((value) => Array.isArray(value) && value.length > 0);
}

function siemOf(fields: Fields): EventDraft {
  const name = String(fields.audit_event);
  const account = keeperAccount(name, fields);
  const device = idOf(fields.client_version, "client version");
  return {
    type: "event",
    time: fields.timestamp,
    ...meaning(keeperKind(name), name),
    account,
    device,
    trace: [
      name,
      account.id,
      fields.timestamp,
      device,
      idOf(fields.enterprise_id, "enterprise id"),
      idOf(fields.record_uid, "record id"),
      idOf(fields.shared_folder_uid, "folder id"),
      idOf(fields.team_uid, "team id"),
      idOf(fields.role_id, "role id"),
      idOf(fields.node_id, "node id"),
    ],
  };
}

function rawOf(fields: Fields): EventDraft {
  const name = String(fields.audit_event_type);
  const account = keeperAccount(name, fields);
  const device = idOf(fields.client_version, "client version");
  const id = idOf(fields.id, "id");
  return {
    type: "event",
    time: timeOf(fields.created),
    ...meaning(keeperKind(name), name),
    account,
    device,
    id,
    trace:
      id === undefined
        ? [name, account.id, fields.created, device, idOf(fields.record_uid, "record id")]
        : [],
  };
}

/** Far enough that it is in the future, and a date that can be written. */
const maxSeconds = 1e11;

/** Seconds since the epoch as ISO 8601, which is what everything else is read as. */
function timeOf(created: unknown): unknown {
  const seconds = typeof created === "string" && /^\d{1,11}$/.test(created) ? Number(created) : created;
  if (typeof seconds !== "number") return created;
  if (!(seconds >= 0 && seconds < maxSeconds))
    throw new Rejection("the time is no number of seconds since 1970");
  return new Date(seconds * 1000).toISOString();
}
