import { type MetricKey, metrics } from "../domain/metrics.ts";
import type { Row } from "../domain/report.ts";
import { CARD_WIDTH, type CardBody, HEADER_HEIGHT, MARGIN } from "./chart-card.ts";
import { drawPlots } from "./chart-view.ts";
import { type TextStyle, textWidth } from "./fonts.ts";

/** As `charts/breakdown.vl.json` draws them. */
const nameStyle: TextStyle = { size: 14, weight: 400 };
const valueStyle: TextStyle = { size: 14, weight: 600 };
const BAR_HEIGHT = 38;
/** So that one beside a million can be seen. */
const SHORTEST_BAR = 3;

/** A bar per metric with its count at the end. Null where all counts are zero. */
export async function buildBars(rows: readonly Row[]): Promise<CardBody | null> {
  const bars = rows.flatMap(({ metric, count }) => {
    if (typeof metric !== "string" || typeof count !== "number" || !Object.hasOwn(metrics, metric)) return [];
    const { title, color } = metrics[metric as MetricKey];
    return [{ title, color, count }];
  });
  const most = Math.max(0, ...bars.map(({ count }) => count));
  if (most === 0) return null;
  const names = Math.max(...bars.map(({ title }) => textWidth(title, nameStyle)));
  const values = Math.max(...bars.map(({ count }) => textWidth(count.toLocaleString("en"), valueStyle)));
  const padding = { top: 0, left: Math.ceil(names) + 14, bottom: 2, right: Math.ceil(values) + 12 };
  const width = CARD_WIDTH - 2 * MARGIN - padding.left - padding.right;
  const height = bars.length * BAR_HEIGHT;
  const shortest = (most * SHORTEST_BAR) / width;
  const table = bars.map((bar) => ({ ...bar, length: bar.count > 0 ? Math.max(bar.count, shortest) : 0 }));
  const plots = await drawPlots("breakdown", [
    { width, height, padding, params: { xMax: most }, data: { table } },
  ]);
  return {
    plots: plots.map((svg) => ({ x: MARGIN, y: HEADER_HEIGHT, svg })),
    texts: [],
    dots: [],
    height: HEADER_HEIGHT + height,
    notes: [],
  };
}
