import { beforeAll, expect, it } from "vitest";
import type { Engine } from "../../src/app.ts";
import type { CommandDeps } from "../../src/commands/command.ts";
import { runCommand } from "../../src/commands/index.ts";
import type { PeopleList } from "../../src/commands/people-list.ts";
import { AccessError, AppError, UsageError } from "../../src/errors.ts";
import { buildText } from "../../src/messages/notice.ts";
import { tryLease } from "../../src/store/lease.ts";
import { atEndOfFile, testEngine } from "../helpers/engine.ts";
import { emptyStore, importText, line } from "../helpers/fill.ts";

let engine: Engine;
let deps: CommandDeps;
let slack: CommandDeps;
const later = atEndOfFile();
const admin = { viewer: { sees: "everybody" } } as const;

beforeAll(async () => {
  const clock = () => Date.parse("2026-10-20T12:00:00Z");
  ({ engine, deps } = await testEngine({}, clock, later));
  slack = engine.commandDeps({ front: "slack", onProgress() {}, onNotice() {} });
  await fill();
});

/** A small directory, and a vault that knows some of the people by other names. */
async function fill(): Promise<void> {
  await emptyStore(engine.store);
  await importText(
    deps,
    "people.csv",
    [
      "email,name,team,manager,kind,status,started",
      "ann@example.com,Ann Ek,Sales,eva@example.com,,,",
      "bo@example.com,Bo Lind,Sales,nobody@example.com,,,",
      "gone@example.com,Gone,Sales,nobody@example.com,,left,",
      "backup@example.com,Backup,,,robot,,",
      "new@example.com,Nia,,ann@example.com,,,2026-11-01",
    ].join("\n"),
  );
  const event = (id: string, user: object, at: string) => JSON.stringify({ id, at, user, kind: "login" });
  await importText(
    deps,
    "events.ndjson",
    [
      line("1", "ann", "2026-10-20T08:00:00Z"),
      event("2", { id: "x1", email: "ann.ek@other.example", name: "ANN ÉK" }, "2026-10-01T08:00:00Z"),
      event("3", { id: "x2", email: "bo@other.example" }, "2026-10-02T08:00:00Z"),
      event("4", { id: "x3" }, "2026-10-03T08:00:00Z"),
      event("5", { id: "x4" }, "2026-10-03T08:00:00Z"),
      event("6", { id: "x4" }, "2026-10-04T08:00:00Z"),
    ].join("\n"),
  );
}

async function people(words: readonly string[] = [], which = deps) {
  const reply = await runCommand(["people", ...words], which, admin);
  if (reply.type !== "text") throw new Error("people are told in a text");
  return { text: reply.text, data: reply.data as PeopleList };
}

it("lists everybody, and below what is unclear", async () => {
  const { text } = await people();
  expect(text).toBe(
    [
      "Person   E-mail                Team   Manager             Accounts          Status             Last active",
      "ANN ÉK   ann.ek@other.example                             plain             active             1 Oct 08:00",
      "Ann Ek   ann@example.com       Sales  eva@example.com     plain, directory  active             today 08:00",
      "Backup   backup@example.com                               directory         robot              never",
      "Bo Lind  bo@example.com        Sales  nobody@example.com  directory         active             never",
      "         bo@other.example                                 plain             active             2 Oct 08:00",
      "Gone     gone@example.com      Sales  nobody@example.com  directory         left               never",
      "Nia      new@example.com              ann@example.com     directory         starts 1 Nov 2026  never",
      "         x3                                               plain             active             3 Oct 08:00",
      "         x4                                               plain             active             4 Oct 08:00",
      "9 people; people NAME shows one",
      "",
      "Might be one person (2)",
      "  people merge ann@example.com ann.ek@other.example  same name",
      "  people merge bo@example.com bo@other.example  same e-mail before the @",
      "",
      "Events of accounts that nobody knows; a member list tells whose they are, or people merge WHO ACCOUNT (2)",
      "  plain/x4  2 events",
      "  plain/x3  1 event",
      "",
      "Managers whom no list names (2)",
      "  eva@example.com  manager of ann@example.com",
      "  nobody@example.com  manager of bo@example.com",
    ].join("\n"),
  );
});

it("gives a machine all of it", async () => {
  const { data } = await people();
  expect(JSON.parse(JSON.stringify(data))).toMatchObject({
    known: 9,
    doubles: [
      {
        users: ["ann@example.com", "ann.ek@other.example"],
        why: ["same name"],
        command: "people merge ann@example.com ann.ek@other.example",
      },
      { users: ["bo@example.com", "bo@other.example"], why: ["same e-mail before the @"] },
    ],
    unknown: [
      { account: "plain/x4", events: 2 },
      { account: "plain/x3", events: 1 },
    ],
    managers: [
      { user: "ann@example.com", manager: "eva@example.com" },
      { user: "bo@example.com", manager: "nobody@example.com" },
    ],
  });
  expect(JSON.parse(JSON.stringify(data.people[1]))).toEqual({
    user: "ann@example.com",
    name: "Ann Ek",
    team: "Sales",
    manager: "eva@example.com",
    started: null,
    aliases: [],
    status: "active",
    lastActive: "2026-10-20T08:00:00.000Z",
    accounts: [
      { account: "plain/ann", source: "plain", email: "ann@example.com", merged: false },
      { account: "directory/ann@example.com", source: "directory", email: "ann@example.com", merged: false },
    ],
  });
});

it("shows those whom a word names, one alone with the accounts", async () => {
  expect((await people(["sales"])).data.people.map(({ user }) => user)).toEqual([
    "ann@example.com",
    "bo@example.com",
    "gone@example.com",
  ]);
  expect((await people(["nia"])).text).toBe(
    "Nia <new@example.com>\nmanager ann@example.com · starts 1 Nov 2026 · never active\n\nAccounts\n  directory/new@example.com  new@example.com",
  );
  expect((await people(["plain/x3"])).text).toContain("x3\nactive · last active 3 Oct 08:00");
  // A name, not the word for what is done.
  expect((await people(['"robot"'])).text).toMatch(/has “robot” in it/);
});

it("merges two once that is confirmed, and takes it back", async () => {
  const { text } = await people(["merge", "bo@example.com", "plain/x4"]);
  expect(text).toBe(
    [
      "This makes one person of Bo Lind <bo@example.com> (directory/bo@example.com) and x4 (plain/x4).",
      "They are Bo Lind <bo@example.com> from then on, with all that both did.",
      "To do it, type: people merge bo@example.com plain/x4 yes",
    ].join("\n"),
  );
  expect((await people()).data.known).toBe(9);
  expect((await people(["merge", "bo@example.com", "plain/x4", "YES"])).text).toBe(
    "Bo Lind <bo@example.com> is one person now, with the accounts directory/bo@example.com, plain/x4.",
  );
  const after = await people();
  expect([after.data.known, after.data.unknown.map(({ account }) => account)]).toEqual([8, ["plain/x3"]]);
  expect((await people(["bo@example.com"])).text).toContain(
    "  plain/x4  no e-mail, merged; people split plain/x4 takes it away",
  );
  await expect(people(["merge", "bo@example.com", "plain/x4"])).rejects.toThrow(
    "these are one person already: Bo Lind <bo@example.com>",
  );
  expect((await people(["split", "plain/x4"])).text).toBe(
    "These are people of their own now: Bo Lind <bo@example.com> (directory/bo@example.com); x4 (plain/x4).",
  );
  expect((await people()).data.known).toBe(9);
});

it("marks robots in words that can be typed back", async () => {
  const { text } = await people(["robot", "Bo Lind"]);
  expect(text).toBe(
    'Bo Lind <bo@example.com> counts as a service account, and is left out of the numbers from now on, whatever the sources say; people robot "Bo Lind" no takes it back.',
  );
  expect((await people(["bo@example.com"])).data.people[0]?.status).toBe("robot");
  await people(["robot", "bo@example.com", "no"]);
  expect((await people(["bo@example.com"])).data.people[0]?.status).toBe("active");
});

it.each([
  [["merge"], /merge takes two people: people merge WHO WHO/],
  [["merge", "ann@example.com", "bo@example.com", "bo@other.example"], /behind the two people stands yes/],
  [["merge", "ann@example.com", "bo"], /could be .*say which by e-mail/],
  [["merge", "ann@example.com", "zzz"], /nobody is called “zzz”/],
  [["merge", "ann@example.com", "plain/ann"], /one person already/],
  [["split"], /split takes one account/],
  [["split", "plain/x3"], /nobody merged plain\/x3/],
  [["robot", "ann@example.com", "yes"], /robot takes one account or person/],
])("people %j says what would be right", async (words, message) => {
  const asked = people(words);
  await expect(asked).rejects.toThrow(message);
  await expect(asked).rejects.toBeInstanceOf(UsageError);
});

it("is the admins’ alone", async () => {
  for (const sees of ["team", "self"] as const) {
    const asked = runCommand(["people"], slack, { viewer: { sees, email: "eva@example.com" } });
    await expect(asked).rejects.toBeInstanceOf(AccessError);
  }
});

it("does not have Slack wait for an import", async () => {
  const lease = await tryLease(engine.store, "ingest");
  const asked = people(["robot", "ann@example.com"], slack);
  await expect(asked).rejects.toThrow(AppError);
  await expect(asked).rejects.toMatchObject({
    userMessage: expect.stringContaining("an import is under way"),
  });
  await lease?.release();
});

it("tells as many as fit, and says how many there are", async () => {
  await emptyStore(engine.store);
  expect((await people()).text).toBe("Nobody is known yet.");
  const rows = Array.from(
    { length: 312 },
    (_, i) => `p${i}@a${i % 2}.example,Person ${i % 150},nobody@example.com`,
  );
  await importText(deps, "people.csv", ["email,name,manager", ...rows].join("\n"));
  const { text, data } = await people();
  expect(text).toContain("\n1–50 of 312; people NAME shows one\n");
  expect(text).toContain("\n  and 152 more\n");
  expect([data.people.length, data.doubles.length, data.managers.length]).toEqual([312, 162, 312]);
  const chat = await people([], slack);
  expect(chat.text).toMatch(
    /^Person \d+ <p\d+@a\d\.example> {2}directory · manager nobody@example.com · active · never active\n/,
  );
  expect(chat.text).toContain("1–15 of 312; people NAME shows one");
  expect(chat.text).toContain("/usage people merge ");
  // Nothing of it is cut off.
  expect(buildText(chat.text).text).toMatch(/nobody@example.com {2}manager of p0@a0.example and 311 more$/);
});
