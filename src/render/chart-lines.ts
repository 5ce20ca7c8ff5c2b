import type { Bucket, BucketUnit } from "../domain/buckets.ts";
import { type MetricKey, metrics } from "../domain/metrics.ts";
import { countTicks, timeTicks } from "./chart-axis.ts";
import { smallStyle } from "./chart-card.ts";
import { spreadLabels } from "./chart-labels.ts";
import type { Plot } from "./chart-view.ts";

/** What a plot of lines shows: buckets in order, and the metrics that have a line. */
export interface Lines {
  readonly unit: BucketUnit;
  readonly buckets: readonly Bucket[];
  readonly keys: readonly MetricKey[];
}

export interface LinesBox extends Pick<Plot, "width" | "height" | "padding"> {
  /** Whether each line is named at its end. */
  readonly named: boolean;
  /** Whether dates stand under the axis; a column of plots needs them once. */
  readonly dated: boolean;
}

/** From the end of a line to the dot of its name, and between the names of two lines, in pixels. */
const LEADER = 24;
const NAME_HEIGHT = 20;
/** Up to here each value of a line is marked, and weekends are shaded. */
const MARKED_BUCKETS = 14;
const SHADED_DAYS = 45;

/** The biggest value that a line has to reach. */
export function peak({ buckets, keys }: Pick<Lines, "buckets" | "keys">): number {
  return Math.max(0, ...buckets.flatMap(({ counts }) => keys.map((key) => counts[key])));
}

/** Whether the plot of these buckets shades weekends. */
export function shadesWeekends({ unit, buckets }: Lines): boolean {
  return unit === "day" && buckets.length <= SHADED_DAYS && weekends(buckets).length > 0;
}

/** Fills the specification `trend`: x counts buckets from 0, y is the count. */
export function buildLinesPlot(lines: Lines, { width, height, padding, named, dated }: LinesBox): Plot {
  const { unit, buckets, keys } = lines;
  const yTicks = countTicks(peak(lines), Math.min(6, Math.floor(height / 28) + 1));
  const yMax = yTicks.at(-1) ?? 1;
  const xTicks = dated ? timeTicks(buckets, unit, width, smallStyle) : [];
  const table = keys.flatMap((metric) =>
    buckets.map(({ counts, partial }, x) => ({
      metric,
      color: metrics[metric].color,
      x,
      count: counts[metric],
      partial,
      fill: partial ? "#ffffff" : metrics[metric].color,
    })),
  );
  const whole = table.filter(({ partial }) => !partial);
  const ends = keys.flatMap((key) => whole.findLast(({ metric }) => metric === key) ?? []);
  const marked = table.filter((row) => row.partial || buckets.length <= MARKED_BUCKETS || ends.includes(row));
  const names = named ? placeNames(ends, { buckets: buckets.length, width, height, yMax }) : [];
  return {
    width,
    height,
    padding,
    params: {
      xMax: buckets.length - 0.5,
      yMax,
      yTicks,
      xTicks: xTicks.map(({ index }) => index),
      xLabels: Object.fromEntries(xTicks.map(({ index, label }) => [index, label])),
      pointSize: buckets.length <= MARKED_BUCKETS ? 36 : 24,
    },
    data: {
      table: whole,
      points: marked,
      labels: names,
      weekends: shadesWeekends(lines) ? weekends(buckets) : [],
    },
  };
}

/** The names beside the ends of the lines, moved apart; in units of the axes, as the specification wants them. */
function placeNames<End extends { readonly metric: MetricKey; readonly count: number }>(
  ends: readonly End[],
  { buckets, width, height, yMax }: { buckets: number; width: number; height: number; yMax: number },
) {
  const wanted = ends.map(({ count }) => height * (1 - count / yMax));
  const placed = spreadLabels(wanted, { gap: NAME_HEIGHT, top: 0, bottom: height });
  return ends.map((end, index) => ({
    ...end,
    title: metrics[end.metric].title,
    labelX: buckets - 0.5 + (LEADER * buckets) / width,
    labelY: yMax * (1 - (placed[index] ?? 0) / height),
  }));
}

/** A band from Saturday to Sunday, or what the period has of them. */
function weekends(buckets: readonly Bucket[]) {
  const bands: { from: number; to: number }[] = [];
  for (const [x, { from }] of buckets.entries()) {
    const { dayOfWeek } = Temporal.PlainDate.from(from);
    const band = bands.at(-1);
    if (dayOfWeek === 7 && band?.to === x - 0.5) band.to = x + 0.5;
    else if (dayOfWeek > 5) bands.push({ from: x - 0.5, to: x + 0.5 });
  }
  return bands;
}
