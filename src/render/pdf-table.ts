import type { Column, Row, Table } from "../domain/report.ts";
import { type Status, statusTitles } from "../domain/status.ts";
import { formatCount, plural } from "../domain/words.ts";
import { countRows, inBatches, type Progress } from "./batches.ts";
import { wordCell, writableText } from "./cell-text.ts";
import { type TextStyle, textWidth } from "./fonts.ts";
import type { CellWriter } from "./pdf-text.ts";

/** A cell of print. */
export interface PrintedCell {
  readonly text: string;
  /** Stands small below. */
  readonly detail?: string;
  /** Has its mark before it. */
  readonly status?: Status;
}

export interface PrintedColumn {
  readonly title: string;
  readonly isNumber: boolean;
  readonly isText: boolean;
  /** In millimetres; columns without share what is left. */
  readonly width?: number;
}

export interface PrintedTable {
  readonly title: string;
  /** How many rows there are, and how many of them are shown where that is not all. */
  readonly size: string;
  readonly isCut: boolean;
  readonly columns: readonly PrintedColumn[];
  readonly rows: readonly (readonly PrintedCell[])[];
}

/** Of all tables together; more would be hundreds of pages that nobody reads. */
export const MOST_ROWS = 1_000;

/** The tables as print shows them, the first `MOST_ROWS` rows of all. */
export async function printTables(
  tables: readonly Table[],
  write: CellWriter,
  onProgress?: Progress,
): Promise<PrintedTable[]> {
  let room = MOST_ROWS;
  const shown = tables.map((table) => {
    const rows = Math.min(room, table.total);
    room -= rows;
    return { table, most: rows };
  });
  const count = countRows(
    shown.map(({ table, most }) => ({ ...table, total: most })),
    onProgress,
  );
  const printed: PrintedTable[] = [];
  for (const { table, most } of shown) {
    const rows = await firstRows(table, most);
    count(rows.length);
    printed.push(printTable(table, rows, write));
  }
  return printed;
}

async function firstRows(table: Table, most: number): Promise<Row[]> {
  const rows: Row[] = [];
  if (most === 0) return rows;
  for await (const batch of inBatches(table.rows())) {
    rows.push(...batch.slice(0, most - rows.length));
    if (rows.length >= most) break;
  }
  return rows;
}

function printTable(table: Table, rows: readonly Row[], write: CellWriter): PrintedTable {
  const isCut = rows.length < table.total;
  const columns = shownColumns(table.columns, rows);
  return {
    title: writableText(table.title),
    size: isCut
      ? `${formatCount(rows.length)} of ${formatCount(table.total)} rows; the whole table is in the XLSX`
      : plural(rows.length, "row"),
    isCut,
    columns: withWidths(columns),
    rows: rows.map((row) => columns.map((column) => printCell(row, column, write))),
  };
}

/** A column that a person's address stands in below the name. */
type Shown = Column & { readonly detail?: string };

/** Name and address are one column; a column of text that nobody has anything in is none. */
function shownColumns(columns: readonly Column[], rows: readonly Row[]): Shown[] {
  const name = columns.find(({ key }) => key === "name");
  const isOfPeople = name !== undefined && columns.some(({ key }) => key === "user");
  const others = columns.filter(({ key }) => !isOfPeople || (key !== "user" && key !== "name"));
  const filled = others.filter(
    ({ key, kind }) =>
      kind !== "text" || rows.length === 0 || rows.some((row) => (row[key] ?? null) !== null),
  );
  return isOfPeople ? [{ ...name, detail: "user" }, ...filled] : filled;
}

function printCell(row: Row, { key, kind, detail }: Shown, write: CellWriter): PrintedCell {
  const cell = row[key] ?? null;
  if (detail !== undefined) {
    const below = row[detail] ?? null;
    return cell === null || cell === ""
      ? { text: write(below) }
      : { text: write(cell), detail: write(below) };
  }
  if (cell === null && key === "lastActive") return { text: "never" };
  const text = write(wordCell(kind, cell));
  return kind === "status" && typeof cell === "string" && Object.hasOwn(statusTitles, cell)
    ? { text, status: cell as Status }
    : { text };
}

/** As `templates/report.css` sets heads, cells and the page; the rest is in millimetres. */
const headStyle: TextStyle = { size: 9, weight: 600 };
const CELL_PADDING = 2.6;
const TABLE_WIDTH = 178;
const MM_PER_PIXEL = 25.4 / 96;
const SLACK = 0.4;
/** Of what a kind's cells hold; a text has no width of its own. */
const contentWidths: Partial<Record<Column["kind"], number>> = {
  count: 10,
  instant: 25.6,
  status: 16,
  end: 14,
  group: 26,
};
const TEXT_WIDTH = 21;
const PERSON_WIDTH = 30;

/** Widths for what is as wide in every row, so that names get all the rest; none where that would leave too little. */
function withWidths(columns: readonly Shown[]): PrintedColumn[] {
  const widths = columns.map(({ kind, short, detail }) => {
    const content = contentWidths[kind];
    if (content === undefined) return detail === undefined ? TEXT_WIDTH : PERSON_WIDTH;
    const words = short.split(/\s+/).map((word) => textWidth(word, headStyle) * MM_PER_PIXEL + SLACK);
    return Math.max(content, ...words) + CELL_PADDING;
  });
  const sum = widths.reduce((total, width) => total + width, 0);
  const texts = columns.flatMap(({ kind, detail }, i) => (kind === "text" ? [{ i, detail }] : []));
  const widest = (texts.find(({ detail }) => detail !== undefined) ?? texts[0])?.i;
  // Without a text to take the rest all take their part of it.
  const scale = widest === undefined ? TABLE_WIDTH / sum : 1;
  return columns.map(({ short, kind }, i) => ({
    title: writableText(short),
    isNumber: kind === "count",
    isText: kind === "text",
    ...(sum <= TABLE_WIDTH && i !== widest && { width: Math.round((widths[i] ?? 0) * scale * 10) / 10 }),
  }));
}
