import { type Calendar, DAY, daysBetween } from "./calendar.ts";

export const HOUR = 3_600_000;
const WEEK_HOURS = 7 * 24;
/**
 * How far back a source's habits are looked at, in milliseconds; also for how long its silence is told. After that it
 * counts as given up, or whoever replaced a vault would be warned for ever.
 */
export const HABIT = 8 * 7 * DAY;
/** A shorter silence, of events and of files, is never told, so that nobody has to look at a source's habits. */
export const SHORTEST_SILENCE = 8 * HOUR;
export const SHORTEST_WAIT = 2 * DAY;

/** Of the last four times that an hour of the week came, it is usual when the source had events in three. */
const WEEKS = 4;
const USUAL = 3;
/** Usual hours that have to be missed, and how many of them not on the day on which most are; or, in all, so many. */
const MISSED = 8;
const MISSED_ELSEWHEN = 3;
const MISSED_ANYWAY = 14;
const LONGER = 1.5;
const ACTIVE_DAYS = 8;
const IMPORT_DAYS = 3;
const IMPORTS_SPAN = 14;
const LAST_IMPORT_DAYS = 30;

/** Why a source counts as silent, and since when. `collecting`: nobody asks the vault any more. */
export type Silence =
  | { readonly kind: "events" | "imports" | "collecting"; readonly since: Date }
  | { readonly kind: "failure"; readonly since: Date; readonly reason: string };

/**
 * Whether a source whose events come by themselves is silent for longer than usual. `hours` are the beginnings of the
 * UTC hours in which it had events in the eight weeks up to `lastAt`, its last event, in order; all in milliseconds
 * since the epoch.
 *
 * It is, when it missed eight hours in which it is usually active: hours of the week, on the clocks of the zone, in which
 * it had events in three of the four weeks before (so a holiday in one of them changes nothing). Three of them have to
 * lie outside the day on which it missed most, or they have to be fourteen: an office's public holiday, with an early
 * end the day before, is no fault, and who works around the clock is missed on the same day. A source that is hardly
 * ever active at the same hour is silent for longer than usual when it is so for half as long again as ever in the
 * eight weeks, and for a day at least. With less than four weeks, or eight days of activity, nobody knows what is usual.
 */
export function isSilent(
  { hours, lastAt }: { readonly hours: readonly number[]; readonly lastAt: number },
  now: number,
  calendar: Calendar,
): boolean {
  const silence = now - lastAt;
  if (silence < SHORTEST_SILENCE || silence > HABIT) return false;
  return hasMissedHours(hours, lastAt, now, calendar.timeZone) || isLongest(hours, silence, calendar);
}

function hasMissedHours(hours: readonly number[], lastAt: number, now: number, timeZone: string): boolean {
  const [first] = hours;
  const before = lastAt - WEEKS * 7 * DAY;
  if (first === undefined || first > before) return false;
  // An hour earlier, since clocks may have been set since.
  const recent = hours.filter((hour) => hour >= before - 2 * HOUR);
  const active = new Set(recent.map((hour) => wallHour(hour, timeZone)));
  const last = wallHour(lastAt, timeZone);
  const current = wallHour(now, timeZone);
  const days = new Map<number, number>();
  let missed = 0;
  let mostOnOneDay = 0;
  for (let hour = last + 1; hour < current; hour++) {
    if (!isUsual(hour, last, active)) continue;
    const day = Math.floor(hour / 24);
    const onThisDay = (days.get(day) ?? 0) + 1;
    days.set(day, onThisDay);
    missed += 1;
    mostOnOneDay = Math.max(mostOnOneDay, onThisDay);
    if (missed >= MISSED_ANYWAY || (missed >= MISSED && missed - mostOnOneDay >= MISSED_ELSEWHEN))
      return true;
  }
  return false;
}

/** Looks at the four weeks before the silence, however long that is. */
function isUsual(hour: number, last: number, active: ReadonlySet<number>): boolean {
  const latest = hour - Math.ceil((hour - last) / WEEK_HOURS) * WEEK_HOURS;
  let count = 0;
  for (let week = 0; week < WEEKS; week++) if (active.has(latest - week * WEEK_HOURS)) count += 1;
  return count >= USUAL;
}

/** The hours that the clocks of a zone have counted since 1970: the same hour of each week is 168 apart. */
function wallHour(at: number, timeZone: string): number {
  const { offsetNanoseconds } = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone);
  return Math.floor((at + offsetNanoseconds / 1e6) / HOUR);
}

function isLongest(hours: readonly number[], silence: number, { dayOf }: Calendar): boolean {
  if (silence <= Math.max(DAY, LONGER * longestPause(hours))) return false;
  return new Set(hours.map(dayOf)).size >= ACTIVE_DAYS;
}

function longestPause(instants: readonly number[]): number {
  return instants.reduce((most, at, i) => Math.max(most, at - (instants[i - 1] ?? at)), 0);
}

/**
 * Whether a source that comes through files alone is due for one: `imports`, the moments at which files brought
 * something new, in order, are longer ago than half as long again as ever between the latest ones, and two days at
 * least. Of fewer than three days, or of less than two weeks, as when somebody tries the app out, nobody knows what is
 * usual. How often there are events says nothing here: between two files there never are any.
 */
export function isImportDue(imports: readonly number[], now: number, { dayOf }: Calendar): boolean {
  const days = [...new Map(imports.map((at) => [dayOf(at), at]))].slice(-LAST_IMPORT_DAYS);
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined || days.length < IMPORT_DAYS) return false;
  if (daysBetween(first[0], last[0]) < IMPORTS_SPAN) return false;
  const due = last[1] + Math.max(SHORTEST_WAIT, LONGER * longestPause(days.map(([, at]) => at)));
  return now > due && now <= due + HABIT;
}
