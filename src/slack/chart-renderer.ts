import { SHARE_ENV, Worker } from "node:worker_threads";
import type { Chart } from "../domain/report.ts";
import type { ChartOptions } from "../render/charts.ts";
import type { ChartJob, ChartResult } from "./chart-worker.ts";
import { createLimit } from "./limit.ts";

/** Draws charts in a thread of its own, so that acknowledgements never wait for a picture. */
export interface ChartRenderer {
  /** Starts the thread, which then takes a second or two until the first picture. */
  warm(): void;
  /** @throws BusyError when too many wait */
  png(chart: Chart, options: ChartOptions): Promise<Uint8Array<ArrayBuffer>>;
  close(): Promise<void>;
}

const LIMIT = { running: 4, waiting: 60 };
const PATIENCE = 20_000;

interface Waiting {
  resolve(png: Uint8Array<ArrayBuffer>): void;
  reject(error: Error): void;
}

export function createChartRenderer(): ChartRenderer {
  const limit = createLimit(LIMIT);
  const waiting = new Map<number, Waiting>();
  let worker: Worker | undefined;
  let jobs = 0;

  function start(): Worker {
    if (worker) return worker;
    // The typeface is found by a variable of the environment, which has to be that of the whole process.
    const started = new Worker(new URL("./chart-worker.ts", import.meta.url), { env: SHARE_ENV });
    started.unref();
    started.on("message", (result: ChartResult) => {
      const job = waiting.get(result.id);
      waiting.delete(result.id);
      if ("png" in result) job?.resolve(result.png);
      else job?.reject(new Error(`a chart could not be drawn: ${result.failure}`));
    });
    started.on("error", (error) => failAll(error instanceof Error ? error : new Error(String(error))));
    started.on("exit", () => failAll(new Error("the thread that draws charts has ended")));
    const failAll = (error: Error): void => {
      // The next picture gets a new thread.
      if (worker === started) worker = undefined;
      for (const job of waiting.values()) job.reject(error);
      waiting.clear();
    };
    worker = started;
    return started;
  }

  function draw(chart: Chart, options: ChartOptions): Promise<Uint8Array<ArrayBuffer>> {
    jobs += 1;
    const job: ChartJob = { id: jobs, chart, options };
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        waiting.delete(job.id);
        reject(new Error("a chart took too long to draw"));
      }, PATIENCE);
      const ended =
        <T>(then: (value: T) => void) =>
        (value: T) => {
          clearTimeout(timer);
          then(value);
        };
      waiting.set(job.id, { resolve: ended(resolve), reject: ended(reject) });
      start().postMessage(job);
    });
  }

  return {
    warm: () => void start(),
    png: (chart, options) => limit(() => draw(chart, options)),
    async close() {
      await worker?.terminate();
    },
  };
}
