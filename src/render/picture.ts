import type { Report } from "../domain/report.ts";
import { UsageError } from "../errors.ts";
import { renderChartSvg } from "./charts.ts";
import { svgToPng } from "./png.ts";

const SIZE = /<svg[^>]*?\swidth="([\d.]+)"[^>]*?\sheight="([\d.]+)"/;

/** All charts of a report, one below the other. @throws UsageError when it has none */
export async function* renderSvg(report: Report): AsyncGenerator<Uint8Array, void> {
  yield Buffer.from(await allCharts(report));
}

/** The same with twice the pixels. @throws UsageError when it has none */
export async function* renderPng(report: Report): AsyncGenerator<Uint8Array, void> {
  yield await svgToPng(await allCharts(report));
}

async function allCharts({ charts, period, asOf }: Report): Promise<string> {
  const drawn: string[] = [];
  for (const chart of charts) drawn.push(await renderChartSvg(chart, { period, asOf }));
  const [first, ...others] = drawn;
  if (first === undefined) throw new UsageError("this report has no charts, so there is no picture of it");
  return others.length === 0 ? first : stack(drawn);
}

function stack(charts: readonly string[]): string {
  let width = 0;
  let height = 0;
  const placed = charts.map((svg) => {
    const [, w = "0", h = "0"] = SIZE.exec(svg) ?? [];
    const y = height;
    width = Math.max(width, Number(w));
    height += Number(h);
    return svg.slice(svg.indexOf("<svg")).replace("<svg", `<svg y="${y}"`);
  });
  const box = `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${box}>${placed.join("")}</svg>`;
}
