import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { expect, it } from "vitest";
import { runCommand } from "../../src/commands/index.ts";
import type { Reply, UnknownCsv } from "../../src/commands/reply.ts";
import { parseColumnMap } from "../../src/sources/column-map.ts";
import { lookAt } from "../../src/sources/guess-map.ts";
import { readTables } from "../../src/sources/table.ts";
import { showGuess } from "../../src/terminal/column-guess.ts";
import { askForMap } from "../../src/terminal/column-questions.ts";
import { openDataDir, temporaryFolder, testEngine } from "../helpers/engine.ts";
import { usage } from "../helpers/usage.ts";

const log = `When;Who;Full name;Action;IP address
02/03/2026 08:03;ann@example.com;Ann Ek;Sign in;203.0.113.7
02/03/2026 08:05:10;ann@example.com;Ann Ek;Viewed;203.0.113.7
03/03/2026 09:00;bo@example.com;Bo;Sign in;203.0.113.7
03/03/2026 09:01;bo@example.com;Bo;Zapped;203.0.113.7
some day;bo@example.com;Bo;Sign in;203.0.113.7
`;
const map = {
  at: "When",
  timeFormat: "DD/MM/YYYY HH:mm",
  timeZone: "Europe/Oslo",
  user: "Who",
  name: "Full name",
  kind: { column: "Action", values: { "Sign in": "login", Viewed: "password_accessed" } },
};
const event = (id: string, kind: string, user: object): string =>
  `${JSON.stringify({ id, at: "2026-10-01T08:00:00Z", user, kind })}\n`;

function unknownCsv(text: string, timeZone?: string): UnknownCsv {
  const [table] = readTables(text);
  if (table === undefined) throw new Error("no table");
  return { name: "log.csv", facts: lookAt(table), rows: table.rows.length, timeZone };
}

type Imports = Extract<Reply, { type: "imports" }>;

it("says what an import would do, and then the import does it", async () => {
  const { deps } = await testEngine();
  const { store } = deps;
  const folder = await temporaryFolder();
  const files: Record<string, string> = {
    "a.jsonl": event("e1", "login", { id: "u1" }) + event("e2", "logout", { id: "u1" }),
    "b.jsonl": `${event("e2", "logout", { id: "u1" })}${event("e3", "login", { id: "u2", email: "ann@example.com" })}{"at":7}\n`,
    "people.csv": "email,name\nann@example.com,Ann\nnew@example.com,New\n",
    "c.jsonl": `${event("e4", "other", { id: "u1" })}{"id":`,
    "prose.txt": "Dear all,\nplease find it attached.\n",
  };
  const paths = Object.keys(files).map((name) => join(folder, name));
  for (const [i, text] of Object.values(files).entries()) await writeFile(paths[i] ?? "", text);
  const everything = async (): Promise<unknown> => {
    const collections = await store.db.listCollections().toArray();
    const counts = collections.map(async ({ name }) => [
      name,
      await store.db.collection(name).countDocuments(),
    ]);
    return Object.fromEntries((await Promise.all(counts)).filter(([, count]) => count !== 0));
  };
  const run = async (dryRun: boolean, words = paths): Promise<Imports> => {
    const reply = await runCommand(["import", ...words], deps, { dryRun, zone: "Europe/Oslo" });
    if (reply.type !== "imports") throw new Error("an import answers with imports");
    return reply;
  };

  expect(await everything()).toEqual({});
  const foretold = await run(true);
  expect(await everything()).toEqual({});
  expect(foretold.text.split("\n").slice(0, 5)).toEqual([
    "a.jsonl: plain events: 2 records read, 2 events to add, 1 person; 1 Oct 2026",
    "  login 1, logout 1",
    "b.jsonl: plain events: 3 records read, 1 event to add, 1 known already, 1 rejected, 2 people; 1 Oct 2026",
    "  login 1, logout 1",
    "people.csv: Directory: 2 records read, 0 events to add, 2 members listed, 2 people",
  ]);
  expect(foretold.failures).toHaveLength(2);
  expect(foretold.failures[1]).toContain("what came before is good");

  const done = await run(false);
  expect(done.imports).toEqual(foretold.imports);
  expect(done.faults).toEqual(foretold.faults);
  expect(await store.events.countDocuments()).toBe(4);

  const before = await everything();
  expect((await run(true, paths.slice(0, 1))).imports).toMatchObject([
    { read: 2, added: 0, duplicates: 2, people: 1 },
  ]);
  expect(await everything()).toEqual(before);
});

it("makes a map of a CSV that nothing knows, which the import then takes", async () => {
  const { folder, dataDir } = await openDataDir();
  const [csv, file] = [join(folder, "log.csv"), join(folder, "map.json")];
  await writeFile(csv, log);
  await writeFile(file, JSON.stringify(map));
  const [guess, stray] = await Promise.all([
    usage(["import", csv, "--dry-run"], { dataDir: join(folder, "other") }),
    usage(["users", "--dry-run"], { dataDir }),
  ]);
  expect([guess.status, guess.stderr]).toEqual([0, ""]);
  expect(guess.stdout).toMatch(/^Who +user$/m);
  expect(guess.stdout).toMatch(/^IP address +ignored$/m);
  expect(guess.stdout).toContain('"Viewed": "password_accessed"');
  // Nobody knows who reads what is printed elsewhere than on a terminal.
  expect(guess.stdout).not.toMatch(/ann@example|203\.0|Ann Ek/);
  expect([stray.status, stray.stderr]).toEqual([2, "--dry-run goes with import, not with users\n"]);

  const dry = await usage(["import", csv, "--map", file, "--dry-run", "--json"], { dataDir });
  const real = await usage(["import", csv, "--map", file, "--json"], { dataDir });
  expect([real.status, JSON.parse(real.stdout)]).toEqual([0, JSON.parse(dry.stdout)]);
  expect(JSON.parse(real.stdout)).toEqual([
    {
      source: "csv",
      read: 5,
      added: 4,
      duplicates: 0,
      rejected: 1,
      people: 2,
      from: "2026-03-02T07:03:00.000Z",
      to: "2026-03-03T08:01:00.000Z",
    },
  ]);
  const report = await usage(["users", "2026-03", "--json", "--now", "2026-03-31T12:00:00Z"], { dataDir });
  expect(JSON.parse(report.stdout).tables.users).toMatchObject([
    { user: "ann@example.com", name: "Ann Ek", loginSessions: 1, passwordsAccessed: 1 },
    { user: "bo@example.com", name: "Bo", loginSessions: 1, passwordsAccessed: 0 },
  ]);
});

it("says what a person has to decide, and shows examples to them alone", () => {
  const shown = showGuess(unknownCsv(log), true);
  expect(shown).toContain("! “timeFormat” may be DD/MM/YYYY HH:mm:ss or MM/DD/YYYY HH:mm:ss");
  expect(shown).toContain("! The times have no zone");
  expect(shown).toMatch(/^When +at +02\/03\/2026 08:03 · 02\/03\/2026 08:05:10 · 03\/03\/2026 09:00$/m);
  const json = shown.slice(shown.indexOf("\n{"));
  expect(() => parseColumnMap(json, "map.json")).toThrow("“timeFormat” has to be one of");
  const long = showGuess(unknownCsv(`a,b\n${"x".repeat(500)}\u001b[31m,2\n`), true);
  expect(long).toContain(`${"x".repeat(23)}…`);
  expect(long).not.toContain("\u001b");
});

/** Answers each question in turn, and gives what was said besides the file's name. */
async function talk(csv: UnknownCsv, answers: readonly string[]) {
  const input = new PassThrough();
  const output = new PassThrough();
  let said = "";
  output.setEncoding("utf8").on("data", (text) => {
    said += text;
  });
  input.end(answers.map((answer) => `${answer}\n`).join(""));
  const file = await askForMap(csv, { input, output }).catch((error: Error) => error.message);
  return { file, said };
}

it("asks column by column, and writes what was answered", async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, "there.json"), "mine");
  const { file, said } = await talk(unknownCsv(log), [
    ...["", "", "", "", "devise", "ignored"],
    ...["", "dd/mm/yyyy hh:mm:ss"],
    ...["Atlantis", "Europe/Oslo"],
    ...["", "", "remote_connection"],
    ...[join(folder, "there.json"), join(folder, "new.json")],
  ]);
  expect(file).toBe(join(folder, "new.json"));
  expect(said).toContain("When (02/03/2026 08:03 · 02/03/2026 08:05:10 · 03/03/2026 09:00) [at]: ");
  expect(said).toContain("did you mean device");
  expect(said).toContain("That is no IANA name");
  expect(await readFile(join(folder, "there.json"), "utf8")).toBe("mine");
  expect(JSON.parse(await readFile(join(folder, "new.json"), "utf8"))).toEqual({
    ...map,
    timeFormat: "DD/MM/YYYY HH:mm:ss",
    kind: { column: "Action", values: { ...map.kind.values, Zapped: "remote_connection" } },
  });
  expect((await talk(unknownCsv(log), ["", ""])).file).toContain("nothing was written");
});
