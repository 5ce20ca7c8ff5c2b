import type { Document } from "mongodb";
import { addDays, type Calendar, DAY } from "../domain/calendar.ts";
import { windowOf } from "../domain/daily.ts";
import { IDLE_GAP, LONGEST_SESSION, type SessionEvent } from "../domain/sessions.ts";
import type { QuietWindow, Span } from "../domain/window.ts";
import type { EventDocument, PersonDocument } from "./documents.ts";
import { sourceOf } from "./facts.ts";
import type { Store } from "./open.ts";

const IDS_AT_ONCE = 1_000;
const BATCH = 2_000;

/** One person's stale days. */
export interface Task {
  readonly person: PersonDocument;
  from: string;
  to: string;
}

/** A task with its events: all those in `span`, in order of time, and the rest of the sessions that it touches. */
export interface Loaded extends Task {
  readonly events: SessionEvent[];
  readonly span: Span;
  readonly window: QuietWindow;
}

/** The tasks' events, as if none had come after the instant `until`. */
export async function loadTasks(
  store: Pick<Store, "events" | "sessions">,
  calendar: Calendar,
  tasks: readonly Task[],
  until = Number.POSITIVE_INFINITY,
): Promise<Loaded[]> {
  const loaded = await loadWindows(store, calendar, tasks, until, 1);
  await addWholeSessions(store, calendar, loaded, until);
  return loaded;
}

/** How many events the tasks' people have around their days, about as many as `loadTasks` would give. */
export async function countEvents(
  store: Pick<Store, "events">,
  calendar: Calendar,
  tasks: readonly Task[],
): Promise<number> {
  const span = spanOf(tasks, calendar, 1);
  if (span === undefined) return 0;
  const account = { $in: tasks.flatMap(({ person }) => person.accounts) };
  return store.events.countDocuments({
    account,
    at: { $gte: new Date(span.start), $lt: new Date(span.end) },
  });
}

/** The days of all tasks and `margin` days around. */
function spanOf(tasks: readonly Task[], calendar: Calendar, margin: number): Span | undefined {
  const [from] = tasks.map((task) => task.from).sort();
  const to = tasks
    .map((task) => task.to)
    .sort()
    .at(-1);
  if (from === undefined || to === undefined) return undefined;
  return {
    start: calendar.startOf(from) - margin * DAY,
    end: calendar.startOf(addDays(to, 1)) + margin * DAY,
  };
}

/** Loads `margin` days around each task; a task whose window may reach further is loaded again, wider. */
async function loadWindows(
  store: Pick<Store, "events" | "sessions">,
  calendar: Calendar,
  tasks: readonly Task[],
  until: number,
  margin: number,
): Promise<Loaded[]> {
  const span = spanOf(tasks, calendar, margin);
  if (span === undefined) return [];
  const end = new Date(Math.min(span.end, until + 1));
  const events = await eventsOf(store, tasks, { at: { $gte: new Date(span.start), $lt: end } });
  const ready: Loaded[] = [];
  const wider: Task[] = [];
  for (const task of tasks) {
    const own = events.get(task.person._id) ?? [];
    let window = windowOf(own, task, span, calendar);
    // Somebody who is never silent, such as a robot: what is stored of the time before tells where to begin.
    if (!window && margin > 1) {
      const start = await sessionBoundary(store, task.person._id, calendar.startOf(task.from));
      if (start > span.start) window = windowOf(own, task, span, calendar, start);
    }
    if (window) ready.push({ ...task, events: own, span, window });
    else wider.push(task);
  }
  return [...ready, ...(await loadWindows(store, calendar, wider, until, margin * 4))];
}

/**
 * The latest instant at or before `dayStart` at which, as far as is stored, no session without an id goes on. Days
 * before were not changed, or are stale themselves, and whoever makes those anew goes on to where silence ends it.
 */
async function sessionBoundary(
  store: Pick<Store, "sessions">,
  person: string,
  dayStart: number,
): Promise<number> {
  let start = dayStart;
  // What ended shortly before may go on with an event that is new.
  let reaches = dayStart - IDLE_GAP;
  for (;;) {
    const across = await store.sessions
      .find({
        person,
        vaultId: null,
        startedAt: { $gte: new Date(start - LONGEST_SESSION), $lt: new Date(start) },
        lastAt: { $gte: new Date(reaches) },
      })
      .toArray();
    if (across.length === 0) return start;
    start = Math.min(...across.map((session) => session.startedAt.getTime()));
    reaches = start;
  }
}

/** The tasks' people's events that match `filter`, in order of time, by person. */
async function eventsOf(
  store: Pick<Store, "events">,
  tasks: readonly Task[],
  filter: Document,
): Promise<Map<string, SessionEvent[]>> {
  const personOf = new Map<string, string>();
  for (const { person } of tasks) for (const account of person.accounts) personOf.set(account, person._id);
  const byPerson = new Map<string, SessionEvent[]>();
  const cursor = store.events.find(
    { account: { $in: [...personOf.keys()] }, ...filter },
    { batchSize: BATCH },
  );
  for await (const event of cursor) {
    const person = personOf.get(event.account) ?? "";
    const events = byPerson.get(person);
    if (events) events.push(sessionEvent(event));
    else byPerson.set(person, [sessionEvent(event)]);
  }
  for (const events of byPerson.values()) events.sort((a, b) => a.at - b.at);
  return byPerson;
}

/** An event as the rules for sessions see it. */
export function sessionEvent(event: EventDocument): SessionEvent {
  return {
    id: event._id,
    at: event.at.getTime(),
    kind: event.kind,
    source: sourceOf(event.account),
    session: event.session,
    device: event.device,
  };
}

/** Adds those events of sessions with an id that lie outside of the loaded span, however far away. */
async function addWholeSessions(
  store: Pick<Store, "events">,
  calendar: Calendar,
  tasks: readonly Loaded[],
  until: number,
): Promise<void> {
  const touched = tasks.flatMap((task) => {
    const start = calendar.startOf(task.from);
    const ids = new Set<string>();
    for (const { session, at } of task.events) if (session !== undefined && at >= start) ids.add(session);
    return ids.size > 0 ? [{ task, ids: [...ids] }] : [];
  });
  if (touched.length === 0) return;
  const spans = touched.map(({ task }) => task.span);
  const latest = Number.isFinite(until) ? { $lte: new Date(until) } : {};
  const accounts = touched.flatMap(({ task }) => task.person.accounts);
  const outside = [
    { $lt: new Date(Math.max(...spans.map((span) => span.start))) },
    { $gte: new Date(Math.min(...spans.map((span) => span.end))), ...latest },
  ];
  for (const at of outside) {
    if (!(await store.events.findOne({ account: { $in: accounts }, at }, { projection: { _id: 1 } })))
      continue;
    await Promise.all(
      touched.map(({ task, ids }) => {
        const { start, end } = task.span;
        const side = "$lt" in at ? { $lt: new Date(start) } : { $gte: new Date(end), ...latest };
        return addSessions(store, task, ids, side);
      }),
    );
  }
}

async function addSessions(
  store: Pick<Store, "events">,
  task: Loaded,
  ids: readonly string[],
  at: Document,
): Promise<void> {
  for (let i = 0; i < ids.length; i += IDS_AT_ONCE) {
    const found = await eventsOf(store, [task], { session: { $in: ids.slice(i, i + IDS_AT_ONCE) }, at });
    task.events.push(...(found.get(task.person._id) ?? []));
  }
}
