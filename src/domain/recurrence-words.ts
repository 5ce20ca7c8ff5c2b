import { CronExpressionParser } from "cron-parser";
import { UsageError } from "../errors.ts";
import type { MonthDay, Nth, Rule } from "./recurrence.ts";
import { foldText, nearest, readWord } from "./words.ts";

export const weekdays = [
  "monday",
  "tuesday",
  "wednesday",
  "thursday",
  "friday",
  "saturday",
  "sunday",
] as const;

export type Weekday = (typeof weekdays)[number];
/** Monday to Friday. */
export const workdays: readonly Weekday[] = weekdays.slice(0, 5);

/** What a rule may look like, for help texts and error messages. */
export const ruleExamples =
  "every day 09:00, every weekday 8:30, every monday and thursday 09:00, every month on the 15th, every month on the last day 17:30, every month on the first monday 9am, every quarter, cron 0 9 * * 1-5";

const units = ["day", "weekday", "week", "month", "quarter", ...weekdays];
const DEFAULT_TIME = "09:00";
const fields = "minute, hour, day of the month, month, day of the week";
const weekdayNames = new RegExp(weekdays.join("|"), "g");
const nths = ["first", "second", "third", "fourth"] as const;

/** What a word other than a weekday stands for behind `every`. */
const groups = new Map<string, readonly Weekday[]>([
  ["day", weekdays],
  ["weekday", workdays],
  ["weekend", weekdays.slice(5)],
  ["week", ["monday"]],
]);

/**
 * The rule that words make, as `splitWords` or a shell gives them; the inverse of `formatRule`.
 * @throws UsageError with what would be right
 */
export function parseRule(words: readonly string[]): Rule {
  const text = words
    .map((word) => readWord(word).text)
    .join(" ")
    .trim()
    .replace(/\s+/g, " ");
  if (/^cron( |$)/i.test(text)) return readCron(text.slice(5));
  const [every = "", ...rest] = foldText(text)
    .replace(/[,\s]+/g, " ")
    .replace(/(\d) ([ap]m)$/, "$1$2")
    .split(" ");
  if (every !== "every") {
    const close = nearest(every, ["every", "cron"], 1);
    const wrong = text === "" ? "say how often" : `“${text.slice(0, 80)}” does not say how often`;
    const hint = close[0] ? `did you mean ${close[0]}?` : `try one of: ${ruleExamples}`;
    throw new UsageError(`${wrong}; ${hint}`);
  }
  const { when, time } = splitTime(rest);
  const [unit, on, ...day] = when;
  if (unit === "month" || unit === "quarter") {
    if (on !== undefined && on !== "on") throw notMeant(on, ["on"], "a day or a time: on the 15th 9:00");
    const found: MonthDay = on === undefined ? { day: 1 } : readMonthDay(day);
    if (unit === "month") return { kind: "monthly", on: found, time };
    if ("day" in found && (found.day === 1 || found.day === "last")) {
      return { kind: "quarterly", on: found.day === 1 ? "first" : "last", time };
    }
    throw new UsageError("a quarter has a first and a last day: every quarter on the last day 09:00");
  }
  return { kind: "weekly", days: readDays(unit === "week" && on === "on" ? day : when), time };
}

/** The words before a time, and the time, which may be missing. */
function splitTime(words: readonly string[]): { readonly when: readonly string[]; readonly time: string } {
  const at = words.indexOf("at");
  if (at >= 0) return { when: words.slice(0, at), time: readTime(words.slice(at + 1).join(" ")) };
  const last = words.at(-1) ?? "";
  return /^\d+[:.]|^\d+[ap]m$|^noon$|^midnight$|^\d{3,}$/.test(last)
    ? { when: words.slice(0, -1), time: readTime(last) }
    : { when: words, time: DEFAULT_TIME };
}

function readTime(text: string): string {
  const digits = text.replace(/^noon$/, "12:00").replace(/^midnight$/, "00:00");
  const match = /^(\d{1,2})(?:[:.]([0-5]\d))?([ap]m)?$/.exec(digits);
  const [, hour = "", minute = match?.[3] && "00", half] = match ?? [];
  const isHour = half ? Number(hour) >= 1 && Number(hour) <= 12 : Number(hour) <= 23;
  if (!match || minute === undefined || !isHour) {
    const wrong = text === "" ? "at needs a time behind it" : `“${text.slice(0, 40)}” is no time`;
    throw new UsageError(`${wrong}; a time is written as 9:00, 9am or 17:30`);
  }
  const hours = half ? (Number(hour) % 12) + (half === "pm" ? 12 : 0) : Number(hour);
  return `${String(hours).padStart(2, "0")}:${minute}`;
}

/** `mon`, `thurs` and the like are enough. */
function weekdayNamed(word: string): Weekday | undefined {
  return word.length < 3 ? undefined : weekdays.find((day) => day.startsWith(word));
}

function readDays(words: readonly string[]): Weekday[] {
  const days = new Set<Weekday>();
  for (const word of words) {
    if (word === "and" || word === "&") continue;
    const day = weekdayNamed(word);
    const named = day ? [day] : groups.get(word);
    if (!named) throw notMeant(word, units, "a day and a time, as in: every monday 9:00");
    for (const day of named) days.add(day);
  }
  if (days.size === 0) throw new UsageError(`every needs to know what; try one of: ${ruleExamples}`);
  return weekdays.filter((day) => days.has(day));
}

/** What stands behind `on`: `the 15th`, `the last day`, `the first monday`, `the last weekday`. */
function readMonthDay(words: readonly string[]): MonthDay {
  const [which = "", what = "day", ...more] = words[0] === "the" ? words.slice(1) : words;
  const number = /^(\d{1,2})(?:st|nd|rd|th)?$/.exec(which)?.[1];
  const nth = which === "last" ? which : Number(number ?? (nths as readonly string[]).indexOf(which) + 1);
  const right = "a day, as in: on the 15th, on the last day or on the first monday";
  if (number === undefined && nth === 0) throw notMeant(which, [...nths, "last"], right);
  if (more.length > 0) throw notMeant(more.join(" "), [], right);
  if (what === "day") {
    if (nth === "last" || (nth >= 1 && nth <= 31)) return { day: nth };
    throw new UsageError(`no month has a day ${nth}; the days are 1 to 31, and last`);
  }
  const weekday = what === "weekday" ? what : weekdayNamed(what);
  if (!weekday) throw notMeant(what, ["day", "weekday", ...weekdays], right);
  if (nth === "last" || (nth >= 1 && nth <= 4)) return { nth: nth as Nth, weekday };
  throw new UsageError(`not every month has a ${weekday} number ${nth}; try: on the last ${weekday}`);
}

/** Names what would be right in the place of a word: of the candidates the nearest, or `right`. */
function notMeant(word: string, candidates: readonly string[], right: string): UsageError {
  const [close] = /^\d/.test(word) ? [] : nearest(word, candidates, 1);
  const wrong = word === "" ? "something is missing" : `“${word.slice(0, 40)}” is not understood`;
  if (close !== undefined) return new UsageError(`${wrong}; did you mean ${close}?`);
  return new UsageError(`${wrong}; right would be ${right}`);
}

/** `0 9 * * 1-5`, in quotes or not, or one of the library's names, as `@daily`. */
function readCron(given: string): Rule {
  const typed = given.replace(/^["'`“”‘’ ]+|["'`“”‘’ ]+$/g, "");
  const shown = `“${typed.slice(0, 80)}”`;
  try {
    const expression = typed.startsWith("@")
      ? CronExpressionParser.parse(typed.toLowerCase()).stringify()
      : typed.toUpperCase().replace(/\s+/g, " ");
    if (expression.split(" ").length !== 5) {
      throw new UsageError(`${shown} has not the five fields of cron 0 9 * * 1-5: ${fields}`);
    }
    // The only name with this letter is THU; else it stands for a random number.
    if (expression.replaceAll("THU", "").includes("H")) {
      throw new UsageError(`${shown} has an H, which stands for no definite time; say a number`);
    }
    const cron = CronExpressionParser.parse(expression, { tz: "UTC", currentDate: 0 });
    if (cron.fields.minute.values.length > 1) {
      throw new UsageError(`${shown} is more often than once an hour, which would be: cron 0 * * * *`);
    }
    cron.next(); // Throws where none comes, if parsing has not.
    return { kind: "cron", expression };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const reason = error instanceof Error ? error.message.slice(0, 120) : "";
    throw new UsageError(`${shown} is no cron expression, or names no day that ever comes: ${reason}`);
  }
}

/** A rule in its one spelling; `parseRule` of its words gives it back. */
export function formatRule(rule: Rule): string {
  switch (rule.kind) {
    case "cron":
      return `cron ${rule.expression}`;
    case "weekly":
      return `every ${daysText(rule.days)} ${rule.time}`;
    case "monthly":
      return `every month on the ${monthDayText(rule.on)} ${rule.time}`;
    case "quarterly":
      return `every quarter on the ${rule.on} day ${rule.time}`;
  }
}

function daysText(days: readonly Weekday[]): string {
  if (days.length === weekdays.length) return "day";
  return days.join() === workdays.join() ? "weekday" : days.join(", ");
}

function monthDayText(on: MonthDay): string {
  if ("nth" in on) return `${on.nth === "last" ? on.nth : nths[on.nth - 1]} ${on.weekday}`;
  if (on.day === "last") return "last day";
  const isTeen = on.day >= 11 && on.day <= 13;
  return `${on.day}${(isTeen ? undefined : ["th", "st", "nd", "rd"][on.day % 10]) ?? "th"}`;
}

/** A rule and the zone of its clocks, for people: `every Monday and Thursday 09:00 (Europe/Oslo)`. */
export function describeRule(rule: Rule, zone: string): string {
  const words = formatRule(rule)
    .replace(/, (?=[^,]*$)/, " and ")
    .replace(weekdayNames, (name) => name.charAt(0).toUpperCase() + name.slice(1));
  return `${words} (${zone})`;
}
