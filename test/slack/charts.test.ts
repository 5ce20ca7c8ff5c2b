import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Chart } from "../../src/domain/report.ts";
import { type ChartRenderer, createChartRenderer } from "../../src/render/chart-renderer.ts";
import type { ChartOptions } from "../../src/render/charts.ts";
import { PATIENCE } from "../helpers/patience.ts";

const module = new URL("../../src/render/charts.ts", import.meta.url).href;

/** In a process of its own: within one, the first picture decides on the typeface of all. */
async function drawnElsewhere(chart: Chart, options: ChartOptions): Promise<string> {
  const code = `const { renderChartPng } = await import(${JSON.stringify(module)});
    console.log((await renderChartPng(...${JSON.stringify([chart, options])})).toString("base64"));`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", code]);
  return stdout.trim();
}

it("draws in its thread the very picture that is drawn elsewhere, typeface and all", async () => {
  const rows = [{ metric: "loginSessions", count: 12 }];
  const chart: Chart = { id: "breakdown", title: "Activity", summary: "", rows };
  const period = { from: "2026-10-01", to: "2026-10-31", timeZone: "UTC", label: "October 2026" };
  const renderer = createChartRenderer();
  try {
    const png = await renderer.png(chart, { period });
    const isSame = Buffer.from(png).toString("base64") === (await drawnElsewhere(chart, { period }));
    expect(isSame).toBe(true);
  } finally {
    await renderer.close();
  }
});

describe("a thread that fails", () => {
  const script = new URL("./obedient-worker.ts", import.meta.url);
  const period = { from: "2026-10-01", to: "2026-10-31", timeZone: "UTC", label: "October 2026" };

  /** Asks a renderer for charts of some titles. */
  function start(patience: number): (title: string) => ReturnType<ChartRenderer["png"]> {
    const renderer = createChartRenderer({ patience, script });
    onTestFinished(() => renderer.close());
    return (title) => renderer.png({ id: "breakdown", title, summary: "", rows: [] }, { period });
  }

  it("takes only its own pictures with it, not those that the next one was given", async () => {
    const png = start(PATIENCE);
    for (let i = 0; i < 5; i++) {
      await expect(png("die")).rejects.toThrow("out of paint");
      // The dead thread's `exit` comes only now.
      expect(await png("fine")).toHaveLength(3);
    }
    await expect(png("fail")).rejects.toThrow("no such colour");
    expect(await png("fine")).toHaveLength(3);
  });

  it("is replaced when it hangs, and whoever waits for it is told at once", async () => {
    const png = start(3_000);
    expect(await png("fine")).toHaveLength(3);
    const hung = png("hang");
    const behind = png("fine");
    await Promise.all([
      expect(hung).rejects.toThrow("took too long"),
      expect(behind).rejects.toThrow("has ended"),
    ]);
    expect(await png("fine")).toHaveLength(3);
  });

  it("ends what it has not drawn when the app stops", async () => {
    const renderer = createChartRenderer({ patience: 60_000, script });
    const waiting = renderer.png({ id: "breakdown", title: "wait", summary: "", rows: [] }, { period });
    await Promise.all([expect(waiting).rejects.toThrow("has ended"), renderer.close()]);
  });
});
