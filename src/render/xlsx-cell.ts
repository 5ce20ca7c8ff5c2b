import { DAY } from "../domain/calendar.ts";
import { writableText } from "./cell-text.ts";
import { escapeXml } from "./svg.ts";
import type { WallClock } from "./wall-clock.ts";

/** In UTF-16 units; what is longer makes Excel call the whole file broken. */
export const LONGEST_CELL = 32_767;

/** 1970 in days as Excel counts them. */
export const EPOCH = 25_569;
/** Excel's calendar is wrong before March 1900, and ends with the year 9999. */
const FIRST_DAY = 61;
const AFTER_LAST_DAY = 2_958_466;

/** What a sheet can hold. An instant is a number of days, as the wall's clocks show it. */
export type CleanCell = string | number | boolean | null;

/**
 * Any value as one that neither exceljs nor Excel stumbles over: texts without what XML may not hold and no longer than
 * a cell, numbers that are some, and null for what is nothing that a cell could show.
 */
export function cleanCell(value: unknown, wallClock: WallClock): CleanCell {
  if (typeof value === "string") return cellText(value);
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value === "boolean") return value;
  if (typeof value === "bigint") {
    return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  }
  return value instanceof Date ? dayNumber(value, wallClock) : null;
}

function dayNumber(at: Date, wallClock: WallClock): number | string | null {
  if (Number.isNaN(at.getTime())) return null;
  const days = EPOCH + wallClock(at.getTime()) / DAY;
  return days >= FIRST_DAY && days < AFTER_LAST_DAY ? days : at.toISOString();
}

/** Most texts: nothing to clean, and nothing to escape. */
const PLAIN = /^[A-Za-z0-9 ,.:;@()!?/+-]*$/;

function cellText(text: string): string {
  if (text.length <= LONGEST_CELL && PLAIN.test(text)) return text;
  // A line of XML ends with a line feed alone; a carriage return would come back as one.
  const writable = writableText(text).replace(/\r\n?/g, "\n");
  if (writable.length <= LONGEST_CELL) return writable;
  // Half of a character at the cut is no text.
  return `${writable.slice(0, LONGEST_CELL - 1).replace(/[\ud800-\udbff]$/, "")}…`;
}

/** What Excel would read as a character's number instead of as text: `_x0041_`. */
const CODED = /_(?=x[0-9A-Fa-f]{4}_)/g;

/** A clean cell as it has to be written for Excel to show what it says. */
export function writtenCell(cell: CleanCell): CleanCell {
  return typeof cell === "string" ? cell.replace(CODED, "_x005F_") : cell;
}

/** The XML of a cell; nothing for an empty one. `style` is the number of a format in `styles.xml`. */
export function cellXml(place: string, style: string, cell: CleanCell): string {
  if (cell === null) return "";
  const opening = `<c r="${place}" s="${style}"`;
  if (typeof cell === "number") return `${opening}><v>${cell}</v></c>`;
  if (typeof cell === "boolean") return `${opening} t="b"><v>${cell ? 1 : 0}</v></c>`;
  if (PLAIN.test(cell) && cell.trim() === cell) return `${opening} t="inlineStr"><is><t>${cell}</t></is></c>`;
  const text = escapeXml(String(writtenCell(cell)));
  return `${opening} t="inlineStr"><is><t xml:space="preserve">${text}</t></is></c>`;
}
