import { MINUTE } from "../domain/calendar.ts";
import type { EventKind } from "../domain/event.ts";
import { createRandom, type Random } from "./random.ts";
import { type Device, type SampleDay, sampleHabits } from "./sample-habits.ts";
import type { SamplePerson } from "./sample-people.ts";

const HOUR = 60 * MINUTE;
/** Shorter than the silence that ends a session, so that sessions without an id hold together. */
const longestPause = 25 * MINUTE;

/** Something that somebody does on a day; `at` in milliseconds since the epoch. */
export interface Deed {
  readonly id: string;
  readonly at: number;
  readonly kind: EventKind;
  readonly session?: string;
  readonly device?: string;
  readonly item?: string;
}

/**
 * What somebody does on a day, in order of time. It depends on nothing but person, day and seed, and the ids carry
 * all but the last, so samples of different days name no two events alike.
 */
export function planDay(
  person: SamplePerson,
  day: SampleDay,
  { midnight, seed }: { midnight: number; seed: number },
): Deed[] {
  const random = createRandom(`${seed}/${person.id}/${day.day}`);
  const { story } = person;
  const deeds: Deed[] = [];
  const add = (at: number, kind: EventKind, more: Pick<Deed, "session" | "device" | "item">): void => {
    deeds.push({ id: `${person.id}-${day.day}-${deeds.length + 1}`, at: Math.floor(at), kind, ...more });
  };

  if (story.refused === day.ago) {
    const device = "unknown";
    for (let i = 0; i < 4; i++) add(midnight + 19.2 * HOUR + i * 40_000, "login_failed", { device });
  }
  if (!isAtWork(person, day)) return deeds;
  const self = createRandom(`${seed}/${person.id}`);
  const zeal = self.between(0.6, 1.4);
  const habit = sampleHabits[person.team];
  const shift = habit.shift(day, person.place);
  if (!random.chance(shift.chance)) return deeds;

  const opening = midnight + (shift.from + self.between(-0.5, 0.75)) * HOUR;
  const length = (shift.to - shift.from) * HOUR;
  const starts = Array.from({ length: random.count(habit.sessions * zeal) }, (_, i) =>
    // The first sign-in belongs to the morning, most of the time.
    i === 0 && random.chance(0.7) ? random.wait(25 * MINUTE) : random.next() * length,
  ).sort((a, b) => a - b);

  let at = opening;
  for (const [i, start] of starts.entries()) {
    at = Math.max(opening + start, at + (i === 0 ? 0 : random.between(10, 40) * MINUTE));
    const device = deviceFor(habit.devices, random);
    const where = {
      ...(device.hasSessionIds && { session: `s-${person.id}-${day.day}-${i + 1}` }),
      device: `${device.kind}-${createRandom(`${seed}/${person.id}/${device.kind}`).hex(4)}`,
    };
    if (random.chance(0.05)) {
      const { device } = where;
      for (let tries = random.whole(1, 3); tries > 0; tries--, at += random.between(8, 45) * 1000) {
        add(at, "login_failed", { device });
      }
    }
    add(at, "login", where);
    for (const kind of actionsOf(person, day, random)) {
      at += 1000 + Math.min(random.wait(4 * MINUTE), longestPause);
      const item = kind === "other" ? {} : { item: `i${random.whole(1, 400)}` };
      add(at, kind, { ...where, ...item });
    }
    at += random.between(1, 12) * MINUTE;
    if (random.chance(device.signsOut)) add(at, "logout", where);
  }
  return deeds;
}

function isAtWork({ story }: SamplePerson, { ago }: SampleDay): boolean {
  const [left = 0, back = 0] = story.away ?? [];
  const isAway = ago < left && ago > back;
  return story.only !== "nothing" && !isAway && ago <= (story.since ?? ago) && ago >= (story.until ?? 0);
}

/** What is done in one session, in the order in which it is done. */
function actionsOf({ team, story }: SamplePerson, day: SampleDay, random: Random): EventKind[] {
  if (story.only === "sign-ins") return [];
  const means = { ...sampleHabits[team].actions(day) };
  // Who is new brings accounts along.
  if (story.since !== undefined) means.account_added = 2;
  return (Object.entries(means) as [EventKind, number][])
    .flatMap(([kind, mean]) => Array.from({ length: random.count(mean) }, () => kind))
    .map((kind) => ({ kind, order: random.next() }))
    .sort((a, b) => a.order - b.order)
    .map(({ kind }) => kind);
}

function deviceFor(devices: readonly [Device, ...Device[]], random: Random): Device {
  let left = random.next();
  for (const device of devices) {
    left -= device.share;
    if (left < 0) return device;
  }
  return devices[0];
}
