import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import type { Chart } from "../../src/domain/report.ts";
import type { ChartOptions } from "../../src/render/charts.ts";
import { createChartRenderer } from "../../src/slack/chart-renderer.ts";

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
