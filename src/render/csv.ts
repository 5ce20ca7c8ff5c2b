import type { Column, Report, Row, Table } from "../domain/report.ts";
import { countRows, inBatches } from "./batches.ts";
import { wordCell } from "./cell-text.ts";
import { csvCell, csvText } from "./csv-cell.ts";
import { slug } from "./file-name.ts";
import type { RenderOptions } from "./format.ts";
import { isoText, minuteText } from "./instant-text.ts";
import { summaryTable } from "./summary.ts";
import { createWallClock, type WallClock } from "./wall-clock.ts";
import { renderZip, type ZipEntry } from "./zip.ts";

/** Without it Excel reads UTF-8 as the machine's old code page. */
const BYTE_ORDER_MARK = "\ufeff";
const LINE_END = "\r\n";

/**
 * The report's table as CSV by RFC 4180: UTF-8 with a byte order mark. A report of several tables becomes a zip with a
 * file for each and `summary.csv`; one of none, that summary alone.
 */
export async function* renderCsv(report: Report, options: RenderOptions): AsyncGenerator<Uint8Array, void> {
  const tables = Object.values(report.tables);
  const count = countRows(tables, options.onProgress);
  const write = (table: Table, told = count) => csvOf(table, report.period.timeZone, told);
  const summary = () => write(summaryTable(report, options), () => undefined);
  const [table] = tables;
  if (table === undefined) yield* summary();
  else if (tables.length === 1) yield* write(table);
  else {
    const entries: ZipEntry[] = [
      { name: "summary.csv", content: summary },
      ...Object.entries(report.tables).map(([key, each], i) => ({
        name: `${i + 1}-${slug(key) || "table"}.csv`,
        content: () => write(each),
      })),
    ];
    yield* renderZip(entries, report.asOf);
  }
}

/** A column of the file: its title, and its cell of a row. */
type CsvColumn = readonly [title: string, cell: (row: Row) => string];

async function* csvOf(
  table: Table,
  timeZone: string,
  count: (rows: number) => void,
): AsyncGenerator<Uint8Array, void> {
  const wallClock = createWallClock(timeZone);
  const columns = table.columns.flatMap((column) => columnsOf(column, timeZone, wallClock));
  yield Buffer.from(BYTE_ORDER_MARK + columns.map(([title]) => csvText(title)).join(",") + LINE_END);
  for await (const rows of inBatches(table.rows())) {
    let text = "";
    for (const row of rows) {
      let separator = "";
      for (const [, cell] of columns) {
        text += separator + cell(row);
        separator = ",";
      }
      text += LINE_END;
    }
    yield Buffer.from(text);
    count(rows.length);
  }
}

/** An instant as read on the clocks of the zone, to be sorted and filtered, and exactly. */
function columnsOf({ key, title, kind }: Column, timeZone: string, wallClock: WallClock): CsvColumn[] {
  if (kind === "count") return [[title, (row) => csvCell(row[key] ?? null)]];
  if (kind !== "instant") return [[title, (row) => csvCell(wordCell(kind, row[key] ?? null))]];
  const instant =
    (write: (at: number) => string) =>
    (row: Row): string => {
      const cell = row[key];
      const at = cell instanceof Date ? cell.getTime() : Number.NaN;
      return Number.isNaN(at) ? "" : write(at);
    };
  return [
    [`${title} (${timeZone})`, instant((at) => minuteText(wallClock(at)))],
    [`${title} (UTC, ISO 8601)`, instant(isoText)],
  ];
}
