import { MINUTE } from "../domain/calendar.ts";

/** What the clocks on the wall show at an instant, as the milliseconds at which UTC's clocks show the same. */
export type WallClock = (at: number) => number;

/** Since 2000 clocks everywhere are set at a quarter of an hour, by a multiple of one; before, at any moment. */
const QUARTER = 15 * MINUTE;
const REGULAR_SINCE = Date.UTC(2000, 0, 1);
const MOST_KEPT = 100_000;

/** The clocks of an IANA time zone; asking for the same quarter of an hour again costs nothing. */
export function createWallClock(timeZone: string): WallClock {
  const offsets = new Map<number, number>();
  const offsetAt = (at: number): number =>
    Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone).offsetNanoseconds / 1e6;
  return (at) => {
    if (at < REGULAR_SINCE) return at + offsetAt(at);
    const quarter = Math.floor(at / QUARTER);
    let offset = offsets.get(quarter);
    if (offset === undefined) {
      offset = offsetAt(at);
      if (offsets.size >= MOST_KEPT) offsets.clear();
      offsets.set(quarter, offset);
    }
    return at + offset;
  };
}
