import { createCalendar } from "../domain/calendar.ts";
import { dayLabel, type ResolvedPeriod, rangeLabel, shortDay } from "../domain/period.ts";
import type { Chart } from "../domain/report.ts";
import { buildBars } from "./chart-breakdown.ts";
import { CARD_WIDTH, type Card, type CardBody, HEADER_HEIGHT, renderCard } from "./chart-card.ts";
import { buildTrend, trendUnit } from "./chart-trend.ts";
import { specRuntime } from "./chart-view.ts";
import { svgToPng } from "./png.ts";

export interface ChartOptions {
  /** Told under the title, with its zone. */
  readonly period: ResolvedPeriod;
  /** The moment the report is about: its day is marked as not over, and later days are not drawn. */
  readonly asOf?: Date;
}

/** Draws a chart as an SVG document of 720 logical pixels' width, on a white card. */
export async function renderChartSvg(chart: Chart, options: ChartOptions): Promise<string> {
  const today = options.asOf && createCalendar(options.period.timeZone).dayOf(options.asOf.getTime());
  const body = chart.id === "trend" ? await buildTrend(chart, today) : await buildBars(chart.rows);
  const card: Card = {
    title: chart.title,
    subtitle: subtitle(chart, options.period, today),
    summary: chart.summary,
    ...(body ?? emptyBody(options.period)),
  };
  return renderCard(card);
}

/** Draws a chart as a PNG of twice the size of the SVG. */
export async function renderChartPng(chart: Chart, options: ChartOptions): Promise<Buffer> {
  return svgToPng(await renderChartSvg(chart, options));
}

/**
 * Loads what charts need, which takes half a second in which nothing else can run: a server calls this at its start,
 * so that the first chart is as quick as the next.
 */
export async function warmCharts(): Promise<void> {
  await Promise.all([specRuntime("trend"), specRuntime("breakdown")]);
  const period = { from: "2026-01-01", to: "2026-01-01", timeZone: "UTC", label: "" };
  const rows = [{ metric: "loginSessions", count: 1 }];
  await renderChartPng({ id: "breakdown", title: "", summary: "", rows }, { period });
}

function subtitle(chart: Chart, period: ResolvedPeriod, today: string | undefined): string {
  const range = rangeLabel(period);
  const label =
    chart.title.toLowerCase().includes(period.label.toLowerCase()) || period.label === range
      ? []
      : [period.label];
  const unit = chart.id === "trend" ? trendUnit(chart, today) : "day";
  return [...label, range, period.timeZone, ...(unit === "day" ? [] : [`by ${unit}`])].join(" · ");
}

function emptyBody({ from, to }: ResolvedPeriod): CardBody {
  const when =
    from === to
      ? `on ${dayLabel(to)}`
      : `from ${from.slice(0, 4) === to.slice(0, 4) ? shortDay(from) : dayLabel(from)} to ${dayLabel(to)}`;
  const text = {
    x: CARD_WIDTH / 2,
    y: HEADER_HEIGHT + 52,
    text: `No activity ${when}`,
    align: "center",
  } as const;
  return {
    height: HEADER_HEIGHT + 96,
    plots: [],
    dots: [],
    texts: [{ ...text, style: { size: 15, weight: 400 }, muted: true }],
    notes: [],
  };
}
