import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bucketUnit, buildBuckets, totalCounts } from "../../src/domain/buckets.ts";
import { metricKeys } from "../../src/domain/metrics.ts";

function days(from: string, count: number) {
  const first = Temporal.PlainDate.from(from);
  return Array.from({ length: count }, (_, index) => ({
    day: first.add({ days: index }).toString(),
    loginSessions: index + 1,
  }));
}

describe("bucketUnit", () => {
  test.each([
    [1, "day"],
    [62, "day"],
    [63, "week"],
    [366, "week"],
    [400, "week"],
    [401, "month"],
    [3653, "month"],
  ])("%i days are shown by %s", (count, unit) => {
    expect(bucketUnit(count)).toBe(unit);
  });
});

describe("buildBuckets", () => {
  test("weeks start on Monday, and those that the period cuts are partial", () => {
    // 1 October 2026 is a Thursday.
    const buckets = buildBuckets(days("2026-10-01", 20), "week");
    expect(buckets.map(({ from, to, partial }) => [from, to, partial])).toEqual([
      ["2026-10-01", "2026-10-04", true],
      ["2026-10-05", "2026-10-11", false],
      ["2026-10-12", "2026-10-18", false],
      ["2026-10-19", "2026-10-20", true],
    ]);
    expect(buckets[1]?.counts.loginSessions).toBe(5 + 6 + 7 + 8 + 9 + 10 + 11);
  });

  test("a week that spans the new year is one week", () => {
    expect(buildBuckets(days("2026-12-28", 7), "week")).toHaveLength(1);
  });

  test("months are whole by the calendar, leap years too", () => {
    const buckets = buildBuckets(days("2028-01-31", 31), "month");
    expect(buckets.map(({ from, to, partial }) => [from, to, partial])).toEqual([
      ["2028-01-31", "2028-01-31", true],
      ["2028-02-01", "2028-02-29", false],
      ["2028-03-01", "2028-03-01", true],
    ]);
  });

  test("the day that is not over is partial, and days after it are left out", () => {
    const buckets = buildBuckets(days("2026-10-01", 31), "day", "2026-10-10");
    expect(buckets).toHaveLength(10);
    expect(buckets.map(({ partial }) => partial)).toEqual([...Array<boolean>(9).fill(false), true]);
    expect(buildBuckets(days("2026-10-05", 7), "week", "2026-10-11")[0]?.partial).toBe(true);
    expect(buildBuckets(days("2026-10-05", 7), "week", "2026-10-12")[0]?.partial).toBe(false);
  });

  test("no rows, no buckets; what is no number counts as none", () => {
    expect(buildBuckets([])).toEqual([]);
    expect(
      buildBuckets([{ day: "2026-10-01", loginSessions: null, accountsAdded: Number.NaN }])[0]?.counts,
    ).toEqual(Object.fromEntries(metricKeys.map((key) => [key, 0])));
  });

  test("no count is lost or counted twice, whatever the unit", () => {
    const arbitrary = fc.record({
      start: fc.integer({ min: 0, max: 4000 }),
      count: fc.integer({ min: 1, max: 900 }),
      unit: fc.constantFrom("day", "week", "month"),
    });
    fc.assert(
      fc.property(arbitrary, ({ start, count, unit }) => {
        const rows = days(Temporal.PlainDate.from("2020-01-01").add({ days: start }).toString(), count);
        const buckets = buildBuckets(rows, unit);
        const sum = buckets.reduce((total, { counts }) => total + counts.loginSessions, 0);
        expect(sum).toBe(totalCounts(rows).loginSessions);
        expect(buckets.filter(({ partial }) => partial).length).toBeLessThanOrEqual(2);
        expect(buckets.slice(1, -1).every(({ partial }) => !partial)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });
});
