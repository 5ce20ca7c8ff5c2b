import { expect, test } from "vitest";
import { eventsOf, membersOf, readAll, rejectedOf } from "./read.ts";
import { readFixture } from "./report.ts";

const ann = { uuid: "U1", name: "Ann Example", email: "ann@example.com", user_type: "user" };

function signIn(fields: Record<string, unknown>): Record<string, unknown> {
  return {
    uuid: "A1",
    session_uuid: "S1",
    timestamp: "2026-03-02T09:00:00Z",
    category: "success",
    type: "credentials_ok",
    country: "NO",
    details: null,
    target_user: ann,
    client: { app_name: "1Password Extension", platform_name: "Chrome", ip_address: "203.0.113.7" },
    location: { country: "NO" },
    ...fields,
  };
}

function usage(fields: Record<string, unknown>): Record<string, unknown> {
  return {
    uuid: "A2",
    timestamp: "2026-03-02T09:05:00.123456789Z",
    used_version: 1,
    vault_uuid: "v1",
    item_uuid: "i1",
    action: "fill",
    user: ann,
    client: {},
    ...fields,
  };
}

function page(...items: unknown[]): string {
  return JSON.stringify({ cursor: "c", has_more: false, items });
}

test("reads sign-ins and item usages, without session and device, so that both infer one session", async () => {
  const { source, records } = await readAll(page(signIn({}), usage({})));
  expect(source).toBe("onepassword");
  const account = { id: "U1", email: "ann@example.com", name: "Ann Example" };
  expect(eventsOf(records)).toEqual([
    { id: "A1", at: Date.parse("2026-03-02T09:00:00Z"), account, kind: "login" },
    { id: "A2", at: Date.parse("2026-03-02T09:05:00.123Z"), account, kind: "password_autofilled" },
  ]);
});

test.each([
  ["success", "login"],
  ["firewall_reported_success", "login"],
  ["credentials_failed", "login_failed"],
  ["mfa_failed", "login_failed"],
  ["sso_failed", "login_failed"],
  ["modern_version_failed", "login_failed"],
  ["firewall_failed", "login_failed"],
  ["something_new", "other"],
  [null, "other"],
])("a sign-in %s is %s", async (category, kind) => {
  expect(eventsOf((await readAll(page(signIn({ category })))).records)[0]?.kind).toBe(kind);
});

test.each([
  ["fill", "password_autofilled"],
  ["reveal", "password_accessed"],
  ["secure-copy", "password_accessed"],
  ["server-create", "account_added"],
  ["server-fetch", "other"],
  ["export", "other"],
  ["server-update", "other"],
  ["something-new", "other"],
])("the use %s is %s", async (action, kind) => {
  expect(eventsOf((await readAll(JSON.stringify(usage({ action })))).records)[0]?.kind).toBe(kind);
});

test("words that nobody knows are told; audit events and what is known to count for nothing are not", async () => {
  const { records } = await readAll(
    page(
      usage({ action: "sing" }),
      signIn({ category: "dance" }),
      signIn({ category: null }),
      ...[
        "server-fetch",
        "server-update",
        "enter-item-edit-mode",
        "export",
        "share",
        "select-sso-provider",
        "other",
      ].map((action) => usage({ action })),
      { uuid: "A3", timestamp: "2026-03-02T09:00:00Z", actor_uuid: "U1", action: "sing" },
    ),
  );
  expect(records.flatMap((record) => (record.type === "event" ? (record.unknown ?? []) : record))).toEqual([
    "sing",
    "dance",
    "nothing",
  ]);
});

test("audit events are other; robots are marked; a record without a user is rejected", async () => {
  const { records } = await readAll(
    [
      {
        uuid: "A3",
        timestamp: "2026-03-02T09:00:00Z",
        actor_uuid: "U1",
        actor_details: ann,
        action: "suspend",
      },
      {
        uuid: "A4",
        timestamp: "2026-03-02T09:00:00Z",
        actor_uuid: "R2",
        actor_type: "service_account",
        action: "x",
      },
      usage({ uuid: "A5", user: { uuid: "R1", name: "CI", user_type: "service_account" } }),
      usage({ uuid: "A6", user: null }),
      { uuid: "A7", timestamp: "2026-03-02T09:00:00Z" },
    ]
      .map((record) => JSON.stringify(record))
      .join("\n"),
  );
  expect(eventsOf(records).map(({ id, kind, account }) => [id, kind, account])).toEqual([
    ["A3", "other", { id: "U1", email: "ann@example.com", name: "Ann Example" }],
    ["A4", "other", { id: "R2", robot: true }],
    ["A5", "password_autofilled", { id: "R1", name: "CI", robot: true }],
  ]);
  expect(rejectedOf(records)).toEqual([
    { line: 4, reason: "no user" },
    { line: 5, reason: "neither a sign-in attempt nor an item usage nor an audit event nor a user" },
  ]);
});

test("an empty page with more to come says nothing", async () => {
  expect(await readAll(page())).toEqual({ source: "onepassword", records: [] });
  expect((await readAll([page(), page(usage({}))].join("\n"))).records).toHaveLength(1);
});

// ◐ The fields and the states are those of the vendor's command line; of its types, MEMBER and GUEST are known.
const listed = { id: "U1", name: "Ann Example", email: "Ann@example.com", type: "MEMBER", state: "ACTIVE" };

test("lists users: guests are people, service accounts robots, and whoever is suspended has not left", async () => {
  const { source, records } = await readAll(await readFixture("onepassword/users.json"));
  expect(source).toBe("onepassword");
  const id = (end: string) => end.padStart(26, "A");
  expect(membersOf(records)).toEqual([
    { id: id("NN2"), email: "ann@example.com", name: "Ann Ek" },
    { id: id("BO2"), email: "bo@example.com", name: "Bo Li" },
    { id: id("GIL"), email: "gil@partner.example", name: "Gil Ortiz" },
    { id: id("PIA"), email: "pia@example.com", name: "Pia Moe" },
    { id: id("BOT"), email: "deployer@example.com", name: "Deployer", robot: true },
  ]);
});

test("users have the ids of the events, and may stand among them", async () => {
  const { records } = await readAll(
    [page(usage({})), JSON.stringify([listed, { ...listed, id: null }, { ...listed, type: "ODD" }])].join(
      "\n",
    ),
  );
  const [event] = eventsOf(records);
  expect(membersOf(records).map(({ id }) => id)).toEqual([event?.account.id, "U1"]);
  expect(rejectedOf(records)).toEqual([{ line: 2, reason: "a user without an id" }]);
});

test.each([
  ["a list of the organisation's own", { ...listed, team: "Sales" }],
  ["a list with states of a country", { ...listed, type: "STAFF", state: "CA" }],
  ["a list with words of its own", { ...listed, type: "Employee", state: "Active" }],
])("%s is a directory, unless 1Password is named", async (_name, row) => {
  expect((await readAll(JSON.stringify([row]))).source).toBe("directory");
  expect(membersOf((await readAll(JSON.stringify([row]), "onepassword")).records)).toHaveLength(1);
});
