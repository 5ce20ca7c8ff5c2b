import { execFile } from "node:child_process";
import { promisify } from "node:util";
import fc from "fast-check";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { metricKeys, metrics } from "../../src/domain/metrics.ts";
import { renderChartPng, renderChartSvg } from "../../src/render/charts.ts";
import { svgToPng } from "../../src/render/png.ts";
import { cutTexts, overlaps, readPicture } from "./chart-reader.ts";
import { breakdown, periodOf, trend, trendRows, typical } from "./chart-samples.ts";

async function picture(rows: ReturnType<typeof trendRows>, asOf?: Date, title?: string) {
  const options = { period: periodOf(rows), ...(asOf === undefined ? {} : { asOf }) };
  return readPicture(await renderChartSvg(trend(rows, title), options));
}
const textsOf = ({ texts }: Awaited<ReturnType<typeof picture>>) => texts.map(({ text }) => text);

describe("trend", () => {
  test.each([2, 7, 30, 62, 63, 90, 366, 401, 2000])("%i days have one line per metric", async (days) => {
    const drawn = await picture(trendRows("2025-01-01", days));
    expect(drawn.lines.toSorted()).toEqual(metricKeys.map((key) => metrics[key].color).toSorted());
    expect(textsOf(drawn)).toEqual(expect.arrayContaining(metricKeys.map((key) => metrics[key].title)));
  });

  test.each([
    ["day", 90],
    ["day", 130],
    ["week", 30],
    ["week", 400],
    ["week", 910],
    ["month", 62],
    ["month", 3_653],
  ] as const)("by %s over %i days it is legible", async (by, days) => {
    const rows = trendRows("2016-10-01", days);
    const svg = await renderChartSvg({ ...trend(rows), by }, { period: periodOf(rows) });
    const drawn = readPicture(svg);
    expect(drawn.lines).toHaveLength(metricKeys.length);
    expect(textsOf(drawn).join("\n").includes(`by ${by}`)).toBe(by !== "day");
    // Dates stand below the two lowest of three columns' plots, two or more to each.
    const dates = textsOf(drawn).filter((text) => /^(\d{1,2} )?[A-Z][a-z]{2}( \d{4})?$|^20\d\d$/.test(text));
    expect(dates.length).toBeGreaterThanOrEqual(6);
    expect([overlaps(drawn.texts), cutTexts(drawn)]).toEqual([[], []]);
  });

  test("has bars where one point is all there is", async () => {
    const rows = trendRows("2026-10-01", 20);
    const svg = await renderChartSvg({ ...trend(rows), by: "month" }, { period: periodOf(rows) });
    const drawn = readPicture(svg);
    expect([drawn.lines, textsOf(drawn).join("\n").includes("○ Part of a month")]).toEqual([[], true]);
  });

  test("a metric without any count has no line but a word at the foot", async () => {
    const drawn = await picture(
      trendRows("2026-10-24", 30, { ...typical, remoteConnections: 0, accountsAdded: 0 }),
    );
    expect(drawn.lines).toHaveLength(4);
    expect(textsOf(drawn).join("\n")).toContain("No remote connections or accounts added");
  });

  test("lines of similar size share a plot and are named at their ends", async () => {
    const drawn = await picture(trendRows("2026-10-24", 30, { loginSessions: 50, passwordsAccessed: 41 }));
    expect(drawn.lines).toHaveLength(2);
    const names = drawn.texts.filter(({ text }) => /^(Login Sessions|Passwords Accessed)$/.test(text));
    expect(names.every(({ left }) => left > 500)).toBe(true);
    expect(textsOf(drawn)).not.toContain("Each metric has its own scale");
  });

  test("one day has bars, with values and thousands separators", async () => {
    const drawn = await picture(trendRows("2026-10-28", 1, { ...typical, loginSessions: 12_000 }));
    expect(drawn.lines).toEqual([]);
    expect(textsOf(drawn).some((text) => /^1\d,\d{3}$/.test(text))).toBe(true);
  });

  test("today and cut weeks are marked, and days to come are not drawn", async () => {
    const rows = trendRows("2026-10-01", 31);
    const running = await picture(rows, new Date("2026-10-15T09:41:00Z"));
    expect(textsOf(running).join("\n")).toContain("○ Today so far");
    expect(textsOf(running)).not.toContain("19 Oct");
    const over = await picture(rows, new Date("2026-10-31T23:00:00Z"));
    expect(textsOf(over).join("\n")).not.toContain("○");
    expect(textsOf(await picture(trendRows("2026-08-20", 90))).join("\n")).toContain("○ Part of a week");
  });

  test.each([
    [trendRows("2026-10-01", 31, {}), "No activity from 1 Oct to 31 Oct 2026"],
    [trendRows("2026-10-01", 1, {}), "No activity on 1 Oct 2026"],
    [[], "No activity from 1 Oct to 31 Oct 2026"],
  ])("nothing to show is said in a sentence", async (rows, sentence) => {
    const drawn = await picture(rows);
    expect(textsOf(drawn)).toContain(sentence);
    expect(drawn.lines).toEqual([]);
  });

  test("whatever the numbers, no text is cut or lies on another", async () => {
    const magnitude = fc.oneof(fc.constant(0), fc.constantFrom(1, 8, 60, 900, 11_000, 1_200_000, 3e9));
    const scale = fc.record(Object.fromEntries(metricKeys.map((key) => [key, magnitude])));
    const length = fc.oneof(fc.integer({ min: 1, max: 70 }), fc.integer({ min: 71, max: 3000 }));
    await fc.assert(
      fc.asyncProperty(scale, length, fc.integer({ min: 0, max: 400 }), async (counts, days, shift) => {
        const from = Temporal.PlainDate.from("2026-01-01").add({ days: shift }).toString();
        const drawn = await picture(trendRows(from, days, counts));
        expect(cutTexts(drawn)).toEqual([]);
        expect(overlaps(drawn.texts)).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });
});

describe("breakdown", () => {
  const options = { period: periodOf([]) };

  test("has each metric's name and count, zeros too", async () => {
    const counts = {
      loginSessions: 41,
      remoteConnections: 0,
      passwordsAccessed: 1_204_332,
      accountsAdded: 1,
    };
    const drawn = readPicture(await renderChartSvg(breakdown(counts), options));
    const texts = drawn.texts.map(({ text }) => text);
    expect(texts).toEqual(expect.arrayContaining(["41", "0", "1,204,332", "1", "Remote Connections"]));
    expect(cutTexts(drawn)).toEqual([]);
    expect(overlaps(drawn.texts)).toEqual([]);
  });

  test("without any count it is a sentence", async () => {
    const svg = await renderChartSvg(breakdown({ loginSessions: 0 }), options);
    expect(svg).toContain("No activity from 1 Oct to 31 Oct 2026");
  });
});

describe("names are data", () => {
  test.each([
    `<script>alert("1")</script> & 'x'`,
    "محمد الأحمد 👩‍💻",
    "山田太郎",
    "Ann\u0000\u202e\ud800\uffff]]>",
    "Freifrau von und zu ".repeat(15),
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a name may look like one
    "${title} {{x}} $& $1 datum.value",
  ])("%s", async (name) => {
    const rows = trendRows("2026-10-24", 7);
    const svg = await renderChartSvg(trend(rows, `Activity of ${name}`), { period: periodOf(rows) });
    const drawn = readPicture(svg);
    expect(svg).not.toContain("<script");
    expect(drawn.lines).toHaveLength(6);
    expect(cutTexts(drawn)).toEqual([]);
    expect((await sharp(await svgToPng(svg)).metadata()).width).toBe(1440);
  });

  test("the whole title and the summary are there for who cannot see the picture", async () => {
    const rows = trendRows("2026-10-24", 7);
    const svg = await renderChartSvg(trend(rows, `A & ${"long ".repeat(40)}end`), { period: periodOf(rows) });
    expect(svg).toMatch(/role="img" aria-label="A &amp; long .* end\. Usage per day"/);
    expect(svg).toMatch(/<title>A &amp; long .* end<\/title><desc>Usage per day<\/desc>/);
  });
});

test("a PNG has twice the pixels, is opaque, and has text in it", async () => {
  const rows = trendRows("2026-10-24", 30);
  const svg = await renderChartSvg(trend(rows), { period: periodOf(rows) });
  const png = await renderChartPng(trend(rows), { period: periodOf(rows) });
  const { width, height } = readPicture(svg);
  const image = sharp(png);
  expect(await image.metadata()).toMatchObject({ format: "png", width: 2 * width, height: 2 * height });
  expect((await image.stats()).isOpaque).toBe(true);
  const [withText, without] = await Promise.all(
    [svg, svg.replaceAll(/<text[^>]*>[^<]*<\/text>/g, "")].map(async (each) =>
      sharp(await svgToPng(each))
        .greyscale()
        .raw()
        .toBuffer(),
    ),
  );
  const changed = withText?.filter((value, index) => value !== without?.[index]).length ?? 0;
  expect(changed).toBeGreaterThan(10_000);
});

test("many at once do not mix", async () => {
  const charts = [3, 20, 45, 100, 500].map((days) => trend(trendRows("2026-01-01", days)));
  const draw = (chart: (typeof charts)[number]) => renderChartSvg(chart, { period: periodOf(chart.rows) });
  const together = await Promise.all(charts.map(draw));
  for (const [index, chart] of charts.entries()) expect(await draw(chart)).toBe(together[index]);
});

test("the picture is the same in any zone of the process", async () => {
  const script = `
    import { createHash } from "node:crypto";
    import { renderChartPng } from "./src/render/charts.ts";
    import { periodOf, trend, trendRows } from "./test/render/chart-samples.ts";
    const hash = createHash("sha256");
    for (const days of [1, 30, 120, 800]) {
      const rows = trendRows("2026-03-01", days);
      hash.update(await renderChartPng(trend(rows), { period: periodOf(rows), asOf: new Date("2026-03-29T01:30:00Z") }));
    }
    console.log(hash.digest("hex"));`;
  const run = async (TZ: string) => {
    // No HOME: the fonts must not depend on it, nor fontconfig complain.
    const { PATH, NODE_COMPILE_CACHE } = process.env;
    const env = { PATH, NODE_COMPILE_CACHE, TZ };
    const cwd = new URL("../..", import.meta.url).pathname;
    return promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script], { cwd, env });
  };
  const [here, ...others] = await Promise.all(["America/New_York", "Pacific/Apia"].map(run));
  expect(here?.stdout).toMatch(/^[0-9a-f]{64}\n$/);
  for (const other of others) expect(other).toEqual(here);
  expect(here?.stderr).toBe("");
});
