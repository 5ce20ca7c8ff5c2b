import { SourceError } from "../errors.ts";
import { readRow } from "./csv-cutter.ts";

/** What may stand between the cells of a row. */
export const delimiters = [",", ";", "\t"] as const;

/** The beginning of a CSV: its columns, and its first rows in the same order. */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** A CSV that no source knows. `table` is what was seen of it: of whom it is, so for nobody but whoever handed it in. */
export class UnknownTable extends SourceError {
  readonly table: Table;

  constructor(message: string, table: Table) {
    super(message);
    this.table = table;
  }
}

/** The beginning of a text as a table, for each delimiter that makes it one; the one of most columns first. */
export function readTables(head: string): Table[] {
  const tables = delimiters.flatMap((delimiter) => readTable(head, delimiter) ?? []);
  return tables.toSorted((a, b) => b.columns.length - a.columns.length);
}

/** A table has two columns or more, each with a name, and a row that fits. What is cut at the end is left out. */
function readTable(head: string, delimiter: string): Table | undefined {
  let at = head.length - head.trimStart().length;
  let columns: readonly string[] | undefined;
  const rows: (readonly string[])[] = [];
  while (at < head.length) {
    const row = readRow(head, at, delimiter, true);
    if (typeof row === "string") break;
    // It may go on behind the beginning.
    if (row.end >= head.length && head.at(-1) !== "\n" && rows.length > 0) break;
    at = row.end;
    if (columns === undefined) columns = row.cells.map((cell) => cell.trim());
    else if (row.cells.length === columns.length) rows.push(row.cells);
  }
  const isTable = columns !== undefined && columns.length > 1 && columns.every((name) => name !== "");
  return isTable && columns !== undefined && rows.length > 0 ? { columns, rows } : undefined;
}
