import { type Calendar, DAY } from "../domain/calendar.ts";
import {
  HABIT,
  isImportDue,
  isSilent,
  SHORTEST_SILENCE,
  SHORTEST_WAIT,
  type Silence,
} from "../domain/silence.ts";
import type { FeedDocument } from "./feed-documents.ts";
import type { Store } from "./open.ts";
import { lastHour, lastImported, readHours, sourcesWithHours } from "./source-hours.ts";

/** How complete what is known of one source is, as of a moment. */
export interface SourceState {
  readonly source: string;
  /**
   * Up to when everything is in the store, that moment at the latest; null for a source that told of no event. Of what is
   * collected it is what the vault answered for; where several ways of asking each bring a part, the least of
   * them. Otherwise it is the last event, however it came: neither a file nor a message says what it lacks.
   */
  readonly upTo: Date | null;
  /** The last event, that moment at the latest. */
  readonly lastEvent: Date | null;
  /** The ways by which events come by themselves, also those out of use. */
  readonly feeds: readonly FeedDocument[];
  /** When a file was last read, at or before that moment. */
  readonly importedAt: Date | null;
  /** Why it counts as silent; null while all is well, and while nobody knows what is usual. */
  readonly silence: Silence | null;
}

type StateStore = Pick<Store, "hours" | "imports" | "feeds">;

/** After so long an asked vault should have answered, whatever the day. */
const ANSWER_PATIENCE = DAY;
/** Of a source's imports so many are looked at, the newest. */
const MOST_IMPORTS = 400;

/** Every source that anything is known of, in the order of their names, as of `now` (milliseconds since the epoch). */
export async function readSourceStates(
  store: StateStore,
  now: number,
  calendar: Calendar,
): Promise<SourceState[]> {
  const [feeds, fromEvents, importedAt] = await Promise.all([
    store.feeds.find({}, { sort: { _id: 1 } }).toArray(),
    sourcesWithHours(store),
    lastImports(store, now),
  ]);
  const bySource = Map.groupBy(feeds, ({ source }) => source);
  const sources = new Set([...fromEvents, ...importedAt.keys(), ...bySource.keys()]);
  const states = [...sources].sort().map(async (source): Promise<SourceState> => {
    const own = bySource.get(source) ?? [];
    const known = await lastKnown(store, source);
    const lastEvent = known && new Date(Math.min(known.getTime(), now));
    const used = own.filter((feed) => isInUse(feed, known, now));
    return {
      source,
      upTo: completeUpTo(used, now) ?? lastEvent,
      lastEvent,
      feeds: own,
      importedAt: importedAt.get(source) ?? null,
      silence: await silenceOf(store, source, used, { now, known, calendar }),
    };
  });
  return Promise.all(states);
}

/** The last event of all, later than "now" too. Of a store of before, whose hours `rebuild` makes, what files held. */
async function lastKnown(store: StateStore, source: string): Promise<Date | null> {
  return (await lastHour(store, source))?.lastAt ?? (await lastImported(store, source));
}

/** When a file of each source was last read; looks at one document of each. */
async function lastImports({ imports }: StateStore, now: number): Promise<Map<string, Date>> {
  const found = new Map<string, Date>();
  const sort = { source: -1, at: -1 } as const;
  let next = await imports.findOne({}, { sort });
  while (next !== null) {
    const { source } = next;
    const at = { $lte: new Date(now) };
    const last =
      next.at.getTime() <= now ? next : await imports.findOne({ source, at }, { sort: { at: -1 } });
    if (last !== null) found.set(source, last.at);
    next = await imports.findOne({ source: { $lt: source } }, { sort });
  }
  return found;
}

/** Whether events are collected, and not sent to us. */
export function isCollected({ _id }: FeedDocument): boolean {
  return _id.startsWith("collect ");
}

/**
 * Whether events are to be expected that way: not where they have come by another one for more than a day since it was
 * last heard of, or where it was not for as long as habits are looked at.
 */
function isInUse({ heardAt, failure }: FeedDocument, known: Date | null, now: number): boolean {
  const sign = Math.max(heardAt?.getTime() ?? 0, failure?.at.getTime() ?? 0);
  return sign > 0 && (known?.getTime() ?? 0) - sign <= DAY && now - sign <= HABIT;
}

function completeUpTo(used: readonly FeedDocument[], now: number): Date | null {
  const collected = used.filter(isCollected).map(({ upTo }) => upTo?.getTime() ?? Number.NaN);
  const least = Math.min(...collected, now);
  return collected.length === 0 || Number.isNaN(least) ? null : new Date(least);
}

async function silenceOf(
  store: StateStore,
  source: string,
  used: readonly FeedDocument[],
  { now, known, calendar }: { now: number; known: Date | null; calendar: Calendar },
): Promise<Silence | null> {
  const failures = used.flatMap(({ failure }) =>
    failure && failure.since.getTime() <= now ? [failure] : [],
  );
  const [failure] = failures.sort((a, b) => a.since.getTime() - b.since.getTime());
  if (failure !== undefined) return { kind: "failure", since: failure.since, reason: failure.reason };
  for (const feed of used) {
    const { heardAt } = feed;
    if (isCollected(feed) && heardAt !== null && now - heardAt.getTime() > ANSWER_PATIENCE)
      return { kind: "collecting", since: heardAt };
  }
  if (used.length === 0) return importSilence(store, source, now, calendar);
  const last = await lastUntil(store, source, known, now);
  if (last === null || now - last < SHORTEST_SILENCE || now - last > HABIT) return null;
  const hours = await readHours(store, source, last - HABIT, last);
  return isSilent({ hours, lastAt: last }, now, calendar) ? { kind: "events", since: new Date(last) } : null;
}

async function lastUntil(
  store: StateStore,
  source: string,
  known: Date | null,
  now: number,
): Promise<number | null> {
  if (known === null || known.getTime() <= now) return known?.getTime() ?? null;
  const before = await lastHour(store, source, now);
  return before && Math.min(before.lastAt.getTime(), now);
}

async function importSilence(
  { imports }: StateStore,
  source: string,
  now: number,
  calendar: Calendar,
): Promise<Silence | null> {
  const filter = { source, at: { $lte: new Date(now) }, added: { $gt: 0 } };
  const [sort, projection] = [{ at: -1 }, { at: 1 }] as const;
  const last = await imports.findOne(filter, { sort, projection });
  if (last === null || now - last.at.getTime() < SHORTEST_WAIT) return null;
  const found = await imports.find(filter, { sort, projection, limit: MOST_IMPORTS }).toArray();
  const times = found.map(({ at }) => at.getTime()).reverse();
  return isImportDue(times, now, calendar) ? { kind: "imports", since: last.at } : null;
}
