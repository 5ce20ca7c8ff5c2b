import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { runCommand } from "../../src/commands/index.ts";
import { readSource } from "../../src/sources/index.ts";
import { testEngine } from "../helpers/engine.ts";
import { emptyStore } from "../helpers/fill.ts";
import { chunked, eventsOf, now, rejectedOf } from "./read.ts";

const zone = "Europe/Oslo";
const fileOf = (path: string): string => fileURLToPath(new URL(`fixtures/${path}`, import.meta.url));

/** Everything an input with times of Oslo comes to. */
async function readLog(text: string | Uint8Array, timeZone: string | undefined = zone) {
  const result = await readSource(chunked(text, 1000), { name: "log", now, timeZone });
  return { source: result.source, records: await Array.fromAsync(result.records) };
}

interface Expected {
  readonly source: string;
  readonly kinds: readonly string[];
  readonly people: readonly string[];
  readonly robots: readonly string[];
  readonly unknown: readonly string[];
  readonly rejected: readonly string[];
  /** Login sessions, connections, accessed, auto-filled, added, latest logins; without robots. */
  readonly figures: readonly number[];
}

const [accessed, added] = ["password_accessed", "account_added"];
const fixtures: Readonly<Record<string, Expected>> = {
  "keeper/commander.syslog": {
    source: "keeper",
    kinds: [
      "login",
      accessed,
      accessed,
      "password_autofilled",
      added,
      "remote_connection",
      "logout",
      "login_failed",
      "other",
      "other",
    ],
    people: ["ann@example.com", "bo@example.com"],
    robots: ["app:app-7"],
    unknown: ["set_something_new"],
    rejected: ["no user", "no event of Keeper Commander"],
    figures: [2, 1, 2, 1, 1, 1],
  },
  "cyberark/objects.ndjson": {
    source: "cyberark",
    kinds: [
      "login",
      accessed,
      accessed,
      accessed,
      "remote_connection",
      "other",
      "other",
      "logout",
      "login_failed",
      "login_failed",
      "other",
      "login",
      "other",
    ],
    people: ["ann", "bo@example.com", "nobody"],
    robots: ["passwordmanager", "pvwaappuser1"],
    unknown: ["999"],
    rejected: [],
    // Ann's session, that of her connection, and Bo's.
    figures: [3, 1, 3, 0, 0, 1],
  },
  // ◐ assumed: how the line names the user.
  "devolutions/server.syslog": {
    source: "devolutions",
    kinds: [accessed, "remote_connection", "password_autofilled", added, accessed, added, "other", "other"],
    people: ["ann@example.com", "example\\bo"],
    robots: [],
    unknown: ["900"],
    rejected: ["no user"],
    figures: [2, 1, 2, 1, 2, 0],
  },
  // ◐ the names of events beside SECRET - VIEW, USER - LOGIN and USER - LOGINFAILURE.
  "delinea/cef.syslog": {
    source: "delinea",
    kinds: [
      "login",
      accessed,
      "other",
      accessed,
      added,
      "remote_connection",
      "login_failed",
      "other",
      "other",
    ],
    people: ["example\\ann@example.com", "example\\nora", "nora"],
    robots: ["thycoticsystem"],
    unknown: ["SECRET - SOMETHING NEW"],
    rejected: ["no user"],
    figures: [2, 1, 2, 0, 1, 1],
  },
  // ◐ the names of operations.
  "pmp/audit.syslog": {
    source: "pmp",
    kinds: ["login", accessed, added, accessed, "login_failed", "other", "other"],
    people: ["ann@example.com", "bo"],
    robots: [],
    unknown: ["Some New Operation"],
    rejected: ["no event of Password Manager Pro", "the time is not ISO 8601, such as 2026-03-02T08:03:10Z"],
    figures: [2, 0, 2, 0, 1, 1],
  },
};
const all: [string, Expected][] = Object.entries(fixtures);
const objects = fixtures["cyberark/objects.ndjson"];
if (objects) {
  const rejected = ["no audit record", "no user", "not valid JSON"];
  all.push(["cyberark/syslog.syslog", { ...objects, rejected }]);
}

describe.each(all)("%s", (path, expected) => {
  const bytes = readFileSync(fileOf(path));

  test("is found and translated", async () => {
    const { source, records } = await readLog(bytes);
    expect(source).toBe(expected.source);
    const events = eventsOf(records);
    expect(events.map(({ kind }) => kind)).toEqual(expected.kinds);
    const accounts = (isRobot: boolean) => [
      ...new Set(events.flatMap(({ account }) => ((account.robot ?? false) === isRobot ? account.id : []))),
    ];
    expect(accounts(false)).toEqual(expected.people);
    expect(accounts(true)).toEqual(expected.robots);
    const unknown = records.flatMap((record) => (record.type === "event" ? (record.unknown ?? []) : []));
    expect(unknown).toEqual(expected.unknown);
    expect(rejectedOf(records).map(({ reason }) => reason)).toEqual(expected.rejected);
    expect(new Date(events[0]?.at ?? 0).toISOString()).toMatch(/^2026-03-02T08:01:00/);
  });

  test("keeps no address, item, URL, reason or keystroke in any record", async () => {
    const text = bytes.toString();
    expect(text).toMatch(/203\.0\.113\.\d/);
    const told = JSON.stringify((await readLog(bytes)).records);
    expect(told).not.toMatch(/\d+\.\d+\.\d+\.\d+|2001:db8|fe80|hidden|Bank|https?:|root|keystroke|ticket/i);
    for (const word of ["203.0.113.7", "192.0.2.10", "Hidden Bank", "hidden reason"]) {
      expect(told).not.toContain(word);
    }
  });
});

test("every fixture comes out in the report, and twice adds nothing", async () => {
  const clock = Date.parse("2026-03-03T12:00:00Z");
  const { deps, engine } = await testEngine({}, () => clock);
  for (const [path, expected] of all) {
    await emptyStore(engine.store);
    const options = { sourceZone: zone };
    const first = await runCommand(["import", fileOf(path)], deps, options);
    if (first.type !== "imports") throw new Error("an import answers with imports");
    const [counts] = first.imports;
    expect(counts).toMatchObject({
      source: expected.source,
      added: expected.kinds.length,
      rejected: expected.rejected.length,
    });
    if (expected.unknown[0] !== undefined) expect(first.text).toContain(expected.unknown[0]);
    const again = await runCommand(["import", fileOf(path)], deps, options);
    expect(again).toMatchObject({ imports: [{ added: 0, duplicates: expected.kinds.length }] });
    const overview = await runCommand(["overview", "2026-03"], deps, { now: clock });
    if (overview.type !== "report") throw new Error("an overview is a report");
    const order = [
      "loginSessions",
      "remoteConnections",
      "passwordsAccessed",
      "passwordsAutofilled",
      "accountsAdded",
      "latestLogins",
    ];
    const figures = order.map((key) => overview.report.figures.find((figure) => figure.key === key)?.value);
    expect([path, figures]).toEqual([path, expected.figures]);
  }
});

test("CyberArk's JSON with a header, without one and in one file name the same events", async () => {
  const [plain, headed] = await Promise.all(
    ["objects.ndjson", "syslog.syslog"].map((name) => readLog(readFileSync(fileOf(`cyberark/${name}`)))),
  );
  expect(eventsOf(headed?.records ?? [])).toEqual(eventsOf(plain?.records ?? []));
  expect(eventsOf(plain?.records ?? []).flatMap(({ session }) => session ?? [])).toEqual(
    Array(3).fill("35fac41e-22b5"),
  );
  // Laid out over lines, it is JSON all the same.
  const pretty = `[${readFileSync(fileOf("cyberark/objects.ndjson"), "utf8").trim().split("\n").join(",")}]`;
  const { records } = await readLog(JSON.stringify(JSON.parse(pretty), null, 2));
  expect(eventsOf(records)).toEqual(eventsOf(plain?.records ?? []));
});

test("times without an offset need a zone, others do not", async () => {
  const noZone = async (path: string) => {
    const result = await readSource(chunked(readFileSync(fileOf(path))), { name: "log", now });
    return rejectedOf(await Array.fromAsync(result.records)).map(({ reason }) => reason);
  };
  expect(await noZone("devolutions/server.syslog")).toEqual(["no user"]);
  expect(await noZone("pmp/audit.syslog")).toContain(
    "time 2026-03-02T09:01:00 has no zone; --source-time-zone says in which it was written",
  );
  expect(await noZone("delinea/cef.syslog")).toContain(
    "time --03-02T09:04:00 has no zone; --source-time-zone says in which it was written",
  );
});

test("a last line that breaks off is said to, if nothing can be read of it", async () => {
  const text = readFileSync(fileOf("keeper/commander.syslog"), "utf8");
  const { records } = await readLog(text.slice(0, text.indexOf('" record_uid')));
  expect(records.slice(1)).toEqual([
    { type: "rejected", line: 2, reason: "no event of Keeper Commander", isCutOff: true },
  ]);
});

test("JSON that quotes a log's line stays JSON", async () => {
  const cef = readFileSync(fileOf("delinea/cef.syslog"), "utf8").split("\n")[0];
  const event = { id: "e1", at: "2026-03-02T08:00:00Z", user: { id: "u1" }, kind: "login", item: cef };
  for (const text of [JSON.stringify(event), JSON.stringify([event], null, 2)]) {
    expect((await readLog(text)).source).toBe("plain");
  }
});
