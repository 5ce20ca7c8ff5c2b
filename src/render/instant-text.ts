import { DAY, MINUTE } from "../domain/calendar.ts";

const HOUR = 60 * MINUTE;
/** The days of some two hundred years. */
const MOST_KEPT = 80_000;
const days = new Map<number, string>();

/** `2026-11-20`, of a number of days since 1970; of the years that `Date` writes with a sign, with that sign. */
function dayText(day: number): string {
  let text = days.get(day);
  if (text === undefined) {
    text = new Date(day * DAY).toISOString().split("T")[0] ?? "";
    if (days.size >= MOST_KEPT) days.clear();
    days.set(day, text);
  }
  return text;
}

const padded = Array.from({ length: 1_000 }, (_, i) => String(i).padStart(2, "0"));
const two = (value: number): string => padded[value] ?? "";
const three = (value: number): string => (value < 100 ? `0${two(value)}` : two(value));

/** `2026-11-20 08:41`, of milliseconds since 1970 as UTC's clocks show them. */
export function minuteText(at: number): string {
  const day = Math.floor(at / DAY);
  const time = at - day * DAY;
  return `${dayText(day)} ${two(Math.floor(time / HOUR))}:${two(Math.floor(time / MINUTE) % 60)}`;
}

/** `2026-11-20T08:41:07.000Z`: what `toISOString` gives, which a large file would spend half its time in. */
export function isoText(at: number): string {
  const day = Math.floor(at / DAY);
  const time = at - day * DAY;
  const [hour, minute] = [Math.floor(time / HOUR), Math.floor(time / MINUTE) % 60];
  const clock = `${two(hour)}:${two(minute)}:${two(Math.floor(time / 1_000) % 60)}.${three(time % 1_000)}`;
  return `${dayText(day)}T${clock}Z`;
}
