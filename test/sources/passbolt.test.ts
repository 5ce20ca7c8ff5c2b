import { expect, test } from "vitest";
import { readSource } from "../../src/sources/index.ts";
import { testEngine } from "../helpers/engine.ts";
import { importText } from "../helpers/fill.ts";
import { chunked, eventsOf, membersOf, now, readAll, rejectedOf } from "./read.ts";
import { importFixtures, overview, people, readFixture } from "./report.ts";

const files = ["passbolt/action-logs.json", "passbolt/action-logs.csv", "passbolt/siem.ndjson"];

test("the report of action logs and SIEM lines", async () => {
  const { deps } = await testEngine({}, () => Date.parse("2026-03-10T12:00:00Z"));
  const { imports, text, faults } = await importFixtures(deps, files, { sourceZone: "Europe/Oslo" });
  expect(imports.map(({ source, added, rejected, from }) => [source, added, rejected, from])).toEqual([
    ["passbolt", 6, 1, "2026-03-02T08:00:00.000Z"],
    ["passbolt", 4, 1, "2026-03-03T06:59:00.000Z"],
    ["passbolt", 6, 1, "2026-03-04T07:00:22.000Z"],
  ]);
  expect(faults.filter((fault) => fault.includes("a failed sign-in that does not say whose"))).toHaveLength(
    3,
  );
  expect(text).toContain("kept as other, for their kind is not known: 1, namely UsersFly.away (1)");
  expect((await overview(deps, "2026-03")).figures).toEqual({
    loginSessions: 3,
    passwordsAccessed: 4,
    accountsAdded: 2,
    latestLogins: 3,
  });
  const again = await importFixtures(deps, files.toReversed(), { sourceZone: "Europe/Oslo" });
  expect(again.imports.map(({ added }) => added)).toEqual([0, 0, 0]);
});

const row = { id: "l1", user_id: "u1", action_id: "f1", status: 1, created: "2026-03-02T08:00:00+00:00" };
const lines = (...records: unknown[]) => records.map((record) => JSON.stringify(record)).join("\n");

test.each([
  ["AuthLogin.loginPost", "login", "login_failed"],
  ["JwtLogin.loginPost", "login", "login_failed"],
  ["AuthLogout.logout", "logout", "other"],
  ["JwtLogout.logoutPost", "logout", "other"],
  ["SecretsView.view", "password_accessed", "other"],
  ["ResourcesAdd.add", "account_added", "other"],
  ["ResourcesView.view", "other", "other"],
])("%s is %s, and %s if it failed", async (action, done, failed) => {
  for (const name of [{ action }, { action_name: action }, { action: { id: "f1", name: action } }]) {
    const { source, records } = await readAll(
      lines({ ...row, ...name }, { ...row, ...name, status: false }, { ...row, ...name, status: "1" }),
    );
    expect(source).toBe("passbolt");
    expect(records.map((record) => "unknown" in record)).toEqual([false, false, false]);
    expect(eventsOf(records).map(({ id, kind }) => [id, kind])).toEqual([
      ["l1", done],
      ["l1", failed],
      ["l1", done],
    ]);
  }
});

test.each([
  ["user_login", "login", "login_failed"],
  ["user_logout", "logout", "other"],
  ["password_access", "password_accessed", "other"],
  ["password_add", "account_added", "other"],
  ["password_update", "other", "other"],
])("the line %s is %s, and %s if it failed", async (action, done, failed) => {
  const line = { timestamp: "2026-03-02 08:01:22", user: "Ann@ex.com", action, status: 1 };
  const { source, records } = await readSource(chunked(lines(line, { ...line, status: 0 })), {
    name: "export",
    now,
    timeZone: "Europe/Oslo",
  });
  expect(source).toBe("passbolt");
  const events = eventsOf(await Array.fromAsync(records));
  expect(events.map(({ kind }) => kind)).toEqual([done, failed]);
  expect(events[0]).toMatchObject({
    at: Date.parse("2026-03-02T07:01:22Z"),
    account: { id: "ann@ex.com", email: "ann@ex.com" },
  });
});

test("what cannot be used is told", async () => {
  const { records } = await readAll(
    lines(
      row,
      { ...row, user_id: null },
      { ...row, user_id: null, status: 0, action: "JwtLogin.loginPost" },
      { ...row, action: "SecretsView.view", status: null },
      { ...row, created: "2026-03-02 08:00:00" },
      { page: 1 },
    ),
  );
  // An action without a name is kept, under the number that it has.
  expect(records[0]).toMatchObject({ type: "event", unknown: "f1", event: { kind: "other" } });
  expect(rejectedOf(records)).toEqual([
    { line: 2, reason: "no user" },
    { line: 3, reason: "a failed sign-in that does not say whose" },
    { line: 4, reason: "no status, right would be 1 or 0" },
    {
      line: 5,
      reason: "time 2026-03-02 08:00:00 has no zone; --source-time-zone says in which it was written",
    },
    { line: 6, reason: "neither a row of the action log nor a SIEM line nor a user" },
  ]);
});

// ◐ Made after what is known of the answer of GET /users.json, not after a sample.
const listed = {
  id: "u1",
  username: "Cy@example.com",
  active: true,
  disabled: null,
  role: { name: "user" },
  profile: { first_name: "Cy", last_name: "Ott" },
};

test("lists users under the ids that rows of the log have; whoever is disabled has not left", async () => {
  const { source, records } = await readAll(await readFixture("passbolt/users.json"));
  expect(source).toBe("passbolt");
  const id = (n: number) => `8d6f0c5e-0000-4000-8000-00000000000${n}`;
  expect(membersOf(records)).toEqual([
    { id: id(1), email: "ann@example.com", name: "Ann Ek" },
    { id: id(2), email: "bo@example.com", name: "Bo Li" },
    { id: id(7), email: "nia@example.com", name: "Nia Roe" },
    { id: id(8), email: "odd@example.com", name: "Odd Dahl" },
  ]);
  expect(records).toHaveLength(4);
});

test("the SIEM's lines name people by e-mail, which joins them with the list", async () => {
  const { deps } = await testEngine({}, () => Date.parse("2026-03-10T12:00:00Z"));
  const page = { header: { status: "success" }, body: [listed] };
  await importText(deps, "users.json", JSON.stringify(page));
  await importFixtures(deps, ["passbolt/siem.ndjson"], { sourceZone: "Europe/Oslo" });
  expect(await people(deps, "2026-03")).toEqual([
    "cy@example.com, Cy Ott, active",
    "dee@example.com, , inactive",
  ]);
});

test("an empty page of users says nothing, a user without an id is told, and SCIM stays the directory's", async () => {
  const header = { status: "success", code: 200 };
  expect(await readAll(lines({ header, body: [] }))).toMatchObject({ source: "passbolt", records: [] });
  const { records } = await readAll(lines({ header, body: [listed, { ...listed, id: "" }] }));
  expect(rejectedOf(records)).toEqual([{ line: 1, reason: "a user without an id" }]);
  const scim = { id: "u1", userName: "cy@example.com", active: true, name: { givenName: "Cy" } };
  expect((await readAll(lines(scim))).source).toBe("directory");
});
