import { UsageError } from "../errors.ts";
import { addDays, type Calendar, dayNumber } from "./calendar.ts";

/** Whole calendar days, both ends included, as `YYYY-MM-DD`. */
export interface DayRange {
  readonly from: string;
  readonly to: string;
}

/** A period's words made definite, in one time zone. */
export interface ResolvedPeriod extends DayRange {
  /** IANA name. */
  readonly timeZone: string;
  /** In a reader's words: `October 2026`, `last 30 days`. */
  readonly label: string;
}

export const defaultPeriod = "last 30 days";

/** What a period may look like, for help texts and error messages. */
export const periodExamples =
  "today, yesterday, last 7 days, last 4 weeks, this|last week|month|quarter|year, 2026, 2026-10, 2026-W43, 2026-Q3, 2026-10-01..2026-10-15, since 2026-10-01";

const MAX_DAYS = 3_660;
const FIRST_YEAR = 2000;
const LAST_YEAR = 2100;

type Unit = "week" | "month" | "quarter" | "year";
type Span = DayRange & { readonly label: string; readonly unit?: Unit };
type PlainDate = Temporal.PlainDate;

const date = (text: string): PlainDate => Temporal.PlainDate.from(text);

/** The calendar unit that holds a date. Weeks start on Monday. */
function unitAround(day: PlainDate, unit: Unit): Span {
  let first = day.with({ day: 1 });
  if (unit === "week") first = day.subtract({ days: day.dayOfWeek - 1 });
  if (unit === "quarter") first = first.with({ month: day.month - ((day.month - 1) % 3) });
  if (unit === "year") first = first.with({ month: 1 });
  const last = first.add(unit === "quarter" ? { months: 3 } : { [`${unit}s`]: 1 }).subtract({ days: 1 });
  return { from: first.toString(), to: last.toString(), label: unitLabel(first, unit), unit };
}

function unitLabel(first: PlainDate, unit: Unit): string {
  if (unit === "week") return `week ${first.weekOfYear} of ${first.yearOfWeek}`;
  if (unit === "month") return monthLabel(first.toString());
  if (unit === "quarter") return `Q${Math.ceil(first.month / 3)} ${first.year}`;
  return String(first.year);
}

function days(from: PlainDate, to: PlainDate, label: string): Span {
  return { from: from.toString(), to: to.toString(), label };
}

/** One form of words: what it looks like, and the days it means when today is `today`. */
type Form = readonly [RegExp, (today: PlainDate, groups: string[]) => Span];

const forms: readonly Form[] = [
  [/^today$/, (today) => days(today, today, "today")],
  [/^yesterday$/, (today) => days(today.subtract({ days: 1 }), today.subtract({ days: 1 }), "yesterday")],
  [
    /^last ([1-9]\d{0,3}) (day|week|month)s?$/,
    (today, [count = "", unit = ""]) =>
      days(
        today.subtract({ [`${unit}s`]: Number(count) }).add({ days: 1 }),
        today,
        `last ${Number(count)} ${unit}${Number(count) === 1 ? "" : "s"}`,
      ),
  ],
  [
    /^(this|last) (week|month|quarter|year)$/,
    (today, [which, unit]) => {
      const current = unitAround(today, unit as Unit);
      return which === "this" ? current : unitAround(date(current.from).subtract({ days: 1 }), unit as Unit);
    },
  ],
  [/^(\d{4})$/, (_, [year]) => unitAround(date(`${year}-01-01`), "year")],
  [/^(\d{4}-\d{2})$/, (_, [month]) => unitAround(date(`${month}-01`), "month")],
  [/^(\d{4})-w(\d{2})$/, (_, [year, week]) => isoWeek(Number(year), Number(week))],
  [
    /^(\d{4})-q([1-4])$/,
    (_, [year, quarter]) =>
      unitAround(date(`${year}-${String(Number(quarter) * 3).padStart(2, "0")}-01`), "quarter"),
  ],
  [/^(\d{4}-\d{2}-\d{2})$/, (_, [day = ""]) => days(date(day), date(day), dayLabel(day))],
  [
    /^(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})$/,
    (_, [from = "", to = ""]) => days(date(from), date(to), rangeLabel({ from, to })),
  ],
  [/^since (\d{4}-\d{2}-\d{2})$/, (today, [from = ""]) => days(date(from), today, `since ${dayLabel(from)}`)],
];

function isoWeek(year: number, week: number): Span {
  const span = unitAround(date(`${year}-01-04`).add({ weeks: week - 1 }), "week");
  if (date(span.from).yearOfWeek !== year || week < 1) {
    throw new RangeError(`${year} has no week ${week}`);
  }
  return span;
}

/** Written out, because the platform's formatter takes longer than the chart that it labels. */
const months = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];

function monthOf(day: string): string {
  return months[Number(day.slice(5, 7)) - 1] ?? "";
}

/** `October 2026`, of a day in it. */
export function monthLabel(day: string): string {
  return `${monthOf(day)} ${day.slice(0, 4)}`;
}

/** `5 Oct`. */
export function shortDay(day: string): string {
  return `${Number(day.slice(8))} ${monthOf(day).slice(0, 3)}`;
}

/** `5 Oct 2026`. */
export function dayLabel(day: string): string {
  return `${shortDay(day)} ${day.slice(0, 4)}`;
}

/** `24 Oct – 22 Nov 2026`: the years and months that both ends share are said once. */
export function rangeLabel({ from, to }: DayRange): string {
  if (from === to) return dayLabel(to);
  if (from.slice(0, 4) !== to.slice(0, 4)) return `${dayLabel(from)} – ${dayLabel(to)}`;
  if (from.slice(0, 7) === to.slice(0, 7)) return `${Number(from.slice(8))}–${dayLabel(to)}`;
  return `${shortDay(from)} – ${dayLabel(to)}`;
}

/** The words of a period in their one spelling: lower case, single spaces. */
export function normalizePeriod(words: string): string {
  return words.trim().toLowerCase().replace(/\s+/g, " ");
}

function find(words: string): { form: Form; groups: string[] } | undefined {
  const text = normalizePeriod(words);
  for (const form of forms) {
    const match = form[0].exec(text);
    if (match) return { form, groups: match.slice(1) };
  }
  return undefined;
}

/** Whether the words have the form of a period, though it may still name a day that does not exist. */
export function looksLikePeriod(words: string): boolean {
  return find(words) !== undefined;
}

function resolveSpan(words: string, today: string): Span {
  const found = find(words);
  if (!found) throw new UsageError(`“${words}” is no period; try one of: ${periodExamples}`);
  let span: Span;
  try {
    span = found.form[1](date(today), found.groups);
  } catch {
    throw new UsageError(`“${words}” names days that do not exist`);
  }
  const length = dayNumber(span.to) - dayNumber(span.from) + 1;
  if (length < 1 && /^since/i.test(words.trim())) throw new UsageError(`“${words}” begins in the future`);
  if (length < 1) throw new UsageError(`“${words}” ends before it begins; the earlier day comes first`);
  if (length > MAX_DAYS)
    throw new UsageError(`“${words}” is longer than ten years; ask for a shorter period`);
  const [first, last] = [Number(span.from.slice(0, 4)), Number(span.to.slice(0, 4))];
  if (first < FIRST_YEAR || last > LAST_YEAR) {
    throw new UsageError(`“${words}” lies outside of the years ${FIRST_YEAR} to ${LAST_YEAR}`);
  }
  return span;
}

/**
 * The days that a period's words mean at `now`, and the period before it: of the same length and ending the day
 * before, or, for a calendar unit, the unit before.
 * @throws UsageError with what would be right
 */
export function resolvePeriod(
  words: string,
  now: number,
  calendar: Calendar,
): { period: ResolvedPeriod; previous: DayRange } {
  const { unit, ...span } = resolveSpan(words, calendar.dayOf(now));
  const dayBefore = addDays(span.from, -1);
  const length = dayNumber(span.to) - dayNumber(span.from) + 1;
  const before = unit
    ? unitAround(date(dayBefore), unit)
    : { from: addDays(span.from, -length), to: dayBefore };
  return {
    period: { from: span.from, to: span.to, timeZone: calendar.timeZone, label: span.label },
    previous: { from: before.from, to: before.to },
  };
}
