import type { AnyBulkWriteOperation } from "mongodb";
import { HOUR } from "../domain/silence.ts";
import type { EventDocument } from "./documents.ts";
import { sourceOf } from "./facts.ts";
import type { Store } from "./open.ts";
import { hourId, lastHour, lastImported, type SourceHourDocument } from "./source-hours.ts";

/**
 * The hours in which sources had events, noted while events are stored. They are written after them: what a crash leaves
 * out makes a source look less complete than it is, until the same input is read again, and never more.
 */
export interface SourceHours {
  /** Notes events that are stored. */
  note(events: Iterable<Pick<EventDocument, "account" | "at">>): void;
  /** Writes hours that were not noted before. */
  write(): Promise<void>;
  /** Writes also that known hours have later events, which of a long import is done once. */
  writeAll(): Promise<void>;
  /**
   * Takes back the last hours of sources, as far as nothing but these events was in them: done before they are replaced
   * by earlier ones of the same id. An hour amid others is left, since it does not say how far the data reaches.
   */
  forget(events: readonly EventDocument[]): Promise<void>;
  /**
   * Puts what was noted, and not written yet, in the place of all that is stored. Killed at any point it leaves hours
   * that are over, and never too few.
   */
  replaceAll(): Promise<void>;
}

interface Note {
  readonly _id: string;
  /** The last event of the hour. */
  at: number;
}

type HourStore = Pick<Store, "hours" | "imports" | "accounts" | "events">;

const BATCH = 1_000;
/** Of what is written already: twenty years of one source, at some 150 bytes an hour. */
const MOST_REMEMBERED = 200_000;

export function createSourceHours(store: HourStore): SourceHours {
  /** By source and by the hours since 1970. */
  const known = new Map<string, Map<number, Note>>();
  const fresh = new Set<Note>();
  const grown = new Set<Note>();
  const begun = new Set<string>();

  function add(source: string, at: number): void {
    const notes = known.get(source) ?? new Map<number, Note>();
    if (notes.size === 0) known.set(source, notes);
    const hour = Math.floor(at / HOUR);
    const note = notes.get(hour);
    if (note === undefined) {
      const next = { _id: hourId(source, at), at };
      notes.set(hour, next);
      fresh.add(next);
    } else if (at > note.at) {
      note.at = at;
      if (!fresh.has(note)) grown.add(note);
    }
  }

  /** A store of before has no hours: without this an older file would be all that is known of the source. */
  async function begin(source: string): Promise<void> {
    if (begun.has(source)) return;
    begun.add(source);
    if ((await lastHour(store, source)) !== null) return;
    const to = await lastImported(store, source);
    if (to !== null) add(source, to.getTime());
  }

  async function write(): Promise<void> {
    if (fresh.size === 0) return;
    for (const source of known.keys()) await begin(source);
    await writeNotes(store, fresh, widen);
    const remembered = [...known.values()].reduce((sum, notes) => sum + notes.size, 0);
    if (remembered <= MOST_REMEMBERED) return;
    await writeNotes(store, grown, widen);
    known.clear();
  }

  async function writeAll(): Promise<void> {
    await write();
    await writeNotes(store, grown, widen);
  }

  async function forgetOf(
    source: string,
    ids: ReadonlySet<string>,
    hours: ReadonlySet<string>,
  ): Promise<void> {
    for (;;) {
      const last = await lastHour(store, source);
      if (last === null || !hours.has(last._id)) return;
      known.get(source)?.delete(Math.floor(last.lastAt.getTime() / HOUR));
      const lastAt = await lastEventIn(store, source, last.lastAt, ids);
      if (lastAt !== null) {
        await store.hours.updateOne({ _id: last._id }, { $set: { lastAt } });
        return;
      }
      await store.hours.deleteOne({ _id: last._id });
    }
  }

  return {
    note(events) {
      for (const { account, at } of events) add(sourceOf(account), at.getTime());
    },
    write,
    writeAll,
    async forget(events) {
      await writeAll();
      const ids = new Set(events.map(({ _id }) => _id));
      const bySource = Map.groupBy(events, ({ account }) => sourceOf(account));
      for (const [source, own] of bySource)
        await forgetOf(source, ids, new Set(own.map(({ at }) => hourId(source, at.getTime()))));
    },
    async replaceAll() {
      const next = new Set([...fresh].map(({ _id }) => _id));
      await writeNotes(store, fresh, ({ _id, at }) => ({
        replaceOne: { filter: { _id }, replacement: { lastAt: new Date(at) }, upsert: true },
      }));
      const over: string[] = [];
      for await (const { _id } of store.hours.find({}, { projection: { _id: 1 } }))
        if (!next.has(_id)) over.push(_id);
      for (let i = 0; i < over.length; i += BATCH)
        await store.hours.deleteMany({ _id: { $in: over.slice(i, i + BATCH) } });
    },
  };
}

const widen = ({ _id, at }: Note): AnyBulkWriteOperation<SourceHourDocument> => ({
  updateOne: { filter: { _id }, update: { $max: { lastAt: new Date(at) } }, upsert: true },
});

async function writeNotes({ hours }: HourStore, due: Set<Note>, operation: typeof widen): Promise<void> {
  const operations = [...due].map(operation);
  due.clear();
  for (let i = 0; i < operations.length; i += BATCH)
    await hours.bulkWrite(operations.slice(i, i + BATCH), { ordered: false });
}

/** The last event of a source in the hour of a moment, but for some. Goes by accounts, as the index does. */
async function lastEventIn(
  { accounts, events }: HourStore,
  source: string,
  moment: Date,
  without: ReadonlySet<string>,
): Promise<Date | null> {
  const start = Math.floor(moment.getTime() / HOUR) * HOUR;
  const at = { $gte: new Date(start), $lt: new Date(start + HOUR) };
  const keys = { $gte: `${source}/`, $lt: `${source}0` };
  const own = await accounts.find({ _id: keys }, { projection: { _id: 1 } }).toArray();
  let last: Date | null = null;
  for (let i = 0; i < own.length; i += BATCH) {
    const account = { $in: own.slice(i, i + BATCH).map(({ _id }) => _id) };
    for await (const event of events.find({ account, at }, { projection: { at: 1 } }))
      if (!without.has(event._id) && (last === null || event.at > last)) last = event.at;
  }
  return last;
}
