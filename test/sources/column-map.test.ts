import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { AppError, SourceError, UsageError } from "../../src/errors.ts";
import { type ColumnMap, parseColumnMap } from "../../src/sources/column-map.ts";
import { guessKind } from "../../src/sources/guess-kind.ts";
import { draftMap, guessRoles, lookAt } from "../../src/sources/guess-map.ts";
import { readSource } from "../../src/sources/index.ts";
import { isoOf, timeFormatsOf } from "../../src/sources/map-time.ts";
import { readTables } from "../../src/sources/table.ts";
import { chunked, eventsOf, now, rejectedOf } from "./read.ts";

const base = {
  at: "When",
  user: "Who",
  kind: { column: "Action", values: { "Sign in": "login", Viewed: "password_accessed" } },
};
const parse = (map: object | string): ColumnMap =>
  parseColumnMap(typeof map === "string" ? map : JSON.stringify(map), "map.json");

async function read(text: string, map: object, timeZone?: string, ...sizes: number[]) {
  const bytes = chunked(text, ...sizes);
  const { source, records } = await readSource(bytes, { name: "log.csv", now, map: parse(map), timeZone });
  return { source, records: await Array.fromAsync(records) };
}

describe("a map", () => {
  it("says what each column is, in every delimiter", async () => {
    for (const delimiter of [",", ";", "\t"]) {
      const rows = [
        ["Mail", "When", "Who", "Action", "Ref", "Box", "Where", "What", "Full name", "IP"],
        [
          "",
          "2026-03-02T08:03:10+01:00",
          "Ann@Example.com",
          "Sign in",
          "r1",
          "s1",
          "d1",
          "i1",
          "Ann Ek",
          "203.0.113.7",
        ],
        ["bo@example.com", "2026-03-02 08:04:10", "u7", " Viewed ", "r2", "", "", "", "", "203.0.113.7"],
        ["", "2026-03-02T08:05Z", "u8", "Zåpped; <b>", "", "", "", "", "", ""],
      ];
      const text = rows.map((row) => row.map((cell) => `"${cell}"`).join(delimiter)).join("\r\n");
      const map = {
        ...base,
        email: "Mail",
        name: "Full name",
        id: "Ref",
        session: "Box",
        device: "Where",
        item: "What",
        timeZone: "europe/oslo",
      };
      const { source, records } = await read(text, map, undefined, 5);
      expect(source).toBe("csv");
      expect(records).toEqual([
        {
          type: "event",
          line: 2,
          event: {
            id: "r1",
            at: Date.parse("2026-03-02T07:03:10Z"),
            account: { id: "ann@example.com", email: "ann@example.com", name: "Ann Ek" },
            kind: "login",
            session: "s1",
            device: "d1",
          },
        },
        {
          type: "event",
          line: 3,
          event: {
            id: "r2",
            at: Date.parse("2026-03-02T07:04:10Z"),
            account: { id: "u7", email: "bo@example.com" },
            kind: "password_accessed",
          },
        },
        {
          type: "event",
          line: 4,
          unknown: "Zåpped   b",
          event: {
            id: expect.any(String),
            at: Date.parse("2026-03-02T08:05Z"),
            account: { id: "u8" },
            kind: "other",
          },
        },
      ]);
    }
  });

  it("gives two events of one instant two names, and the same ones every time", async () => {
    const row = "2026-03-02T08:03:10Z,u1,Viewed";
    const ids = async () =>
      eventsOf((await read(`When,Who,Action\n${row}\n${row}\n`, base)).records).map(({ id }) => id);
    const first = await ids();
    expect(new Set(first).size).toBe(2);
    expect(await ids()).toEqual(first);
  });

  it("rejects the row that it does not fit, without a word of it", async () => {
    const rows = [
      ",u1,Viewed",
      "2026-03-02T08:03:10Z,,Viewed",
      "02/03/2026 08:03,hunter2,Viewed",
      "2026-03-02 08:03,u1,Viewed",
      "u1",
    ];
    const { records } = await read(`When,Who,Action\n${rows.join("\n")}\n`, base);
    expect(rejectedOf(records)).toEqual([
      { line: 2, reason: "no time" },
      { line: 3, reason: "no user" },
      { line: 4, reason: "the time is not ISO 8601; “timeFormat” in the map says how it is written" },
      {
        line: 5,
        reason: "time 2026-03-02 08:03 has no zone; --source-time-zone says in which it was written",
      },
      { line: 6, reason: "1 columns instead of 3" },
    ]);
    const other = await read(`When,Who,Action\n${rows[3]}\n`, base, "Europe/Oslo");
    expect(eventsOf(other.records)[0]?.at).toBe(Date.parse("2026-03-02T07:03:00Z"));
    const said = await read(`When,Who,Action\n${rows[3]}\n`, { ...base, timeFormat: "DD/MM/YYYY" });
    expect(rejectedOf(said.records)[0]?.reason).toContain("not written as DD/MM/YYYY HH:mm:ss");
  });

  it("names the column that is not there, and the nearest", async () => {
    const reading = read("Wen,Who,Action\n1,2,3\n", base);
    await expect(reading).rejects.toBeInstanceOf(SourceError);
    await expect(reading).rejects.toThrow(
      "log.csv has no column “When”, which the map names; did you mean Wen",
    );
    await expect(read('{"a":1}', base)).rejects.toThrow(
      "no CSV with the columns of the map, which are When, Who or Action",
    );
  });

  it.each<[object | string, string]>([
    ["{", "no JSON"],
    ["[]", "it has to be a JSON object with at, user and kind"],
    [{ ...base, at: undefined }, "“at” has to be the name of a column"],
    [{ ...base, user: " " }, "“user” has to be the name of a column"],
    [{ ...base, emial: "x" }, "“emial” that is not known; did you mean email?"],
    [{ ...base, kind: "Action" }, "“kind” has to be such as"],
    [
      { ...base, kind: { column: "A", values: { x: "signin" } } },
      "“kind › values › x” has to be one of login, logout",
    ],
    [{ ...base, kind: { column: "A", values: { x: "logins" } } }, "did you mean login"],
    [
      { ...base, timeFormat: "DD/MM/YYYY HH:mm:ss or MM/DD/YYYY HH:mm:ss" },
      "“timeFormat” has to be one of ISO 8601",
    ],
    [{ ...base, timeZone: "Oslo" }, "“timeZone” has to be an IANA name such as Europe/Oslo"],
  ])("is refused in one line that says what would be right: %j", (map, says) => {
    expect(() => parse(map)).toThrow(UsageError);
    expect(() => parse(map)).toThrow(says);
  });

  it("goes with its own source, which needs it", async () => {
    const open = (options: object) => readSource(chunked("a,b\n1,2\n"), { name: "x", now, ...options });
    await expect(open({ source: "csv" })).rejects.toThrow("needs a column map");
    await expect(open({ source: "plain", map: parse(base) })).rejects.toThrow("goes with the source csv");
  });
});

describe("times", () => {
  it.each([
    ["DD/MM/YYYY HH:mm:ss", "02/03/2026 08:03", "2026-03-02T08:03:00"],
    ["DD/MM/YYYY HH:mm:ss", "2/3/2026, 8:03:10.5", "2026-03-02T08:03:10"],
    ["MM/DD/YYYY HH:mm:ss", "02/03/2026 08:03:10", "2026-02-03T08:03:10"],
    ["MM/DD/YYYY HH:mm:ss", "2/3/2026 12:03 AM", "2026-02-03T00:03:00"],
    ["MM/DD/YYYY HH:mm:ss", "2/3/2026 1:03:10 p.m.", "2026-02-03T13:03:10"],
    ["MM/DD/YYYY HH:mm:ss", "25/03/2026 08:03", undefined],
    ["DD.MM.YYYY HH:mm:ss", "02.03.2026 08:03:10", "2026-03-02T08:03:10"],
    ["DD.MM.YYYY HH:mm:ss", "02/03/2026 08:03:10", undefined],
    ["DD/MM/YYYY HH:mm:ss", "02/03/2026 13:03 PM", undefined],
    ["epoch seconds", "1772438590", "2026-03-02T08:03:10.000Z"],
    ["epoch milliseconds", "1772438590123", "2026-03-02T08:03:10.123Z"],
    ["epoch seconds", "1772438590123", undefined],
    ["ISO 8601", "2026-03-02 08:03", "2026-03-02 08:03"],
  ] as const)("%s: %s", (format, text, iso) => {
    expect(isoOf(text, format)).toBe(iso);
  });

  it("are never guessed where day and month could be either", () => {
    expect(timeFormatsOf(["02/03/2026 08:03", "03/03/2026 08:03"])).toHaveLength(2);
    expect(timeFormatsOf(["02/03/2026 08:03", "25/03/2026 08:03"])).toEqual(["DD/MM/YYYY HH:mm:ss"]);
    expect(timeFormatsOf(["02/25/2026 08:03", "1/3/2026 08:03"])).toEqual(["MM/DD/YYYY HH:mm:ss"]);
    expect(timeFormatsOf(["Monday", "Tuesday"])).toEqual([]);
  });
});

describe("a guess", () => {
  it("goes by names and by what is in the columns", () => {
    const text = [
      "logId;eventTime;operator_email;Display Name;Event type;IP address;Secret;Comment",
      ...["Logged in", "Password viewed", "LOGIN_FAILED", "Logged in"].map(
        (word, i) =>
          `${i};2026-03-0${i + 1} 08:03;ann${i % 2}@example.com;Ann;${word};203.0.113.7;s${i};hello there`,
      ),
    ].join("\n");
    const [table] = readTables(text);
    if (table === undefined) throw new Error("no table");
    const facts = lookAt(table);
    const roles = guessRoles(facts);
    expect(roles).toEqual(["id", "at", "user", "name", "kind", "ignored", "item", "ignored"]);
    expect(draftMap(facts, roles, { timeZone: "Europe/Oslo" })).toEqual({
      at: "eventTime",
      timeZone: "Europe/Oslo",
      user: "operator_email",
      name: "Display Name",
      id: "logId",
      item: "Secret",
      kind: {
        column: "Event type",
        values: {
          "Logged in": "login",
          "Password viewed": "password_accessed",
          LOGIN_FAILED: "login_failed",
        },
      },
    });
  });

  it.each([
    ["User signed out", "logout"],
    ["userLoggedOff", "logout"],
    ["Sign-in denied", "login_failed"],
    ["Auto-filled password", "password_autofilled"],
    ["RDP session started", "remote_connection"],
    ["Created entry", "account_added"],
    ["Secret copied", "password_accessed"],
    ["Policy changed", "other"],
  ])("%s is %s", (word, kind) => {
    expect(guessKind(word)).toBe(kind);
  });
});

test("any map, any table and any time end in records or one line", async () => {
  const word = fc.constantFrom(
    "When",
    "Who",
    "Action",
    "",
    " ",
    "__proto__",
    "constructor",
    "login",
    "other",
  );
  const anyMap = fc.oneof(
    fc.jsonValue(),
    fc.record(
      {
        at: fc.oneof(word, fc.jsonValue()),
        user: word,
        kind: fc.oneof(
          word,
          fc.record({
            column: word,
            values: fc.dictionary(fc.oneof(word, fc.string()), fc.oneof(word, fc.string())),
          }),
        ),
        timeFormat: fc.oneof(word, fc.constantFrom("epoch seconds", "DD/MM/YYYY")),
        timeZone: fc.oneof(word, fc.constant("UTC")),
        email: word,
      },
      { requiredKeys: ["at", "user", "kind"] },
    ),
  );
  const cell = fc.oneof(
    fc.string({ maxLength: 12 }),
    fc.constantFrom("2026-03-02T08:03Z", "02/03/2026 08:03", "1772438590", "Sign in", "a@b.example", '"'),
  );
  const table = fc
    .array(fc.array(cell, { minLength: 3, maxLength: 3 }))
    .map((rows) => [["When", "Who", "Action"], ...rows]);
  await fc.assert(
    fc.asyncProperty(anyMap, table, fc.integer({ min: 1, max: 30 }), async (map, rows, size) => {
      const text = rows.map((row) => row.join(",")).join("\n");
      for (const each of readTables(text)) draftMap(lookAt(each), guessRoles(lookAt(each)));
      const outcome = async (...sizes: number[]) => {
        try {
          return (await read(text, map as object, undefined, ...sizes)).records;
        } catch (error) {
          if (error instanceof AppError && !error.message.includes("\n")) return error.message;
          throw error;
        }
      };
      expect(await outcome(size)).toEqual(await outcome());
    }),
    { numRuns: 200 },
  );
});
