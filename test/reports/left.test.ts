import { beforeAll, beforeEach, expect, it } from "vitest";
import type { Engine } from "../../src/app.ts";
import type { CommandDeps } from "../../src/commands/command.ts";
import { answer } from "../../src/commands/report.ts";
import type { Report } from "../../src/domain/report.ts";
import { atEndOfFile, testEngine } from "../helpers/engine.ts";
import { emptyStore, importText, line } from "../helpers/fill.ts";

let engine: Engine;
let deps: CommandDeps;
const later = atEndOfFile();

beforeAll(async () => {
  const clock = () => Date.parse("2026-10-20T12:00:00Z");
  ({ engine, deps } = await testEngine({}, clock, later));
});
beforeEach(() => emptyStore(engine.store));

const period = "last 30 days";
const usersOf = async ({ tables }: Report) =>
  (await Array.fromAsync((tables.users ?? tables.people)?.rows() ?? [])).map(({ user, status, group }) => [
    String(user).replace("@example.com", ""),
    status ?? group,
  ]);

it("keeps people who left out of the inactive, and counts what they did", async () => {
  await importText(
    deps,
    "people.csv",
    [
      "email,status",
      ...["ann,active", "idle,", "never,left", "gone,Disabled", "busy,left", "back,former"].map((row) =>
        row.replace(",", "@example.com,"),
      ),
    ].join("\n"),
  );
  await importText(
    deps,
    "events.ndjson",
    [
      line("1", "ann", "2026-10-19T08:00:00Z"),
      line("2", "gone", "2026-06-01T08:00:00Z"),
      line("3", "busy", "2026-10-01T08:00:00Z"),
      line("4", "back", "2026-05-01T08:00:00Z"),
      line("5", "back", "2026-09-25T08:00:00Z", "login"),
    ].join("\n"),
  );
  const overview = await answer({ report: "overview", period }, deps);
  // What they did in the period counts, and they are in the table with it; who did nothing is in neither.
  expect(overview.figures.find(({ key }) => key === "passwordsAccessed")?.value).toBe(2);
  expect((await usersOf(overview)).sort()).toEqual([
    ["ann", "active"],
    ["back", "passive"],
    ["busy", "active"],
    ["idle", "inactive"],
  ]);
  expect(overview.people).toEqual({ active: 2, passive: 1, inactive: 1 });
  expect(overview.headline).toMatch(/^2 of 4 people are active, 1 inactive\./);
  expect(overview.notes).toContain("2 people who left are left out");

  const users = await answer({ report: "users", period, status: "inactive" }, deps);
  expect(await usersOf(users)).toEqual([["idle", "inactive"]]);
  const inactive = await answer({ report: "inactive", period }, deps);
  expect(await usersOf(inactive)).toEqual([["idle", "never"]]);
  expect(inactive.people).toEqual(overview.people);
  expect(inactive.notes).toContain("4 people who left are left out");

  // Over a year everybody did something; of those who left nobody is counted as inactive.
  const year = await answer({ report: "overview", period: "2026" }, deps);
  expect(await usersOf(year)).toContainEqual(["gone", "inactive"]);
  expect(year.people).toEqual({ active: 2, passive: 1, inactive: 1 });
  expect(year.notes).toContain("2 people who left are left out");
  const idle = await answer({ report: "users", period: "2026", status: "inactive" }, deps);
  expect(await usersOf(idle)).toEqual([["idle", "inactive"]]);

  const user = await answer({ report: "user", period, user: "gone" }, deps);
  expect(user.subject).toMatchObject({ user: "gone@example.com", status: "inactive" });
  expect(user.notes).toContain("the directory says that this person left");
});

it("counts them again when the directory does", async () => {
  await importText(deps, "people.csv", "email,status\nann@example.com,left\nbo@example.com,left\n");
  const before = await answer({ report: "overview", period }, deps);
  expect([before.people, before.tables.users?.total]).toEqual([{ active: 0, passive: 0, inactive: 0 }, 0]);
  await importText(deps, "people.csv", "email,status\nann@example.com,active\n");
  const after = await answer({ report: "overview", period }, deps);
  expect(after.people).toEqual({ active: 0, passive: 0, inactive: 1 });
  expect(after.notes).toContain("1 person who left is left out");
});

it("expects nothing of people before they start", async () => {
  await importText(
    deps,
    "people.csv",
    "email,started\nnew@example.com,2026-10-25\ntoday@example.com,2026-10-20\nsoon@example.com,2026-12-01T09:00:00Z\nearly@example.com,2026-12-01\n",
  );
  await importText(deps, "events.ndjson", line("1", "early", "2026-10-19T08:00:00Z"));
  const told = async (period: string, now: string) => {
    const inactive = await answer({ report: "inactive", period }, deps, { now: Date.parse(now) });
    const overview = await answer({ report: "overview", period }, deps, { now: Date.parse(now) });
    expect(inactive.people).toEqual(overview.people);
    const left = inactive.notes.filter((note) => note.includes("yet to start"));
    expect(overview.notes).toEqual(expect.arrayContaining(left));
    return [(await usersOf(inactive)).map(([user]) => user), overview.people?.inactive, left];
  };
  const now = "2026-10-20T12:00:00Z";
  expect(await told("2026-10", now)).toEqual([["today"], 1, ["2 people yet to start are left out"]]);
  expect(await told("2026-10", "2026-11-05T12:00:00Z")).toEqual([
    ["new", "today"],
    2,
    ["1 person yet to start is left out"],
  ]);
  // Seen from now, September was before any of them came.
  expect(await told("2026-09", now)).toEqual([[], 0, ["4 people yet to start are left out"]]);
  expect((await answer({ report: "user", period, user: "soon" }, deps)).notes).toContain(
    "this person starts on 1 Dec 2026",
  );
});

it("resolves managers by the directory’s own ids, in whatever order the pages come", async () => {
  const page = (...users: object[]) => JSON.stringify({ totalResults: users.length, Resources: users });
  const work = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
  const ann = { id: "7", userName: "ann@example.com", active: true, [work]: { manager: { value: "9" } } };
  const eva = { id: "9", userName: "eva@example.com", active: true };
  const store = engine.store;
  await importText(deps, "page1.json", page(ann));
  expect((await store.people.findOne({ user: "ann@example.com" }))?.manager).toBeNull();
  await importText(deps, "page2.json", page(eva));
  expect((await store.people.findOne({ user: "ann@example.com" }))?.manager).toBe("eva@example.com");
  const viewer = { sees: "team", email: "eva@example.com" } as const;
  expect((await answer({ report: "overview", period }, deps, { viewer })).tables.users?.total).toBe(1);
  // A table of the same people is the same directory.
  await importText(deps, "people.csv", "email,name,status\nann@example.com,Ann,left\n");
  expect(await store.people.findOne({ user: "ann@example.com" })).toMatchObject({
    left: true,
    accounts: ["directory/ann@example.com"],
  });
});
