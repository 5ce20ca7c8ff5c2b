import fc from "fast-check";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Engine } from "../../src/app.ts";
import type { CommandDeps } from "../../src/commands/command.ts";
import { runCommand } from "../../src/commands/index.ts";
import { answer } from "../../src/commands/report.ts";
import { viewerOf } from "../../src/commands/viewer.ts";
import type { Report } from "../../src/domain/report.ts";
import type { AccountDocument, DecisionDocument } from "../../src/store/documents.ts";
import { groupAccounts } from "../../src/store/grouping.ts";
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

const run = (...words: string[]) => runCommand(words, deps);
const overview = () => answer({ report: "overview", period: "2026-10" }, deps);
const figuresOf = ({ figures }: Report) => Object.fromEntries(figures.map(({ key, value }) => [key, value]));
const personOf = (account: string) => engine.store.people.findOne({ accounts: account });

/** Everything that is made from the facts. */
async function derived(): Promise<unknown> {
  const { people, sessions, daily, stale } = engine.store;
  expect(await stale.find().toArray()).toEqual([]);
  const parts = [people, sessions, daily].map((each) => each.find().sort({ _id: 1 }).toArray());
  const report = await overview();
  return [
    ...(await Promise.all(parts)),
    report.figures,
    await Array.fromAsync(report.tables.users?.rows() ?? []),
  ];
}

/** A line of the plain format of an account without an e-mail. */
function strange(id: string, account: string, at: string, kind = "password_accessed"): string {
  return JSON.stringify({ id, at, user: { id: account }, kind });
}

/** Events of Bitwarden, by accounts that only its member list names. */
function bitwarden(...events: [user: string, date: string, type: number][]): string {
  const data = events.map(([actingUserId, date, type]) => ({
    object: "event",
    type,
    actingUserId,
    date,
    device: 9,
  }));
  return JSON.stringify({ object: "list", data, continuationToken: null });
}

describe("people from accounts", () => {
  const account = fc.record({
    source: fc.constantFrom("bitwarden", "directory", "plain"),
    id: fc.constantFrom("1", "2", "3", "4"),
    email: fc.option(fc.constantFrom("a@x", "b@x", "c@x"), { nil: undefined }),
    robot: fc.boolean(),
    left: fc.boolean(),
  });
  const key = fc.tuple(
    fc.constantFrom("bitwarden", "directory", "plain"),
    fc.constantFrom("1", "2", "3", "4", "5"),
  );
  const decision = fc.record({
    account: key.map((parts) => parts.join("/")),
    under: fc.array(
      key.map((parts) => parts.join("/")),
      { maxLength: 3 },
    ),
    robot: fc.option(fc.boolean(), { nil: undefined }),
  });

  it("are the same in any order, each account is somebody’s, and one e-mail is one person", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(account, { selector: ({ source, id }) => `${source}/${id}` }),
        fc.uniqueArray(decision, { selector: (each) => each.account }),
        fc.infiniteStream(fc.nat()),
        (given, decided, keys) => {
          const accounts = given.map(
            ({ source, id, email, robot, left }): AccountDocument => ({
              _id: `${source}/${id}`,
              source,
              listed: { ...(email && { email }), ...(left && { left }) },
              ...(robot && { robot }),
            }),
          );
          const decisions = decided.map(
            ({ account: _id, under, robot }): DecisionDocument => ({
              _id,
              ...(under.length > 0 && { under }),
              ...(robot !== undefined && { robot }),
            }),
          );
          const shuffle = <T>(items: readonly T[]): T[] =>
            items
              .map((item) => ({ item, key: keys.next().value ?? 0 }))
              .sort((a, b) => a.key - b.key)
              .map(({ item }) => item);
          const byId = (a: { _id: string }, b: { _id: string }) => (a._id < b._id ? -1 : 1);
          const people = groupAccounts(accounts, decisions).sort(byId);
          expect(groupAccounts(shuffle(accounts), shuffle(decisions)).sort(byId)).toEqual(people);
          expect(people.flatMap((person) => person.accounts).sort()).toEqual(
            accounts.map(({ _id }) => _id).sort(),
          );
          const emails = people
            .flatMap(({ user, aliases = [] }) => [user, ...aliases])
            .filter((each) => each.includes("@"));
          expect(new Set(emails).size).toBe(emails.length);
          for (const { _id, under = [] } of decisions) {
            for (const leader of under) {
              const own = people.find((person) => person.accounts.includes(_id));
              const other = people.find((person) => person.accounts.includes(leader));
              if (own && other) expect(own).toBe(other);
            }
          }
        },
      ),
      { numRuns: 150 },
    );
  });
});

const peopleCsv =
  "email,name,team,manager\nann@example.com,Ann Ek,Sales,eva@example.com\neva@example.com,Eva,Board,\n";
const plainLines = [
  line("1", "ann", "2026-10-05T08:00:00Z", "login"),
  line("2", "ann", "2026-10-05T08:05:00Z"),
  line("3", "bo", "2026-10-06T09:00:00Z", "login"),
  line("4", "bo", "2026-10-06T09:01:00Z", "account_added"),
];
const vaultEvents = bitwarden(
  ["u7", "2026-10-05T08:10:00Z", 1000],
  ["u7", "2026-10-05T08:11:00Z", 1114],
  ["u7", "2026-10-18T21:00:00Z", 1108],
  ["u8", "2026-10-07T10:00:00Z", 1000],
);

it("makes one person of two for good: the same figures but for who signed in last", async () => {
  await importText(deps, "people.csv", peopleCsv);
  await importText(deps, "events.ndjson", plainLines.join("\n"));
  await importText(deps, "vault.json", vaultEvents);
  const before = await overview();
  await run("people", "merge", "ann", "bitwarden/u7", "yes");
  const after = await overview();
  expect({ ...figuresOf(after), latestLogins: 0 }).toEqual({ ...figuresOf(before), latestLogins: 0 });
  expect([figuresOf(before).latestLogins, figuresOf(after).latestLogins]).toEqual([4, 3]);
  expect(after.tables.users?.total).toBe((before.tables.users?.total ?? 0) - 1);
  expect(await personOf("bitwarden/u7")).toMatchObject({
    _id: "plain/ann",
    user: "ann@example.com",
    name: "Ann Ek",
    team: "Sales",
    lastActive: new Date("2026-10-18T21:00:00Z"),
    accounts: ["plain/ann", "directory/ann@example.com", "bitwarden/u7"],
  });
  const made = await derived();

  await run("rebuild");
  expect(await derived()).toEqual(made);
  // Every import again, and one that gives the account an e-mail of its own.
  await importText(deps, "vault.json", vaultEvents);
  await importText(deps, "people.csv", peopleCsv);
  expect(await derived()).toEqual(made);
  const member = { object: "member", userId: "u7", name: "A. Ek", email: "old@example.com", status: 2 };
  await importText(deps, "members.json", JSON.stringify({ object: "list", data: [member] }));
  await importText(deps, "more.ndjson", line("9", "old", "2026-10-19T08:00:00Z"));
  expect(await personOf("plain/old")).toMatchObject({
    user: "ann@example.com",
    aliases: ["old@example.com"],
    name: "Ann Ek",
    accounts: ["plain/ann", "directory/ann@example.com", "bitwarden/u7", "plain/old"],
  });

  await run("people", "split", "old@example.com");
  expect(await personOf("plain/ann")).toMatchObject({ accounts: ["plain/ann", "directory/ann@example.com"] });
  expect((await personOf("plain/ann"))?.aliases).toBeUndefined();
  expect(await personOf("plain/old")).toMatchObject({
    _id: "bitwarden/u7",
    accounts: ["bitwarden/u7", "plain/old"],
  });
  expect(await engine.store.decisions.find().toArray()).toEqual([]);
  const apart = await derived();
  await run("rebuild");
  expect(await derived()).toEqual(apart);
});

it("counts what both did at one time in one vault as one session, by its definition", async () => {
  const at = "2026-10-05T08:00:00Z";
  await importText(deps, "e.ndjson", [line("1", "ann", at, "login"), line("2", "bo", at)].join("\n"));
  const before = figuresOf(await overview());
  await run("people", "merge", "ann", "bo", "yes");
  expect(figuresOf(await overview())).toEqual({ ...before, loginSessions: 1, latestLogins: 1 });
  expect(before).toMatchObject({ loginSessions: 2, latestLogins: 1, passwordsAccessed: 1 });
  await run("people", "split", "plain/bo");
  expect(figuresOf(await overview())).toEqual(before);
});

it("is finished by whatever comes next, when it was killed in between", async () => {
  await importText(deps, "events.ndjson", plainLines.join("\n"));
  await run("people", "merge", "ann", "bo", "yes");
  const made = await derived();
  await run("people", "split", "plain/bo");
  await engine.store.stale.insertOne({ _id: "people", account: "", from: "", to: "" });
  await engine.store.decisions.insertOne({ _id: "plain/bo", under: ["plain/ann"] });
  await overview();
  expect(await derived()).toEqual(made);
});

it("knows somebody by each of their e-mails: who asks, who manages, who is asked for", async () => {
  await importText(deps, "people.csv", "email,name,manager\nann@example.com,Ann,e.berg@other.example\n");
  await importText(
    deps,
    "e.ndjson",
    [line("1", "eva", "2026-10-05T08:00:00Z"), line("2", "ann", "2026-10-05T08:00:00Z")].join("\n"),
  );
  await importText(deps, "boss.csv", "email,name\neva@example.com,Eva Berg\ne.berg@other.example,Eva Berg\n");
  await run("people", "merge", "eva@example.com", "e.berg@other.example", "yes");
  for (const email of ["eva@example.com", "E.Berg@other.example"]) {
    const viewer = await viewerOf(engine.store, email);
    expect(viewer).toEqual({ sees: "team", email: "eva@example.com" });
    const team = await answer({ report: "overview", period: "2026-10" }, deps, { viewer });
    expect(team.tables.users?.total).toBe(1);
    const me = await answer({ report: "me", period: "2026-10" }, deps, {
      viewer: { sees: "everybody", email },
    });
    expect(me.subject?.user).toBe("eva@example.com");
    expect((await answer({ report: "user", period: "2026-10", user: email }, deps)).subject?.name).toBe(
      "Eva Berg",
    );
  }
});

it("takes an admin’s word on robots before that of the sources, and takes it back", async () => {
  const csv = "email,kind\nann@example.com,robot\nbo@example.com,\n";
  await importText(deps, "events.ndjson", plainLines.join("\n"));
  await importText(deps, "people.csv", csv);
  await run("people", "robot", "bo");
  await run("people", "robot", "ann@example.com", "no");
  await importText(deps, "people.csv", csv);
  for (const again of [false, true]) {
    if (again) await run("rebuild");
    expect([(await personOf("plain/bo"))?.robot, (await personOf("plain/ann"))?.robot]).toEqual([
      true,
      false,
    ]);
    const report = await overview();
    expect(figuresOf(report)).toMatchObject({ passwordsAccessed: 1, accountsAdded: 0 });
    expect(report.notes).toContain("1 service account left out");
  }
  await run("people", "robot", "bo", "no");
  expect(figuresOf(await overview())).toMatchObject({ passwordsAccessed: 1, accountsAdded: 1 });
});

it("gives the same people and figures in any order of imports, merges and marks", async () => {
  // What names each account once, so that it can be named.
  const first = [
    strange("s1", "ann", "2026-09-01T08:00:00Z"),
    strange("s2", "bo", "2026-09-01T08:00:00Z"),
    strange("s3", "carl", "2026-09-01T08:00:00Z"),
  ];
  const vault = bitwarden(["u7", "2026-09-01T08:00:00Z", 1000], ["u8", "2026-09-01T08:00:00Z", 1000]);
  const member = (userId: string, email: string) => ({
    object: "member",
    userId,
    name: userId,
    email,
    status: 2,
  });
  const members = [member("u7", "ann.ek@other.example"), member("u8", "bo@example.com")];
  const deeds: (() => Promise<unknown>)[] = [
    () => importText(deps, "people.csv", peopleCsv),
    () => importText(deps, "events.ndjson", plainLines.join("\n")),
    () => importText(deps, "vault.json", vaultEvents),
    () => importText(deps, "members.json", JSON.stringify({ object: "list", data: members })),
    () => run("people", "merge", "plain/ann", "bitwarden/u7", "yes"),
    () => run("people", "merge", "bitwarden/u8", "plain/carl", "yes").catch(alreadyOne),
    () => run("people", "merge", "plain/bo", "plain/carl", "yes").catch(alreadyOne),
    () => run("people", "robot", "plain/carl"),
  ];
  const orders = fc.shuffledSubarray([...deeds.keys()], { minLength: deeds.length });
  let right: unknown;
  await fc.assert(
    fc.asyncProperty(orders, async (order) => {
      await emptyStore(engine.store);
      await importText(deps, "first.ndjson", first.join("\n"));
      await importText(deps, "vault.json", vault);
      for (const i of order) await deeds[i]?.();
      const made = await derived();
      right ??= made;
      expect(made).toEqual(right);
    }),
    { numRuns: 3 },
  );
  await run("rebuild");
  expect(await derived()).toEqual(right);
});

/** Of three who are one in the end, the third merge in a row has nothing left to do. */
function alreadyOne(error: Error): void {
  expect(error.message).toMatch(/one person already/);
}
