import { type InactiveGroup, inactiveGroupTitles } from "../domain/inactive.ts";
import type { Column, ColumnKind, Report, Row, Table } from "../domain/report.ts";
import type { ReportName } from "../domain/request.ts";
import { type Status, statusMarks, statusTitles } from "../domain/status.ts";
import { formatCount } from "../domain/words.ts";
import { fromOutside, limits, NOTHING } from "./limits.ts";

const WIDEST_NAME = 60;
const WIDEST_TEXT = 40;

/** A column as a message shows it, with its cells from top to bottom, all filled. */
export interface GridColumn {
  readonly title: string;
  readonly kind: ColumnKind;
  readonly cells: readonly string[];
}

/** The top of a table as texts. */
export interface Grid {
  readonly title: string;
  readonly columns: readonly GridColumn[];
  readonly rows: number;
  /** How many rows of the table stand before these. */
  readonly before: number;
  /** How many rows the whole table has. */
  readonly total: number;
}

/** The table that a message shows, which may hold one. */
export function mainTable(report: Report): Table | undefined {
  return Object.values(report.tables)[0];
}

/** How many rows of the main table a message shows at once. */
const pageSizes: Readonly<Record<ReportName, number>> = {
  overview: 10,
  users: 20,
  user: 10,
  me: 10,
  inactive: 20,
};

/** A part of the main table. */
export interface Page {
  readonly rows: readonly Row[];
  /** Which page it is, and how many there are; a table without rows has one. */
  readonly page: number;
  readonly pages: number;
  /** How many rows of the table stand before these. */
  readonly before: number;
}

/** A page of the report's main table, from 0; the last one where there is none of that number. */
export async function pageOf(report: Report, wanted: number): Promise<Page> {
  const table = mainTable(report);
  const size = pageSizes[report.report];
  const pages = Math.max(1, Math.ceil((table?.total ?? 0) / size));
  const page = Math.min(Math.max(0, Math.trunc(wanted) || 0), pages - 1);
  const before = page * size;
  const rows: Row[] = [];
  let passed = 0;
  if (table && table.total > 0) {
    for await (const row of table.rows()) {
      if (passed >= before) rows.push(row);
      passed += 1;
      if (rows.length >= size) break;
    }
  }
  return { rows, page, pages, before };
}

/** Rows as texts, with instants as `told` writes them; a person's name and address become one column, and other texts stand at the end. */
export function buildGrid(
  table: Table,
  given: Pick<Page, "rows" | "before">,
  told: (at: Date) => string,
): Grid {
  const { before } = given;
  const rows = given.rows.slice(0, limits.tableRows - 1);
  const text = (row: Row, column: Column): string => cellText(row, column, told);
  const [first, ...others] = table.columns;
  const people = peopleColumn(table.columns, rows);
  const filled = (
    people ? table.columns.filter(({ key }) => key !== "user" && key !== "name") : others
  ).filter(({ key, kind }) => kind !== "text" || rows.some((row) => (row[key] ?? null) !== null));
  const ordered = [
    ...filled.filter((column) => column.kind !== "text"),
    ...filled.filter((column) => column.kind === "text"),
  ];
  const plain = (column: Column): GridColumn => ({
    title: fromOutside(column.short, WIDEST_TEXT),
    kind: column.kind,
    cells: rows.map((row) => text(row, column)),
  });
  const lead = people ?? (first && plain(first));
  return {
    title: fromOutside(table.title, WIDEST_TEXT),
    columns: [...(lead ? [lead] : []), ...ordered.map(plain)].slice(0, limits.tableColumns),
    rows: rows.length,
    before,
    total: Math.max(table.total, before + rows.length),
  };
}

/** Names, or addresses of those without; both where a name alone would not tell who is meant. */
function peopleColumn(columns: readonly Column[], rows: readonly Row[]): GridColumn | undefined {
  const column = columns.find(({ key }) => key === "name");
  if (column === undefined || !columns.some(({ key }) => key === "user")) return undefined;
  const nameOf = (row: Row): string => fromOutside(String(row.name ?? row.user ?? ""), WIDEST_NAME);
  const names = rows.map(nameOf);
  const cells = rows.map((row, i) => {
    const name = names[i] ?? NOTHING;
    const isShared = names.indexOf(name) !== names.lastIndexOf(name);
    return isShared && row.name !== null ? `${name} (${fromOutside(String(row.user), WIDEST_NAME)})` : name;
  });
  return { title: fromOutside(column.short, WIDEST_TEXT), kind: "text", cells };
}

function cellText(row: Row, { key, kind }: Column, told: (at: Date) => string): string {
  const cell = row[key] ?? null;
  if (cell instanceof Date) return told(cell);
  if (cell === null) return key === "lastActive" ? "never" : NOTHING;
  if (kind === "status" && typeof cell === "string" && Object.hasOwn(statusTitles, cell)) {
    return `${statusMarks[cell as Status]} ${statusTitles[cell as Status]}`;
  }
  if (kind === "group" && typeof cell === "string" && Object.hasOwn(inactiveGroupTitles, cell)) {
    return inactiveGroupTitles[cell as InactiveGroup];
  }
  if (typeof cell === "number") return formatCount(cell);
  return fromOutside(String(cell), WIDEST_TEXT);
}
