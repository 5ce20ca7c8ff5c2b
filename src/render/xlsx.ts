import type { Report, Row } from "../domain/report.ts";
import { AppError } from "../errors.ts";
import { countRows, inBatches } from "./batches.ts";
import type { RenderOptions } from "./format.ts";
import { createWallClock, type WallClock } from "./wall-clock.ts";
import { cellXml, cleanCell } from "./xlsx-cell.ts";
import { buildFrame, type SheetFrame } from "./xlsx-frame.ts";
import { planSheets, type SheetColumn } from "./xlsx-sheets.ts";
import { renderZip, type ZipEntry } from "./zip.ts";

/** Of a sheet, below its header. */
const MOST_ROWS = 1_048_575;

/**
 * The report as an Excel workbook: a summary with the charts, and a sheet for each table and for the trend, which goes
 * on in a next one where it is full (`mostRows`).
 */
export async function* renderXlsx(
  report: Report,
  options: RenderOptions,
  mostRows = MOST_ROWS,
): AsyncGenerator<Uint8Array, void> {
  const wallClock = createWallClock(report.period.timeZone);
  const tables = await planSheets(report, mostRows);
  const { files, sheets } = await buildFrame(report, tables, { options, wallClock });
  const count = countRows(Object.values(report.tables), options.onProgress);
  const sources: RowSource[] = [];
  const contents = new Map<string, ZipEntry["content"]>();
  for (const [i, { table, columns }] of tables.entries()) {
    const source = createSource(table.rows());
    sources.push(source);
    // The trend's are no rows of the report's.
    const told = Object.values(report.tables).includes(table) ? count : () => undefined;
    const parts = sheets[i] ?? [];
    for (const frame of parts) {
      contents.set(frame.path, () =>
        sheetXml(frame, columns, source.take(mostRows, frame === parts.at(-1)), { wallClock, count: told }),
      );
    }
  }
  try {
    yield* renderZip(
      files.map(({ name, content }) => ({ name, content: contents.get(name) ?? content })),
      report.asOf,
    );
  } finally {
    for (const source of sources) await source.close();
  }
}

/** A table's rows, to be taken a sheet at a time. */
interface RowSource {
  /** The next rows in batches, at most so many. @throws AppError when there are more after the `last` take */
  take(most: number, isLast: boolean): AsyncIterable<readonly Row[]>;
  close(): Promise<unknown>;
}

function createSource(rows: AsyncIterable<Row>): RowSource {
  const batches = inBatches(rows);
  let rest: readonly Row[] = [];
  const next = async (): Promise<readonly Row[]> => {
    if (rest.length > 0) return rest;
    const { done, value } = await batches.next();
    return done ? [] : value;
  };
  return {
    async *take(most, isLast) {
      for (let left = most; left > 0; ) {
        const batch = await next();
        if (batch.length === 0) return;
        const part = batch.slice(0, left);
        rest = batch.slice(left);
        left -= part.length;
        yield part;
      }
      if (isLast && (await next()).length > 0) {
        throw new AppError("a table grew beyond its sheets while it was written", { retryable: true });
      }
    },
    close: () => batches.return(),
  };
}

async function* sheetXml(
  { before, after, styles }: SheetFrame,
  columns: readonly SheetColumn[],
  batches: AsyncIterable<readonly Row[]>,
  { wallClock, count }: { readonly wallClock: WallClock; readonly count: (rows: number) => void },
): AsyncGenerator<Uint8Array, void> {
  const cells = columns.map(({ cell }, i) => ({
    cell,
    letters: columnLetters(i),
    style: styles[i] ?? "0",
  }));
  yield Buffer.from(before);
  let number = 1;
  for await (const rows of batches) {
    let xml = "";
    for (const row of rows) {
      number += 1;
      xml += `<row r="${number}">`;
      for (const { cell, letters, style } of cells) {
        xml += cellXml(letters + number, style, cleanCell(cell(row), wallClock));
      }
      xml += "</row>";
    }
    yield Buffer.from(xml);
    count(rows.length);
  }
  yield Buffer.from(after);
}

/** `A` of 0, `AA` of 26. */
function columnLetters(index: number): string {
  const before = index < 26 ? "" : columnLetters(Math.floor(index / 26) - 1);
  return before + String.fromCharCode(65 + (index % 26));
}
