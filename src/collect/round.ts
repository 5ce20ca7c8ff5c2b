import { DAY, MINUTE } from "../domain/calendar.ts";
import { apiDialectOf, type SourceName } from "../sources/index.ts";
import type { FeedName } from "../store/feed-documents.ts";
import { noteFailure, noteNews, openFeed } from "../store/feeds.ts";
import { withLease } from "../store/lease.ts";
import { rollUp } from "../store/rollups.ts";
import { claimZone } from "../store/zone.ts";
import { CollectError } from "./errors.ts";
import { addGathered, type Gathered, nothingGathered } from "./gathered.ts";
import { type CollectDeps, readMembers } from "./range.ts";
import { FIRST_SPAN, sweep } from "./sweep.ts";
import type { Vendor } from "./vendor.ts";

/** One round of collecting from one vault. */
export interface RoundOptions {
  /** From when on everything is to be read again; milliseconds since the epoch. */
  readonly since?: number | undefined;
  /** Where it begins the first time; nothing from before is collected by itself. Milliseconds since the epoch. */
  readonly earliest?: number | undefined;
  /** After so many milliseconds, what is read again for the sake of late events waits for the next round. */
  readonly patience?: number;
  readonly signal: AbortSignal;
  /** How far it has come, in milliseconds since the epoch, of what it began with up to where it ends. */
  readonly onProgress?: (at: number, from: number, to: number) => void;
  /** Told once when another process is at it, which is waited for. */
  readonly onWait?: () => void;
}

/** What came of a round, and up to when everything is stored: milliseconds since the epoch. */
export type Round = Gathered & { readonly upTo: number };

/** Read again each time, for what a vault takes in with some delay. */
const OVERLAP = 60 * MINUTE;
/** Read again once a day, for clients that were without a network: they report late, with the time at which it happened. */
const LATE = 7 * DAY;
const SWEPT_EVERY = DAY;
const FIRST_TIME = 90 * DAY;
const PATIENCE = 2 * MINUTE;

function feedOf(source: SourceName): FeedName {
  const dialect = apiDialectOf(source);
  return { _id: `collect ${source}`, source, ...(dialect !== undefined && { dialect }) };
}

/**
 * Brings the store up to now with a vault: what is new, from an hour before where the last round ended, and once a
 * day the last week anew. How far it has come is kept after each range, and is never further than what is stored; so it may be killed at any
 * point.
 * @throws CollectError when the vault does not give what it is asked for, which is kept in the feed's document too
 */
export async function collectRound(deps: CollectDeps, vendor: Vendor, options: RoundOptions): Promise<Round> {
  const { store, clock } = deps;
  const work = async (): Promise<Round> => {
    try {
      return await runRound(deps, vendor, options);
    } catch (error) {
      if (error instanceof CollectError) {
        await noteFailure(store, feedOf(vendor.source)._id, error.message, new Date(clock()));
      }
      throw error;
    }
  };
  return withLease(store, `collect ${vendor.source}`, work, options.onWait, options.signal);
}

async function runRound(deps: CollectDeps, vendor: Vendor, options: RoundOptions): Promise<Round> {
  const { store, clock } = deps;
  const { since, earliest = Number.NEGATIVE_INFINITY, patience = PATIENCE, signal, onProgress } = options;
  const name = feedOf(vendor.source);
  const feed = await openFeed(store, name);
  const now = clock();
  const cursor = { ...(feed.cursor ?? { span: FIRST_SPAN, sweptAt: null, sweptTo: null }) };
  const all = nothingGathered();
  let upTo = feed.upTo?.getTime() ?? null;
  const note = async (gathered: Gathered): Promise<void> => {
    addGathered(all, gathered);
    const heardAt = new Date(clock());
    const reason = gathered.faults.at(-1)?.reason;
    const fault = reason === undefined ? undefined : { at: heardAt, reason };
    const reached = upTo === null ? {} : { upTo: new Date(upTo) };
    await noteNews(store, name, { ...gathered, heardAt, fault }, { failure: null, cursor, ...reached });
  };

  const isSweepDue = cursor.sweptAt === null || now - cursor.sweptAt.getTime() >= SWEPT_EVERY;
  if (isSweepDue && cursor.sweptTo === null && vendor.members !== undefined) {
    const gathered = nothingGathered();
    await readMembers(deps, vendor, gathered, signal);
    await note(gathered);
  }
  const first = options.earliest ?? now - FIRST_TIME;
  const begin = upTo === null ? first : Math.max(earliest, upTo - OVERLAP);
  // What is asked for again joins on to what is there.
  const wanted = upTo === null ? (since ?? begin) : Math.min(since ?? begin, begin);
  // A clock that was set back leaves nothing to do until it is where it was.
  const from = Math.min(now, Math.max(wanted, now - vendor.reach));
  await sweep(deps, vendor, {
    from,
    to: now,
    cursor,
    signal,
    async onRange(gathered, end) {
      // Nothing before it was read, so an end that did not move says nothing.
      if (end > from) upTo = Math.max(upTo ?? end, end);
      await note(gathered);
      onProgress?.(end, from, now);
    },
  });

  const late = Math.max(earliest, now - LATE, now - vendor.reach);
  if (from <= late) Object.assign(cursor, { sweptAt: new Date(now), sweptTo: null });
  else if (isSweepDue) {
    await sweep(deps, vendor, {
      from: Math.max(late, cursor.sweptTo?.getTime() ?? late),
      to: from,
      cursor,
      until: now + patience,
      signal,
      async onRange(gathered, end) {
        const isOver = end >= from;
        Object.assign(
          cursor,
          isOver ? { sweptAt: new Date(now), sweptTo: null } : { sweptTo: new Date(end) },
        );
        await note(gathered);
      },
    });
  }
  await note(nothingGathered());
  await makeNumbers(deps, signal);
  return { ...all, upTo: upTo ?? now };
}

/** Sessions and daily numbers of what was stored; reports would do it, but then somebody waits. */
async function makeNumbers({ store, zone }: CollectDeps, signal: AbortSignal): Promise<void> {
  if ((await store.stale.findOne({})) === null) return;
  await withLease(
    store,
    "ingest",
    async (lease) => rollUp(store, { calendar: await claimZone(store, { fallback: zone }), lease }),
    undefined,
    signal,
  );
}
