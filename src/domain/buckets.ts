import { UsageError } from "../errors.ts";
import { type Counts, type MetricKey, metricKeys, zeroCounts } from "./metrics.ts";
import { dayLabel, monthLabel } from "./period.ts";
import type { Row } from "./report.ts";
import { formatCount } from "./words.ts";

/** How many days one point of a trend stands for. */
export const bucketUnits = ["day", "week", "month"] as const;
export type BucketUnit = (typeof bucketUnits)[number];

/** The counts of one day, week or month, as far as it lies in the period. */
export interface Bucket {
  /** First and last day that were counted, `YYYY-MM-DD`. */
  readonly from: string;
  readonly to: string;
  /**
   * Whether days of the calendar unit are missing: cut off by the period's ends, or not over yet. Such a sum is not
   * to be compared with its neighbours, and a picture must not draw it as a rise or a fall.
   */
  readonly partial: boolean;
  readonly counts: Counts;
}

const LONGEST_BY_DAY = 62;
const LONGEST_BY_WEEK = 400;
/** With more points than this a line, up and down with every weekend, is a smear. */
const MOST_POINTS = 130;
const unitLengths: Readonly<Record<BucketUnit, number>> = { day: 1, week: 7, month: 28 };

/** The unit that keeps a trend legible: days up to two months, weeks up to a year, then months. */
export function bucketUnit(days: number): BucketUnit {
  if (days <= LONGEST_BY_DAY) return "day";
  return days <= LONGEST_BY_WEEK ? "week" : "month";
}

/** @throws UsageError when so many days by that unit are more points than a chart can show */
export function checkUnit(unit: BucketUnit, days: number): void {
  const most = MOST_POINTS * unitLengths[unit];
  if (days <= most) return;
  const coarser = bucketUnits.find((each) => days <= MOST_POINTS * unitLengths[each]) ?? "month";
  throw new UsageError(
    `${formatCount(days)} days by ${unit} are too many points for a chart; ask by ${coarser}, or for at most ${formatCount(most)} days`,
  );
}

/** A bucket in a reader's words: `5 Oct 2026`, `the week of 5 Oct 2026`, `October 2026`. */
export function bucketLabel({ from }: Pick<Bucket, "from">, unit: BucketUnit): string {
  if (unit === "month") return monthLabel(from);
  return unit === "week" ? `the week of ${dayLabel(from)}` : dayLabel(from);
}

/**
 * Sums the rows of a trend (one a day, in order, each with a `day`) per unit. Weeks start on Monday.
 * `today` is the day that is not over yet, if it is in the period: its bucket is partial, and the days after it, which
 * cannot have counts, are left out.
 */
export function buildBuckets(
  rows: readonly Row[],
  unit: BucketUnit = bucketUnit(rows.length),
  today?: string,
): Bucket[] {
  const buckets = new Map<string, { from: string; to: string; days: number; counts: Counts }>();
  for (const row of rows) {
    const day = String(row.day);
    if (today !== undefined && day > today) break;
    const start = unitStart(day, unit);
    const bucket = buckets.get(start) ?? { from: day, to: day, days: 0, counts: zeroCounts(metricKeys) };
    buckets.set(start, bucket);
    bucket.to = day;
    bucket.days += 1;
    for (const key of metricKeys) bucket.counts[key] += countOf(row, key);
  }
  return [...buckets].map(([start, { from, to, days, counts }]) => {
    const partial = days < unitDays(start, unit) || (today !== undefined && today <= to);
    return { from, to, partial, counts };
  });
}

/** Sums the rows of a trend over the whole period. */
export function totalCounts(rows: readonly Row[]): Counts {
  const totals: Counts = zeroCounts(metricKeys);
  for (const row of rows) for (const key of metricKeys) totals[key] += countOf(row, key);
  return totals;
}

/** A row's count of a metric; what is missing or no number counts as none. */
function countOf(row: Row, key: MetricKey): number {
  const value = row[key];
  return typeof value === "number" && Number.isFinite(value) ? value : 0;
}

function unitStart(day: string, unit: BucketUnit): string {
  if (unit === "day") return day;
  if (unit === "month") return `${day.slice(0, -2)}01`;
  const date = Temporal.PlainDate.from(day);
  return date.subtract({ days: date.dayOfWeek - 1 }).toString();
}

function unitDays(start: string, unit: BucketUnit): number {
  if (unit === "day") return 1;
  return unit === "week" ? 7 : Temporal.PlainDate.from(start).daysInMonth;
}
