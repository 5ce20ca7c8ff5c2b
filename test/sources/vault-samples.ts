import fc from "fast-check";

export type Json = Record<string, unknown>;

/** What a form of a vault's events is made of, for properties. */
export interface Vault {
  /** Different ones, each an event of its own. */
  readonly records: fc.Arbitrary<Json[]>;
  /** All ways in which it gives them out. */
  readonly layouts: readonly ((records: readonly Json[]) => string)[];
  /** Equal records are one event, so that they may also stand in one file twice. */
  readonly hasCopies: boolean;
}

/** One object a line. */
export const lines = (records: readonly Json[]) => records.map((record) => JSON.stringify(record)).join("\n");
/** An indented list. */
export const pretty = (records: readonly Json[]) => JSON.stringify(records, null, 2);
const csv = (records: readonly Json[]) => {
  const columns = [...new Set(records.flatMap((record) => Object.keys(record)))];
  const text = (value: unknown) => (typeof value === "object" ? JSON.stringify(value) : String(value));
  const cell = (value: unknown) => `"${text(value ?? "NULL").replaceAll('"', '""')}"`;
  return [columns, ...records.map((record) => columns.map((column) => record[column]))]
    .map((row) => row.map(cell).join(","))
    .join("\n");
};
const listIn = (name: string, rest: Json) => (records: readonly Json[]) =>
  JSON.stringify({ ...rest, [name]: records });
const map = (records: readonly Json[]) =>
  JSON.stringify({
    status: "OK",
    data: Object.fromEntries(records.map((each, i) => [`Event${i + 1}`, each])),
  });

const second = fc.integer({ min: 0, max: 15 }).map((n) => String(n).padStart(2, "0"));
const user = fc.constantFrom("ann@example.com", "bo@example.com");
const address = fc.constant("203.0.113.7");
const several = (record: fc.Arbitrary<Json>) =>
  fc.uniqueArray(record, { minLength: 1, maxLength: 10, selector: (each) => JSON.stringify(each) });

/** By source and, where it has several, form. */
export const vaults: Record<string, Vault> = {
  vaultwarden: {
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
    layouts: [lines, pretty, csv],
    hasCopies: true,
  },
  "passbolt lines": {
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
    records: several(
      fc.record({
        Time: second.map((s) => `2026-03-02 03:00:${s}`),
        Username: user,
        IP_Address: address,
        Action: fc.constantFrom("Log in", "Form filled", "Odd"),
      }),
    ),
    layouts: [lines, pretty, map],
    hasCopies: false,
  },
};
