import type { Report } from "../domain/report.ts";
import { renderChartSvg } from "./charts.ts";
import type { PictureFormat } from "./picture-formats.ts";
import { svgToPng } from "./png.ts";

const SIZE = /<svg[^>]*?\swidth="([\d.]+)"[^>]*?\sheight="([\d.]+)"/;

/** All charts of a report, one below the other; a PNG has twice the SVG's size. */
export async function renderPicture(report: Report, format: PictureFormat): Promise<Buffer> {
  const { period, asOf } = report;
  const charts: string[] = [];
  for (const chart of report.charts) charts.push(await renderChartSvg(chart, { period, asOf }));
  const svg = charts.length === 1 ? (charts[0] ?? "") : stack(charts);
  return format === "svg" ? Buffer.from(svg) : svgToPng(svg);
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
