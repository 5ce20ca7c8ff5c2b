import { createCalendar, DEFAULT_ZONE } from "../domain/calendar.ts";
import { silenceText } from "../domain/silence-words.ts";
import { sourceTitle } from "../reports/sources.ts";
import type { FeedDocument } from "../store/feed-documents.ts";
import type { Store } from "../store/open.ts";
import { readSourceStates, type SourceState } from "../store/source-states.ts";
import type { CommandDeps, CommandOptions } from "./command.ts";
import { readVersion } from "./version.ts";

const IMPORTS_TOLD = 5;

/** How the store is; what `status --json` prints. Instants are UTC. */
export interface Status {
  readonly version: string;
  readonly store: CommandDeps["storeKind"];
  readonly timeZone: string;
  /** The last event of all; null for an empty store. */
  readonly dataUpTo: Date | null;
  readonly sources: readonly SourceStatus[];
  /** The last imports, newest first. */
  readonly imports: readonly {
    readonly at: Date;
    readonly source: string;
    readonly name: string;
    readonly read: number;
    readonly added: number;
    readonly rejected: number;
  }[];
  readonly counts: {
    readonly events: number;
    readonly people: number;
    /** Of the people. */
    readonly robots: number;
    readonly accounts: number;
    readonly sessions: number;
    /** Days on which somebody did something, for each person. */
    readonly days: number;
  };
  /** Whether sessions and daily numbers have yet to be made from some of the events. */
  readonly stale: boolean;
  /** Whether an import or a rebuild is at work. */
  readonly importing: boolean;
}

/** One source, by its name. */
export interface SourceStatus {
  readonly source: string;
  readonly title: string;
  /** The last event that was read; null for a source of which only member lists were. */
  readonly dataUpTo: Date | null;
  /** Up to when everything is in the store (`SourceState`). */
  readonly upTo: Date | null;
  /** When a file of it was read last; null for a source that comes by itself alone. */
  readonly importedAt: Date | null;
  /** Why it counts as silent, as a sentence without its end. */
  readonly warning: string | null;
  /** The ways by which it comes by itself. */
  readonly feeds: readonly FeedStatus[];
}

export type FeedStatus = Omit<FeedDocument, "_id" | "source" | "dialect" | "cursor"> & {
  /** How, and what, as `collect bitwarden`. */
  readonly feed: string;
};

/** Reads all that `status` tells. */
export async function readStatus(
  { store, storeKind, zone, clock }: CommandDeps,
  options: CommandOptions,
): Promise<Status> {
  const meta = await store.meta.findOne({ _id: "store" });
  const calendar = createCalendar(meta?.timeZone ?? options.zone ?? zone ?? DEFAULT_ZONE);
  const [version, states, imports, counts, stale, lease] = await Promise.all([
    readVersion(),
    readSourceStates(store, options.now ?? clock(), calendar),
    store.imports.find({}, { sort: { at: -1, _id: 1 }, limit: IMPORTS_TOLD }).toArray(),
    readCounts(store),
    store.stale.findOne({}),
    store.leases.findOne({ _id: "ingest" }),
  ]);
  return {
    version,
    store: storeKind,
    timeZone: calendar.timeZone,
    dataUpTo: meta?.dataUpTo ?? null,
    sources: states.map((state) => ({
      ...sourceStatus(state),
      warning: state.silence && silenceText(state.silence, calendar, true),
    })),
    imports: imports.map(({ at, source, name, read, added, rejected }) => ({
      at,
      source,
      name,
      read,
      added,
      rejected,
    })),
    counts,
    stale: stale !== null,
    importing: lease !== null && lease.until.getTime() > clock(),
  };
}

function sourceStatus({
  source,
  lastEvent,
  upTo,
  importedAt,
  feeds,
}: SourceState): Omit<SourceStatus, "warning"> {
  return {
    source,
    title: sourceTitle(source),
    dataUpTo: lastEvent,
    upTo,
    importedAt,
    feeds: feeds.map(({ _id, upTo, heardAt, failure, read, added, rejected, lastFault, unknown }) => ({
      feed: _id,
      upTo,
      heardAt,
      failure,
      read,
      added,
      rejected,
      lastFault,
      unknown,
    })),
  };
}

async function readCounts(store: Store): Promise<Status["counts"]> {
  // Estimates are exact but for a sharded cluster; a count of the documents themselves would read a million of them.
  const [events, people, robots, accounts, sessions, days] = await Promise.all([
    store.events.estimatedDocumentCount(),
    store.people.estimatedDocumentCount(),
    store.people.countDocuments({ robot: true }),
    store.accounts.estimatedDocumentCount(),
    store.sessions.estimatedDocumentCount(),
    store.daily.estimatedDocumentCount(),
  ]);
  return { events, people, robots, accounts, sessions, days };
}
