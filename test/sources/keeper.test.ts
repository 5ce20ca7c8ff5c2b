import { expect, test } from "vitest";
import { keeperKind } from "../../src/sources/keeper-kinds.ts";
import { testEngine } from "../helpers/engine.ts";
import { eventsOf, membersOf, readAll, rejectedOf } from "./read.ts";
import { importFixtures, overview, readFixture } from "./report.ts";

// ◐ The names are the vendor's; the records around them are made after descriptions, not after samples.

const files = ["keeper/siem-pages.ndjson", "keeper/siem.ndjson", "keeper/raw.json"];

test("the report of SIEM events and Commander's raw report", async () => {
  const { deps } = await testEngine({}, () => Date.parse("2026-03-10T12:00:00Z"));
  const { imports, text } = await importFixtures(deps, files);
  expect(imports.map(({ source, added, rejected, people }) => [source, added, rejected, people])).toEqual([
    ["keeper", 6, 0, 2],
    ["keeper", 5, 0, 1],
    ["keeper", 4, 0, 1],
  ]);
  expect(text).toContain("kept as other, for their kind is not known: 1, namely quantum_login (1)");
  expect(await overview(deps, "2026-03")).toEqual({
    // Ann's, Cy's, Bo's until the logout, and Bo's after it.
    figures: {
      loginSessions: 4,
      remoteConnections: 2,
      passwordsAccessed: 2,
      passwordsAutofilled: 2,
      accountsAdded: 1,
      latestLogins: 2,
    },
    notes: expect.arrayContaining(["1 service account left out"]),
  });
  const again = await importFixtures(deps, files);
  expect(again.imports.map(({ added }) => added)).toEqual([0, 0, 0]);
});

const base = {
  audit_event: "login",
  category: "login",
  remote_address: "203.0.113.8",
  client_version: "Web App.17.1.0",
  username: "Ann@Example.com",
  timestamp: "2026-03-02T08:01:00.123456Z",
  enterprise_id: 4711,
};
const raw = { id: 991, created: 1772524800, audit_event_type: "open_record", username: "ann@example.com" };
const lines = (...records: unknown[]) => records.map((record) => JSON.stringify(record)).join("\n");

test("reads an event of either dialect; the account is the e-mail", async () => {
  const account = { id: "ann@example.com", email: "ann@example.com" };
  expect(
    eventsOf((await readAll(lines(base, raw, { ...raw, id: "992", created: "1772524801" }))).records),
  ).toEqual([
    {
      id: expect.stringMatching(/^[\w-]{22}$/),
      at: Date.parse("2026-03-02T08:01:00.123Z"),
      account,
      kind: "login",
      device: "Web App.17.1.0",
    },
    { id: "991", at: Date.parse("2026-03-03T08:00:00Z"), account, kind: "password_accessed" },
    { id: "992", at: Date.parse("2026-03-03T08:00:01Z"), account, kind: "password_accessed" },
  ]);
});

test.each([
  ["login", "login"],
  ["login_console", "login"],
  ["login_failure", "login_failed"],
  ["login_failed_console", "login_failed"],
  ["login_failed_ip_whitelist", "login_failed"],
  ["two_factor_code_invalid", "login_failed"],
  ["device_user_loggedout", "logout"],
  ["device_admin_loggedout", "logout"],
  ["open_record", "password_accessed"],
  ["copy_password", "password_accessed"],
  ["fast_fill", "password_autofilled"],
  ["record_add", "account_added"],
  ["pam_kcm_connection_started", "remote_connection"],
  ["pam_tunnel_started", "remote_connection"],
  ["pam_rbi_started", "remote_connection"],
  ["pam_session_recording_started", "other"],
  ["folder_add_record", "other"],
  ["app_client_whatever", "other"],
  ["quantum_login", undefined],
  ["constructor", undefined],
  ["", undefined],
])("%s is %s", (name, kind) => {
  expect(keeperKind(name)).toBe(kind);
});

test("programs are accounts of their own, so that their owners are no robots", async () => {
  const { records } = await readAll(
    lines(
      base,
      { ...base, audit_event: "app_client_access", app_uid: "app1" },
      { ...raw, audit_event_type: "app_client_access" },
      { ...base, audit_event: "app_client_access", username: null },
    ),
  );
  expect(eventsOf(records).map(({ account, kind }) => [account, kind])).toEqual([
    [{ id: "ann@example.com", email: "ann@example.com" }, "login"],
    [{ id: "app:app1", robot: true }, "other"],
    [{ id: "app:ann@example.com", robot: true }, "other"],
  ]);
  expect(rejectedOf(records)).toEqual([{ line: 4, reason: "no user" }]);
});

test("pages: empty ones say nothing, ones that cannot be looked into say so", async () => {
  const empty = { continuation_token: null, has_more: false };
  expect(await readAll(lines(empty))).toEqual({ source: "keeper", records: [] });
  expect(await readAll(lines({ ...empty, items: [] }))).toEqual({ source: "keeper", records: [] });
  for (const list of ["data", "items", "events", "audit_events"]) {
    expect((await readAll(lines({ ...empty, [list]: [base, base] }))).records).toHaveLength(2);
  }
  const { records } = await readAll(lines(base, { ...empty, results: [base] }, { note: "x" }));
  expect(rejectedOf(records)).toEqual([
    { line: 2, reason: "a page whose entries are in no list that is known" },
    { line: 3, reason: "neither an event nor a user" },
  ]);
});

test.each([
  [-1, "the time is no number of seconds since 1970"],
  [1e300, "the time is no number of seconds since 1970"],
  [1772524800000, "the time is no number of seconds since 1970"],
  [null, "no time"],
  ["soon", "the time is not ISO 8601, such as 2026-03-02T08:03:10Z"],
])("a raw time %s is rejected", async (created, reason) => {
  const { records } = await readAll(lines(raw, { ...raw, created }));
  expect(rejectedOf(records)).toEqual([{ line: 2, reason }]);
});

// ◐ The columns are the vendor's; how JSON and CSV spell them, and the words for the status, are not told.
const listed = { user_id: 4711, email: "Ann@Example.com", name: "Ann Example", status: "Active" };

test.each(["keeper/users.json", "keeper/users.csv"])("%s lists people as events name them", async (file) => {
  const { source, records } = await readAll(await readFixture(file));
  expect(source).toBe("keeper");
  expect(membersOf(records)).toEqual([
    { id: "ann@example.com", email: "ann@example.com", name: "Ann Ek" },
    { id: "bo@example.com", email: "bo@example.com", name: "Bo Li" },
    { id: "nia@example.com", email: "nia@example.com", name: "Nia Roe" },
  ]);
  expect(rejectedOf(records).map(({ reason }) => reason)).toEqual(["a user without an e-mail"]);
});

test("a user of the list is the one of the events", async () => {
  const { records } = await readAll(lines(base, listed, raw));
  expect(membersOf(records)).toEqual([{ ...eventsOf(records)[0]?.account, name: "Ann Example" }]);
});

test.each([
  ["keeper", JSON.stringify([listed])],
  ["keeper", JSON.stringify([{ user_id: "4711", email: "ann@example.com", node: "Example AS" }])],
  ["directory", JSON.stringify([{ ...listed, team: "Sales" }])],
  ["directory", JSON.stringify([{ ...listed, status: "left" }])],
  ["directory", "user_id,email,name,status\n4711,ann@example.com,Ann,left\n"],
  ["directory", "user_id,email,node,team,manager\n4711,ann@example.com,x,Sales,\n"],
])("by itself a list is %s’s: %s", async (source, text) => {
  const found = await readAll(text);
  expect([found.source, found.records.map(({ type }) => type)]).toEqual([source, ["member"]]);
  const named = await readAll(text, "keeper");
  expect(membersOf(named.records)).toMatchObject([{ id: "ann@example.com" }]);
});
