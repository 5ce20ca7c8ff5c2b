import { parentPort } from "node:worker_threads";
import type { ChartJob } from "../../src/render/chart-worker.ts";

/** Stands in for the thread that draws charts; a chart's title tells it how to fare. */
parentPort?.on("message", ({ id, chart }: ChartJob) => {
  if (chart.title === "die") throw new Error("out of paint");
  // Never ends, and hears of nothing else any more.
  while (chart.title === "hang");
  if (chart.title === "fail") parentPort?.postMessage({ id, failure: "no such colour" });
  else if (chart.title !== "wait") parentPort?.postMessage({ id, png: new Uint8Array([1, 2, 3]) });
});
