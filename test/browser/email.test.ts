import type { Browser } from "puppeteer-core";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { buildEmail } from "../../src/messages/email.ts";
import { renderChartPng } from "../../src/render/charts.ts";
import { sampleEmail, sampleReport } from "../messages/email-sample.ts";
import { seriousViolations } from "./axe.ts";
import { launchBrowser, overhang, pictureWidths } from "./helpers.ts";

let browser: Browser;
let html: string;
beforeAll(async () => {
  browser = await launchBrowser();
  const [chart] = sampleReport.charts;
  if (chart === undefined) throw new Error("no chart");
  const png = await renderChartPng(chart, sampleReport);
  const cid = `cid:${sampleEmail.pictures.trend}`;
  html = (await buildEmail(sampleEmail)).html.replace(cid, `data:image/png;base64,${png.toString("base64")}`);
});
afterAll(() => browser.close());

it.each([
  [320, "light", true],
  [320, "dark", false],
  [700, "light", false],
  [700, "dark", true],
])("can be read at %i pixels, %s, with pictures %s", async (width, scheme, hasPictures) => {
  const page = await browser.newPage();
  onTestFinished(() => page.close());
  const asked: string[] = [];
  page.on("request", (request) => void (/^(data|about):/.test(request.url()) || asked.push(request.url())));
  await page.setViewport({ width, height: 900 });
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
  await page.setContent(hasPictures ? html : html.replace(/src="data:[^"]+"/, ""));
  expect(await overhang(page)).toBe(0);
  if (hasPictures) expect(await pictureWidths(page)).toEqual([1_440]);
  const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  expect(ground).toBe(scheme === "dark" ? "rgb(20, 24, 29)" : "rgb(255, 255, 255)");
  // Contrast among others.
  expect(await seriousViolations(page)).toEqual([]);
  const text = await page.evaluate(() => document.body.innerText);
  for (const part of ["1,204", "▼ 3 %", "<b>Ann</b> & <script>", "{{x}} <%= x %>", "Last active"])
    expect(text.replace(/\s+/g, " ")).toContain(part);
  expect(asked).toEqual([]);
});
