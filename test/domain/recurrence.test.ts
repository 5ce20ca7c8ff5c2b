import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DAY, MINUTE } from "../../src/domain/calendar.ts";
import {
  describeRule,
  formatRule,
  lastSlot,
  type Nth,
  nextSlot,
  parseRule,
  type Rule,
  ruleExamples,
  slotsAfter,
} from "../../src/domain/recurrence.ts";
import { weekdays } from "../../src/domain/recurrence-words.ts";
import { splitWords } from "../../src/domain/words.ts";
import { UsageError } from "../../src/errors.ts";

const rule = (line: string): Rule => parseRule(splitWords(line));
const ms = (text: string): number => Date.parse(text);
/** `2026-03-29T01:30`, in UTC. */
const iso = (at: number): string => new Date(at).toISOString().replace(/:00\.000Z$/, "");

function slots(line: string, zone: string, after: string, count: number): string[] {
  return slotsAfter(rule(line), zone, ms(`${after}Z`), count).map(iso);
}

const time = fc
  .tuple(fc.nat(23), fc.nat(59))
  .map((parts) => parts.map((part) => String(part).padStart(2, "0")).join(":"));
const weekday = fc.constantFrom(...weekdays);
const monthDay = fc.oneof(
  fc.record({ day: fc.oneof(fc.integer({ min: 1, max: 31 }), fc.constant("last" as const)) }),
  fc.record({
    nth: fc.constantFrom<Nth[]>(1, 2, 3, 4, "last"),
    weekday: fc.oneof(weekday, fc.constant("weekday" as const)),
  }),
);
const simpleRule: fc.Arbitrary<Rule> = fc.oneof(
  fc.record({
    kind: fc.constant("weekly" as const),
    days: fc.subarray([...weekdays], { minLength: 1 }),
    time,
  }),
  fc.record({ kind: fc.constant("monthly" as const), on: monthDay, time }),
  fc.record({
    kind: fc.constant("quarterly" as const),
    on: fc.constantFrom("first" as const, "last" as const),
    time,
  }),
);
const cronRule = fc
  .tuple(
    fc.nat(59),
    fc.constantFrom("*", "2", "1,2,3", "*/5", "0-23/7", "22-23"),
    fc.constantFrom("* * *", "* * MON-FRI", "L * *", "1,15 * *", "29 2 *", "* * 5L", "* 4 1#2", "13 * 5"),
  )
  .map(([minute, hour, days]) => rule(`cron ${minute} ${hour} ${days}`));
const anyRule = fc.oneof({ weight: 3, arbitrary: simpleRule }, cronRule);
const zone = fc.constantFrom(
  "UTC",
  "Europe/Berlin",
  "America/New_York",
  "America/St_Johns",
  "America/Sao_Paulo",
  "Africa/Cairo",
  "Asia/Kathmandu",
  "Australia/Lord_Howe",
  "Antarctica/Troll",
  "Pacific/Apia",
);
const instant = fc.integer({ min: ms("2010-01-01"), max: ms("2031-01-01") });

describe("the words of a rule", () => {
  it.each([
    ["every day 09:00", "every day 09:00"],
    ["every day", "every day 09:00"],
    ["every weekday 8:30", "every weekday 08:30"],
    ["EVERY Fri, thu Wed and tues & monday", "every weekday 09:00"],
    ["every weekend noon", "every saturday, sunday 12:00"],
    ["every thursday,monday 17:30", "every monday, thursday 17:30"],
    ["every mon and thu at 9:00", "every monday, thursday 09:00"],
    ["every week 7.15", "every monday 07:15"],
    ["every week on friday 9 am", "every friday 09:00"],
    ["every month 12am", "every month on the 1st 00:00"],
    ["every month on the first midnight", "every month on the 1st 00:00"],
    ["every month on 22 at 12pm", "every month on the 22nd 12:00"],
    ["every month on the 13th", "every month on the 13th 09:00"],
    ["every month on the 31st at 9:05pm", "every month on the 31st 21:05"],
    ["every month on the last day 5pm", "every month on the last day 17:00"],
    ["every month on the 2nd tue", "every month on the second tuesday 09:00"],
    ["every month on the last weekday 9:00", "every month on the last weekday 09:00"],
    ["every month on the first weekday 9:00", "every month on the first weekday 09:00"],
    ["every quarter 06:00", "every quarter on the first day 06:00"],
    ["every quarter on the last day", "every quarter on the last day 09:00"],
    ["cron 0 9 * * 1-5", "cron 0 9 * * 1-5"],
    ['Cron "0  9 * jan mon-fri"', "cron 0 9 * JAN MON-FRI"],
    ["cron '0 9 l * ?'", "cron 0 9 L * ?"],
    ["cron @daily", "cron 0 0 * * *"],
    ["cron @HOURLY", "cron 0 * * * *"],
    ['"every day 10:00"', "every day 10:00"],
  ])("%s", (typed, spelled) => {
    expect(formatRule(rule(typed))).toBe(spelled);
    expect(rule(spelled)).toEqual(rule(typed));
  });

  it("makes plain values", () => {
    expect(rule("every thu, mon 9am")).toEqual({
      kind: "weekly",
      days: ["monday", "thursday"],
      time: "09:00",
    });
    expect(rule("every month on the 1st mon")).toEqual({
      kind: "monthly",
      on: { nth: 1, weekday: "monday" },
      time: "09:00",
    });
    expect(rule("cron 0 9 * * 1")).toEqual({ kind: "cron", expression: "0 9 * * 1" });
  });

  it.each([
    ["every mondy 9:00", /did you mean monday\?/],
    ["every wekday", /did you mean weekday\?/],
    ["every mont", /did you mean month\?/],
    ["evry day", /did you mean every\?/],
    ["every month on the fist monday", /did you mean first\?/],
    ["every month on the first mnday", /did you mean monday\?/],
    ["every month 15th", /on the 15th/],
    ["every month on the", /something is missing/],
    ["every month on the 15th of may", /“may” is not understood; right would be a day, as in: on the 15th/],
    ["every month on the 0", /1 to 31/],
    ["every month on the 32nd", /1 to 31/],
    ["every month on the 5th friday", /on the last friday/],
    ["every quarter on the 2nd", /first and a last day/],
    ["every quarter on the first monday", /first and a last day/],
    ["every day 24:00", /“24:00” is no time/],
    ["every day 9:60", /“9:60” is no time/],
    ["every day 13pm", /“13pm” is no time/],
    ["every day at 9", /“9” is no time; a time is written as 9:00/],
    ["every day at", /needs a time/],
    ["every monday 9", /“9” is not understood; .* every monday 9:00/],
    ["every 9:00", /every day 09:00/],
    ["monday 9:00", /how often; try one of: every day/],
    ["", /say how often/],
    ["cron", /five fields/],
    ["cron 0 9 * *", /fields of cron 0 9/],
    ["cron 0 0 9 * * *", /fields of cron 0 9/],
    ["cron @secondly", /more often than once an hour/],
    ["cron * * * * *", /more often than once an hour/],
    ["cron 0,30 9 * * *", /more often than once an hour/],
    ["cron H 9 * * *", /no definite time/],
    ["cron 0 9 * * THUH", /no definite time/],
    ["cron 0 9 30 2 *", /no day that ever comes/],
    ["cron 0 9 31 4,6,9,11 *", /no day that ever comes/],
    ["cron 0 24 * * *", /no cron expression/],
    ["cron 0 9 * * FOO", /no cron expression/],
  ])("refuses %s", (typed, message) => {
    expect(() => rule(typed)).toThrow(UsageError);
    expect(() => rule(typed)).toThrow(message);
    expect(() => rule(typed)).toThrow(/^[^\n]+$/);
  });

  it("reads its own examples", () => {
    for (const example of ruleExamples.split(/, (?=every|cron)/)) expect(() => rule(example)).not.toThrow();
  });

  it("gives a rule back from its one spelling and through JSON", () => {
    fc.assert(
      fc.property(anyRule, (each) => {
        expect(rule(formatRule(each))).toEqual(each);
        expect(JSON.parse(JSON.stringify(each))).toEqual(each);
      }),
    );
  });

  it("answers garbage with what would be right, and nothing else", () => {
    const some =
      "every cron month quarter week on the at last first day 31 9:00 9 am mon weekday * */2 @ L # H 1-5 ,";
    const word = fc.oneof(fc.constantFrom(...some.split(" ")), fc.string({ unit: "binary" }));
    const words = fc
      .tuple(fc.constantFrom("every", "cron", ""), fc.array(word, { maxLength: 6 }))
      .map((p) => p.flat());
    fc.assert(
      fc.property(words, (given) => {
        let made: Rule;
        try {
          made = parseRule(given);
        } catch (error) {
          expect(error).toBeInstanceOf(UsageError);
          return;
        }
        expect(rule(formatRule(made))).toEqual(made);
        expect(nextSlot(made, "Europe/Oslo", 0)).toBeGreaterThan(0);
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ["every monday 9:00", "every Monday 09:00 (Europe/Oslo)"],
    ["every mon tue sun", "every Monday, Tuesday and Sunday 09:00 (Europe/Oslo)"],
    ["every weekday", "every weekday 09:00 (Europe/Oslo)"],
    ["every month on the last fri", "every month on the last Friday 09:00 (Europe/Oslo)"],
    ["cron 0 9 * * mon,fri", "cron 0 9 * * MON,FRI (Europe/Oslo)"],
  ])("describes %s", (typed, described) => {
    expect(describeRule(rule(typed), "Europe/Oslo")).toBe(described);
  });
});

describe("days", () => {
  // 1 November 2026 is a Sunday; at 09:00 in UTC.
  it.each([
    ["every weekday", "2026-11-05", "2026-11-05 2026-11-06 2026-11-09"],
    ["every mon, thu", "2026-11-05", "2026-11-05 2026-11-09 2026-11-12"],
    ["every month", "2026-11-05", "2026-12-01 2027-01-01 2027-02-01"],
    ["every month on the 31st", "2027-01-01", "2027-01-31 2027-02-28 2027-03-31 2027-04-30"],
    ["every month on the 29th", "2028-01-30", "2028-02-29 2028-03-29"],
    ["every month on the 30th", "2028-02-01", "2028-02-29 2028-03-30"],
    ["every month on the 29th", "2100-02-01", "2100-02-28 2100-03-29"],
    ["every month on the last day", "2026-11-30", "2026-11-30 2026-12-31 2027-01-31 2027-02-28"],
    ["every month on the first monday", "2026-11-01", "2026-11-02 2026-12-07 2027-01-04"],
    ["every month on the first sunday", "2026-11-01", "2026-11-01 2026-12-06"],
    ["every month on the second tuesday", "2026-11-01", "2026-11-10 2026-12-08"],
    ["every month on the fourth thursday", "2026-11-01", "2026-11-26 2026-12-24"],
    ["every month on the last friday", "2026-11-01", "2026-11-27 2026-12-25"],
    ["every month on the first weekday", "2026-11-01", "2026-11-02 2026-12-01 2027-01-01 2027-02-01"],
    ["every month on the last weekday", "2026-11-01", "2026-11-30 2026-12-31 2027-01-29"],
    ["every quarter", "2026-11-05", "2027-01-01 2027-04-01 2027-07-01 2027-10-01 2028-01-01"],
    ["every quarter on the last day", "2026-11-05", "2026-12-31 2027-03-31 2027-06-30 2027-09-30"],
    ["cron 0 9 * * 1-5", "2026-11-06", "2026-11-06 2026-11-09"],
    ["cron 0 9 L * *", "2027-02-01", "2027-02-28 2027-03-31"],
    ["cron 0 9 29 2 *", "2026-01-01", "2028-02-29 2032-02-29"],
    ["cron 0 9 29 2 *", "2096-03-01", "2104-02-29"],
    // Both days restricted: either will do.
    ["cron 0 9 13 * 5", "2026-11-07", "2026-11-13 2026-11-20 2026-11-27 2026-12-04 2026-12-11 2026-12-13"],
  ])("%s from %s", (typed, from, expected) => {
    const days = expected.split(" ");
    expect(slots(typed, "UTC", `${from}T00:00`, days.length)).toEqual(days.map((day) => `${day}T09:00`));
  });

  it("are strictly after", () => {
    expect(slots("cron 0 0 * * *", "UTC", "2026-12-30T00:00", 2)).toEqual([
      "2026-12-31T00:00",
      "2027-01-01T00:00",
    ]);
    expect(slots("every day 09:00", "UTC", "2026-12-31T08:59:59.999", 1)).toEqual(["2026-12-31T09:00"]);
    expect(slots("every day 09:00", "UTC", "2026-12-31T09:00", 1)).toEqual(["2027-01-01T09:00"]);
  });

  it("are those of the zone, not of UTC", () => {
    // Sunday evening in Los Angeles is Monday in UTC.
    expect(slots("every sunday 20:00", "America/Los_Angeles", "2026-11-02T03:00", 1)).toEqual([
      "2026-11-02T04:00",
    ]);
  });
});

describe("clocks that change", () => {
  // Where a time is skipped, it comes as much later; where it comes twice, only the first counts. All in UTC.
  it.each([
    // 29 March 02:00 becomes 03:00 (+1 to +2); 25 October 03:00 becomes 02:00.
    ["02:30", "Europe/Berlin", "2026-03-28T00:00", "2026-03-28T01:30 2026-03-29T01:30 2026-03-30T00:30"],
    ["02:30", "Europe/Berlin", "2026-10-24T00:00", "2026-10-24T00:30 2026-10-25T00:30 2026-10-26T01:30"],
    ["02:30", "Europe/Berlin", "2026-10-25T01:00", "2026-10-26T01:30"],
    // The clock shows 03:15, and what was to be at 02:30 is still to come.
    ["02:30", "Europe/Berlin", "2026-03-29T01:15", "2026-03-29T01:30 2026-03-30T00:30"],
    ["09:00", "Europe/Berlin", "2026-03-28T00:00", "2026-03-28T08:00 2026-03-29T07:00"],
    // 8 March 02:00 becomes 03:00 (-5 to -4); 1 November 02:00 becomes 01:00.
    ["02:30", "America/New_York", "2026-03-07T06:00", "2026-03-07T07:30 2026-03-08T07:30 2026-03-09T06:30"],
    ["01:30", "America/New_York", "2026-10-31T00:00", "2026-10-31T05:30 2026-11-01T05:30 2026-11-02T06:30"],
    // 4 October 02:00 becomes 02:30 (+10:30 to +11); 5 April 02:00 becomes 01:30.
    [
      "02:15",
      "Australia/Lord_Howe",
      "2026-10-02T12:00",
      "2026-10-02T15:45 2026-10-03T15:45 2026-10-04T15:15",
    ],
    [
      "01:45",
      "Australia/Lord_Howe",
      "2026-04-03T12:00",
      "2026-04-03T14:45 2026-04-04T14:45 2026-04-05T15:15",
    ],
    // 4 October 02:00 becomes 03:00 (+9:30 to +10:30); 5 April 03:00 becomes 02:00.
    ["02:30", "Australia/Adelaide", "2026-10-02T12:00", "2026-10-02T17:00 2026-10-03T17:00 2026-10-04T16:00"],
    ["02:30", "Australia/Adelaide", "2026-04-03T12:00", "2026-04-03T16:00 2026-04-04T16:00 2026-04-05T17:00"],
    // 8 March 02:00 becomes 03:00 (-3:30 to -2:30); 1 November 02:00 becomes 01:00.
    ["02:30", "America/St_Johns", "2026-03-07T00:00", "2026-03-07T06:00 2026-03-08T06:00 2026-03-09T05:00"],
    ["01:30", "America/St_Johns", "2026-10-31T00:00", "2026-10-31T04:00 2026-11-01T04:00 2026-11-02T05:00"],
    // Always +5:45.
    ["09:00", "Asia/Kathmandu", "2026-03-28T00:00", "2026-03-28T03:15 2026-03-29T03:15 2026-03-30T03:15"],
    // 4 November 2018 00:00 becomes 01:00 (-3 to -2); 18 February 00:00 became 23:00.
    ["00:30", "America/Sao_Paulo", "2018-11-03T00:00", "2018-11-03T03:30 2018-11-04T03:30 2018-11-05T02:30"],
    ["23:30", "America/Sao_Paulo", "2018-02-17T00:00", "2018-02-17T01:30 2018-02-18T01:30 2018-02-19T02:30"],
    // 26 April 2024 00:00 becomes 01:00 (+2 to +3).
    ["00:30", "Africa/Cairo", "2024-04-24T12:00", "2024-04-24T22:30 2024-04-25T22:30 2024-04-26T21:30"],
    // There was no 30 December 2011 (-10 to +14): its time and that of the 31st are one.
    ["09:00", "Pacific/Apia", "2011-12-29T00:00", "2011-12-29T19:00 2011-12-30T19:00 2011-12-31T19:00"],
  ])("every day %s in %s from %s", (at, name, from, expected) => {
    const times = expected.split(" ");
    expect(slots(`every day ${at}`, name, from, times.length)).toEqual(times);
  });

  it("bring a skipped day's time on the day after, from wherever on that day one looks", () => {
    // 30 December 2011 was to be a Friday; on the 31st 12:00 in UTC was 02:00.
    expect(slots("every friday", "Pacific/Apia", "2011-12-30T12:00", 2)).toEqual([
      "2011-12-30T19:00",
      "2012-01-05T19:00",
    ]);
  });

  it("make of hours that fall together one, and of one that comes twice the first", () => {
    expect(slots("cron 0 * * * *", "Europe/Berlin", "2026-03-28T23:30", 3)).toEqual([
      "2026-03-29T00:00",
      "2026-03-29T01:00",
      "2026-03-29T02:00",
    ]);
    expect(slots("cron 0 * * * *", "Europe/Berlin", "2026-10-24T23:30", 3)).toEqual([
      "2026-10-25T00:00",
      "2026-10-25T02:00",
      "2026-10-25T03:00",
    ]);
  });

  /** Every minute of a stretch, and what a clock shows then, counted as if it were one of UTC. */
  function minutesOf(name: string, from: number, to: number): [at: number, clock: number][] {
    const format = new Intl.DateTimeFormat("sv-SE", {
      timeZone: name,
      dateStyle: "short",
      timeStyle: "short",
    });
    const length = (to - from) / MINUTE + 1;
    return Array.from({ length }, (_, i) => from + i * MINUTE).map((at) => [
      at,
      ms(`${format.format(at).replace(" ", "T")}Z`),
    ]);
  }

  /**
   * What a rule for some times of every day gives: one takes effect when the clock first shows it, or, where the
   * clock jumps over it, as much later as it jumps. `times` are minutes since midnight.
   */
  function ticked(minutes: readonly [at: number, clock: number][], times: ReadonlySet<number>): string[] {
    const found = new Set<number>();
    let furthest = (minutes[0]?.[1] ?? 0) - MINUTE;
    for (const [at, clock] of minutes) {
      for (let each = furthest + MINUTE; each <= clock; each += MINUTE) {
        if (times.has((each % DAY) / MINUTE)) found.add(each === clock ? at : at + each - furthest - MINUTE);
      }
      furthest = Math.max(furthest, clock);
    }
    const end = minutes.at(-1)?.[0] ?? 0;
    return [...found]
      .filter((at) => at <= end)
      .sort((a, b) => a - b)
      .map(iso);
  }

  it.each([
    ["Europe/Berlin", "2026-03-28", "2026-10-24"],
    ["America/New_York", "2026-03-07", "2026-10-31"],
    ["Australia/Lord_Howe", "2026-04-04", "2026-10-03"],
    ["America/St_Johns", "2026-03-07", "2026-10-31"],
    ["America/Sao_Paulo", "2018-02-17", "2018-11-03"],
    ["Asia/Beirut", "2026-03-28", "2026-10-24"],
    ["Antarctica/Troll", "2026-03-28", "2026-10-24"],
    ["Pacific/Apia", "2011-12-29", "2011-09-24"],
  ])("are as a clock in %s shows them", (name, ...days) => {
    for (const day of days) {
      const [from, to] = [ms(day) - DAY / 2, ms(day) + 2 * DAY];
      const minutes = minutesOf(name, from, to);
      const between = (line: string): string[] =>
        slotsAfter(rule(line), name, from - 1, 80)
          .filter((slot) => slot <= to)
          .map(iso);
      for (let at = 0; at < 1440; at += 30) {
        const words = iso(at * MINUTE).slice(11);
        expect(between(`every day ${words}`), words).toEqual(ticked(minutes, new Set([at])));
      }
      const hours = new Set(Array.from({ length: 24 }, (_, i) => i * 60 + 30));
      expect(between("cron 30 * * * *")).toEqual(ticked(minutes, hours));
    }
  });

  it("leave one slot on each local day of a year", () => {
    for (const [name, year, days] of [
      ["Europe/Berlin", 2026, 365],
      ["Australia/Lord_Howe", 2028, 366],
      ["Africa/Cairo", 2024, 366],
      ["Pacific/Apia", 2011, 364],
    ] as const) {
      const format = new Intl.DateTimeFormat("sv-SE", { timeZone: name, dateStyle: "short" });
      for (const at of ["00:30", "02:30", "23:30"]) {
        const local = slotsAfter(rule(`every day ${at}`), name, ms(`${year - 1}-12-29`), 372)
          .map((slot) => format.format(slot))
          .filter((day) => day.startsWith(String(year)));
        expect(local, `${name} ${at}`).toHaveLength(days);
        expect(new Set(local).size, `${name} ${at}`).toBe(days);
      }
    }
  });
});

describe("slots", () => {
  it("ascend, and are the same from wherever one looks", () => {
    fc.assert(
      fc.property(
        anyRule,
        zone,
        instant,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (each, name, after, part) => {
          const [first = 0, second = 0, third = 0] = slotsAfter(each, name, after, 3);
          expect(after < first && first < second && second < third).toBe(true);
          expect(nextSlot(each, name, after)).toBe(first);
          const between = first + Math.floor(part * (second - first - 1));
          expect(nextSlot(each, name, between)).toBe(second);
          expect(nextSlot(each, name, second - 1)).toBe(second);
          expect(nextSlot(each, name, second)).toBe(third);
        },
      ),
    );
  });

  it("have a last, which is the last of all after", () => {
    fc.assert(
      fc.property(
        anyRule,
        zone,
        instant,
        fc.integer({ min: 0, max: 90 * DAY }),
        (each, name, after, length) => {
          const all: number[] = [];
          for (let slot = after; ; all.push(slot)) {
            slot = nextSlot(each, name, slot);
            if (slot > after + length) break;
          }
          const last = lastSlot(each, name, after + length, after);
          expect(last?.slot).toBe(all.at(-1));
          expect(last?.passed ?? []).toEqual(all.slice(0, -1).slice(-500));
        },
      ),
      { numRuns: 25 },
    );
  });

  it("that passed are the newest 500, found soon however long ago the first was", () => {
    const hourly = rule("cron 0 * * * *");
    lastSlot(hourly, "Europe/Berlin", ms("2026-11-22T12:30Z"), ms("2026-11-22Z"));
    const begin = performance.now();
    const last = lastSlot(hourly, "Europe/Berlin", ms("2026-11-22T12:30Z"), ms("2016-11-22T12:30Z"));
    expect(performance.now() - begin).toBeLessThan(200);
    expect(iso(last?.slot ?? 0)).toBe("2026-11-22T12:00");
    expect(last?.passed).toHaveLength(500);
    // 500 hours before, less the one of 25 October that does not count.
    expect(iso(last?.passed[0] ?? 0)).toBe("2026-11-01T16:00");
  });

  it("that passed are 500 also where the newest lie in one month and the oldest in another", () => {
    const last = lastSlot(
      rule("cron 0 0-19 1-25 * *"),
      "UTC",
      ms("2027-02-01T00:00Z") - 1,
      ms("2026-01-01Z"),
    );
    expect(iso(last?.slot ?? 0)).toBe("2027-01-25T19:00");
    expect(last?.passed).toHaveLength(500);
    expect(iso(last?.passed[0] ?? 0)).toBe("2026-12-25T19:00");
  });

  it("have no last where none lies between, and the end counts but not the beginning", () => {
    const daily = rule("every day 09:00");
    const nine = ms("2026-11-22T09:00Z");
    expect(lastSlot(daily, "UTC", nine - 1, nine - DAY)).toBeUndefined();
    expect(lastSlot(daily, "UTC", nine, nine)).toBeUndefined();
    expect(lastSlot(daily, "UTC", nine, nine + DAY)).toBeUndefined();
    expect(lastSlot(daily, "UTC", nine, nine - DAY)).toEqual({ slot: nine, passed: [] });
    expect(lastSlot(daily, "UTC", nine + 1, nine - DAY - 1)).toEqual({ slot: nine, passed: [nine - DAY] });
  });
});
