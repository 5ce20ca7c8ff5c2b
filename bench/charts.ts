import type { Chart } from "../src/domain/report.ts";
import { compileSpec, type SpecName } from "../src/render/chart-view.ts";
import { renderChartPng, renderChartSvg, warmCharts } from "../src/render/charts.ts";
import { breakdown, periodOf, trend, trendRows, typical } from "../test/render/chart-samples.ts";

/** Medians in milliseconds: SVG alone, PNG warm, and PNG with the specification compiled for it. */
export interface ChartBench {
  readonly chart: string;
  readonly svg: number;
  readonly png: number;
  readonly compiledEachTime: number;
  /** Compiled each time, divided by warm; above 1 is what keeping the compiled specification gains. */
  readonly ratio: number;
}

/** Times each kind of chart, the ways taken in turn so that a busy machine slows all alike. */
export async function benchCharts(rounds = 30): Promise<ChartBench[]> {
  const charts: [string, Chart][] = [
    ["trend, 30 days", trend(trendRows("2026-10-24", 30))],
    ["trend, 366 days", trend(trendRows("2025-11-22", 366))],
    ["breakdown", breakdown(typical)],
  ];
  await warmCharts();
  const results: ChartBench[] = [];
  for (const [name, chart] of charts) {
    const options = { period: periodOf(chart.rows) };
    const spec: SpecName = chart.id;
    const ways = {
      svg: () => renderChartSvg(chart, options),
      png: () => renderChartPng(chart, options),
      compiledEachTime: async () => {
        await compileSpec(spec);
        return renderChartPng(chart, options);
      },
    };
    const times = { svg: [] as number[], png: [] as number[], compiledEachTime: [] as number[] };
    for (let round = 0; round < rounds; round++) {
      for (const way of ["svg", "png", "compiledEachTime"] as const) {
        const start = performance.now();
        await ways[way]();
        times[way].push(performance.now() - start);
      }
    }
    const [svg, png, compiledEachTime] = [
      median(times.svg),
      median(times.png),
      median(times.compiledEachTime),
    ];
    results.push({
      chart: name,
      svg: round(svg),
      png: round(png),
      compiledEachTime: round(compiledEachTime),
      ratio: round(compiledEachTime / png),
    });
  }
  return results;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

if (import.meta.main) console.table(await benchCharts());
