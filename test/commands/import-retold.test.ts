import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, beforeEach, expect, it } from "vitest";
import type { CommandDeps, CommandOptions } from "../../src/commands/command.ts";
import { runCommand } from "../../src/commands/index.ts";
import { type Source, sources } from "../../src/sources/index.ts";
import { temporaryFolder, testEngine } from "../helpers/engine.ts";
import { emptyStore } from "../helpers/fill.ts";
import { usage } from "../helpers/usage.ts";
import { fixture, importFixtures } from "../sources/report.ts";

const api = (...days: number[]): string =>
  days
    .map((day) => ({ object: "event", type: 1000, actingUserId: "u1", device: 2, date: at(day) }))
    .map((event) => JSON.stringify(event))
    .join("\n");
const csv = (...days: number[]): string =>
  ["userId,date,type", ...days.map((day) => `u1,${at(day)},User_LoggedIn`)].join("\n");
const members = JSON.stringify({ object: "member", id: "m1", userId: "u1", email: "ann@example.com" });
const at = (day: number): string => `2026-03-${String(day).padStart(2, "0")}T08:00:00.000Z`;

let deps: CommandDeps;
beforeAll(async () => {
  const opened = await testEngine(
    {},
    () => Date.parse("2026-11-23T12:00:00Z"),
    () => {},
  );
  deps = opened.deps;
  return () => opened.engine.close();
});
beforeEach(() => emptyStore(deps.store));

/** Imports texts as files of one command, and gives the warnings. */
async function importAll(files: Record<string, string>, options: CommandOptions = {}) {
  const folder = await temporaryFolder();
  const paths = Object.keys(files).map((name) => join(folder, name));
  for (const [i, text] of Object.values(files).entries()) await writeFile(paths[i] ?? "", text);
  const reply = await runCommand(["import", ...paths], deps, options);
  if (reply.type !== "imports") throw new Error("an import answers with imports");
  return reply;
}

const warning = (days: string, before: string, now: string, end = "may now be counted twice"): string =>
  `  Warning: there are events of ${days} from ${before} already, and those from ${now} cannot be matched with them: they ${end}, so import only one of both`;

it("warns of days that came before in a form that cannot be matched, and keeps in which form each came", async () => {
  expect((await importAll({ "members.json": members, "a.json": api(2, 3, 9) })).warnings).toEqual([]);
  expect((await importAll({ "a.json": api(2, 3, 4) })).warnings).toEqual([]);
  expect((await importAll({ "b.csv": csv(10, 12) })).warnings).toEqual([]);
  expect((await importAll({ "members.json": members })).warnings).toEqual([]);

  const { text, warnings } = await importAll({ "c.csv": csv(3, 8, 20) });
  expect(warnings).toEqual([warning("3–9 Mar 2026", "the API", "the web vault's CSV")]);
  expect(text.split("\n")).toEqual([expect.stringMatching(/^Bitwarden: 3 records read, /), ...warnings]);
  expect((await importAll({ "d.json": api(12) })).warnings).toEqual([
    warning("12 Mar 2026", "the web vault's CSV", "the API"),
  ]);
  const kept = await deps.store.imports.find({}, { projection: { name: 1, dialect: 1 } }).toArray();
  expect(kept.map(({ name, dialect }) => `${name} ${dialect}`).toSorted()).toEqual([
    "a.json API",
    "a.json API",
    "b.csv CSV",
    "c.csv CSV",
    "d.json API",
    "members.json API",
    "members.json API",
  ]);
});

it("warns of two files of one command, and beforehand", async () => {
  const files = { "a.json": api(2, 3), "b.csv": csv(3, 4), "c.csv": csv(5) };
  const foretold = await importAll(files, { dryRun: true });
  expect(foretold.warnings).toEqual([
    warning("3 Mar 2026", "the API", "the web vault's CSV", "would be counted twice"),
  ]);
  expect(foretold.text.split("\n").indexOf(foretold.warnings[0] ?? "")).toBe(4);
  expect(await deps.store.imports.countDocuments()).toBe(0);
  const done = await importAll(files);
  expect(done.warnings).toEqual([warning("3 Mar 2026", "the API", "the web vault's CSV")]);
  expect((await importAll({ "a.json": api(4, 5) }, { dryRun: true })).warnings).toEqual([
    warning("4–5 Mar 2026", "the web vault's CSV", "the API", "would be counted twice"),
  ]);
});

it("takes days as the store's zone has them, and knows what was collected or is older than dialects", async () => {
  const zone = "Pacific/Auckland";
  const note = {
    at: new Date(),
    read: 1,
    added: 1,
    duplicates: 0,
    rejected: 0,
    people: 1,
    source: "bitwarden",
  };
  // 00:00 on the 3rd to 10:00 on the 4th in Auckland.
  const [from, to] = [new Date("2026-03-02T11:00:00Z"), new Date("2026-03-03T21:00:00Z")];
  await deps.store.imports.insertMany([
    { ...note, _id: "1", name: "collected", dialect: "API", from, to },
    { ...note, _id: "2", name: "of an older store", from, to },
    { ...note, _id: "3", name: "of a version to come", dialect: "tape", from, to },
    { ...note, _id: "4", name: "empty", dialect: "API", from: null, to: null },
  ]);
  // 21:00 on the 2nd and on the 4th.
  expect((await importAll({ "a.csv": csv(2) }, { zone })).warnings).toEqual([]);
  expect((await importAll({ "b.csv": csv(4) }, { zone })).warnings).toEqual([
    warning("4 Mar 2026", "the API", "the web vault's CSV"),
    warning("4 Mar 2026", "tape", "the web vault's CSV"),
  ]);
});

it.each([
  ["keeper", ["siem-pages.ndjson"], ["commander.syslog"], "the API or a SIEM", "Commander"],
  ["keeper", ["raw.json"], ["siem.ndjson"], "Commander", "the API or a SIEM"],
  ["keeper", ["raw.json", "commander.syslog", "users.json", "users.csv"], [], "", ""],
  ["passbolt", ["action-logs.json", "action-logs.csv", "users.json"], ["siem.ndjson"], "", ""],
  ["lastpass", ["report.json", "users.json"], [], "", ""],
  ["vaultwarden", ["event.csv", "event.json", "org-a-1.json", "org-b.json"], [], "", ""],
  ["cyberark", ["objects.ndjson", "syslog.syslog"], [], "", ""],
])("%s: %j, then %j", async (source, first, second, before, now) => {
  const { warnings } = await importFixtures(
    deps,
    [...first, ...second].map((name) => `${source}/${name}`),
    { sourceZone: "UTC" },
  );
  const day = source === "keeper" && first[0] === "raw.json" ? "3 Mar 2026" : "2 Mar 2026";
  expect(warnings).toEqual(before === "" ? [] : [warning(day, before, now)]);
});

it("of Passbolt, the log and the SIEM's lines of one day", async () => {
  await importFixtures(deps, ["passbolt/siem.ndjson"], { sourceZone: "UTC" });
  const row = {
    id: "l1",
    user_id: "u1",
    action: "SecretsView.view",
    status: 1,
    created: "2026-03-04T08:00:00Z",
  };
  expect((await importAll({ "log.json": JSON.stringify(row) })).warnings).toEqual([
    warning("4 Mar 2026", "a SIEM", "the action log"),
  ]);
});

it("stands on standard error where JSON is asked for", async () => {
  const folder = await temporaryFolder();
  const extra = join(folder, "extra.csv");
  await writeFile(extra, csv(2));
  const files = [fixture("bitwarden/events.ndjson"), fixture("bitwarden/web.csv"), extra];
  const reply = await usage(["import", ...files, "--json"], { dataDir: join(folder, "data") });
  expect(JSON.parse(reply.stdout)).toHaveLength(3);
  expect([reply.status, reply.stderr.split("\n")]).toEqual([
    0,
    expect.arrayContaining([warning("2 Mar 2026", "the API", "the web vault's CSV")]),
  ]);
});

it("every form's dialect is one of its source, and every dialect some form's", () => {
  const having: string[] = [];
  for (const [name, { forms, dialects }] of Object.entries<Source>(sources)) {
    const used = new Set(forms.flatMap(({ dialect }) => dialect ?? []));
    expect([name, used]).toEqual([name, new Set(Object.keys(dialects ?? {}))]);
    if (used.size > 0) having.push(name);
    expect(used.size).not.toBe(1);
  }
  expect(having).toEqual(["bitwarden", "keeper", "passbolt"]);
});
