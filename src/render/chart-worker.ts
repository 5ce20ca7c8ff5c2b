import { parentPort } from "node:worker_threads";
import type { Chart } from "../domain/report.ts";
import { type ChartOptions, renderChartPng, warmCharts } from "./charts.ts";

/** What the thread is asked to draw, and what it answers. */
export interface ChartJob {
  readonly id: number;
  readonly chart: Chart;
  readonly options: ChartOptions;
}
export type ChartResult =
  | { readonly id: number; readonly png: Uint8Array<ArrayBuffer> }
  | { readonly id: number; readonly failure: string };

parentPort?.on("message", async ({ id, chart, options }: ChartJob) => {
  try {
    // A copy of its own, which can be handed over instead of copied again.
    const png = new Uint8Array(await renderChartPng(chart, options));
    answer({ id, png }, [png.buffer]);
  } catch (error) {
    answer({ id, failure: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
});
await warmCharts();

function answer(result: ChartResult, transfer: ArrayBuffer[] = []): void {
  parentPort?.postMessage(result, transfer);
}
