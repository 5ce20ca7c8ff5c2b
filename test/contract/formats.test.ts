import { setTimeout } from "node:timers/promises";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import type { Report, Table } from "../../src/domain/report.ts";
import { fileName } from "../../src/render/file-name.ts";
import { type FormatName, formatNames, formats } from "../../src/render/formats.ts";
import { createPrinter } from "../../src/render/printer.ts";
import { PATIENCE } from "../helpers/patience.ts";
import { wildReport } from "../messages/samples.ts";
import { bytesOf, columns, personRow, reportOf, tableOf } from "../render/report-samples.ts";

/** What a file of each extension begins with. */
const beginnings: Record<string, string> = {
  csv: "\u00ef\u00bb\u00bf",
  zip: "PK\u0003\u0004",
  xlsx: "PK\u0003\u0004",
  pdf: "%PDF-",
  png: "\u0089PNG\r\n\u001a\n",
  svg: "<svg ",
};
/** Formats that hold the rows of a report's tables. */
const withRows = formatNames.filter((name) => !["png", "svg"].includes(name));
/** Whose first bytes do not wait for the last row. */
const streaming: readonly FormatName[] = ["csv", "xlsx"];

const printer = createPrinter({ deadline: PATIENCE });
afterAll(() => printer.close());

/** A table that goes on for ever, and whether it is being read. */
function endlessTable(): { table: Table; state: { opened: number; closed: number } } {
  const state = { opened: 0, closed: 0 };
  const table: Table = {
    title: "Endless",
    columns,
    total: 1_000_000,
    async *rows() {
      state.opened += 1;
      try {
        for (let i = 0; ; i++) yield personRow(i);
      } finally {
        state.closed += 1;
      }
    },
  };
  return { table, state };
}

describe.each(formatNames)("%s", (name) => {
  const format = formats[name];

  test("writes any report that it fits, as what its name and type say", async () => {
    await fc.assert(
      fc.asyncProperty(wildReport, fc.boolean(), async (wild, isDouble) => {
        const [table] = Object.values(wild.tables);
        const report: Report =
          isDouble && table ? { ...wild, tables: { users: table, "Müll/../x": table } } : wild;
        if (!format.fits(report)) return;
        const bytes = await bytesOf(format.render(report, { printer }));
        const extension = format.extension(report);
        expect(bytes.toString("latin1").startsWith(beginnings[extension] ?? "?")).toBe(true);
        expect(format.mediaType(report)).toMatch(/^[a-z]+\/[\w.+-]+(; charset=utf-8)?$/);
        expect(fileName(report, format)).toMatch(new RegExp(`^vault-usage(-[a-z0-9]+)+\\.${extension}$`));
        expect(fileName(report, format).length).toBeLessThan(160);
      }),
      { numRuns: { csv: 100, xlsx: 8, pdf: 1, png: 5, svg: 5 }[name] },
    );
  });

  test("writes the same bytes again", async () => {
    const report = reportOf({ users: tableOf(name === "pdf" ? 60 : 1_200) });
    const [first, again] = await Promise.all([1, 2].map(() => bytesOf(format.render(report, { printer }))));
    expect(first?.equals(again ?? Buffer.of())).toBe(true);
  });

  test("a report without charts or rows has the formats that could show something", async () => {
    const report = reportOf({}, { charts: [] });
    expect(format.fits(report)).toBe(withRows.includes(name));
    if (!format.fits(report))
      await expect(bytesOf(format.render(report, { printer }))).rejects.toThrow("no charts");
  });
});

describe.each(withRows)("rows in %s", (name) => {
  const { render } = formats[name];

  test("an error of theirs is the file's", async () => {
    const broken: Table = {
      ...tableOf(5_000),
      async *rows() {
        for (let i = 0; i < 5_000; i++) {
          if (i === 400) throw new Error("the store is gone");
          yield personRow(i);
        }
      },
    };
    for (const tables of [{ users: broken }, { users: tableOf(10), sessions: broken }]) {
      await expect(bytesOf(render(reportOf(tables as Report["tables"]), { printer }))).rejects.toThrow(
        "the store is gone",
      );
    }
  });

  test("an error at the first of them is too", async () => {
    const broken: Table = {
      ...tableOf(1),
      rows: () => ({
        [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error("no store")) }),
      }),
    };
    await expect(bytesOf(render(reportOf({ users: broken }), { printer }))).rejects.toThrow("no store");
  });

  test("are counted", async () => {
    const told: [number, number][] = [];
    const onProgress = (done: number, total: number) => told.push([done, total]);
    const report = reportOf({ users: tableOf(1_700), sessions: tableOf(300) });
    await bytesOf(render(report, { onProgress, printer }));
    // On paper there is an end to what anybody reads.
    const most = name === "pdf" ? 1_000 : 2_000;
    expect(told.at(-1)).toEqual([most, most]);
    expect(told.length).toBeGreaterThan(1);
    expect(told).toEqual(told.toSorted(([a], [b]) => a - b));
  });
});

describe.each(streaming)("a stream of %s", (name) => {
  const { render } = formats[name];

  test("begins before the last row is asked for, and ends when nobody reads on", async () => {
    for (const isDouble of [false, true]) {
      const { table, state } = endlessTable();
      const tables: Report["tables"] = isDouble ? { users: tableOf(3), endless: table } : { endless: table };
      let size = 0;
      for await (const chunk of render(reportOf(tables))) {
        size += chunk.length;
        if (size > 300_000) break;
      }
      expect(state.opened).toBeGreaterThan(0);
      expect(state.closed).toBe(state.opened);
    }
  });

  test("waits for a slow reader", async () => {
    let asked = 0;
    const table = tableOf(1_000_000, (i) => {
      asked = i;
      return personRow(i);
    });
    let size = 0;
    for await (const chunk of render(reportOf({ users: table }))) {
      size += chunk.length;
      if (size < 300_000) continue;
      // What lies between fills up, and then there is peace.
      for (let before = -1; before !== asked; await setTimeout(250)) before = asked;
      expect(asked).toBeLessThan(200_000);
      break;
    }
  });

  test("that nobody begins to read opens nothing", async () => {
    const { table, state } = endlessTable();
    await render(reportOf({ endless: table })).return();
    expect(state.opened).toBe(0);
  });

  test("leaves room for all else in the process", async () => {
    await bytesOf(render(reportOf({ users: tableOf(2_000) })));
    let turns = 0;
    const timer = setInterval(() => {
      turns += 1;
    }, 1);
    await bytesOf(render(reportOf({ users: tableOf(20_000) })));
    clearInterval(timer);
    expect(turns).toBeGreaterThan(8);
  });
});

describe("a file's name", () => {
  const named = (more: Partial<Report>) => fileName(reportOf({ users: tableOf(1) }, more), formats.csv);
  const subject = {
    handle: "~abcdefghijk",
    name: null,
    team: null,
    status: "active",
    lastActive: null,
  } as const;

  test.each<[string, Partial<Report>]>([
    ["vault-usage-users-2026-10-24-to-2026-11-22.csv", {}],
    [
      "vault-usage-users-inactive-team-sales-sons-2026-10-24-to-2026-11-22.csv",
      { request: { report: "users", period: "", status: "inactive", team: "Sales & Söns" } },
    ],
    [
      "vault-usage-inactive-60-days-2026-10-24-to-2026-11-22.csv",
      { report: "inactive", request: { report: "inactive", period: "", days: 60 } },
    ],
    [
      "vault-usage-user-zoe-angstrom-example-com-2026-10-24-to-2026-11-22.csv",
      { report: "user", subject: { ...subject, user: "zoë.ångström@example.com" } },
    ],
    [
      "vault-usage-user-etc-passwd-2026-11-22.csv",
      {
        report: "user",
        subject: { ...subject, user: "../../etc/passwd\0日本" },
        period: { from: "2026-11-22", to: "2026-11-22", timeZone: "UTC", label: "today" },
      },
    ],
  ])("%s", (name, more) => {
    expect(named(more)).toBe(name);
  });
});
