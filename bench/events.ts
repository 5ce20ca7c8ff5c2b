import { createRandom, type Random } from "../src/demo/random.ts";
import { DAY, MINUTE } from "../src/domain/calendar.ts";
import type { EventKind } from "../src/domain/event.ts";

export interface BenchOptions {
  readonly people: number;
  /** Exactly so many. */
  readonly events: number;
  readonly days?: number;
  /** Milliseconds since the epoch; no event is later. */
  readonly until: number;
  readonly seed?: number;
  /** Whether every other person's vault names its sessions. */
  readonly sessions?: boolean;
}

const HOUR = 60 * MINUTE;
const chunkLength = 65_536;
const weekend = 0.12;
/** How much happens in each hour of a day, in UTC. */
const hours = [1, 1, 1, 1, 2, 4, 12, 40, 85, 100, 95, 80, 50, 75, 95, 90, 70, 40, 18, 8, 5, 3, 2, 1];
/** Between two events of one session, on the average. */
const pause = 3 * MINUTE;

const actions: readonly (readonly [kind: EventKind, share: number])[] = [
  ["password_autofilled", 0.5],
  ["password_accessed", 0.25],
  ["remote_connection", 0.13],
  ["account_added", 0.05],
  ["other", 0.05],
  ["login_failed", 0.02],
];

/** Somebody at work: the events of a session still to come, and the part of each line that says whose they are. */
interface Worker {
  left: number;
  isNew: boolean;
  who: string;
}

/**
 * Plain events as text, whole lines in chunks of about 64 KB: in order of time, in the rhythm of working days, by
 * people of whom some do much more than others. The same for the same options; memory grows with `people` alone.
 */
export function* benchEvents(options: BenchOptions): Generator<string, void> {
  const { people, events, days = 365, until, seed = 1, sessions = false } = options;
  const random = createRandom(`bench/${seed}`);
  const users = Array.from({ length: people }, (_, i) => {
    const user = { id: `u${i}`, email: `person${i}@example.com`, name: `Person ${i}` };
    return `,"user":${JSON.stringify(user)}`;
  });
  const lastDay = Math.floor(until / DAY);
  const today = shareOfDay(until - lastDay * DAY);
  const weights = Array.from({ length: days }, (_, i) => {
    const day = lastDay - days + 1 + i;
    return ((day + 3) % 7 > 4 ? weekend : 1) * (day === lastDay ? today : 1);
  });
  const total = weights.reduce((sum, weight) => sum + weight, 0);

  let opened = 0;
  const open = (): Worker => {
    const turn = opened++;
    // Everybody's turn comes; the first of the list come in between as well.
    const person = turn % 2 === 0 ? (turn / 2) % people : Math.floor(people * random.next() ** 2);
    const session = sessions && person % 2 === 0 ? `,"session":"s${seed}-${turn}"` : "";
    const device = `,"device":"d${person}-${random.whole(1, 2)}"`;
    return { left: 2 + random.count(5), isNew: true, who: `${users[person]}${session}${device}` };
  };

  let chunk = "";
  let done = 0;
  let weight = 0;
  for (const [i, share] of weights.entries()) {
    weight += share;
    const day = lastDay - days + 1 + i;
    const due = i === days - 1 ? events : Math.round((events * weight) / total);
    const count = due - done;
    const workers = Array.from({ length: Math.ceil((count * pause) / (10 * HOUR)) }, open);
    const isLast = day === lastDay;
    for (let n = 0; n < count; n++) {
      const at = day * DAY + timeOfDay(((n + random.next()) / count) * (isLast ? today : 1));
      const place = Math.floor(random.next() * workers.length);
      let worker = workers[place];
      if (worker === undefined || worker.left === 0) workers[place] = worker = open();
      const kind = worker.isNew ? "login" : kindOf(worker, random);
      worker.isNew = false;
      worker.left--;
      chunk += `{"id":"b${seed}-${done + n}","at":"${new Date(Math.min(at, until)).toISOString()}"${worker.who},"kind":"${kind}"}\n`;
      if (chunk.length >= chunkLength) {
        yield chunk;
        chunk = "";
      }
    }
    done = due;
  }
  if (chunk !== "") yield chunk;
}

function kindOf(worker: Worker, random: Random): EventKind {
  if (worker.left === 1 && random.chance(0.4)) return "logout";
  let left = random.next();
  for (const [kind, share] of actions) {
    left -= share;
    if (left < 0) return kind;
  }
  return "other";
}

const dayTotal = hours.reduce((sum, hour) => sum + hour, 0);
/** How much of a day is over when each hour begins. */
const upTo = hours.map((_, i) => hours.slice(0, i).reduce((sum, hour) => sum + hour, 0) / dayTotal);

/** The share of a day's events before a time of day, in milliseconds. */
function shareOfDay(time: number): number {
  const hour = Math.min(Math.floor(time / HOUR), 23);
  return (upTo[hour] ?? 0) + ((time / HOUR - hour) * (hours[hour] ?? 0)) / dayTotal;
}

/** The time of day, in milliseconds, before which that share of a day's events happens. */
function timeOfDay(share: number): number {
  let hour = 23;
  while (hour > 0 && (upTo[hour] ?? 0) > share) hour--;
  const within = ((share - (upTo[hour] ?? 0)) * dayTotal) / (hours[hour] ?? 1);
  return Math.min(Math.floor((hour + within) * HOUR), DAY - 1);
}
