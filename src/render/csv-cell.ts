import type { Cell } from "../domain/report.ts";
import { writableText } from "./cell-text.ts";
import { isoText } from "./instant-text.ts";

/** Most texts: nothing to clean or to quote, and no beginning of a formula. */
const PLAIN = /^[A-Za-z0-9][ !#-+\--~]*$/;

/**
 * What a spreadsheet would calculate instead of show (OWASP, "CSV Injection"), with the full-width forms that some take
 * for the same, and behind anything that some leave out.
 */
const FORMULA = /^[\t\r\n]|^[\s\p{Cf}]*[=+\-@＝＋－＠]/u;

/**
 * A text as a cell, with an apostrophe before what would be run as a formula. The quotes are RFC 4180's; written here,
 * because a library takes half of the time that a file takes for them.
 */
export function csvText(text: string): string {
  if (PLAIN.test(text)) return text;
  const writable = writableText(text);
  const harmless = FORMULA.test(writable) ? `'${writable}` : writable;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** Plain digits, with a point where there is a fraction; nothing for what is no number. */
export function csvNumber(value: number): string {
  if (Number.isSafeInteger(value)) return String(value);
  if (!Number.isFinite(value)) return "";
  return Number.isInteger(value) ? BigInt(value).toString() : String(value);
}

/** A cell that is no instant; those take two columns. */
export function csvCell(cell: Cell): string {
  if (cell === null) return "";
  if (typeof cell === "string") return csvText(cell);
  if (typeof cell === "number") return csvNumber(cell);
  if (!(cell instanceof Date)) return String(cell);
  return Number.isNaN(cell.getTime()) ? "" : isoText(cell.getTime());
}
