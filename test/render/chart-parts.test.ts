import fc from "fast-check";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { bucketUnit, bucketUnits, buildBuckets, checkUnit } from "../../src/domain/buckets.ts";
import { countTicks, timeTicks } from "../../src/render/chart-axis.ts";
import { spreadLabels } from "../../src/render/chart-labels.ts";
import { openView } from "../../src/render/chart-view.ts";
import { ellipsize, formatCount, textWidth } from "../../src/render/fonts.ts";
import { svgToPng } from "../../src/render/png.ts";
import { cleanText, escapeXml, withoutEmoji } from "../../src/render/svg.ts";
import { trendRows } from "./chart-samples.ts";

test("ticks are few round whole numbers from zero that reach the biggest value", () => {
  expect(countTicks(1, 6)).toEqual([0, 1]);
  expect(countTicks(65, 4)).toEqual([0, 25, 50, 75]);
  expect(countTicks(0, 6)).toEqual([0, 1]);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e12 }), fc.integer({ min: 3, max: 6 }), (max, atMost) => {
      const ticks = countTicks(max, atMost);
      expect(ticks.length).toBeLessThanOrEqual(atMost);
      expect(ticks.every(Number.isInteger)).toBe(true);
      expect(ticks.at(-1)).toBeGreaterThanOrEqual(max);
    }),
  );
});

test("labels keep their distance, their order and the limits", () => {
  const room = { gap: 20, top: 0, bottom: 236 };
  expect(spreadLabels([10, 100, 200], room)).toEqual([10, 100, 200]);
  expect(spreadLabels([100, 100, 100], room)).toEqual([80, 100, 120]);
  expect(spreadLabels([236, 236], room)).toEqual([216, 236]);
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 236, noNaN: true }), { maxLength: 10 }), (wanted) => {
      const placed = spreadLabels(wanted, room);
      const order = wanted.map((_, index) => index).sort((a, b) => (wanted[a] ?? 0) - (wanted[b] ?? 0));
      const sorted = order.map((index) => placed[index] ?? Number.NaN);
      for (const [rank, y] of sorted.entries()) {
        expect(y).toBeGreaterThanOrEqual(-1e-6);
        expect(y).toBeLessThanOrEqual(236 + 1e-6);
        if (rank > 0) expect(y - (sorted[rank - 1] ?? 0)).toBeGreaterThanOrEqual(20 - 1e-6);
      }
    }),
  );
});

test("an axis of time has marks for any length, and two from three days on", () => {
  for (let days = 1; days < 4000; days += days < 70 ? 1 : 37) {
    const unit = bucketUnit(days);
    const ticks = timeTicks(buildBuckets(trendRows("2026-10-08", days), unit), unit, 160, {
      size: 12,
      weight: 400,
    });
    expect(ticks.length, `${days} days`).toBeGreaterThanOrEqual(days < 4 ? 1 : 2);
  }
});

test("an axis of time has marks for the finest unit that may be asked for", () => {
  for (const unit of bucketUnits) {
    for (let days = 3 * 31; days <= 3_660; days += 131) {
      const rows = trendRows("2016-10-08", days);
      try {
        checkUnit(unit, days);
      } catch {
        continue;
      }
      const ticks = timeTicks(buildBuckets(rows, unit), unit, 160, { size: 12, weight: 400 });
      expect(ticks.length, `${days} days by ${unit}`).toBeGreaterThanOrEqual(2);
    }
  }
});

describe("text", () => {
  test.each([400, 600, 700] as const)("weight %i is drawn as wide as it is measured", async (weight) => {
    const style = { size: 40, weight };
    const text = "Passwords Auto-filled 1,204";
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="720" height="80"><rect width="720" height="80" fill="#fff"/><text x="20" y="50" font-family="Inter" font-size="40" font-weight="${weight}">${text}</text></svg>`;
    const { info } = await sharp(await svgToPng(svg))
      .trim()
      .toBuffer({ resolveWithObject: true });
    expect(info.width / 2 / textWidth(text, style)).toBeGreaterThan(0.97);
    expect(info.width / 2 / textWidth(text, style)).toBeLessThan(1.01);
  });

  test("is cut between whole characters", () => {
    const style = { size: 18, weight: 700 } as const;
    expect(ellipsize("Ann", 200, style)).toBe("Ann");
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 60 }), (text) => {
        const short = ellipsize(text, 120, style);
        expect(textWidth(short, style)).toBeLessThanOrEqual(120);
        expect(text.startsWith(short.replace(/…$/, ""))).toBe(true);
      }),
    );
    expect(ellipsize("👩‍👩‍👧".repeat(9), 120, style)).toMatch(/^(👩‍👩‍👧)+…$/u);
  });

  test("is made fit for XML", () => {
    expect(cleanText("a\u0000b\n\tc\u202e \ud800 \uffff")).toBe("a b c \ufffd");
    expect(escapeXml(`<script>alert("1")</script> & 'x'`)).not.toMatch(/[<>"']/);
    expect(withoutEmoji("Ann 👩‍💻🎉, last 30 days")).toBe("Ann, last 30 days");
  });

  test("counts are shortened only where there is no room", () => {
    const style = { size: 13, weight: 600 } as const;
    expect(formatCount(1204, 60, style)).toBe("1,204");
    expect(formatCount(12_043_112, 60, style)).toBe("12M");
    expect(formatCount(449_400, 40, style)).toBe("449.4k");
  });
});

test("a specification can read neither files nor addresses", async () => {
  const { parse } = await import("vega");
  for (const url of [
    import.meta.url,
    "/etc/hostname",
    "https://example.com/data.json",
    "data:text/plain,1",
  ]) {
    const view = await openView(parse({ data: [{ name: "outside", url, format: { type: "json" } }] }));
    await view.runAsync();
    expect(view.data("outside")).toEqual([]);
    await expect(view.loader().load(url)).rejects.toThrow("may not load");
    view.finalize();
  }
});
