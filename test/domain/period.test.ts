import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addDays, createCalendar, dayNumber, eachDay } from "../../src/domain/calendar.ts";
import { looksLikePeriod, rangeLabel, resolvePeriod } from "../../src/domain/period.ts";

const berlin = createCalendar("Europe/Berlin");
const now = Date.parse("2026-11-22T12:00:00Z");

function days(words: string, at = now): string[] {
  const { period, previous } = resolvePeriod(words, at, berlin);
  return [period.from, period.to, previous.from, previous.to];
}

describe("periods", () => {
  it.each([
    ["today", "2026-11-22", "2026-11-22", "2026-11-21", "2026-11-21"],
    ["yesterday", "2026-11-21", "2026-11-21", "2026-11-20", "2026-11-20"],
    ["last 7 days", "2026-11-16", "2026-11-22", "2026-11-09", "2026-11-15"],
    ["last 30 days", "2026-10-24", "2026-11-22", "2026-09-24", "2026-10-23"],
    ["last 4 weeks", "2026-10-26", "2026-11-22", "2026-09-28", "2026-10-25"],
    ["this week", "2026-11-16", "2026-11-22", "2026-11-09", "2026-11-15"],
    ["last week", "2026-11-09", "2026-11-15", "2026-11-02", "2026-11-08"],
    ["this month", "2026-11-01", "2026-11-30", "2026-10-01", "2026-10-31"],
    ["last month", "2026-10-01", "2026-10-31", "2026-09-01", "2026-09-30"],
    ["this quarter", "2026-10-01", "2026-12-31", "2026-07-01", "2026-09-30"],
    ["last year", "2025-01-01", "2025-12-31", "2024-01-01", "2024-12-31"],
    ["2026", "2026-01-01", "2026-12-31", "2025-01-01", "2025-12-31"],
    ["2026-03", "2026-03-01", "2026-03-31", "2026-02-01", "2026-02-28"],
    ["2026-W01", "2025-12-29", "2026-01-04", "2025-12-22", "2025-12-28"],
    ["2026-w43", "2026-10-19", "2026-10-25", "2026-10-12", "2026-10-18"],
    ["2026-Q1", "2026-01-01", "2026-03-31", "2025-10-01", "2025-12-31"],
    ["2026-10-01..2026-10-15", "2026-10-01", "2026-10-15", "2026-09-16", "2026-09-30"],
    ["2026-10-01..2026-10-31", "2026-10-01", "2026-10-31", "2026-08-31", "2026-09-30"],
    ["Since  2026-11-20", "2026-11-20", "2026-11-22", "2026-11-17", "2026-11-19"],
  ])("%s", (words, ...expected) => {
    expect(days(words)).toEqual(expected);
  });

  it("takes the day of the zone, not of UTC", () => {
    expect(days("today", Date.parse("2026-11-22T23:30:00Z"))[0]).toBe("2026-11-23");
  });

  it.each([
    "2026-02-30",
    "2026-13",
    "2025-W53",
    "1999",
    "2026-10-15..2026-10-01",
    "last 0 days",
    "last 9999 days",
    "soon",
  ])("refuses %s in one line", (words) => {
    expect(() => resolvePeriod(words, now, berlin)).toThrow(/^[^\n]+$/);
  });

  it("has a previous period that ends the day before", () => {
    const day = fc.integer({ min: 11_000, max: 47_000 }).map((n) => addDays("1970-01-01", n));
    fc.assert(
      fc.property(day, fc.nat(400), (from, length) => {
        const { period, previous } = resolvePeriod(`${from}..${addDays(from, length)}`, now, berlin);
        expect(previous.to).toBe(addDays(period.from, -1));
        expect(dayNumber(previous.to) - dayNumber(previous.from)).toBe(length);
        expect(eachDay(period)).toHaveLength(length + 1);
      }),
    );
  });

  it("is told from other words", () => {
    expect(looksLikePeriod("last 7 days")).toBe(true);
    expect(looksLikePeriod("alice")).toBe(false);
  });

  it("writes a range with what both ends share said once", () => {
    expect(rangeLabel({ from: "2026-10-24", to: "2026-11-22" })).toBe("24 Oct – 22 Nov 2026");
    expect(rangeLabel({ from: "2026-10-01", to: "2026-10-15" })).toBe("1–15 Oct 2026");
    expect(rangeLabel({ from: "2025-12-29", to: "2026-01-04" })).toBe("29 Dec 2025 – 4 Jan 2026");
  });
});

describe("calendars", () => {
  const zones = [
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Africa/Cairo",
  ];

  it("agree with Temporal at every instant", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({ min: Date.parse("2000-01-01"), max: Date.parse("2060-01-01") }),
        (zone, at) => {
          const calendar = createCalendar(zone);
          const day = calendar.dayOf(at);
          const right = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate();
          expect(day).toBe(right.toString());
          expect(calendar.startOf(day)).toBeLessThanOrEqual(at);
          expect(calendar.endOf(day)).toBeGreaterThanOrEqual(at);
        },
      ),
    );
  });

  it("know days of 23 and 25 hours", () => {
    const hours = (day: string) => (berlin.endOf(day) + 1 - berlin.startOf(day)) / 3_600_000;
    expect([hours("2026-03-29"), hours("2026-10-25"), hours("2026-10-26")]).toEqual([23, 25, 24]);
  });
});
