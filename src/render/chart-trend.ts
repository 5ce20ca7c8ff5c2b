import { type BucketUnit, bucketUnit, buildBuckets, totalCounts } from "../domain/buckets.ts";
import { type MetricKey, metricKeys, metrics } from "../domain/metrics.ts";
import type { Chart } from "../domain/report.ts";
import { buildBars } from "./chart-breakdown.ts";
import {
  CARD_WIDTH,
  type CardBody,
  type CardText,
  HEADER_HEIGHT,
  MARGIN,
  strongStyle,
  textStyle,
} from "./chart-card.ts";
import { buildLinesPlot, type Lines, peak, shadesWeekends } from "./chart-lines.ts";
import { drawPlots } from "./chart-view.ts";
import { formatCount, textWidth } from "./fonts.ts";

const WIDTH = CARD_WIDTH - 2 * MARGIN;
/** Room for the numbers left of an axis and for the dates below it. */
const LEFT = 44;
const BELOW = 24;

/**
 * A line per metric. Two or three of similar size share one plot and are named at their ends; otherwise each has a
 * plot and scale of its own, because lines that hug the axis under a big one cannot be read. One point has bars.
 * `today` is the day that is not over yet. Null where there is nothing to draw.
 */
export async function buildTrend(chart: Chart, today: string | undefined): Promise<CardBody | null> {
  const rows = chart.rows.filter(({ day }) => today === undefined || String(day) <= today);
  const totals = totalCounts(rows);
  const drawn = chart.metrics ?? metricKeys;
  const keys = drawn.filter((key) => totals[key] > 0);
  if (keys.length === 0) return null;
  const unit = trendUnit(chart, today);
  const lines: Lines = { unit, buckets: buildBuckets(rows, unit, today), keys };
  if (lines.buckets.length === 1) {
    const bars = await buildBars(drawn.map((metric) => ({ metric, count: totals[metric] })));
    return bars && { ...bars, notes: lines.buckets[0]?.partial ? [partialNotes[unit]] : [] };
  }
  const notes = [
    ...(lines.buckets.some(({ partial }) => partial) ? [partialNotes[unit]] : []),
    ...(shadesWeekends(lines) ? ["Shaded: weekends"] : []),
    ...zeroNotes(drawn.filter((key) => totals[key] === 0)),
  ];
  if (sharesScale(lines)) return { ...(await buildShared(lines)), notes };
  const own = keys.length > 1 ? ["Each metric has its own scale"] : [];
  return { ...(await buildPanels(lines, totals)), notes: [...own, ...notes] };
}

/** What one point of a trend stands for. */
export function trendUnit({ rows, by }: Pick<Chart, "rows" | "by">, today: string | undefined): BucketUnit {
  return by ?? bucketUnit(rows.filter(({ day }) => today === undefined || String(day) <= today).length);
}

const partialNotes: Record<BucketUnit, string> = {
  day: "○ Today so far",
  week: "○ Part of a week",
  month: "○ Part of a month",
};

function zeroNotes(keys: readonly MetricKey[]): string[] {
  if (keys.length === 0) return [];
  const titles = keys.map((key) => metrics[key].title.toLowerCase());
  return [`No ${new Intl.ListFormat("en", { type: "disjunction" }).format(titles)}`];
}

/** Below an eighth of the plot a line says little. */
function sharesScale(lines: Lines): boolean {
  const peaks = lines.keys.map((key) => peak({ ...lines, keys: [key] }));
  return peaks.length > 1 && peaks.length <= 3 && Math.min(...peaks) * 8 >= Math.max(...peaks);
}

async function buildShared(lines: Lines): Promise<Omit<CardBody, "notes">> {
  const names = lines.keys.map((key) => textWidth(metrics[key].title, textStyle));
  const padding = { top: 8, left: LEFT, bottom: BELOW, right: Math.ceil(Math.max(...names)) + 40 };
  const width = WIDTH - padding.left - padding.right;
  const height = 236;
  const plots = await drawPlots("trend", [
    buildLinesPlot(lines, { width, height, padding, named: true, dated: true }),
  ]);
  return {
    plots: plots.map((svg) => ({ x: MARGIN, y: HEADER_HEIGHT, svg })),
    texts: [],
    dots: [],
    height: HEADER_HEIGHT + padding.top + height + BELOW,
  };
}

const COLUMN_GAP = 26;
const PANEL_TITLE = 22;

async function buildPanels(
  lines: Lines,
  totals: Readonly<Record<MetricKey, number>>,
): Promise<Omit<CardBody, "notes">> {
  const count = lines.keys.length;
  const columns = count <= 3 ? 1 : count === 4 ? 2 : 3;
  const lanes = Math.ceil(count / columns);
  const height = [230, 92, 66][lanes - 1] ?? 66;
  const panelWidth = Math.floor((WIDTH - COLUMN_GAP * (columns - 1)) / columns);
  const panelHeight = PANEL_TITLE + 8 + height + 26;
  const padding = { top: 8, left: LEFT, bottom: BELOW, right: 0 };
  const width = panelWidth - padding.left - padding.right;
  const panels = lines.keys.map((key, index) => ({
    key,
    x: MARGIN + (index % columns) * (panelWidth + COLUMN_GAP),
    y: HEADER_HEIGHT + 4 + Math.floor(index / columns) * panelHeight,
    dated: index + columns >= count,
  }));
  const drawn = await drawPlots(
    "trend",
    panels.map(({ key, dated }) =>
      buildLinesPlot({ ...lines, keys: [key] }, { width, height, padding, named: false, dated }),
    ),
  );
  const texts = panels.flatMap(({ key, x, y }): CardText[] => {
    const title = metrics[key].title;
    const total = formatCount(totals[key], panelWidth - 14 - textWidth(title, strongStyle) - 5, strongStyle);
    return [
      { x: x + 14, y: y + 12, text: title, style: strongStyle },
      { x: x + panelWidth, y: y + 12, text: total, style: strongStyle, align: "right" },
    ];
  });
  return {
    plots: panels.map(({ x, y }, index) => ({ x, y: y + PANEL_TITLE, svg: drawn[index] ?? "" })),
    texts,
    dots: panels.map(({ key, x, y }) => ({ x: x + 4, y: y + 7.5, color: metrics[key].color })),
    height: HEADER_HEIGHT + 4 + lanes * panelHeight,
  };
}
