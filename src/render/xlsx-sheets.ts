import stringWidth from "fast-string-width";
import { dayNumber } from "../domain/calendar.ts";
import { metricKeys, metrics } from "../domain/metrics.ts";
import type { Cell, Chart, Column, Report, Row, Table } from "../domain/report.ts";
import { type Status, statusMarks } from "../domain/status.ts";
import { wordCell } from "./cell-text.ts";
import { EPOCH } from "./xlsx-cell.ts";
import { sheetNames } from "./xlsx-names.ts";

const MEASURED_ROWS = 200;
const [NARROWEST, WIDEST] = [9, 60];
/** What the buttons of a filter hide of a title. */
const FILTER_BUTTON = 4;

/** A column of a sheet; instants and days are numbers that are shown as dates. */
export interface SheetColumn {
  readonly title: string;
  readonly type: "text" | "count" | "instant" | "day";
  readonly cell: (row: Row) => Cell;
  /** In characters. */
  readonly width: number;
}

/** A table with the names of the sheets that it fills, one after the other. */
export interface SheetTable {
  readonly names: readonly string[];
  readonly columns: readonly SheetColumn[];
  readonly table: Table;
}

/** The sheets of a report's tables and of its trend. `mostRows` is what one holds below its header. */
export async function planSheets(report: Report, mostRows: number): Promise<SheetTable[]> {
  const { timeZone } = report.period;
  const tables = Object.values(report.tables).map((table) => ({
    table,
    columns: table.columns.map((column) => columnOf(column, timeZone)),
  }));
  for (const chart of report.charts) if (chart.id === "trend") tables.push(trendTable(chart));
  const names = sheetNames(
    tables.map(({ table }) => ({
      title: table.title,
      parts: Math.max(1, Math.ceil(table.total / mostRows)),
    })),
  );
  return Promise.all(
    tables.map(async ({ table, columns }, i) => ({
      table,
      names: names[i] ?? [],
      columns: await withWidths(table, columns),
    })),
  );
}

type UnmeasuredColumn = Omit<SheetColumn, "width">;

function columnOf({ key, title, kind }: Column, timeZone: string): UnmeasuredColumn {
  const cell = (row: Row): Cell => row[key] ?? null;
  if (kind === "instant") return { title: `${title} (${timeZone})`, type: "instant", cell };
  if (kind === "count") return { title, type: "count", cell };
  return {
    title,
    type: "text",
    cell: (row) => {
      const word = wordCell(kind, cell(row));
      const mark = kind === "status" ? statusMarks[cell(row) as Status] : undefined;
      return typeof mark === "string" ? `${mark} ${word}` : word;
    },
  };
}

/** The numbers that a trend is drawn from. */
function trendTable({ rows, metrics: shown = metricKeys }: Chart): {
  table: Table;
  columns: UnmeasuredColumn[];
} {
  const day: UnmeasuredColumn = {
    title: "Day",
    type: "day",
    cell: (row) => EPOCH + dayNumber(String(row.day)),
  };
  const counts = shown.map(
    (key): UnmeasuredColumn => ({
      title: metrics[key].title,
      type: "count",
      cell: (row) => row[key] ?? null,
    }),
  );
  const table: Table = {
    title: "Trend",
    columns: [],
    total: rows.length,
    async *rows() {
      yield* rows;
    },
  };
  return { table, columns: [day, ...counts] };
}

const dateWidths: Partial<Record<SheetColumn["type"], number>> = { instant: 17, day: 11 };

/** Wide enough for the titles and the first rows. */
async function withWidths(table: Table, columns: readonly UnmeasuredColumn[]): Promise<SheetColumn[]> {
  const widths = columns.map(({ title, type }) =>
    Math.max(widthOf(title) + FILTER_BUTTON, dateWidths[type] ?? 0),
  );
  let measured = 0;
  for await (const row of table.rows()) {
    if (measured++ >= MEASURED_ROWS) break;
    for (const [i, { cell }] of columns.entries()) widths[i] = Math.max(widths[i] ?? 0, widthOf(cell(row)));
  }
  return columns.map((column, i) => ({
    ...column,
    width: Math.min(Math.max(widths[i] ?? 0, NARROWEST) + 1, WIDEST),
  }));
}

/** Numbers have separators, which take a third of a digit's width each. */
function widthOf(cell: Cell): number {
  if (typeof cell === "string") return stringWidth(cell.slice(0, WIDEST));
  return typeof cell === "number" ? String(cell).length * 1.2 : 0;
}
