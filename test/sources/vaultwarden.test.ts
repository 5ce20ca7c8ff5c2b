import { expect, test } from "vitest";
import { testEngine } from "../helpers/engine.ts";
import { eventsOf, readAll, rejectedOf } from "./read.ts";
import { importFixtures, overview } from "./report.ts";

const ann = "a1000000-0000-4000-8000-000000000001";

function event(fields: Record<string, unknown>): Record<string, unknown> {
  return {
    type: 1000,
    userId: ann,
    organizationId: "org-a",
    cipherId: null,
    actingUserId: ann,
    date: "2026-03-02T08:00:00.100005Z",
    deviceType: 9,
    ipAddress: "203.0.113.7",
    ...fields,
  };
}

async function idsOf(...records: unknown[]): Promise<string[]> {
  const { source, records: read } = await readAll(JSON.stringify(records));
  expect(source).toBe("vaultwarden");
  return eventsOf(read).map(({ id }) => id);
}

test("the report of pages and of rows is the same, alone and together, in any order", async () => {
  const rows = ["vaultwarden/event.csv", "vaultwarden/event.json"];
  const pages = ["vaultwarden/org-a-1.json", "vaultwarden/org-a-2.json", "vaultwarden/org-b.json"];
  const now = () => Date.parse("2026-03-10T12:00:00Z");
  const { deps } = await testEngine({}, now);
  await importFixtures(deps, [...pages, ...rows]);
  const reply = await importFixtures(deps, [...rows, ...pages.toReversed()]);
  expect(reply.imports.map(({ added, rejected }) => [added, rejected])).toEqual(
    Array.from({ length: 5 }, () => [0, 0]),
  );
  // Ann signed in on two days, Bo on one; every sign-in stands there two or three times.
  const figures = {
    loginSessions: 3,
    passwordsAccessed: 1,
    passwordsAutofilled: 1,
    accountsAdded: 1,
    latestLogins: 2,
  };
  expect((await overview(deps, "2026-03")).figures).toEqual(figures);

  const other = await testEngine({}, now);
  await importFixtures(other.deps, rows);
  expect((await overview(other.deps, "2026-03")).figures).toEqual({
    loginSessions: 3,
    passwordsAutofilled: 1,
    latestLogins: 2,
  });
});

test("members get their names from the table of users or the member list, if Vaultwarden is named", async () => {
  const { deps, engine } = await testEngine();
  await importFixtures(deps, ["vaultwarden/org-b.json"]);
  await importFixtures(deps, ["vaultwarden/users.csv"], { source: "vaultwarden" });
  const people = await engine.store.people.find({}).sort({ user: 1 }).toArray();
  expect(people.map(({ user, name }) => [user, name])).toEqual([
    ["ann@example.com", "Ann Example"],
    ["bo@example.com", "Bo Example"],
  ]);
  const list = {
    object: "list",
    data: [{ id: "m1", userId: ann, name: "Ann", email: "a@example.com", status: 2 }],
  };
  const { source, records } = await readAll(JSON.stringify(list), "vaultwarden");
  expect(source).toBe("vaultwarden");
  expect(records).toEqual([
    { type: "member", member: { id: ann, name: "Ann", email: "a@example.com" }, line: 1 },
  ]);
});

test("copies of a user event are one event, whatever organisation, membership and microsecond they say", async () => {
  const ids = await idsOf(
    event({}),
    event({ organizationId: null, date: "2026-03-02T08:00:00.100001Z" }),
    event({ organizationId: "org-b", organizationUserId: "m2", date: "2026-03-02T08:00:00.100009Z" }),
    event({}),
  );
  expect(new Set(ids).size).toBe(1);
  expect(ids[0]).toMatch(/^[\w-]{22}$/);
});

test("two sign-ins are two if second, device or kind differ; within one second they are one", async () => {
  const second = event({ date: "2026-03-02T08:00:01.100005Z" });
  expect(new Set(await idsOf(event({}), second, event({ deviceType: 2 }), event({ type: 1005 }))).size).toBe(
    4,
  );
  const [first, soon] = await idsOf(event({}), event({ date: "2026-03-02T08:00:00.999Z" }));
  expect(soon).toBe(first);
});

test("a row that is repeated is one event; another item, moment or organisation is another", async () => {
  const fill = { type: 1114, userId: null, cipherId: "c1" };
  const [a, again, ...others] = await idsOf(
    event(fill),
    event(fill),
    event({ ...fill, cipherId: "c2" }),
    event({ ...fill, date: "2026-03-02T08:00:00.100006Z" }),
    event({ ...fill, organizationId: "org-b" }),
  );
  expect(again).toBe(a);
  expect(new Set([a, ...others]).size).toBe(4);
});

test("rows of the database name the same events as the API, in every database's spelling of time and nothing", async () => {
  const fill = event({ type: 1114, userId: null, cipherId: "c1", date: "2026-03-02T08:03:10.325000Z" });
  const [id] = await idsOf(fill);
  const row = (date: string, nothing: string | null) => ({
    uuid: "e1",
    event_type: 1114,
    user_uuid: nothing,
    org_uuid: "org-a",
    cipher_uuid: "c1",
    act_user_uuid: ann,
    device_type: 9,
    ip_address: "203.0.113.7",
    event_date: date,
    policy_uuid: nothing,
  });
  for (const date of [
    "2026-03-02 08:03:10.325",
    "2026-03-02T08:03:10.325000",
    "2026-03-02 08:03:10.325+00:00",
  ]) {
    expect(await idsOf(row(date, null))).toEqual([id]);
  }
  for (const nothing of ["NULL", "\\N", ""]) {
    const cells = row("2026-03-02 08:03:10.325000", nothing);
    for (const delimiter of [",", "\t", ";"]) {
      const text = [Object.keys(cells), Object.values(cells)].map((all) => all.join(delimiter)).join("\n");
      const { source, records } = await readAll(text);
      expect(source).toBe("vaultwarden");
      expect(eventsOf(records)).toMatchObject([
        { id, at: Date.parse("2026-03-02T08:03:10.325Z"), account: { id: ann } },
      ]);
    }
  }
});

test("Bitwarden's own pages say what they are; of the rest either is read if it is named", async () => {
  const page = (...data: unknown[]) => JSON.stringify({ object: "list", data, continuationToken: null });
  expect((await readAll(page(event({ object: "event" })))).source).toBe("bitwarden");
  expect((await readAll(page(event({})))).source).toBe("vaultwarden");
  expect((await readAll(page(event({ object: "event" })), "vaultwarden")).records).toHaveLength(1);
  expect((await readAll(page(event({})), "bitwarden")).records).toHaveLength(1);
  expect(await readAll(page(), "vaultwarden")).toEqual({ source: "vaultwarden", records: [] });
});

test("what cannot be used is told", async () => {
  const { records } = await readAll(
    [
      event({}),
      event({ actingUserId: null, userId: null }),
      event({ date: `2026${".0".repeat(9000)}` }),
      { uuid: "" },
    ]
      .map((record) => JSON.stringify(record))
      .join("\n"),
  );
  expect(rejectedOf(records)).toEqual([
    { line: 2, reason: "no acting user" },
    { line: 3, reason: "the time is not ISO 8601, such as 2026-03-02T08:03:10Z" },
    { line: 4, reason: "neither an event nor a member" },
  ]);
  const users = await readAll("uuid,email\n,a@example.com\n", "vaultwarden");
  expect(rejectedOf(users.records)).toEqual([{ line: 2, reason: "a user without an id" }]);
});
