import type { Bucket, BucketUnit } from "../domain/buckets.ts";
import { shortDay } from "../domain/period.ts";
import { type TextStyle, textWidth } from "./fonts.ts";

const steps = [1, 2, 2.5, 5, 10];

/** Round whole numbers from 0 up to the first that is not below `max`, at most `atMost` of them. */
export function countTicks(max: number, atMost: number): number[] {
  const least = Math.max(1, max) / (atMost - 1);
  const power = 10 ** Math.floor(Math.log10(least));
  const factor = steps.find((step) => step * power >= least && Number.isInteger(step * power)) ?? 10;
  const step = Math.max(1, factor * power);
  return Array.from({ length: Math.ceil(Math.max(1, max) / step) + 1 }, (_, index) => index * step);
}

/** A mark on the axis of time: the bucket's index and its date in words. */
export interface TimeTick {
  readonly index: number;
  readonly label: string;
}

const monthNames = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** From so many days on Mondays are marked, for there are two of them at least. */
const MONDAYS_FROM = 14;
/** Pixels that two labels keep between them. */
const LABEL_GAP = 14;

/**
 * The densest marks, two at least if possible, whose labels fit side by side on an axis of `width` pixels: all, every
 * other …; for days then the Mondays, for longer the first of months, quarters and years.
 */
export function timeTicks(
  buckets: readonly Bucket[],
  unit: BucketUnit,
  width: number,
  style: TextStyle,
): TimeTick[] {
  const place = width / buckets.length;
  const fits = (ticks: readonly TimeTick[]) =>
    ticks.every(({ index, label }, rank) => {
      const next = ticks[rank + 1];
      if (next === undefined) return true;
      const needed = (textWidth(label, style) + textWidth(next.label, style)) / 2 + LABEL_GAP;
      return (next.index - index) * place >= needed;
    });
  let single: TimeTick[] = [];
  for (const choose of candidates[unit]) {
    const ticks = choose(buckets);
    if (ticks.length > 1 && fits(ticks)) return ticks;
    if (single.length === 0 && ticks.length === 1) single = ticks;
  }
  return single;
}

type Choice = (buckets: readonly Bucket[]) => TimeTick[];

const weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

function choice(
  keep: (date: Temporal.PlainDate, index: number) => boolean,
  label: (date: Temporal.PlainDate) => string,
): Choice {
  return (buckets) => {
    const ticks: TimeTick[] = [];
    for (const [index, { from }] of buckets.entries()) {
      const date = Temporal.PlainDate.from(from);
      if (keep(date, index)) ticks.push({ index, label: label(date) });
    }
    return ticks;
  };
}

const dayName = (date: Temporal.PlainDate) => shortDay(date.toString());
const monthName = (date: Temporal.PlainDate) =>
  `${monthNames[date.month - 1]}${date.month === 1 ? ` ${date.year}` : ""}`;
const every = (nth: number) => choice((_, index) => index % nth === 0, dayName);
/** The first of every so many months; of a week the one that begins in the month's first days. */
const everyMonths = (months: number, lastDay = 7) =>
  choice((date) => date.day <= lastDay && (date.month - 1) % months === 0, monthName);
const everyYears = (years: number) =>
  choice(
    (date) => date.month === 1 && date.day <= 7 && date.year % years === 0,
    (date) => String(date.year),
  );

const candidates: Record<BucketUnit, readonly Choice[]> = {
  day: [
    choice(
      () => true,
      (date) => `${weekdays[date.dayOfWeek - 1]} ${dayName(date)}`,
    ),
    every(1),
    ...[2, 3].map(
      (nth): Choice =>
        (buckets) =>
          buckets.length < MONDAYS_FROM ? every(nth)(buckets) : [],
    ),
    choice((date) => date.dayOfWeek === 1, dayName),
    ...[2, 3].map((weeks) =>
      choice((date, index) => date.dayOfWeek === 1 && index % (weeks * 7) < 7, dayName),
    ),
    choice((date) => date.day === 1, dayName),
    ...[4, 6].map(every),
    ...[1, 2, 3, 6].map((months) => everyMonths(months, 1)),
  ],
  week: [
    every(1),
    every(2),
    ...[1, 3, 6].map((months) => everyMonths(months)),
    ...[4, 6, 8, 10, 12].map(every),
    ...[1, 2].map(everyYears),
  ],
  month: [
    ...[1, 3, 6].map((months) => everyMonths(months)),
    ...[1, 2, 3, 5, 10, 20, 50].map(everyYears),
    // With a month that the period cuts, where there are too few others.
    ...[1, 2, 3].map((months) => everyMonths(months, 31)),
  ],
};
