import { addDays, createCalendar, dayNumber, eachDay } from "../domain/calendar.ts";
import type { EventKind } from "../domain/event.ts";
import { createRandom } from "./random.ts";
import { planDay } from "./sample-day.ts";
import type { SampleDay } from "./sample-habits.ts";
import type { SamplePerson } from "./sample-people.ts";
import { samplePeople } from "./sample-people.ts";

/** One line of the plain event format. */
export interface PlainRecord {
  readonly id: string;
  /** UTC, ISO 8601 with milliseconds. */
  readonly at: string;
  readonly user: { readonly id: string; readonly email: string; readonly name: string };
  readonly kind: EventKind;
  readonly session?: string;
  readonly device?: string;
  readonly item?: string;
}

export interface SampleOptions {
  /** Milliseconds since the epoch; nothing happens later. */
  readonly now: number;
  /** IANA name; where the people live. */
  readonly timeZone: string;
  readonly seed?: number;
  /** How many of the 60 people, from the first. */
  readonly people?: number;
  /** Today included. The stories need 90. */
  readonly days?: number;
}

/**
 * What the sample's people did, in order of time: the same for the same options, and for a later `now` of the same
 * day the same and more.
 */
export function* sampleEvents(options: SampleOptions): Generator<PlainRecord, void> {
  const { now, timeZone, seed = 1, people = samplePeople.length, days = 90 } = options;
  const calendar = createCalendar(timeZone);
  const today = calendar.dayOf(now);
  const present = samplePeople.slice(0, people).map((person) => ({
    person,
    vacation: vacationOf(person, { seed, days }),
  }));

  // Work at night goes on after its day's end, so it waits there for the next day's.
  let waiting: { at: number; record: PlainRecord }[] = [];
  for (const day of eachDay({ from: addDays(today, 1 - days), to: today })) {
    const midnight = calendar.startOf(day);
    const end = Math.min(calendar.endOf(day), now);
    const sampleDay = describeDay(day, today, days);
    for (const { person, vacation } of present) {
      if (sampleDay.ago <= vacation.first && sampleDay.ago >= vacation.last) continue;
      const { id, email, name } = person;
      for (const { at, ...what } of planDay(person, sampleDay, { midnight, seed })) {
        waiting.push({
          at,
          record: { ...what, at: new Date(at).toISOString(), user: { id, email, name } },
        });
      }
    }
    waiting.sort((a, b) => a.at - b.at || (a.record.id < b.record.id ? -1 : 1));
    const over = waiting.findIndex(({ at }) => at > end);
    const done = over < 0 ? waiting : waiting.slice(0, over);
    for (const { record } of done) yield record;
    waiting = over < 0 ? [] : waiting.slice(over);
  }
}

function describeDay(day: string, today: string, days: number): SampleDay {
  const number = dayNumber(day);
  const ago = dayNumber(today) - number;
  // The first of January 1970 was a Thursday.
  const weekday = ((number + 3) % 7) + 1;
  const ofMonth = Number(day.slice(8));
  return {
    day,
    ago,
    weekday,
    week: Math.floor((number + 3) / 7),
    // Some holiday or other, in the third week back, so that a month's report shows it: an invented country's.
    isHoliday: weekday === 1 && ago >= 15 && ago <= 21,
    isMonthEnd: ofMonth <= 2 || addDays(day, 3).slice(5, 7) !== day.slice(5, 7),
    growth: 1.5 - (0.9 * ago) / days,
  };
}

/** First and last day, as days before the sample's last. */
interface Vacation {
  readonly first: number;
  readonly last: number;
}

const none: Vacation = { first: -1, last: 0 };

/** Some of those without a story are away for one or two weeks. */
function vacationOf({ id, story }: SamplePerson, { seed, days }: { seed: number; days: number }): Vacation {
  const random = createRandom(`${seed}/vacation/${id}`);
  if (Object.keys(story).length > 0 || !random.chance(0.3)) return none;
  const first = random.whole(10, days);
  return { first, last: first - random.whole(7, 14) + 1 };
}
