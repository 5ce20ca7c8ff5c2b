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
  /** Writes what was noted once that is a lot: of a long import an hour is written once or twice. */
  write(): Promise<void>;
  /** Writes what was noted. */
  writeAll(): Promise<void>;
  /**
   * Takes back what hours have of these events alone: done before they are replaced by earlier ones of the same id.
   */
  forget(events: readonly EventDocument[]): Promise<void>;
  /**
   * Puts what was noted, and not written yet, in the place of all that is stored. Killed at any point it leaves hours
   * that are over, and never too few.
   */
  replaceAll(): Promise<void>;
}

type HourStore = Pick<Store, "hours" | "imports" | "accounts" | "events">;

const BATCH = 1_000;
/** Two years of one source, and as many hours as are to be held in memory. */
const MUCH = 20_000;

export function createSourceHours(store: HourStore): SourceHours {
  /** What was noted and is not written: by source and by hour (since 1970) its last event. */
  const noted = new Map<string, Map<number, number>>();
  const begun = new Set<string>();
  let size = 0;

  function add(source: string, at: number): void {
    const ends = noted.get(source) ?? new Map<number, number>();
    noted.set(source, ends);
    const hour = Math.floor(at / HOUR);
    const end = ends.get(hour);
    if (end === undefined) size += 1;
    if (end === undefined || at > end) ends.set(hour, at);
  }

  /** A store of before has no hours: without this an older file would be all that is known of the source. */
  async function begin(source: string): Promise<void> {
    if (begun.has(source)) return;
    begun.add(source);
    if ((await lastHour(store, source)) !== null) return;
    const to = await lastImported(store, source);
    if (to !== null) add(source, to.getTime());
  }

  function take(): SourceHourDocument[] {
    const hours = [...noted].flatMap(([source, ends]) =>
      Array.from(ends.values(), (at) => ({ _id: hourId(source, at), lastAt: new Date(at) })),
    );
    noted.clear();
    size = 0;
    return hours;
  }

  async function writeAll(): Promise<void> {
    for (const source of [...noted.keys()]) await begin(source);
    await inBatches(take(), (hours) =>
      store.hours.bulkWrite(
        hours.map(({ _id, lastAt }) => ({
          updateOne: { filter: { _id }, update: { $max: { lastAt } }, upsert: true },
        })),
        { ordered: false },
      ),
    );
  }

  return {
    note(events) {
      for (const { account, at } of events) add(sourceOf(account), at.getTime());
    },
    async write() {
      if (size >= MUCH) await writeAll();
    },
    writeAll,
    async forget(events) {
      await writeAll();
      const ids = new Set(events.map(({ _id }) => _id));
      for (const [source, own] of Map.groupBy(events, ({ account }) => sourceOf(account))) {
        const accounts = await accountsOf(store, source);
        for (const hour of new Set(own.map(({ at }) => Math.floor(at.getTime() / HOUR)))) {
          const _id = hourId(source, hour * HOUR);
          const lastAt = await lastEventIn(store, accounts, hour, ids);
          if (lastAt === null) await store.hours.deleteOne({ _id });
          else await store.hours.updateOne({ _id }, { $set: { lastAt } });
        }
      }
    },
    async replaceAll() {
      const next = take();
      await inBatches(next, (hours) =>
        store.hours.bulkWrite(
          hours.map(({ _id, lastAt }) => ({
            replaceOne: { filter: { _id }, replacement: { lastAt }, upsert: true },
          })),
          { ordered: false },
        ),
      );
      const wanted = new Set(next.map(({ _id }) => _id));
      const stored = await store.hours.find({}, { projection: { _id: 1 } }).toArray();
      const over = stored.filter(({ _id }) => !wanted.has(_id));
      await inBatches(over, (hours) => store.hours.deleteMany({ _id: { $in: hours.map(({ _id }) => _id) } }));
    },
  };
}

async function inBatches<T>(all: readonly T[], write: (batch: T[]) => Promise<unknown>): Promise<void> {
  for (let i = 0; i < all.length; i += BATCH) await write(all.slice(i, i + BATCH));
}

async function accountsOf({ accounts }: HourStore, source: string): Promise<string[]> {
  const keys = { $gte: `${source}/`, $lt: `${source}0` };
  const own = await accounts.find({ _id: keys }, { projection: { _id: 1 } }).toArray();
  return own.map(({ _id }) => _id);
}

/** The last event of these accounts in an hour since 1970, but for some. Goes by accounts, as the index does. */
async function lastEventIn(
  { events }: HourStore,
  accounts: readonly string[],
  hour: number,
  without: ReadonlySet<string>,
): Promise<Date | null> {
  const at = { $gte: new Date(hour * HOUR), $lt: new Date((hour + 1) * HOUR) };
  let last: Date | null = null;
  await inBatches(accounts, async (own) => {
    for await (const event of events.find({ account: { $in: own }, at }, { projection: { at: 1 } }))
      if (!without.has(event._id) && (last === null || event.at > last)) last = event.at;
  });
  return last;
}
