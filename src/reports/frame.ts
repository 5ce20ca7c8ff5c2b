import { type Bucket, type BucketUnit, bucketLabel, buildBuckets, checkUnit } from "../domain/buckets.ts";
import { addDays, type Calendar, dayNumber, eachDay } from "../domain/calendar.ts";
import { type Counts, type MetricKey, metricKeys, metrics, personMetricKeys } from "../domain/metrics.ts";
import { type DayRange, dayLabel, type ResolvedPeriod, resolvePeriod } from "../domain/period.ts";
import type { Chart, Column, Figure, Report, Row, Table } from "../domain/report.ts";
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

/** @throws UsageError when the words are no period, or one too long to be drawn `by` that unit */
export function frameOf(context: ReportContext, request: { period: string; by?: BucketUnit }): Frame {
  const { period, previous } = resolvePeriod(request.period, context.now, context.calendar);
  if (request.by) checkUnit(request.by, dayNumber(period.to) - dayNumber(period.from) + 1);
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

/** What a report says of its time, and of how complete it is. */
export function timeOf(
  { dataUpTo, sources, warnings }: ReportContext,
  { period, previousPeriod, compared, asOf }: Frame,
): Pick<Report, "period" | "previousPeriod" | "compared" | "asOf" | "dataUpTo" | "sources" | "warnings"> {
  return { period, previousPeriod, compared, asOf: new Date(asOf), dataUpTo, sources, warnings };
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
 * metric, one a day; `keys` are those to draw and to tell, `by` the unit in which to.
 */
export function buildTrend(
  title: string,
  period: ResolvedPeriod,
  byDay: ReadonlyMap<string, Totals>,
  people: Iterable<Totals>,
  calendar: Calendar,
  { keys = metricKeys, by }: { keys?: readonly MetricKey[]; by?: BucketUnit | undefined } = {},
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
  const buckets = buildBuckets(rows, by ?? "day");
  const summary = describeTrend(`${title}, ${period.label}`, buckets, by ?? "day", keys);
  return { id: "trend", title, summary, rows, metrics: keys, ...(by && { by }) };
}

function describeTrend(
  what: string,
  buckets: readonly Bucket[],
  unit: BucketUnit,
  keys: readonly MetricKey[],
): string {
  const parts = keys.flatMap((key) => {
    const most = buckets.reduce<Bucket | undefined>(
      (best, bucket) => (bucket.counts[key] > (best?.counts[key] ?? 0) ? bucket : best),
      undefined,
    );
    if (!most) return [];
    const when = `${unit === "day" ? "on" : "in"} ${bucketLabel(most, unit)}`;
    return [`${metrics[key].title} at most ${formatCount(most.counts[key])} ${when}`];
  });
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

/** What a reader has to know of the time beside the numbers; `compared` where those of the period before are told. */
export function buildNotes(context: ReportContext, frame: Frame, compared = true): string[] {
  const notes: string[] = [];
  const { firstDay, calendar, now } = context;
  const { period, previousPeriod } = frame;
  const today = calendar.dayOf(now);
  if (firstDay === null) notes.push("nothing has been imported yet");
  else if (compared && firstDay > previousPeriod.from) {
    notes.push(`the data begins on ${dayLabel(firstDay)}, so there is no whole period to compare with`);
  }
  if (period.from > today) notes.push("the period lies in the future");
  else if (compared && (period.to > today || period.from === today)) {
    const end = period.to === today ? "is not over" : `runs until ${dayLabel(period.to)}`;
    notes.push(`the period ${end}, so it is not compared with the one before`);
  }
  return notes;
}

/**
 * Whom the numbers are of, where that is not everybody: how many service accounts and others they are without, and
 * whose people.
 */
export function peopleNotes(
  { people, viewer }: ReportContext,
  { left, awaited }: { readonly left: number; readonly awaited: number },
): string[] {
  const robots = people.filter((person) => person.robot).length;
  const shown = plural(people.length - robots, "person", "people");
  return [
    ...(robots > 0 ? [`${plural(robots, "service account")} left out`] : []),
    ...(left > 0 ? [leftOutNote(left, "who left")] : []),
    ...(awaited > 0 ? [leftOutNote(awaited, "yet to start")] : []),
    ...(viewer.sees === "team" ? [`shown for the ${shown} whose manager is ${viewer.email}`] : []),
  ];
}

function leftOutNote(count: number, who: string): string {
  return `${plural(count, "person", "people")} ${who} ${count === 1 ? "is" : "are"} left out`;
}
