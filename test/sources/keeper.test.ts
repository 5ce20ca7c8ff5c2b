import { expect, test } from "vitest";
import { keeperKind } from "../../src/sources/keeper-kinds.ts";
import { testEngine } from "../helpers/engine.ts";
import { eventsOf, readAll, rejectedOf } from "./read.ts";
import { importFixtures, overview } from "./report.ts";

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
    { line: 3, reason: "no Keeper event" },
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
