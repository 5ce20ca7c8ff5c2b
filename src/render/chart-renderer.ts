import type { Chart } from "../domain/report.ts";
import { type ChartThread, startChartThread } from "./chart-thread.ts";
import type { ChartOptions } from "./charts.ts";
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
const SCRIPT = new URL("./chart-worker.ts", import.meta.url);

/** `script` is what the thread runs, `patience` the milliseconds that a picture may take before the thread is replaced. */
export function createChartRenderer({ script = SCRIPT, patience = PATIENCE } = {}): ChartRenderer {
  const limit = createLimit(LIMIT);
  let current: ChartThread | undefined;

  function thread(): ChartThread {
    if (current) return current;
    const started = startChartThread({
      script,
      patience,
      onEnd() {
        // The next picture gets a new thread.
        if (current === started) current = undefined;
      },
    });
    current = started;
    return started;
  }

  return {
    warm: () => void thread(),
    png: (chart, options) => limit(() => thread().draw(chart, options)),
    async close() {
      await current?.close();
    },
  };
}
