import fc from "fast-check";
import type { ColumnMap } from "../../src/sources/column-map.ts";
import type { SourceName } from "../../src/sources/index.ts";

export type Json = Record<string, unknown>;

/** What a form of a source's records is made of, for properties. */
export interface Vault {
  readonly source: SourceName;
  /** Its records look like another's, so that it has to be named. */
  readonly isNamed?: true;
  /** What its columns mean, where nobody but a map knows. */
  readonly map?: ColumnMap;
  /** Different ones, each an event or a member of its own. */
  readonly records: fc.Arbitrary<Json[]>;
  /** All ways in which it gives them out. */
  readonly layouts: readonly [Layout, ...Layout[]];
  /** Equal records are one, so that they may also stand in one file twice. */
  readonly hasCopies: boolean;
}

type Layout = (records: readonly Json[]) => string;

/** One object a line. */
export const lines = (records: readonly Json[]) => records.map((record) => JSON.stringify(record)).join("\n");
/** An indented list. */
export const pretty = (records: readonly Json[]) => JSON.stringify(records, null, 2);
const text = (value: unknown) => (typeof value === "object" ? JSON.stringify(value) : String(value));
const csvOf = (nothing: string, titleOf: (column: string) => string) => (records: readonly Json[]) => {
  const columns = [...new Set(records.flatMap((record) => Object.keys(record)))];
  const cell = (value: unknown) => `"${text(value ?? nothing).replaceAll('"', '""')}"`;
  return [columns.map(titleOf), ...records.map((record) => columns.map((column) => record[column]))]
    .map((row) => row.map(cell).join(","))
    .join("\n");
};
/** As a database's tools write it. */
const dump = csvOf("NULL", (column) => column);
const csv = csvOf("", (column) => column);
/** Under titles such as “User Id”. */
const titled = csvOf("", (column) =>
  column.replaceAll("_", " ").replaceAll(/\b\w/g, (letter) => letter.toUpperCase()),
);
const log = (write: (record: Record<string, string>) => string) => (records: readonly Json[]) =>
  records
    .map((record) =>
      write(Object.fromEntries(Object.entries(record).map(([key, value]) => [key, text(value)]))),
    )
    .join("\n");
const listIn = (name: string, rest: Json) => (records: readonly Json[]) =>
  JSON.stringify({ ...rest, [name]: records });
const numbered = (records: readonly Json[]) =>
  JSON.stringify({
    status: "OK",
    data: Object.fromEntries(records.map((each, i) => [`Event${i + 1}`, each])),
  });

const second = fc.integer({ min: 0, max: 15 }).map((n) => String(n).padStart(2, "0"));
const user = fc.constantFrom("ann@example.com", "bo@example.com");
const address = fc.constant("203.0.113.7");
const several = (record: fc.Arbitrary<Json>) =>
  fc.uniqueArray(record, { minLength: 1, maxLength: 10, selector: (each) => JSON.stringify(each) });

const email = (n: number) => `${n % 2 ? "U" : "u"}ser${n}@example.com`;
/** People of a list, each once. */
const members = (write: (n: number) => Json) =>
  fc.uniqueArray(fc.nat(99), { minLength: 1, maxLength: 10 }).map((numbers) => numbers.map((n) => write(n)));
const LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse";

/** By source and, where it has several, form. */
export const vaults: Record<string, Vault> = {
  vaultwarden: {
    source: "vaultwarden",
    records: several(
      fc.record({
        type: fc.constantFrom(1000, 1005, 1108, 1114, 1100, 9999),
        organizationId: fc.constantFrom(null, "org-a", "org-b"),
        actingUserId: fc.constantFrom("u1", "u2"),
        cipherId: fc.constantFrom(null, "c1"),
        date: second.map((s) => `2026-03-02T08:00:${s}.5Z`),
        deviceType: fc.constantFrom(2, 9),
        ipAddress: address,
      }),
    ),
    layouts: [lines, pretty, listIn("data", { object: "list" })],
    hasCopies: true,
  },
  keeper: {
    source: "keeper",
    records: several(
      fc.record({
        audit_event: fc.constantFrom("login", "fast_fill", "app_client_access", "odd"),
        username: user,
        timestamp: second.map((s) => `2026-03-02T08:00:${s}Z`),
        record_uid: fc.constantFrom("r1", "r2"),
        remote_address: address,
      }),
    ),
    layouts: [lines, pretty, listIn("events", { has_more: false, continuation_token: null })],
    hasCopies: false,
  },
  "keeper raw": {
    source: "keeper",
    records: fc.uniqueArray(fc.nat(99), { minLength: 1, maxLength: 10 }).map((ids) =>
      ids.map((id) => ({
        id,
        created: 1772524800 + id,
        audit_event_type: id % 2 ? "login" : "copy_password",
        username: "ann@example.com",
      })),
    ),
    layouts: [lines, pretty],
    hasCopies: true,
  },
  passbolt: {
    source: "passbolt",
    records: fc.uniqueArray(fc.nat(99), { minLength: 1, maxLength: 10 }).map((ids) =>
      ids.map((id) => ({
        id: `l${id}`,
        user_id: `u${id % 2}`,
        action_id: "f1",
        status: id % 3 ? 1 : 0,
        created: new Date(1_772_000_000_000 + id * 1000).toISOString(),
        action_name: id % 2 ? "AuthLogin.loginPost" : "SecretsView.view",
      })),
    ),
    layouts: [lines, pretty, dump],
    hasCopies: true,
  },
  "passbolt lines": {
    source: "passbolt",
    records: several(
      fc.record({
        timestamp: second.map((s) => `2026-03-02 08:00:${s}`),
        user,
        action: fc.constantFrom("user_login", "password_access", "odd"),
        status: fc.constantFrom(0, 1),
        resource_id: fc.constantFrom("r1", "r2"),
      }),
    ),
    layouts: [lines, pretty],
    hasCopies: false,
  },
  lastpass: {
    source: "lastpass",
    records: several(
      fc.record({
        Time: second.map((s) => `2026-03-02 03:00:${s}`),
        Username: user,
        IP_Address: address,
        Action: fc.constantFrom("Log in", "Form filled", "Odd"),
      }),
    ),
    layouts: [lines, pretty, numbered],
    hasCopies: false,
  },
  plain: {
    source: "plain",
    records: several(
      fc.record({
        at: second.map((s) => `2026-03-02T08:00:${s}Z`),
        user: fc.record({ id: fc.constantFrom("u1", "u2"), email: user }),
        kind: fc.constantFrom("login", "logout", "password_accessed", "other"),
        item: fc.constantFrom("i1", null),
      }),
    ).map((all) => all.map((each, i) => ({ id: `e${i}`, ...each }))),
    layouts: [lines, pretty, listIn("events", { from: "here" })],
    hasCopies: true,
  },
  bitwarden: {
    source: "bitwarden",
    records: several(
      fc.record({
        object: fc.constant("event"),
        type: fc.constantFrom(1000, 1005, 1108, 1114, 1100, 9999),
        actingUserId: fc.constantFrom("u1", "u2"),
        itemId: fc.constantFrom(null, "c1"),
        date: second.map((s) => `2026-03-02T08:00:${s}.5Z`),
        device: fc.constantFrom(2, 9),
        ipAddress: address,
      }),
    ),
    layouts: [lines, pretty, listIn("data", { object: "list" })],
    hasCopies: false,
  },
  "bitwarden rows": {
    source: "bitwarden",
    records: several(
      fc.record({
        message: fc.constant("Did a thing"),
        appName: fc.constantFrom("Web vault", "Extension"),
        userId: fc.constantFrom("u1", "u2"),
        userName: fc.constantFrom("Ann", "Unknown"),
        userEmail: fc.constant("ann@example.com"),
        date: second.map((s) => `2026-03-02T08:00:${s}Z`),
        ip: address,
        type: fc.constantFrom("User_LoggedIn", "Cipher_ClientAutofilled", ""),
      }),
    ).map((all) => all.filter((each, i) => all.findIndex((other) => other.date === each.date) === i)),
    layouts: [csv],
    hasCopies: false,
  },
  "bitwarden members": {
    source: "bitwarden",
    records: members((n) => ({
      object: "member",
      id: `m${n}`,
      userId: n % 3 ? `u${n}` : null,
      name: n % 4 ? `User ${n}` : null,
      email: email(n),
      status: (n % 4) - 1,
    })),
    layouts: [lines, pretty, listIn("data", { object: "list" })],
    hasCopies: true,
  },
  onepassword: {
    source: "onepassword",
    records: members((n) => ({
      uuid: `A${n}`,
      timestamp: new Date(1_772_000_000_000 + n * 1000).toISOString(),
      ...(n % 3 ? { action: n % 2 ? "fill" : "hum" } : { category: n % 2 ? "success" : "mfa_failed" }),
      [n % 3 ? "user" : "target_user"]: { uuid: `U${n % 4}`, name: `User ${n % 4}`, user_type: "user" },
      client: { ip_address: "203.0.113.7" },
    })),
    layouts: [lines, pretty, listIn("items", { cursor: "c", has_more: true })],
    hasCopies: true,
  },
  "onepassword users": {
    source: "onepassword",
    records: members((n) => ({
      id: `U${n}`,
      name: `User ${n}`,
      email: email(n),
      type: n % 5 ? "MEMBER" : "SERVICE_ACCOUNT",
      state: n % 2 ? "ACTIVE" : "TRANSFER_STARTED",
    })),
    layouts: [lines, pretty],
    hasCopies: true,
  },
  "vaultwarden users": {
    source: "vaultwarden",
    isNamed: true,
    records: members((n) => ({ uuid: `u${n}`, email: email(n), name: n % 3 ? `User ${n}` : null })),
    layouts: [lines, pretty, dump],
    hasCopies: true,
  },
  "keeper users": {
    source: "keeper",
    records: members((n) => ({
      user_id: 4711_000_000_000 + n,
      email: email(n),
      name: n % 3 ? `User ${n}` : null,
      status: n % 2 ? "Active" : "Invited",
      transfer_status: "Undefined",
      node: "Example AS",
    })),
    layouts: [lines, pretty, csv, titled],
    hasCopies: true,
  },
  "keeper syslog": {
    source: "keeper",
    records: members((id) => ({ id, name: id % 2 ? "login" : "odd", user: email(id % 3) })),
    layouts: [
      log(
        ({ id, name, user }) =>
          `<110>1 2026-03-02T08:00:00Z 203.0.113.7 Keeper - ${id} [Keeper@Commander audit_event_type="${name}" username="${user}"] x`,
      ),
    ],
    hasCopies: true,
  },
  "passbolt users": {
    source: "passbolt",
    records: members((n) => ({
      id: `u${n}`,
      username: email(n),
      active: n % 2 === 0,
      disabled: null,
      profile: { first_name: "User", last_name: String(n) },
      role: { name: "user" },
    })),
    layouts: [lines, pretty, listIn("body", { header: { status: "success", pagination: { page: 1 } } })],
    hasCopies: true,
  },
  "lastpass users": {
    source: "lastpass",
    records: members((n) => ({
      username: email(n),
      fullname: `User ${n}`,
      disabled: n % 2 === 0,
      groups: ["x"],
    })),
    layouts: [
      lines,
      pretty,
      (records) =>
        JSON.stringify({
          total: records.length,
          count: records.length,
          Users: Object.fromEntries(records.map((each, i) => [String(101 + i), each])),
          Groups: { x: ["ann@example.com"] },
        }),
    ],
    hasCopies: true,
  },
  cyberark: {
    source: "cyberark",
    records: several(
      fc.record({
        IsoTimestamp: second.map((s) => `2026-03-02T08:00:${s}Z`),
        MessageID: fc.constantFrom("7", "300", "295", "999"),
        Issuer: fc.constantFrom("Ann", "PasswordManager"),
        Station: address,
        ExtraDetails: fc.constantFrom("", "DstHost=h1;SessionID=35fa;"),
      }),
    ).map((all) => all.map((record) => ({ syslog: { audit_record: record } }))),
    layouts: [
      lines,
      pretty,
      (records) => lines(records).replaceAll(/^/gm, "<5>1 2026-03-02T08:00:00Z VAULT "),
    ],
    hasCopies: false,
  },
  devolutions: {
    source: "devolutions",
    records: several(fc.record({ second, type: fc.constantFrom(4, 5, 10, 43, 900), user })),
    layouts: [
      log(
        ({ second, type, user }) =>
          `<14>1 2026-03-02T08:00:${second}Z 192.0.2.10 Devolutions Server 7764 [9] ${type} 0 [ClientIP:203.0.113.7] [User:${user}]`,
      ),
    ],
    hasCopies: false,
  },
  delinea: {
    source: "delinea",
    records: several(
      fc.record({
        second,
        name: fc.constantFrom("USER - LOGIN", "SECRET - VIEW", "SECRET - ODD"),
        user: fc.constantFrom("EXAMPLE\\\\ann@example.com", "bo"),
        item: fc.constantFrom(12, 13),
      }),
    ),
    layouts: [
      log(
        ({ second, name, user, item }) =>
          `Mar  2 09:00:00 SECRETS CEF:0|Delinea|Secret Server|11.8|16|${name}|2|msg=x suser=${user} src=203.0.113.7 rt=Mar 02 2026 09:00:${second} fileId=${item}`,
      ),
    ],
    hasCopies: false,
  },
  pmp: {
    source: "pmp",
    records: several(
      fc.record({ second, what: fc.constantFrom("User Logged in", "Password Retrieved", "Odd"), user }),
    ),
    layouts: [
      log(
        ({ second, what, user }) =>
          `<37>Mar  2 09:00:00 pmp PMP: {${user}:203.0.113.7} {${what}} {2026-03-02 09:00:${second}} {Success} {PMPSERVER} {N/A:N/A:N/A}`,
      ),
    ],
    hasCopies: false,
  },
  csv: {
    source: "csv",
    map: {
      at: "When",
      user: "Who",
      item: "Entry",
      kind: { column: "Action", values: { In: "login", Seen: "password_accessed" } },
    },
    records: several(
      fc.record({
        When: second.map((s) => `2026-03-02 08:00:${s}`),
        Who: user,
        Entry: fc.constantFrom("a", "b"),
        Action: fc.constantFrom("In", "Seen", "Odd"),
      }),
    ),
    layouts: [csv],
    hasCopies: false,
  },
  directory: {
    source: "directory",
    records: members((n) => ({
      email: email(n),
      name: `User ${n}`,
      team: n % 2 ? "Sales" : null,
      manager: n % 3 ? email(n + 1) : "",
      kind: n % 7 ? "person" : "robot",
      status: n % 5 ? "active" : "left",
    })),
    layouts: [lines, pretty, csv, listIn("people", { version: 3 })],
    hasCopies: true,
  },
  "directory SCIM": {
    source: "directory",
    records: members((n) => ({
      schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"],
      id: `s${n}`,
      userName: email(n),
      active: n % 4 > 0,
      displayName: `User ${n}`,
    })),
    layouts: [lines, pretty, listIn("Resources", { schemas: [LIST], totalResults: 3 })],
    hasCopies: true,
  },
};
