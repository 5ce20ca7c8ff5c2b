import { CronExpressionParser } from "cron-parser";
import { DAY, MINUTE } from "./calendar.ts";
import { type Weekday, weekdays, workdays } from "./recurrence-words.ts";

export { describeRule, formatRule, parseRule, ruleExamples, type Weekday } from "./recurrence-words.ts";

/** Which of several days of a kind that a month has. */
export type Nth = 1 | 2 | 3 | 4 | "last";

/** A day of each month: a day that a month lacks is its last. A `"weekday"` is a day from Monday to Friday. */
export type MonthDay =
  | { readonly day: number | "last" }
  | { readonly nth: Nth; readonly weekday: Weekday | "weekday" };

/**
 * When something happens again and again, on the clocks of a place that is named elsewhere; plain JSON, as
 * `parseRule` makes it. `time` is `HH:MM`. `days` is in the order of the week and has each day once. `expression`
 * has five fields, single spaces and capitals.
 */
export type Rule =
  | { readonly kind: "weekly"; readonly days: readonly Weekday[]; readonly time: string }
  | { readonly kind: "monthly"; readonly on: MonthDay; readonly time: string }
  | { readonly kind: "quarterly"; readonly on: "first" | "last"; readonly time: string }
  | { readonly kind: "cron"; readonly expression: string };

/**
 * Times on clocks are counted like instants, in milliseconds as if the clocks were those of UTC, and days in days
 * since 1970.
 */
interface Times {
  /** Minutes since midnight, ascending. */
  readonly minutes: readonly number[];
  /** The first day that counts, from `day` on. */
  dayFrom(day: number): number;
}

/** No clock was ever changed by more: in Samoa, as on Kwajalein, a whole day was left out. */
const LONGEST_CHANGE = 25 * 60 * MINUTE;
/** In days, more than lie between any two of a rule other than cron. */
const LONGEST_PAUSE = 100;
const MOST_PASSED = 500;
const FIRST_REACH = 31 * DAY;

/**
 * The first instant after `after` at which a rule takes effect. Instants are whole milliseconds since the epoch; `zone` is
 * an IANA name that `timeZoneOf` gives. A time that the clocks skip takes effect as much later as they skip, one
 * that comes twice the first time only; times that so fall on one instant are one slot.
 */
export function nextSlot(rule: Rule, zone: string, after: number): number {
  return allSlots(rule, zone, after).next().value;
}

/** The first `count` slots after `after`, ascending; see `nextSlot`. */
export function slotsAfter(rule: Rule, zone: string, after: number, count: number): number[] {
  return allSlots(rule, zone, after).take(count).toArray();
}

/**
 * The latest slot after `after` that is not after `notAfter`, and those between `after` and it, oldest first:
 * of more than 500 the newest 500. However long ago `after` is, only about as many are looked at.
 */
export function lastSlot(
  rule: Rule,
  zone: string,
  notAfter: number,
  after: number,
): { readonly slot: number; readonly passed: number[] } | undefined {
  for (let reach = FIRST_REACH; ; reach *= 4) {
    const from = Math.max(after, notAfter - reach);
    const slots: number[] = [];
    for (const slot of allSlots(rule, zone, from)) {
      if (slot > notAfter) break;
      slots.push(slot);
    }
    if (from > after && slots.length <= MOST_PASSED) continue;
    const slot = slots.pop();
    return slot === undefined ? undefined : { slot, passed: slots.slice(-MOST_PASSED) };
  }
}

/**
 * Every slot after an instant, ascending, without end. A skipped time takes effect later than ones that follow it
 * on the clock, so each waits until all that could overtake it were seen.
 */
function* allSlots(rule: Rule, zone: string, after: number): Generator<number, never> {
  const times = clockTimes(rule, clockAt(after, zone) - LONGEST_CHANGE);
  const waiting: number[] = [];
  let latest = after;
  for (;;) {
    const slot = instantOf(times.next().value, zone);
    while (waiting[0] !== undefined && waiting[0] < slot - LONGEST_CHANGE) {
      const first = waiting.shift() ?? latest;
      if (first === latest) continue;
      latest = first;
      yield first;
    }
    if (slot <= after) continue;
    waiting.push(slot);
    waiting.sort((a, b) => a - b);
  }
}

/** The times on the clock, ascending: all from `from` on, and perhaps some of the same day before it. */
function* clockTimes(rule: Rule, from: number): Generator<number, never> {
  const { minutes, dayFrom } = timesOf(rule);
  for (let day = dayFrom(Math.floor(from / DAY)); ; day = dayFrom(day + 1)) {
    for (const minute of minutes) yield day * DAY + minute * MINUTE;
  }
}

function clockAt(at: number, zone: string): number {
  return at + Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).offsetNanoseconds / 1e6;
}

function instantOf(clock: number, zone: string): number {
  return Temporal.Instant.fromEpochMilliseconds(clock)
    .toZonedDateTimeISO("UTC")
    .toPlainDateTime()
    .toZonedDateTime(zone, { disambiguation: "compatible" }).epochMilliseconds;
}

function timesOf(rule: Rule): Times {
  if (rule.kind === "cron") return cronTimes(rule.expression);
  const [hour = 0, minute = 0] = rule.time.split(":").map(Number);
  return {
    minutes: [hour * 60 + minute],
    dayFrom(from) {
      for (let day = from; day <= from + LONGEST_PAUSE; day++) {
        if (isDayOf(rule, new Date(day * DAY))) return day;
      }
      throw new RangeError("the rule names no day");
    },
  };
}

/** The library finds the days; it is not asked about clocks, as it goes astray where they change. */
function cronTimes(expression: string): Times {
  const cron = CronExpressionParser.parse(expression, { tz: "UTC", currentDate: 0 });
  const { minute, hour } = cron.fields;
  return {
    minutes: hour.values.flatMap((h) => minute.values.map((m) => h * 60 + m)),
    dayFrom(day) {
      cron.reset(new Date(day * DAY - 1));
      return Math.floor(cron.next().getTime() / DAY);
    },
  };
}

/** `weekday` counts from Sunday, and may be of a later week. */
function weekdayOf(weekday: number): Weekday {
  return weekdays[(weekday + 6) % 7] ?? "monday";
}

/** Whether a rule takes effect on a day, given as its midnight in UTC. */
function isDayOf(rule: Exclude<Rule, { kind: "cron" }>, date: Date): boolean {
  const [month, day] = [date.getUTCMonth(), date.getUTCDate()];
  const length = new Date(Date.UTC(date.getUTCFullYear(), month + 1, 0)).getUTCDate();
  switch (rule.kind) {
    case "weekly":
      return rule.days.includes(weekdayOf(date.getUTCDay()));
    case "quarterly":
      return rule.on === "first" ? month % 3 === 0 && day === 1 : month % 3 === 2 && day === length;
    case "monthly": {
      const { on } = rule;
      if ("day" in on) return day === (on.day === "last" ? length : Math.min(on.day, length));
      const wanted = on.weekday === "weekday" ? workdays : [on.weekday];
      const isWanted = (other: number): boolean =>
        wanted.includes(weekdayOf(date.getUTCDay() + other - day + 35));
      const [from, to] = on.nth === "last" ? [day, length] : [1, day];
      let count = 0;
      for (let other = from; other <= to; other++) if (isWanted(other)) count++;
      return isWanted(day) && count === (on.nth === "last" ? 1 : on.nth);
    }
  }
}
