import type { Calendar } from "../domain/calendar.ts";
import { addDays, eachDay } from "../domain/calendar.ts";
import { type Counts, type MetricKey, metricKeys, metrics, personMetricKeys } from "../domain/metrics.ts";
import { type DayRange, dayLabel, type ResolvedPeriod, resolvePeriod } from "../domain/period.ts";
import type { Chart, Column, Figure, Row, Table } from "../domain/report.ts";
import { formatCount, plural } from "../domain/words.ts";
import type { ReportContext } from "./context.ts";
import { emptyTotals, type Totals } from "./usage.ts";

/** What every report says of its time. Instants are milliseconds since the epoch. */
export interface Frame {
  readonly period: ResolvedPeriod;
  readonly previousPeriod: DayRange;
  readonly compared: boolean;
  /** The end of the period (the first instant after it), or now if that is earlier. */
  readonly asOf: number;
  /** The last instant that counts. */
  readonly lastAt: number;
}

/** @throws UsageError when the words are no period */
export function frameOf(context: ReportContext, words: string): Frame {
  const { period, previous } = resolvePeriod(words, context.now, context.calendar);
  const { firstDay, now, calendar } = context;
  const today = calendar.dayOf(now);
  const end = calendar.startOf(addDays(period.to, 1));
  const isOver = period.to <= today && period.from !== today;
  return {
    period,
    previousPeriod: previous,
    compared: isOver && firstDay !== null && firstDay <= previous.from,
    asOf: Math.min(now, end),
    lastAt: Math.min(now, end - 1),
  };
}

export function buildFigures(counts: Counts, previous: Counts): Figure[] {
  return metricKeys.map((key) => ({
    key,
    title: metrics[key].title,
    value: counts[key],
    previous: previous[key],
  }));
}

/**
 * The trend of some days: `byDay` are their sums, `people` those of the same days by person. The rows hold every
 * metric; `keys` are those to draw and to tell.
 */
export function buildTrend(
  title: string,
  period: ResolvedPeriod,
  byDay: ReadonlyMap<string, Totals>,
  people: Iterable<Totals>,
  calendar: Calendar,
  keys: readonly MetricKey[] = metricKeys,
): Chart {
  const latestLogins = new Map<string, number>();
  for (const { lastLogin } of people) {
    if (lastLogin === null) continue;
    const day = calendar.dayOf(lastLogin);
    latestLogins.set(day, (latestLogins.get(day) ?? 0) + 1);
  }
  const rows = eachDay(period).map((day) => {
    const { counts } = byDay.get(day) ?? emptyTotals();
    return { day, ...counts, latestLogins: latestLogins.get(day) ?? 0 };
  });
  return { id: "trend", title, summary: describeTrend(title, rows, period, keys), rows, metrics: keys };
}

function describeTrend(
  title: string,
  rows: readonly ({ day: string } & Counts)[],
  period: ResolvedPeriod,
  keys: readonly MetricKey[],
): string {
  const parts = keys.flatMap((key) => {
    const most = rows.reduce<(typeof rows)[number] | undefined>(
      (best, row) => (row[key] > (best?.[key] ?? 0) ? row : best),
      undefined,
    );
    return most ? [`${metrics[key].title} at most ${formatCount(most[key])} on ${dayLabel(most.day)}`] : [];
  });
  const what = `${title}, ${period.label}`;
  return parts.length > 0 ? `${what}: ${parts.join("; ")}.` : `${what}: no activity.`;
}

export const metricColumns: readonly Column[] = personMetricKeys.map((key) => ({
  key,
  title: metrics[key].title,
  short: metrics[key].short,
  kind: "count",
}));

/** A table of rows that are at hand. */
export function tableOf(title: string, columns: readonly Column[], rows: readonly Row[]): Table {
  return {
    title,
    columns,
    total: rows.length,
    async *rows() {
      yield* rows;
    },
  };
}

/** What a reader has to know beside the numbers. */
export function buildNotes(context: ReportContext, frame: Frame): string[] {
  const notes: string[] = [];
  const { firstDay, calendar, now } = context;
  const { period, previousPeriod } = frame;
  const today = calendar.dayOf(now);
  if (firstDay === null) notes.push("nothing has been imported yet");
  else if (firstDay > previousPeriod.from) {
    notes.push(`the data begins on ${dayLabel(firstDay)}, so there is no whole period to compare with`);
  }
  if (period.from > today) notes.push("the period lies in the future");
  else if (period.to > today || period.from === today) {
    const end = period.to === today ? "is not over" : `runs until ${dayLabel(period.to)}`;
    notes.push(`the period ${end}, so it is not compared with the one before`);
  }
  return notes;
}

/** How many service accounts the numbers are without. */
export function robotNotes(context: ReportContext): string[] {
  const robots = context.people.filter((person) => person.robot).length;
  return robots > 0 ? [`${plural(robots, "service account")} left out`] : [];
}
