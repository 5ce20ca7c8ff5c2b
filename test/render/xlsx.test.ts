import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ExcelJS from "exceljs";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { metricKeys, metrics } from "../../src/domain/metrics.ts";
import type { Report } from "../../src/domain/report.ts";
import { formats } from "../../src/render/formats.ts";
import { createWallClock } from "../../src/render/wall-clock.ts";
import { renderXlsx } from "../../src/render/xlsx.ts";
import { cleanCell, LONGEST_CELL } from "../../src/render/xlsx-cell.ts";
import { sheetNames } from "../../src/render/xlsx-names.ts";
import { convert, hasOffice, hasPython, python } from "../helpers/programs.ts";
import { wildReport, wildText } from "../messages/samples.ts";
import { trend, trendRows } from "./chart-samples.ts";
import { asOf, awkwardNames, bytesOf, personRow, reportOf, tableOf } from "./report-samples.ts";
import { readRows, unzip } from "./xlsx-reader.ts";

/** Characters that XML 1.0 has. */
const XML = /^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u;
const awkward = tableOf(awkwardNames.length, (i) => ({ ...personRow(i), name: awkwardNames[i] ?? null }));
/** The names as a sheet has them: one was longer than a cell. */
const awkwardCells = awkwardNames.map((name) =>
  name.length > LONGEST_CELL ? `${name.slice(0, LONGEST_CELL - 1)}…` : name,
);

const write = (report: Report) => bytesOf(formats.xlsx.render(report, { version: "1.2.3" }));

async function open(report: Report): Promise<ExcelJS.Workbook> {
  const workbook = new ExcelJS.Workbook();
  // exceljs declares a Buffer of its own.
  await workbook.xlsx.load((await write(report)) as unknown as ExcelJS.Buffer);
  return workbook;
}

async function sheetXml(report: Report, sheet: number, mostRows?: number): Promise<string> {
  const files = unzip(await bytesOf(renderXlsx(report, {}, mostRows)));
  return String(files.get(`xl/worksheets/sheet${sheet}.xml`));
}

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "vault-usage-xlsx-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("the workbook, read by exceljs", () => {
  test("has real dates in the reporting zone, numbers, and status in mark and word", async () => {
    const workbook = await open(reportOf({ users: tableOf(5) }));
    expect(workbook.worksheets.map(({ name }) => name)).toEqual(["Summary", "Users", "Trend"]);
    const sheet = workbook.getWorksheet("Users");
    expect(sheet?.getRow(1).values).toEqual([
      undefined,
      "Name",
      "Activity Status",
      "Passwords Accessed",
      "Last Active (Europe/Oslo)",
    ]);
    expect(sheet?.getRow(3).values).toEqual([
      undefined,
      "Person 1",
      "○ Inactive",
      7,
      new Date("2026-10-25T02:31:02.003Z"),
    ]);
    expect(sheet?.getRow(4).getCell(4)).toMatchObject({
      value: new Date("2026-10-25T02:01:02.003Z"),
      numFmt: "yyyy-mm-dd hh:mm",
    });
    expect(sheet?.getRow(6).getCell(4).value).toBeNull();
    expect(sheet?.autoFilter).toBe("A1:D6");
    expect(sheet?.views).toMatchObject([{ state: "frozen", ySplit: 1 }]);
    expect(sheet?.getRow(1).getCell(1).font).toMatchObject({ bold: true, color: { argb: "FFFFFFFF" } });
    expect(sheet?.columns.every(({ width = 0 }) => width >= 10 && width <= 60)).toBe(true);
    const days = workbook.getWorksheet("Trend");
    expect(days?.rowCount).toBe(31);
    expect(days?.getRow(2).getCell(1).value).toEqual(new Date("2026-10-24T00:00:00Z"));
  });

  test("says in its summary what it is of", async () => {
    const workbook = await open(reportOf({ users: tableOf(5) }, { notes: ["=1+1"] }));
    const rows = new Map<unknown, unknown[]>();
    workbook.getWorksheet("Summary")?.eachRow(({ values }) => {
      const [, item, ...cells] = values as unknown[];
      rows.set(item, cells);
    });
    expect(rows.get("Time zone")).toEqual(["Europe/Oslo"]);
    expect(rows.get("As of")).toEqual([new Date("2026-11-22T13:00:00Z")]);
    expect(rows.get("Data complete up to")).toEqual([new Date("2026-11-22T13:00:00Z")]);
    expect(rows.get("Asked for")).toEqual(["users last 30 days"]);
    expect(rows.get("Made by")).toEqual(["Vault Usage 1.2.3"]);
    expect(rows.get("Login Sessions")).toEqual([metrics.loginSessions.definition]);
    for (const key of metricKeys) expect(rows.get(metrics[key].title)).toEqual([metrics[key].definition]);
    expect(rows.get("Users")).toEqual([5]);
    expect(rows.get("1")).toEqual(["=1+1"]);
    expect(workbook.getWorksheet("Summary")?.getImages()).toHaveLength(1);
    expect(workbook).toMatchObject({ creator: "Vault Usage", title: "Users", created: asOf, modified: asOf });
  });

  test("has the figures with those before, unless nothing is compared", async () => {
    const figuresOf = async (compared: boolean) => {
      const sheet = (await open(reportOf({}, { compared }))).getWorksheet("Summary");
      const rows = sheet?.getRows(1, sheet.rowCount) ?? [];
      return rows.map(({ values }) => values).find((values) => Array.isArray(values) && values[2] === 1_204);
    };
    expect(await figuresOf(true)).toEqual([undefined, "Login Sessions", 1_204, 1_240, "▼ 3 %"]);
    expect(await figuresOf(false)).toEqual([undefined, "Login Sessions", 1_204]);
  });

  test("has names as they are, none of them a formula", async () => {
    const sheet = (await open(reportOf({ users: awkward }))).getWorksheet("Users");
    const cells = awkwardNames.map((_, i) => sheet?.getRow(i + 2).getCell(1));
    // exceljs does not read back what Excel's own escape of “_x0041_” says.
    expect(cells.map((cell) => String(cell?.value).replace("_x005F_", "_"))).toEqual(awkwardCells);
    expect(cells.filter((cell) => cell?.type !== ExcelJS.ValueType.String)).toEqual([]);
  });
});

test.each([0, 1, 100_000])("%i rows are there to the digit", async (total) => {
  const rows = readRows(await sheetXml(reportOf({ users: tableOf(total) }), 2));
  expect(rows).toHaveLength(total);
  const faults = rows.filter(({ A, C, D }, i) => {
    const { name, count, lastActive } = personRow(i);
    if (JSON.stringify(A) !== JSON.stringify({ text: name })) return true;
    if (JSON.stringify(C) !== JSON.stringify({ number: String(count) })) return true;
    return (D === undefined) !== (lastActive === null);
  });
  expect(faults).toEqual([]);
});

test("what does not fit on a sheet goes on in the next one", async () => {
  const report = reportOf({ users: tableOf(1_203), more: tableOf(2, personRow, "users") }, { charts: [] });
  const files = unzip(await bytesOf(renderXlsx(report, {}, 600)));
  const names = [...String(files.get("xl/workbook.xml")).matchAll(/<sheet [^>]*name="([^"]*)"/g)];
  expect(names.map(([, name]) => name)).toEqual(["Summary", "Users", "Users (2)", "Users (3)", "users (4)"]);
  const parts = [2, 3, 4, 5].map((n) => readRows(String(files.get(`xl/worksheets/sheet${n}.xml`))));
  expect(parts.map((rows) => rows.length)).toEqual([600, 600, 3, 2]);
  expect(parts[2]?.[0]?.A).toEqual({ text: "Person 1200" });
});

test("a table that grows beyond its sheets is an error, and no file without the rest", async () => {
  const table = { ...tableOf(1_300), total: 1_200 };
  await expect(bytesOf(renderXlsx(reportOf({ table }), {}, 600))).rejects.toThrow("grew");
});

describe("cells", () => {
  const wallClock = createWallClock("Europe/Oslo");

  test("whatever the value, a clean one is something a sheet can hold", () => {
    const longText = wildText.map((text) => `${text}😀`.padStart(33_000, `${text}😀`));
    const value = fc.oneof(fc.anything({ withBigInt: true, withDate: true }), wildText, longText, fc.date());
    fc.assert(
      fc.property(value, (given) => {
        const cell = cleanCell(given, wallClock);
        if (typeof cell === "string") {
          expect(cell.length).toBeLessThanOrEqual(LONGEST_CELL);
          expect(cell).toMatch(XML);
          expect(cell).not.toContain("\r");
        } else if (typeof cell === "number") expect(Number.isFinite(cell)).toBe(true);
        else expect([null, true, false]).toContain(cell);
      }),
      { numRuns: 1_000 },
    );
  });

  test.each<[string, unknown, unknown]>([
    ["the first day that Excel counts right", new Date("1900-03-01T12:00:00Z"), expect.closeTo(61.54, 1)],
    ["a day before Excel's", new Date("1850-01-01T00:00:00Z"), "1850-01-01T00:00:00.000Z"],
    ["a moment after Excel's last", new Date("9999-12-31T23:30:00Z"), "9999-12-31T23:30:00.000Z"],
    ["no date", new Date(Number.NaN), null],
    ["an object that exceljs would act on", { formula: "1+1", hyperlink: "http://x" }, null],
    ["a big number", 12n, 12],
    ["one too big", 2n ** 80n, "1208925819614629174706176"],
    ["line breaks", "a\r\nb\rc", "a\nb\nc"],
    ["a text too long by half of a character", `${"x".repeat(32_765)}😀😀`, `${"x".repeat(32_765)}…`],
  ])("%s", (_, value, cell) => {
    expect(cleanCell(value, wallClock)).toEqual(cell);
  });
});

test("names of sheets are such as Excel allows, whatever the titles", () => {
  const title = fc.oneof(
    wildText,
    fc.constantFrom("Summary", "history", "'", "[x]:*?/\\", "Ä", "ä", "users", "Users"),
  );
  const tables = fc.array(fc.record({ title, parts: fc.integer({ min: 1, max: 12 }) }), { maxLength: 8 });
  fc.assert(
    fc.property(tables, (given) => {
      const names = sheetNames(given);
      expect(names.map((parts) => parts.length)).toEqual(given.map(({ parts }) => parts));
      for (const name of names.flat()) expect(name).toMatch(/^(?!history$)[^[\]:*?/\\']{1,31}$/iu);
      for (const name of names.flat()) expect(name.isWellFormed() && XML.test(name)).toBe(true);
      const folded = ["summary", ...names.flat().map((name) => name.toLowerCase())];
      expect(new Set(folded).size).toBe(folded.length);
    }),
  );
});

const READ = `
import json, sys, zipfile
import xml.etree.ElementTree as tree
for path in sys.argv[1:]:
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        parts = [name for name in archive.namelist() if name.endswith((".xml", ".rels"))]
        for name in parts:
            tree.fromstring(archive.read(name))
print(json.dumps(len(parts)))`;

test.skipIf(!hasPython)("every part of any workbook is well-formed to Python", async () => {
  const files: string[] = [];
  for (const [i, report] of fc.sample(wildReport, { numRuns: 8, seed: 1 }).entries()) {
    const file = join(folder, `wild-${i}.xlsx`);
    await writeFile(file, await write(report));
    files.push(file);
  }
  expect(await python(READ, ...files)).toBeGreaterThan(8);
});

/** All sheets, texts in quotes, cells as they are shown. */
const EVERY_SHEET = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,true,true,false,false,false,-1";
const UTF_8 = "Text - txt - csv (StarCalc):44,34,76,1";

describe.skipIf(!hasOffice)("read with LibreOffice", () => {
  test("the cells of a workbook and of a CSV are the report's", async () => {
    const report = reportOf({ users: awkward }, { charts: [trend(trendRows("2026-10-24", 3))] });
    const [book, table] = [join(folder, "book.xlsx"), join(folder, "table.csv")];
    await writeFile(book, await write(report));
    await convert(folder, EVERY_SHEET, undefined, book);
    const users = parseCsv(await readFile(join(folder, "book-Users.csv"), "utf8"));
    expect(users.slice(1).map(([name]) => name)).toEqual(awkwardCells);
    expect(users[2]?.slice(1)).toEqual([
      "○ Inactive",
      "7",
      expect.stringMatching(/^2026-10-25 02:31(:02)?$/),
    ]);
    const days = parseCsv(await readFile(join(folder, "book-Trend.csv"), "utf8"));
    expect(days.map(([day]) => day)).toEqual(["Day", "2026-10-24", "2026-10-25", "2026-10-26"]);

    await writeFile(table, await bytesOf(formats.csv.render(reportOf({ users: awkward }))));
    await convert(folder, "ods", UTF_8, table);
    await convert(folder, EVERY_SHEET, undefined, join(folder, "table.ods"));
    const names = parseCsv(await readFile(join(folder, "table-table.csv"), "utf8")).map(
      ([name]) => name ?? "",
    );
    expect(names.slice(1, 6)).toEqual(['\'=HYPERLINK("http://x","y")', "'+1", "'-2+3", "'@x", "'＝1+1"]);
    expect(names.filter((name) => /^(Err:|#)/.test(name))).toEqual([]);
  });
});

/** As LibreOffice writes it. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain, end = ""] of text
    .replace(/^\ufeff/, "")
    .matchAll(/(?:"((?:""|[^"])*)"|([^",\n]*))(,|\n|$)/g)) {
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain ?? "");
    if (end === "\n") rows.push([]);
  }
  return rows.filter(([first, second]) => first !== "" || second !== undefined);
}
