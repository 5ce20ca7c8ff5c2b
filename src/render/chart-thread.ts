import { SHARE_ENV, Worker } from "node:worker_threads";
import type { Chart } from "../domain/report.ts";
import type { ChartJob, ChartResult } from "./chart-worker.ts";
import type { ChartOptions } from "./charts.ts";

/** One thread with the pictures that it was asked for: it answers for these alone. */
export interface ChartThread {
  /** Rejects when the picture cannot be drawn, takes too long, or the thread ends before. */
  draw(chart: Chart, options: ChartOptions): Promise<Uint8Array<ArrayBuffer>>;
  close(): Promise<void>;
}

interface Waiting {
  resolve(png: Uint8Array<ArrayBuffer>): void;
  reject(error: Error): void;
}

const ENDED = "the thread that draws charts has ended";

/** Starts a thread. A picture that takes longer than `patience` milliseconds ends it, since it may hang for ever. */
export function startChartThread(options: {
  readonly script: URL;
  readonly patience: number;
  /** The thread takes nothing any more. May be called more than once. */
  onEnd(): void;
}): ChartThread {
  // The typeface is found by a variable of the environment, which has to be that of the whole process.
  const worker = new Worker(options.script, { env: SHARE_ENV });
  const waiting = new Map<number, Waiting>();
  let jobs = 0;
  worker.unref();
  worker.on("message", (result: ChartResult) => {
    const job = waiting.get(result.id);
    waiting.delete(result.id);
    if ("png" in result) job?.resolve(result.png);
    else job?.reject(new Error(`a chart could not be drawn: ${result.failure}`));
  });
  worker.on("error", (error) => end(error instanceof Error ? error : new Error(String(error))));
  worker.on("exit", () => end(new Error(ENDED)));

  function end(error: Error): void {
    options.onEnd();
    for (const job of waiting.values()) job.reject(error);
    waiting.clear();
  }

  async function close(): Promise<void> {
    end(new Error(ENDED));
    await worker.terminate();
  }

  return {
    async draw(chart, chartOptions) {
      jobs += 1;
      const job: ChartJob = { id: jobs, chart, options: chartOptions };
      worker.postMessage(job);
      const { promise, resolve, reject } = Promise.withResolvers<Uint8Array<ArrayBuffer>>();
      waiting.set(job.id, { resolve, reject });
      const timer = setTimeout(() => {
        reject(new Error("a chart took too long to draw"));
        void close();
      }, options.patience);
      return promise.finally(() => clearTimeout(timer));
    },
    close,
  };
}
