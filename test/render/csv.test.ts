import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Report } from "../../src/domain/report.ts";
import { csvNumber, csvText } from "../../src/render/csv-cell.ts";
import { formats } from "../../src/render/formats.ts";
import { isoText, minuteText } from "../../src/render/instant-text.ts";
import { createWallClock } from "../../src/render/wall-clock.ts";
import { hasPython, python } from "../helpers/programs.ts";
import { awkwardNames, bytesOf, personRow, reportOf, tableOf } from "./report-samples.ts";

const text = async (report: Report): Promise<string> => String(await bytesOf(formats.csv.render(report)));

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "vault-usage-csv-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const READ = `
import csv, json, sys
with open(sys.argv[1], encoding="utf-8-sig", newline="") as file:
    print(json.dumps(list(csv.reader(file, strict=True))))`;
const READ_ZIP = `
import csv, io, json, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as archive:
    assert archive.testzip() is None
    files = [(info.filename, list(info.date_time), archive.read(info).decode("utf-8-sig")) for info in archive.infolist()]
print(json.dumps([[name, at, list(csv.reader(io.StringIO(text, newline=""), strict=True))] for name, at, text in files]))`;

async function readBack(report: Report): Promise<string[][]> {
  const file = join(folder, "report.csv");
  await writeFile(file, await bytesOf(formats.csv.render(report)));
  return (await python(READ, file)) as string[][];
}

test("instants stand in the reporting zone and in UTC, numbers as digits, nothing for nothing", async () => {
  const table = tableOf(5);
  expect(await text(reportOf({ users: table }))).toBe(
    [
      '\ufeffName,Activity Status,Passwords Accessed,Last Active (Europe/Oslo),"Last Active (UTC, ISO 8601)"',
      "Person 0,Active,0,2026-10-25 02:01,2026-10-25T00:01:02.003Z",
      "Person 1,Inactive,7,2026-10-25 02:31,2026-10-25T00:31:02.003Z",
      // The clocks went back.
      "Person 2,Active,14,2026-10-25 02:01,2026-10-25T01:01:02.003Z",
      "Person 3,Inactive,21,2026-10-25 02:31,2026-10-25T01:31:02.003Z",
      "Person 4,Active,28,,",
      "",
    ].join("\r\n"),
  );
});

test("what is no value is nothing", async () => {
  const odd = { name: null, status: "unheard of", count: Number.NaN, lastActive: new Date(Number.NaN) };
  const [, line] = (await text(reportOf({ users: tableOf(1, () => odd) }))).split("\r\n");
  expect(line).toBe(",unheard of,,,");
  expect([0, -0, -3, 2 ** 53, 1e21, 0.5, Infinity].map(csvNumber)).toEqual([
    ..."0 0 -3 9007199254740992 1000000000000000000000 0.5".split(" "),
    "",
  ]);
});

test("a report without a table is its summary", async () => {
  const lines = (await text(reportOf({}))).split("\r\n");
  expect(lines).toContain("Report,Time zone,Europe/Oslo,,");
  expect(lines).toContain("Report,Asked for,users last 30 days,,");
  expect(lines).toContain("Figures,Login Sessions,1204,1240,▼ 3 %");
  expect(lines).toContain("Notes,1,2 service accounts left out,,");
});

describe("what a spreadsheet would run", () => {
  test("has an apostrophe before it, and nothing else has", async () => {
    const isFormula = /^[\s\p{Cf}]*[=+\-@＝＋－＠]|^[\t\r\n]/u;
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom(...awkwardNames)), (name) => {
        const cell = csvText(name)
          .replace(/^"(.*)"$/s, "$1")
          .replaceAll('""', '"');
        expect(cell).not.toMatch(isFormula);
        const kept = name
          .toWellFormed()
          .replace(/[^\t\n\r\u0020-\u007e\u0080-\ufffd\u{10000}-\u{10ffff}]/gu, "");
        expect(cell).toBe(isFormula.test(kept) ? `'${kept}` : kept);
      }),
      { numRuns: 2_000 },
    );
  });
});

test("instants are written as Date writes them, in any zone", () => {
  const zones = [
    "UTC",
    "Europe/Oslo",
    "America/St_Johns",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Asia/Kathmandu",
  ];
  const clocks = new Map(zones.map((zone) => [zone, createWallClock(zone)]));
  fc.assert(
    fc.property(fc.integer({ min: -3e12, max: 8e12 }), fc.constantFrom(...zones), (at, zone) => {
      expect(isoText(at)).toBe(new Date(at).toISOString());
      const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDateTime();
      expect(minuteText(clocks.get(zone)?.(at) ?? 0)).toBe(
        local.toString({ smallestUnit: "minute" }).replace("T", " "),
      );
    }),
    { numRuns: 2_000 },
  );
});

describe.skipIf(!hasPython)("read back with Python", () => {
  test.each([0, 1, 100_000])("%i rows", async (total) => {
    const [header, ...rows] = await readBack(reportOf({ users: tableOf(total) }));
    expect(header).toHaveLength(5);
    expect(rows).toHaveLength(total);
    const faults = rows.filter((row, i) => {
      const { name, count, lastActive } = personRow(i);
      const iso = lastActive instanceof Date ? lastActive.toISOString() : "";
      return row[0] !== name || row[2] !== String(count) || row[4] !== iso;
    });
    expect(faults).toEqual([]);
  });

  test("names come back as they are, or with an apostrophe", async () => {
    const report = reportOf({
      users: tableOf(awkwardNames.length, (i) => ({ ...personRow(i), name: awkwardNames[i] ?? null })),
    });
    const [, ...rows] = await readBack(report);
    expect(rows.map(([name]) => name?.replace(/^'(?=\s*[\u200b=+\-@＝\t])/, ""))).toEqual(awkwardNames);
    expect(rows.filter(([name]) => name?.startsWith("'")).map(([name]) => name?.slice(1, 8))).toEqual([
      "=HYPERL",
      "+1",
      "-2+3",
      "@x",
      "＝1+1",
      " =1",
      "\u200b=1",
      "quoted",
      "\ttab",
    ]);
  });

  test("several tables are a zip of one file each and a summary", async () => {
    const report = reportOf({ users: tableOf(3), sessions: tableOf(700, personRow, "Sessions") });
    const file = join(folder, "report.zip");
    await writeFile(file, await bytesOf(formats.csv.render(report)));
    const files = (await python(READ_ZIP, file)) as [string, number[], string[][]][];
    expect(files.map(([name, at, rows]) => [name, at, rows.length])).toEqual([
      ["summary.csv", [2026, 11, 22, 12, 0, 0], expect.any(Number)],
      ["1-users.csv", [2026, 11, 22, 12, 0, 0], 4],
      ["2-sessions.csv", [2026, 11, 22, 12, 0, 0], 701],
    ]);
  });
});
