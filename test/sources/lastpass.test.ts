import { describe, expect, test } from "vitest";
import { testEngine } from "../helpers/engine.ts";
import { chunked, eventsOf, membersOf, readAll, rejectedOf } from "./read.ts";
import { importFixtures, overview, readFixture } from "./report.ts";

test("the report of answers of the reporting API", async () => {
  // Bo signed in late on 1 July, in the zone of LastPass as well as of the report.
  const environment = { REPORT_TIMEZONE: "America/New_York" };
  const { deps } = await testEngine(environment, () => Date.parse("2026-07-10T12:00:00Z"));
  const files = ["empty", "report-summer", "report"].map((name) => `lastpass/${name}.json`);
  const { imports, text } = await importFixtures(deps, files);
  expect(imports.map(({ source, added, rejected, from }) => [source, added, rejected, from])).toEqual([
    ["lastpass", 0, 0, null],
    ["lastpass", 2, 0, "2026-07-02T03:30:00.000Z"],
    ["lastpass", 6, 0, "2026-03-02T08:01:00.000Z"],
  ]);
  expect(text).toContain("kept as other, for their kind is not known: 1, namely Password Changed (1)");
  expect(text).toContain(
    "kept as other, for their kind is not known: 1, namely Employee Account Created (1)",
  );
  expect(await overview(deps, "2026-03")).toEqual({
    figures: { loginSessions: 1, passwordsAutofilled: 2, accountsAdded: 1, latestLogins: 1 },
    notes: expect.arrayContaining(["1 service account left out"]),
  });
  expect((await overview(deps, "2026-07-01..2026-07-01")).figures).toMatchObject({ loginSessions: 1 });
  expect((await importFixtures(deps, files)).imports.map(({ added }) => added)).toEqual([0, 0, 0]);
});

const event = (second: number, fields: Record<string, unknown> = {}) => ({
  Time: `2026-03-02 03:01:${String(second).padStart(2, "0")}`,
  Username: "Ann@Example.com",
  IP_Address: "203.0.113.11",
  Action: "Form filled",
  Data: '{"Event9": {',
  ...fields,
});
const page = (...events: unknown[]) => ({
  status: "OK",
  next: null,
  data: Object.fromEntries(events.map((each, index) => [`Event${index + 1}`, each])),
});
const last = ({ data, ...rest }: ReturnType<typeof page>) => ({ ...rest, data });
const seconds = async (text: string | AsyncIterable<Uint8Array>) =>
  eventsOf((await readAll(text)).records).map(({ at }) => (at / 1000) % 60);

test.each([
  ["Log in", "login", undefined],
  ["LOG IN ", "login", undefined],
  ["Failed Login Attempt", "login_failed", undefined],
  ["Form filled", "password_autofilled", undefined],
  ["Site added", "account_added", undefined],
  ["Site Added", "account_added", undefined],
  ["Password Changed", "other", "Password Changed"],
  ["", "other", "nothing"],
  [null, "other", "nothing"],
])("%s is %s", async (Action, kind, unknown) => {
  const { source, records } = await readAll(JSON.stringify(page(event(1, { Action }))));
  expect(source).toBe("lastpass");
  expect(records).toEqual([
    {
      type: "event",
      line: 1,
      ...(unknown !== undefined && { unknown }),
      event: {
        id: expect.stringMatching(/^[\w-]{22}$/),
        at: Date.parse("2026-03-02T08:01:01Z"),
        account: { id: "ann@example.com", email: "ann@example.com" },
        kind,
      },
    },
  ]);
});

describe("the map of events in every layout", () => {
  const pages = [page(event(1), event(2)), page(), page(event(3))];
  const compact = (value: unknown) => JSON.stringify(value);
  const pretty = (value: unknown) => JSON.stringify(value, null, 4);
  const tabbed = (value: unknown) => JSON.stringify(value, null, "\t").replaceAll("\n", "\r\n");
  const flat = (value: unknown) => pretty(value).replace(/^ +/gm, "");
  const layouts: Record<string, string> = {
    "a page": compact(page(event(1), event(2), event(3))),
    "a page, its map last": compact(last(page(event(1), event(2), event(3)))),
    "a page, its map first": compact(page(event(1), event(2), event(3))).replace(
      /^\{(.*),"data":(.*)\}$/,
      '{"data":$2,$1}',
    ),
    "a pretty page": pretty(page(event(1), event(2), event(3))),
    "a tabbed page, CRLF": tabbed(page(event(1), event(2), event(3))),
    "a page without indentation": flat(page(event(1), event(2), event(3))),
    "pages, one a line": pages.map(compact).join("\n"),
    "pages glued": pages.map(compact).join(""),
    "pretty pages": pages.map(pretty).join("\n"),
    "a list of pages": compact(pages),
    "a pretty list of pages": pretty(pages),
    "one event a line": compact(page(event(1), event(2), event(3))).replace(/(?<=[{,])"Event/g, '\n"Event'),
    "events alone": [event(1), event(2), event(3)].map(compact).join("\n"),
  };
  test.each(Object.entries(layouts))("%s", async (_name, text) => {
    expect(text).toMatch(/^[[{]/);
    for (const size of [text.length * 2, 1, 7]) {
      expect(rejectedOf((await readAll(chunked(text, size))).records)).toEqual([]);
      expect(await seconds(chunked(text, size))).toEqual([1, 2, 3]);
    }
  });

  test.each(Object.entries(layouts))("%s, cut off: what is complete is kept", async (_name, text) => {
    const cut = text.slice(0, text.lastIndexOf("Username"));
    expect(await seconds(cut)).toEqual([1, 2]);
    expect(rejectedOf((await readAll(cut)).records)).toEqual([
      { line: expect.any(Number), reason: expect.stringContaining("ends in the middle") },
    ]);
  });

  test.each([
    ["a comma too many", '"Time":"2026-03-02 03:01:02"', '"Time":"2026-03-02 03:01:02",'],
    ["no value", '"Time":"2026-03-02 03:01:02"', '"Time":'],
    ["a number for an event", /"Event2":\{[^}]*\}/, '"Event2":5'],
    ["a list for an event", /"Event2":\{[^}]*\}/, '"Event2":[5]'],
    ["a key that is none", /"Event2":\{[^}]*\}/, 'Event2:"x"'],
  ])("an event with %s costs itself only", async (_name, part, by) => {
    const events = [event(1), event(2), event(3)].map((each) => ({ ...each, Data: "" }));
    const text = compact(page(...events));
    expect(text.replace(part, by)).not.toBe(text);
    const { records } = await readAll(text.replace(part, by));
    expect(eventsOf(records).map(({ at }) => (at / 1000) % 60)).toEqual([1, 3]);
    expect(rejectedOf(records)).toEqual([{ line: 1, reason: expect.any(String) }]);
  });

  test("a page of 3 MB in one line is read as a stream", async () => {
    const many = page(
      ...Array.from({ length: 10_000 }, (_, index) => event(index % 60, { Data: "x".repeat(200) })),
    );
    const { records } = await readAll(chunked(JSON.stringify(many), 65_536));
    expect(records).toHaveLength(10_000);
    expect(new Set(eventsOf(records).map(({ id }) => id)).size).toBe(10_000);
  });

  test("an object of a record's own is no map of records", async () => {
    const plain = {
      id: "e1",
      at: "2026-10-01T08:00:00Z",
      user: { id: "u1" },
      kind: "login",
      data: { Event: { Time: 1 }, other: {} },
    };
    const { source, records } = await readAll(compact(plain));
    expect([source, records.length]).toEqual(["plain", 1]);
  });
});

test("who acts: an e-mail, else a name; the API is a robot", async () => {
  const { records } = await readAll(
    JSON.stringify(
      page(
        event(1),
        event(2, { Username: "API" }),
        event(3, { Username: "svc" }),
        event(4, { Username: "" }),
      ),
    ),
  );
  expect(eventsOf(records).map(({ account }) => account)).toEqual([
    { id: "ann@example.com", email: "ann@example.com" },
    { id: "API", robot: true },
    { id: "svc" },
  ]);
  expect(rejectedOf(records)).toEqual([{ line: 1, reason: "no user" }]);
});

test("an answer that is an error is no export", async () => {
  await expect(readAll('{"status":"FAIL","error":"no"}')).rejects.toThrow("of another kind");
});

// ◐ Made after the vendor's description of getuserdata, not after an answer.
const listed = (n: number) => ({
  username: `User${n}@example.com`,
  fullname: `User ${n}`,
  disabled: n === 2,
});
const users = (...numbers: number[]) => ({
  total: numbers.length,
  count: numbers.length,
  Users: Object.fromEntries(numbers.map((n) => [String(100 + n), listed(n)])),
  Groups: { All: ["user1@example.com"] },
  invited: ["later@example.com"],
});

test("lists users as events name them; whoever is disabled has not left", async () => {
  const { source, records } = await readAll(await readFixture("lastpass/users.json"));
  expect(source).toBe("lastpass");
  expect(records.map((record) => record.type)).toEqual(["member", "member", "member"]);
  expect(membersOf(records)).toEqual([
    { id: "ann@example.com", email: "ann@example.com", name: "Ann Ek" },
    { id: "nia@example.com", email: "nia@example.com", name: "Nia Roe" },
    { id: "odd@example.com", email: "odd@example.com", name: "Odd Dahl" },
  ]);
  const { records: both } = await readAll(
    [page(event(1)), users(1)].map((each) => JSON.stringify(each)).join("\n"),
  );
  expect(both.map(({ type }) => type)).toEqual(["event", "member"]);
});

describe("the map of users in every layout", () => {
  const { Users, Groups, ...rest } = users(1, 2, 3);
  const layouts: Record<string, string> = {
    "a page": JSON.stringify({ ...rest, Users, Groups }),
    "a page, its map first": JSON.stringify({ Users, Groups, ...rest }),
    "a page, its map last": JSON.stringify({ Groups, ...rest, Users }),
    "a pretty page": JSON.stringify(users(1, 2, 3), null, 4),
    "a tabbed page, CRLF": JSON.stringify(users(1, 2, 3), null, "\t").replaceAll("\n", "\r\n"),
    "pages, one a line": [users(1, 2), users(), users(3)].map((each) => JSON.stringify(each)).join("\n"),
    "pretty pages": [users(1, 2), users(), users(3)].map((each) => JSON.stringify(each, null, 2)).join("\n"),
    "users alone": [1, 2, 3].map((n) => JSON.stringify(listed(n))).join("\n"),
  };
  const ids = [1, 2, 3].map((n) => `user${n}@example.com`);

  test.each(Object.entries(layouts))("%s", async (_name, text) => {
    for (const size of [text.length * 2, 1, 7]) {
      const { source, records } = await readAll(chunked(text, size));
      expect([source, membersOf(records).map(({ id }) => id)]).toEqual(["lastpass", ids]);
      expect(rejectedOf(records)).toEqual([]);
    }
  });

  test.each(Object.entries(layouts))("%s, cut off: what is complete is kept", async (_name, text) => {
    const { records } = await readAll(text.slice(0, text.lastIndexOf("fullname")));
    expect(membersOf(records).map(({ id }) => id)).toEqual(ids.slice(0, 2));
    expect(rejectedOf(records)).toEqual([
      { line: expect.any(Number), reason: expect.stringContaining("ends in the middle") },
    ]);
  });

  test.each([
    ["no value", '"fullname":"User 2"', '"fullname":'],
    ["a number for a user", /"102":\{[^}]*\}/, '"102":5'],
    ["a key that is none", /"102":\{[^}]*\}/, '102:"x"'],
  ])("a user with %s costs itself only", async (_name, part, by) => {
    const text = JSON.stringify(users(1, 2, 3));
    expect(text.replace(part, by)).not.toBe(text);
    const { records } = await readAll(text.replace(part, by));
    expect(membersOf(records).map(({ id }) => id)).toEqual([ids[0], ids[2]]);
    expect(rejectedOf(records)).toEqual([{ line: 1, reason: expect.any(String) }]);
  });

  test("no users say nothing, a user without a name is told", async () => {
    expect(await readAll('{"total":0,"count":0,"Users":[]}')).toMatchObject({
      source: "lastpass",
      records: [],
    });
    const { records } = await readAll('{"Users":{"1":{"username":"","fullname":"x"},"2":{"fullname":"x"}}}');
    expect(rejectedOf(records)).toEqual([
      { line: 1, reason: "no user" },
      { line: 1, reason: "neither an event nor a user" },
    ]);
  });
});
