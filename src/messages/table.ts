import type { RichTextBlock, RichTextElement, TableBlock } from "@slack/types";
import stringWidth from "fast-string-width";
import { formatCount } from "../domain/words.ts";
import type { Grid, GridColumn } from "./grid.ts";
import { clip, limits, NOTHING, preformattedBlock, sentLength } from "./limits.ts";

/** A table as a block, with as many rows as fit. */
interface ShownTable {
  readonly block: TableBlock | RichTextBlock;
  readonly rows: number;
}

const PLAIN_TEXT = 4_000;
/** Narrow enough that a page of rows fits. */
const PLAIN_CELL = 24;

const isNumber = (column: GridColumn): boolean => column.kind === "count";

/** Slack's own table. */
export function tableBlock(grid: Grid): ShownTable {
  const { columns } = grid;
  const lines = [columns.map((column) => column.title)];
  let length = lineLength(lines[0] ?? []);
  for (let row = 0; row < grid.rows; row++) {
    const cells = columns.map((column) => column.cells[row] ?? NOTHING);
    length += lineLength(cells);
    if (length > limits.tableText) break;
    lines.push(cells);
  }
  const block: TableBlock = {
    type: "table",
    column_settings: columns.map((column) => ({ align: isNumber(column) ? "right" : "left" })),
    rows: lines.map((cells) => cells.map((text) => ({ type: "raw_text", text }))),
  };
  return { block, rows: lines.length - 1 };
}

/** The same in a fixed-width font, for where Slack refuses its own table. */
export function plainTable(grid: Grid): ShownTable {
  const columns = grid.columns.map((column) => ({
    ...column,
    cells: column.cells.map((text) => clip(text, PLAIN_CELL)),
  }));
  const widths = columns.map((column) =>
    Math.max(...[column.title, ...column.cells].map((text) => stringWidth(text))),
  );
  const lineOf = (texts: readonly string[]): string =>
    texts
      .map((text, i) => {
        const space = " ".repeat(Math.max(0, (widths[i] ?? 0) - stringWidth(text)));
        const column = columns[i];
        return column && isNumber(column) ? space + text : text + space;
      })
      .join("  ")
      .trimEnd();
  const lines = [lineOf(columns.map((column) => column.title))];
  let length = sentLength(lines[0] ?? "");
  for (let row = 0; row < grid.rows; row++) {
    const line = lineOf(columns.map((column) => column.cells[row] ?? NOTHING));
    length += sentLength(line) + 1;
    if (length > PLAIN_TEXT) break;
    lines.push(line);
  }
  return { block: preformattedBlock(lines), rows: lines.length - 1 };
}

/** The same as a line for each row, for where there is no room for columns. */
export function listTable(grid: Grid): ShownTable {
  const elements: RichTextElement[] = [];
  let length = 0;
  let rows = 0;
  for (; rows < grid.rows; rows++) {
    const [lead, rest] = rowParts(grid, rows);
    length += sentLength(lead) + sentLength(rest) + 2;
    if (length > PLAIN_TEXT) break;
    elements.push(
      { type: "text", text: lead, style: { bold: true } },
      { type: "text", text: `\n${rest}${rows < grid.rows - 1 ? "\n" : ""}` },
    );
  }
  return { block: { type: "rich_text", elements: [{ type: "rich_text_section", elements }] }, rows };
}

/** A row in words, its first cell leading: `Ann Ek: Active, Sessions 4, …`. */
export function rowSentence(grid: Grid, row: number): string {
  return rowParts(grid, row).join(": ");
}

function rowParts(grid: Grid, row: number): [lead: string, rest: string] {
  const [lead, ...others] = grid.columns;
  const parts = others.flatMap((column) => {
    const text = column.cells[row] ?? NOTHING;
    if (text === NOTHING) return [];
    return column.kind === "status" ? text.replace(/^\S /, "") : `${column.title} ${text}`;
  });
  return [lead?.cells[row] ?? NOTHING, parts.join(", ")];
}

/** `Users 11–20 of 41`. */
export function rangeText(grid: Grid, shown: number): string {
  if (grid.total === 0) return `${grid.title}: none`;
  if (shown === 0) return `${grid.title}: ${formatCount(grid.total)}`;
  const [first, last] = [grid.before + 1, grid.before + shown];
  return `${grid.title} ${formatCount(first)}–${formatCount(last)} of ${formatCount(grid.total)}`;
}

function lineLength(cells: readonly string[]): number {
  return cells.reduce((sum, text) => sum + sentLength(text), 0);
}
