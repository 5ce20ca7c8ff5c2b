import { clockTolerance } from "./instant.ts";
import { Rejection } from "./source.ts";

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/** Two digits of the month that begins with these three letters. */
export function monthOf(name: string): string | undefined {
  const month = months.indexOf(name.toLowerCase()) + 1;
  return month === 0 ? undefined : twoDigits(month);
}

const shape =
  /^(?:[A-Za-z]{3},? )?([A-Za-z]{3})[a-z]{0,6}\.? +(\d{1,2})(?:,? (\d{4}))?,? +(\d{1,2}):(\d\d)(?::(\d\d(?:\.\d{1,9})?))?(?: ?([AaPp])[Mm])?(?: (UTC|GMT|Z))?$/;
const dayFirst = /^(\d{1,2})[ -]([A-Za-z]{3})[a-z]{0,6}[ -](\d{4})/;

/**
 * ISO 8601 of a wall clock with the month's name: `Mar  2 08:01:00`, `Nov 10 2022 15:43:42`, `Mar 2, 2026 08:01:22 PM`,
 * `02 Mar 2026 08:01`. Without a year it comes as `--03-02T08:01:00`. `undefined` for anything else.
 */
export function isoOfWords(text: string): string | undefined {
  const found = shape.exec(text.trim().replace(dayFirst, "$2 $1 $3"));
  if (found === null) return undefined;
  const [, name = "", day = "", year, hours = "", minutes, seconds = "00", half, utc] = found;
  const month = monthOf(name);
  let hour = Number(hours);
  if (month === undefined || (half !== undefined && (hour < 1 || hour > 12))) return undefined;
  if (half !== undefined) hour = (hour % 12) + (half.toLowerCase() === "p" ? 12 : 0);
  const date = `${month}-${day.padStart(2, "0")}`;
  return `${year ?? "-"}-${date}T${twoDigits(hour)}:${minutes}:${seconds}${utc === undefined ? "" : "Z"}`;
}

function twoDigits(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}

const yearless = /^--\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?$/;
/** Leap days of a century's turn are eight years apart. */
const maxYearsBack = 8;

/**
 * Gives times without a year theirs: the last year in which they do not lie in the future of `now`, as a log tells what
 * was. (The nearest year would put a March that is read in November into the next.) So a file has to be read within a
 * year of being written. Other values stay as they are.
 */
export function createYears(now: number, zone: string | undefined): (time: unknown) => unknown {
  const latest = Temporal.Instant.fromEpochMilliseconds(now + clockTolerance)
    .toZonedDateTimeISO(zone ?? "UTC")
    .toPlainDateTime()
    .toString({ smallestUnit: "second" });
  const thisYear = Number(latest.slice(0, 4));
  return (time) => {
    if (typeof time !== "string" || !yearless.test(time)) return time;
    if (zone === undefined) {
      throw new Rejection(`time ${time} has no zone; --source-time-zone says in which it was written`);
    }
    for (let year = thisYear; year >= thisYear - maxYearsBack; year--) {
      const whole = `${year}${time.slice(1)}`;
      if (whole > latest || (time.startsWith("--02-29") && !isLeap(year))) continue;
      return whole;
    }
    return time;
  };
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}
