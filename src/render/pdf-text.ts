import { type Calendar, createCalendar } from "../domain/calendar.ts";
import { formatTime } from "../domain/format.ts";
import { dayLabel } from "../domain/period.ts";
import type { Cell } from "../domain/report.ts";
import { formatCount } from "../domain/words.ts";
import { writableText } from "./cell-text.ts";

/** Says what a cell holds in print, where no word may depend on the day it is read. */
export type CellWriter = (cell: Cell) => string;

const NOTHING = "–";
/** Keeps a moment on one line. */
const SPACE = "\u00a0";

/** Instants are told in the zone: `22 Nov 2026 09:41`. */
export function createCellWriter(timeZone: string): CellWriter {
  const calendar = createCalendar(timeZone);
  return (cell) => {
    if (cell === null) return NOTHING;
    if (cell instanceof Date) return momentText(cell, calendar);
    return typeof cell === "number" ? formatCount(cell) : writableText(String(cell));
  };
}

function momentText(at: Date, calendar: Calendar): string {
  const day = dayLabel(calendar.dayOf(at.getTime()));
  return `${day} ${formatTime(at, calendar)}`.replaceAll(" ", SPACE);
}
