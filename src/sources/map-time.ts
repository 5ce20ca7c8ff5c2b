import { Rejection } from "./source.ts";

/** How a column of times may be written. Which of day and month comes first is said, and never guessed. */
export const timeFormats = [
  "ISO 8601",
  "DD/MM/YYYY HH:mm:ss",
  "MM/DD/YYYY HH:mm:ss",
  "DD.MM.YYYY HH:mm:ss",
  "epoch seconds",
  "epoch milliseconds",
] as const;

export type TimeFormat = (typeof timeFormats)[number];

/** Seconds may be missing; twelve hours have AM or PM. */
const dated =
  /^(\d{1,2})([/.])(\d{1,2})\2(\d{4})(?:,? +|T)(\d{1,2}):(\d\d)(?::(\d\d)(?:\.\d+)?)?(?: ?([AP])\.?M\.?)?$/i;
const iso = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d/;

/** The same time as ISO 8601, without an offset where none was written; undefined for what is written otherwise. */
export function isoOf(text: string, format: TimeFormat): string | undefined {
  const time = text.trim();
  if (format === "ISO 8601") return iso.test(time) ? time : undefined;
  if (format === "epoch seconds") return instantOf(/^\d{9,11}(?:\.\d+)?$/, time, 1000);
  if (format === "epoch milliseconds") return instantOf(/^\d{12,14}$/, time, 1);
  const [, first = "", mark, second = "", year, hours = "", minutes, seconds = "00", half] =
    dated.exec(time) ?? [];
  if (mark !== format.charAt(2)) return undefined;
  const [day, month] = format.startsWith("MM") ? [second, first] : [first, second];
  const isDate = Number(month) >= 1 && Number(month) <= 12 && Number(day) >= 1 && Number(day) <= 31;
  const isHour = half === undefined || (Number(hours) >= 1 && Number(hours) <= 12);
  if (!isDate || !isHour) return undefined;
  const hour =
    half === undefined ? Number(hours) : (Number(hours) % 12) + (half.toLowerCase() === "p" ? 12 : 0);
  return `${year}-${two(month)}-${two(day)}T${two(hour)}:${minutes}:${seconds}`;
}

/** The same of a record. @throws Rejection */
export function timeOf(value: unknown, format: TimeFormat | undefined): unknown {
  if (typeof value !== "string" || value.trim() === "") return undefined;
  const time = isoOf(value, format ?? "ISO 8601");
  if (time !== undefined) return time;
  if (format !== undefined) throw new Rejection(`the time is not written as ${format}, as the map says`);
  throw new Rejection("the time is not ISO 8601; “timeFormat” in the map says how it is written");
}

/** So many of the times have to be written in a way; the rest may be broken. */
const mostly = 0.8;

/** The ways in which the times may be written, as far as they tell: a 25 in the place of the month rules that out. */
export function timeFormatsOf(times: readonly string[]): TimeFormat[] {
  const counts = timeFormats.map(
    (format) => times.filter((time) => isoOf(time, format) !== undefined).length,
  );
  const most = Math.max(...counts);
  if (most === 0 || most < mostly * times.length) return [];
  return timeFormats.filter((_, i) => counts[i] === most);
}

function instantOf(shape: RegExp, text: string, unit: number): string | undefined {
  return shape.test(text) ? new Date(Number(text) * unit).toISOString() : undefined;
}

const two = (part: string | number): string => String(part).padStart(2, "0");
