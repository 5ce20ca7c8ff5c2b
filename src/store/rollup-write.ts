import type { AnyBulkWriteOperation, Collection, Filter, OptionalId, WithoutId } from "mongodb";
import type { Calendar } from "../domain/calendar.ts";
import type { DailyUsage, Recomputed } from "../domain/daily.ts";
import type { Session } from "../domain/sessions.ts";
import type { DailyDocument, PersonDocument, SessionDocument } from "./documents.ts";
import type { Store } from "./open.ts";
import { createStaleMarks } from "./stale.ts";

const IDS_AT_ONCE = 1_000;

/** One person's recomputed data. */
export type Result = Recomputed & {
  readonly person: PersonDocument;
  /** The first and the last event of any kind that was seen, in milliseconds since the epoch. */
  readonly firstAt: number;
  readonly upTo: number;
};

/**
 * Replaces what is stored by what was recomputed. The sessions come last but for what can be written again, so that
 * after a crash the same start is found and the same is written.
 */
export async function writeResults(
  store: Store,
  calendar: Calendar,
  results: readonly Result[],
): Promise<void> {
  const next = new Map<string, SessionDocument>();
  for (const { person, sessions } of results) {
    for (const session of sessions) {
      const document = sessionDocument(person._id, session, calendar);
      next.set(document._id, document);
    }
  }
  const stored = await storedSessions(store, results, [...next.values()]);
  await markMovedStarts(store, results, stored, next);
  await writeDaily(store, results);
  await writeSessions(store, results, stored, next, calendar);
  await writeLast(store, results);
}

async function storedSessions(
  store: Store,
  results: readonly Result[],
  next: readonly SessionDocument[],
): Promise<SessionDocument[]> {
  const start = new Date(Math.min(...results.map(({ window }) => window.start)));
  const end = new Date(Math.max(...results.map(({ window }) => window.end)));
  const inWindow = await store.sessions
    .find({ person: { $in: results.map(({ person }) => person._id) }, startedAt: { $gte: start, $lt: end } })
    .toArray();
  const known = new Set(inWindow.map((session) => session._id));
  const elsewhere = next.filter((session) => session.vaultId !== null && !known.has(session._id));
  const moved: SessionDocument[] = [];
  for (let i = 0; i < elsewhere.length; i += IDS_AT_ONCE) {
    const ids = elsewhere.slice(i, i + IDS_AT_ONCE).map((session) => session._id);
    moved.push(...(await store.sessions.find({ _id: { $in: ids } }).toArray()));
  }
  return [...inWindow, ...moved];
}

/** A session with an id whose start moves leaves the day on which it was counted, which may be far away. */
async function markMovedStarts(
  store: Store,
  results: readonly Result[],
  stored: readonly SessionDocument[],
  next: ReadonlyMap<string, SessionDocument>,
): Promise<void> {
  const marks = createStaleMarks(store);
  const resultOf = new Map(results.map((result) => [result.person._id, result]));
  for (const old of stored) {
    const result = resultOf.get(old.person);
    const account = result?.person.accounts[0];
    const session = next.get(old._id);
    if (!result || !account || !session || session.startDay === old.startDay) continue;
    if (old.startDay < result.from || old.startDay > result.window.to) marks.add(account, old.startDay);
  }
  await marks.write();
}

async function writeDaily(store: Store, results: readonly Result[]): Promise<void> {
  const rows = results.flatMap(({ person, daily }) => daily.map((usage) => dailyDocument(person._id, usage)));
  const person = { $in: results.map((result) => result.person._id) };
  const [$gte = ""] = results.map(({ from }) => from).sort();
  const $lte =
    results
      .map(({ window }) => window.to)
      .sort()
      .at(-1) ?? "";
  const stored = await store.daily.find({ person, day: { $gte, $lte } }).toArray();
  await writeChanged(store.daily, stored, rows);
}

async function writeSessions(
  store: Store,
  results: readonly Result[],
  stored: readonly SessionDocument[],
  next: ReadonlyMap<string, SessionDocument>,
  calendar: Calendar,
): Promise<void> {
  const resultOf = new Map(results.map((result) => [result.person._id, result]));
  const isOver = (old: SessionDocument): boolean => {
    const result = resultOf.get(old.person);
    if (!result || next.has(old._id)) return false;
    // A session with an id was recomputed only if something of it lies in the days that changed.
    const start = old.vaultId === null ? result.window.start : calendar.startOf(result.from);
    return old.startedAt.getTime() >= start && old.startedAt.getTime() < result.window.end;
  };
  await writeChanged(store.sessions, stored, [...next.values()]);
  const over = stored.filter(isOver).map((session) => session._id);
  if (over.length > 0) await store.sessions.deleteMany({ _id: { $in: over } });
}

/** Inserts what is new and replaces what is different, which costs less than to replace everything. */
async function writeChanged<T extends { _id: string }>(
  collection: Collection<T>,
  stored: readonly T[],
  next: readonly T[],
): Promise<void> {
  const before = new Map(stored.map((document) => [document._id, JSON.stringify(document)]));
  const operations = next.flatMap((document): AnyBulkWriteOperation<T>[] => {
    const old = before.get(document._id);
    if (old === undefined) return [{ insertOne: { document: document as OptionalId<T> } }];
    if (old === JSON.stringify(document)) return [];
    const { _id, ...replacement } = document;
    return [{ replaceOne: { filter: { _id } as Filter<T>, replacement: replacement as WithoutId<T> } }];
  });
  if (operations.length > 0) await collection.bulkWrite(operations, { ordered: false });
}

/** Events only ever come to be more, so first and last moments only move outwards. */
async function writeLast(store: Store, results: readonly Result[]): Promise<void> {
  let upTo = 0;
  const operations = results.flatMap(({ person, daily, firstAt, upTo: last }) => {
    upTo = Math.max(upTo, last);
    const lastActive = latest(daily.map((usage) => usage.lastActive));
    const lastValue = latest(daily.map((usage) => usage.lastValue));
    const $max = { ...(lastActive && { lastActive }), ...(lastValue && { lastValue }) };
    if (last === 0) return [];
    const update = { $min: { firstAt: new Date(firstAt) }, ...(Object.keys($max).length > 0 && { $max }) };
    return [{ updateOne: { filter: { _id: person._id }, update } }];
  });
  if (operations.length > 0) await store.people.bulkWrite(operations, { ordered: false });
  if (upTo > 0) await store.meta.updateOne({ _id: "store" }, { $max: { dataUpTo: new Date(upTo) } });
}

function latest(instants: readonly (number | null)[]): Date | null {
  const most = instants.reduce<number>((max, at) => (at !== null && at > max ? at : max), 0);
  return most > 0 ? new Date(most) : null;
}

/** A session as it is stored for a person. */
export function sessionDocument(person: string, session: Session, calendar: Calendar): SessionDocument {
  const { vaultId, source, device, startedAt, nth, lastAt, logoutAt, counts } = session;
  const start = new Date(startedAt);
  const begin = `${start.toISOString()}${nth > 0 ? ` ${nth}` : ""}`;
  const key = vaultId === undefined ? `@ ${source} ${device ?? ""} ${begin}` : `# ${vaultId}`;
  return {
    _id: `${person} ${key}`,
    person,
    startedAt: start,
    startDay: calendar.dayOf(startedAt),
    lastAt: new Date(lastAt),
    logoutAt: logoutAt === undefined ? null : new Date(logoutAt),
    vaultId: vaultId ?? null,
    source,
    device: device ?? null,
    ...counts,
  };
}

/** The `_id` of what a person did on a day. */
export function dailyId(day: string, person: string): string {
  return `${day} ${person}`;
}

function dailyDocument(person: string, usage: DailyUsage): DailyDocument {
  const instant = (at: number | null): Date | null => (at === null ? null : new Date(at));
  return {
    _id: dailyId(usage.day, person),
    person,
    day: usage.day,
    ...usage.counts,
    lastLogin: instant(usage.lastLogin),
    lastActive: instant(usage.lastActive),
    lastValue: instant(usage.lastValue),
  };
}
