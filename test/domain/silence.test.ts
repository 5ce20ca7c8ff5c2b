import fc from "fast-check";
import { expect, it } from "vitest";
import { createCalendar, DAY } from "../../src/domain/calendar.ts";
import { HABIT, HOUR, isImportDue, isSilent } from "../../src/domain/silence.ts";

const zones = ["UTC", "Europe/Oslo", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"] as const;
const zone = fc.constantFrom(...zones);
/** Clocks are set in these weeks, in one zone or another. */
const end = fc.constantFrom(
  "2026-03-31",
  "2026-04-08",
  "2026-07-15",
  "2026-10-28",
  "2026-11-04",
  "2026-12-09",
);

const calendars = new Map(zones.map((name) => [name as string, createCalendar(name)]));
const calendarOf = (timeZone: string) => calendars.get(timeZone) ?? createCalendar(timeZone);

/** Whether a source is silent at `now`, of all its events in order. */
function silentAt(events: readonly number[], now: number, timeZone: string): boolean {
  const until = events.filter((at) => at <= now);
  const lastAt = until.at(-1);
  if (lastAt === undefined) return false;
  const floor = (at: number): number => Math.floor(at / HOUR) * HOUR;
  const hours = [...new Set(until.filter((at) => at >= floor(lastAt) - HABIT).map(floor))];
  return isSilent({ hours, lastAt }, now, calendarOf(timeZone));
}

/**
 * An event in the middle of each hour that is wanted, by the clocks of the zone, up to a moment. What is wanted in an
 * hour that clocks skip comes in the next, as from any scheduler.
 */
function eventsWhere(
  wanted: (time: Temporal.PlainDateTime) => boolean,
  to: number,
  timeZone: string,
  weeks = 10,
): number[] {
  const events: number[] = [];
  const start = Math.floor(to / HOUR) * HOUR - weeks * 7 * DAY;
  for (let at = start + HOUR / 2; at <= to; at += HOUR)
    if (timesOf(at, timeZone).some(wanted)) events.push(at);
  return events;
}

const known = new Map<string, readonly Temporal.PlainDateTime[]>();

/** What clocks say at a moment, and what they skipped an hour before. */
function timesOf(at: number, timeZone: string): readonly Temporal.PlainDateTime[] {
  const key = `${at} ${timeZone}`;
  const times = known.get(key) ?? readClocks(at, timeZone);
  known.set(key, times);
  return times;
}

function readClocks(at: number, timeZone: string): readonly Temporal.PlainDateTime[] {
  const time = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone).toPlainDateTime();
  const before = time.subtract({ hours: 1 });
  return before.toZonedDateTime(timeZone).epochMilliseconds === at ? [time, before] : [time];
}

const isOffice = ({ dayOfWeek, hour }: Temporal.PlainDateTime): boolean =>
  dayOfWeek <= 5 && hour >= 8 && hour < 17;
const instant = (text: string): number => Temporal.ZonedDateTime.from(text).epochMilliseconds;

/** The first hour at which it counts as silent, in hours after the last event; none within eight weeks. */
function toldAfter(events: readonly number[], timeZone: string): number | undefined {
  const last = events.at(-1) ?? 0;
  for (let hours = 1; hours <= 8 * 7 * 24; hours++)
    if (silentAt(events, last + hours * HOUR, timeZone)) return hours;
  return undefined;
}

/** Sunday at two, which clocks skip in Oslo on 29 March 2026. */
const skippedInMarch = 6 * 24 + 2;

it("never warns of a source whose habits go on, whatever they are", () => {
  const week = fc.array(fc.integer({ min: 0, max: 167 }), { minLength: 1, maxLength: 100 });
  fc.assert(
    fc.property(week, zone, end, fc.nat(167), (hoursOfWeek, timeZone, day, later) => {
      const usual = new Set(hoursOfWeek);
      const now = instant(`${day}T12:00[${timeZone}]`) + later * HOUR;
      const events = eventsWhere(
        ({ dayOfWeek, hour }) => usual.has((dayOfWeek - 1) * 24 + hour),
        now,
        timeZone,
      );
      expect(silentAt(events, now, timeZone)).toBe(false);
    }),
    { numRuns: 150, examples: [[[skippedInMarch], "Europe/Oslo", "2026-03-31", 100]] },
  );
}, 20_000);

it("always warns once a regular source stops, and ends when it counts as given up", () => {
  const week = fc.array(fc.integer({ min: 0, max: 167 }), { minLength: 1, maxLength: 168 });
  fc.assert(
    fc.property(week, zone, end, (hoursOfWeek, timeZone, day) => {
      const usual = new Set(hoursOfWeek);
      const events = eventsWhere(
        ({ dayOfWeek, hour }) => usual.has((dayOfWeek - 1) * 24 + hour),
        instant(`${day}T12:00[${timeZone}]`),
        timeZone,
      );
      const last = events.at(-1) ?? 0;
      // At least once a week: then half as long again is eleven days at most.
      const told = [12, 20, 40, 55].map((days) => silentAt(events, last + days * DAY, timeZone));
      expect(told).toEqual([true, true, true, true]);
      expect(silentAt(events, last + HABIT + DAY, timeZone)).toBe(false);
    }),
    { numRuns: 60, examples: [[[skippedInMarch], "Europe/Oslo", "2026-04-08"]] },
  );
}, 20_000);

it("never warns while too little is known", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 7 * 24 - 1 }), { minLength: 1, maxLength: 100 }),
      fc.integer({ min: 0, max: 60 * 24 }),
      zone,
      (hours, later, timeZone) => {
        // One week of whatever it may be, which touches at most seven days of the zone.
        const first = instant(`2026-06-01T00:00[${timeZone}]`);
        const events = hours.map((hour) => first + hour * HOUR + 1).sort((a, b) => a - b);
        expect(silentAt(events, (events.at(-1) ?? 0) + later * HOUR, timeZone)).toBe(false);
      },
    ),
  );
  // Three weeks and a half make no habit of hours, but eight days with one weekend know a pause.
  const office = eventsWhere(isOffice, instant("2026-07-15T12:00[UTC]"), "UTC").filter(
    (at) => at > instant("2026-06-21T00:00[UTC]"),
  );
  expect(toldAfter(office, "UTC")).toBe(97);
  expect(isSilent({ hours: [], lastAt: 0 }, 20 * DAY, createCalendar("UTC"))).toBe(false);
});

it("knows the weekends, nights and clock changes of an office", () => {
  for (const timeZone of zones.slice(1)) {
    for (const day of ["2026-03-27", "2026-04-03", "2026-10-23", "2026-10-30"]) {
      const friday = instant(`${day}T17:00[${timeZone}]`);
      const events = eventsWhere(isOffice, friday, timeZone);
      // Monday's first hour is not over yet.
      for (let hours = 1; hours <= 63; hours += 2)
        expect(silentAt(events, friday + hours * HOUR, timeZone), `${day} +${hours} ${timeZone}`).toBe(false);
    }
  }
});

it("takes a public holiday for one, and tells on the next day that it goes on", () => {
  const timeZone = "Europe/Oslo";
  // Ascension Day 2026 is Thursday 14 May; the day before ends two hours early.
  const events = eventsWhere(isOffice, instant(`2026-05-13T15:00[${timeZone}]`), timeZone);
  const at = (text: string): boolean => silentAt(events, instant(`${text}[${timeZone}]`), timeZone);
  expect(at("2026-05-14T23:59")).toBe(false);
  expect(at("2026-05-15T08:59")).toBe(false);
  expect(at("2026-05-15T09:00")).toBe(true);
  // A holiday among the four weeks before changes nothing of what is usual.
  const after = eventsWhere(
    (time) => isOffice(time) && time.toPlainDate().toString() !== "2026-05-14",
    instant(`2026-05-27T17:00[${timeZone}]`),
    timeZone,
  );
  const then = (text: string): boolean => silentAt(after, instant(`${text}[${timeZone}]`), timeZone);
  expect(then("2026-05-28T17:00")).toBe(false);
  expect(then("2026-05-29T10:59")).toBe(false);
  expect(then("2026-05-29T11:00")).toBe(true);
});

it("tells within the day of who works around the clock, within a working day or two of an office", () => {
  const always = eventsWhere(() => true, instant("2026-07-15T10:00[UTC]"), "UTC");
  expect(toldAfter(always, "UTC")).toBe(15);
  const evening = eventsWhere(() => true, instant("2026-07-15T20:00[UTC]"), "UTC");
  expect(toldAfter(evening, "UTC")).toBe(9);
  // Stopped on a Wednesday at noon: by Thursday noon.
  const office = eventsWhere(isOffice, instant("2026-07-15T12:00[UTC]"), "UTC");
  expect(toldAfter(office, "UTC")).toBe(24);
});

it("tells of a source without usual hours by its longest pause", () => {
  // Something once a day, at any hour.
  const first = instant("2026-06-01T00:00[UTC]");
  const events = [...Array(40).keys()].map((day) => first + day * DAY + ((day * 7) % 24) * HOUR + 1);
  // The longest pause is one of 31 hours.
  expect(toldAfter(events, "UTC")).toBe(47);
});

it("misses no single hours: a busy source that is quiet at times is not silent", () => {
  fc.assert(
    fc.property(fc.infiniteStream(fc.integer({ min: 0, max: 9 })), zone, end, (dice, timeZone, day) => {
      const now = instant(`${day}T12:00[${timeZone}]`);
      const events = eventsWhere((time) => isOffice(time) && (dice.next().value ?? 0) < 8, now, timeZone);
      expect(silentAt(events, now, timeZone)).toBe(false);
    }),
    { numRuns: 60 },
  );
}, 20_000);

it("expects a file when they usually come", () => {
  const calendar = createCalendar("Europe/Oslo");
  const monday = instant("2026-06-01T09:00[Europe/Oslo]");
  const weekly = [0, 7, 14].map((day) => monday + day * DAY + day * 60_000);
  const due = (imports: readonly number[], days: number): boolean =>
    isImportDue(imports, (imports.at(-1) ?? 0) + days * DAY, calendar);
  expect(due(weekly, 10)).toBe(false);
  expect(due(weekly, 11)).toBe(true);
  expect(due(weekly, 66)).toBe(true);
  // By then nobody expects one any more.
  expect(due(weekly, 67)).toBe(false);
  // Who tries the app out for some days is told nothing, nor who imports twice, nor of many files of one day.
  expect(
    due(
      [0, 1, 2, 3].map((day) => monday + day * DAY),
      30,
    ),
  ).toBe(false);
  expect(due(weekly.slice(1), 30)).toBe(false);
  expect(
    due(
      [...Array(50).keys()].map((i) => monday + i),
      30,
    ),
  ).toBe(false);
  expect(due([], 30)).toBe(false);
  // Every weekday: the weekend is the longest pause.
  const weekdays = [...Array(26).keys()].filter((day) => day % 7 < 5).map((day) => monday + day * DAY);
  expect(due(weekdays, 3)).toBe(false);
  expect(due(weekdays, 4)).toBe(false);
  expect(due(weekdays, 4.6)).toBe(true);
});

it("never finds a file due that comes as it always did, and always one that does not", () => {
  const calendar = createCalendar("UTC");
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 92 }), fc.integer({ min: 15, max: 40 }), (every, times) => {
      const imports = [...Array(times).keys()].map((i) => i * every * DAY);
      const last = imports.at(-1) ?? 0;
      expect(isImportDue(imports, last + every * DAY, calendar)).toBe(false);
      expect(isImportDue(imports, last + 2 * every * DAY + 1, calendar)).toBe(true);
    }),
  );
});
