import { inactiveGroupTitles } from "../domain/inactive.ts";
import type { Cell, ColumnKind } from "../domain/report.ts";
import { statusTitles } from "../domain/status.ts";

/** What no XML may hold and no spreadsheet shows. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const UNWRITABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff]/g;

/** The text without control characters and with U+FFFD for halves of characters; tabs and line breaks stay. */
export function writableText(text: string): string {
  return text.toWellFormed().replace(UNWRITABLE, "");
}

const titles: Partial<Record<ColumnKind, Readonly<Record<string, string>>>> = {
  status: statusTitles,
  group: inactiveGroupTitles,
};

/** A cell with a reader's word for what a column of that kind calls by a key (`quiet`: Went quiet). */
export function wordCell(kind: ColumnKind, cell: Cell): Cell {
  const known = titles[kind];
  return known && typeof cell === "string" && Object.hasOwn(known, cell) ? (known[cell] ?? cell) : cell;
}
