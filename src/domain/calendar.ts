/** Days of one time zone. All instants are milliseconds since the epoch, all days `YYYY-MM-DD`. */
export interface Calendar {
  readonly timeZone: string;
  /** The day on which an instant falls. */
  dayOf(at: number): string;
  /** The first instant of a day: not always midnight, where clocks skip it. */
  startOf(day: string): number;
  /** The last millisecond of a day. */
  endOf(day: string): number;
}

export const MINUTE = 60_000;
export const DAY = 86_400_000;

/** Since 2000 every zone's offset, and so every midnight, is a multiple of a quarter of an hour. */
const QUARTER = 15 * MINUTE;
const CACHED_QUARTERS = 200_000;

/** The IANA name of a zone as it is usually spelled; undefined for what is no name of a zone. */
export function timeZoneOf(name: string): string | undefined {
  if (/^[+-]/.test(name)) return undefined;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}

/** The zone of a store for which none was ever asked. */
export const DEFAULT_ZONE = "UTC";

/** `timeZone` is an IANA name that `timeZoneOf` gives. */
export function createCalendar(timeZone: string): Calendar {
  const days = new Map<number, string>();
  const starts = new Map<string, number>();

  const startOf = (day: string): number => {
    const known = starts.get(day);
    if (known !== undefined) return known;
    const start = Temporal.PlainDate.from(day).toZonedDateTime(timeZone).epochMilliseconds;
    if (starts.size > CACHED_QUARTERS) starts.clear();
    starts.set(day, start);
    return start;
  };

  return {
    timeZone,
    startOf,
    endOf: (day) => startOf(addDays(day, 1)) - 1,
    dayOf(at) {
      const quarter = Math.floor(at / QUARTER);
      const known = days.get(quarter);
      if (known !== undefined) return known;
      const day = Temporal.Instant.fromEpochMilliseconds(at)
        .toZonedDateTimeISO(timeZone)
        .toPlainDate()
        .toString();
      if (days.size > CACHED_QUARTERS) days.clear();
      days.set(quarter, day);
      return day;
    },
  };
}

/** Days since 1970 of a `YYYY-MM-DD`. */
export function dayNumber(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) / DAY;
}

/** How many days `to` is after `from`. */
export function daysBetween(from: string, to: string): number {
  return dayNumber(to) - dayNumber(from);
}

export function addDays(day: string, days: number): string {
  return new Date((dayNumber(day) + days) * DAY).toISOString().slice(0, 10);
}

/** Every day from `from` to `to`, both included. */
export function eachDay(range: { from: string; to: string }): string[] {
  const first = dayNumber(range.from);
  const length = dayNumber(range.to) - first + 1;
  return Array.from({ length: Math.max(0, length) }, (_, i) => addDays(range.from, i));
}
