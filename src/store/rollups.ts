import type { Calendar } from "../domain/calendar.ts";
import { recompute } from "../domain/daily.ts";
import type { PersonDocument, StaleDocument } from "./documents.ts";
import type { Lease } from "./lease.ts";
import type { Store } from "./open.ts";
import { resolvePeople } from "./people.ts";
import { countEvents, loadTasks, type Task } from "./rollup-read.ts";
import { writeResults } from "./rollup-write.ts";

const ROUND_EVENTS = 10_000;
/** A round that has so many times what it aims for is made in parts, as far as marks allow. */
const MOST_ROUNDS = 4;
const FIRST_ROUND = 16;
const MOST_MARKS = 2_000;

/** How many of the stale account-months are done; `total` may grow on the way. */
export interface RollupProgress {
  readonly done: number;
  readonly total: number;
}

/**
 * Makes people, sessions and daily numbers anew wherever they are stale. May be stopped at any point and run again:
 * a mark goes only when everything under it is written.
 */
export async function rollUp(
  store: Store,
  {
    calendar,
    lease,
    onProgress = () => {},
    roundEvents = ROUND_EVENTS,
  }: {
    calendar: Calendar;
    lease: Lease;
    onProgress?: (progress: RollupProgress) => void;
    /** How many events it aims to hold in memory. */
    roundEvents?: number;
  },
): Promise<void> {
  await resolvePeople(store, calendar);
  const personOf = new Map<string, PersonDocument>();
  for await (const person of store.people.find()) {
    for (const account of person.accounts) personOf.set(account, person);
  }
  const total = await store.stale.countDocuments();
  let done = 0;
  let size = FIRST_ROUND;
  for (;;) {
    // In the order of _id, which begins with the account: a long import then loads each account once.
    const next = await store.stale.find().sort({ _id: 1 }).limit(size).toArray();
    if (next.length === 0) return;
    lease.check();
    const marks = next.length < size ? next : withoutPart(next);
    const tasks = tasksOf(marks, personOf);
    if (marks.length > 1 && (await countEvents(store, calendar, tasks)) > MOST_ROUNDS * roundEvents) {
      size = Math.ceil(marks.length / MOST_ROUNDS);
      continue;
    }
    const events = await rollUpRound(store, calendar, tasks);
    await removeMarks(store, marks);
    done += marks.length;
    size = Math.round((marks.length * roundEvents) / (events + 1));
    size = Math.max(1, Math.min(MOST_MARKS, size));
    onProgress({ done, total: Math.max(done, total) });
  }
}

/** Leaves the last account's to the next round, as more may follow: the events would be loaded for each part of them. */
function withoutPart(marks: readonly StaleDocument[]): readonly StaleDocument[] {
  const last = marks.at(-1)?.account;
  const whole = marks.filter(({ account }) => account !== last);
  return whole.length > 0 ? whole : marks;
}

async function rollUpRound(store: Store, calendar: Calendar, tasks: readonly Task[]): Promise<number> {
  const loaded = await loadTasks(store, calendar, tasks);
  const results = loaded.map(({ person, events, from, window }) => ({
    ...recompute(events, from, window, calendar),
    person,
    firstAt: events.reduce((least, event) => Math.min(least, event.at), Number.MAX_SAFE_INTEGER),
    upTo: events.reduce((most, event) => Math.max(most, event.at), 0),
  }));
  if (results.length > 0) await writeResults(store, calendar, results);
  return loaded.reduce((sum, task) => sum + task.events.length, 0);
}

function tasksOf(marks: readonly StaleDocument[], personOf: ReadonlyMap<string, PersonDocument>): Task[] {
  const tasks = new Map<string, Task>();
  for (const { account, from, to } of marks) {
    const person = personOf.get(account);
    if (!person) continue;
    const task = tasks.get(person._id);
    if (task) {
      if (from < task.from) task.from = from;
      if (to > task.to) task.to = to;
    } else tasks.set(person._id, { person, from, to });
  }
  return [...tasks.values()];
}

/** A mark that was widened meanwhile stays. */
async function removeMarks(store: Pick<Store, "stale">, marks: readonly StaleDocument[]): Promise<void> {
  await store.stale.bulkWrite(
    marks.map(({ _id, from, to }) => ({ deleteOne: { filter: { _id, from, to } } })),
    { ordered: false },
  );
}
