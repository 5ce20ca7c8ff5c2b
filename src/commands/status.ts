import { createCalendar, DEFAULT_ZONE } from "../domain/calendar.ts";
import { formatInstant, oneLine } from "../domain/format.ts";
import { formatCount, plural } from "../domain/words.ts";
import { UsageError } from "../errors.ts";
import { type Source, sources } from "../sources/index.ts";
import type { Store } from "../store/open.ts";
import type { Command, CommandDeps, CommandOptions } from "./command.ts";
import { readVersion } from "./version.ts";

const IMPORTS_TOLD = 5;

/** How the store is; what `status --json` prints. Instants are UTC. */
interface Status {
  readonly version: string;
  readonly store: CommandDeps["storeKind"];
  readonly timeZone: string;
  /** The last event of all; null for an empty store. */
  readonly dataUpTo: Date | null;
  /** The last event that was read of each source, by its name; null for one of which only member lists were. */
  readonly sources: readonly { readonly source: string; readonly dataUpTo: Date | null }[];
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

/** What the store holds, and how far. */
export const statusCommand: Command = {
  words: "status",
  help: "how complete the data is, what was imported last, and what the store holds",
  examples: ["status"],
  where: "everywhere",
  audience: "admins",
  needs: "store",
  async run(words, deps, options) {
    if (words.length > 0) throw new UsageError("status takes no words");
    const status = await readStatus(deps, options);
    return { type: "text", text: describe(status, options.now ?? deps.clock()), data: status };
  },
};

async function readStatus(
  { store, storeKind, zone, clock }: CommandDeps,
  options: CommandOptions,
): Promise<Status> {
  const [version, meta, bySource, imports, counts, stale, lease] = await Promise.all([
    readVersion(),
    store.meta.findOne({ _id: "store" }),
    store.imports
      .aggregate<{ _id: string; to: Date | null }>([
        { $group: { _id: "$source", to: { $max: "$to" } } },
        { $sort: { _id: 1 } },
      ])
      .toArray(),
    store.imports.find({}, { sort: { at: -1, _id: 1 }, limit: IMPORTS_TOLD }).toArray(),
    readCounts(store),
    store.stale.findOne({}),
    store.leases.findOne({ _id: "ingest" }),
  ]);
  return {
    version,
    store: storeKind,
    timeZone: meta?.timeZone ?? options.zone ?? zone ?? DEFAULT_ZONE,
    dataUpTo: meta?.dataUpTo ?? null,
    sources: bySource.map(({ _id, to }) => ({ source: _id, dataUpTo: to ?? null })),
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

function titleOf(source: string): string {
  return Object.hasOwn(sources, source)
    ? ((sources as Record<string, Source>)[source]?.title ?? source)
    : source;
}

function describe(status: Status, now: number): string {
  const calendar = createCalendar(status.timeZone);
  const instant = (at: Date): string => formatInstant(at, new Date(now), calendar);
  const { counts, imports, dataUpTo } = status;
  const lines = [
    dataUpTo === null ? "Nothing has been imported yet." : `Data complete up to ${instant(dataUpTo)}.`,
    ...status.sources.map(
      (each) =>
        `  ${titleOf(each.source)}: ${each.dataUpTo === null ? "members only" : `up to ${instant(each.dataUpTo)}`}`,
    ),
    ...(status.importing ? ["An import is under way, so the numbers may grow."] : []),
    ...(status.stale && !status.importing
      ? ["An import did not end; the next report or import finishes its work."]
      : []),
    "",
    `${plural(counts.people, "person", "people")} (of them ${plural(counts.robots, "service account")}), ${plural(counts.accounts, "account")}`,
    `${plural(counts.events, "event")}, ${plural(counts.sessions, "session")}, ${plural(counts.days, "day")} of somebody’s use`,
    `Days are those of ${status.timeZone} · ${status.store === "MongoDB" ? "MongoDB" : "embedded store"} · version ${status.version}`,
  ];
  if (imports.length > 0) {
    lines.push("", imports.length === 1 ? "Last import" : "Last imports");
    for (const each of imports) {
      const rejected = each.rejected > 0 ? `, ${formatCount(each.rejected)} rejected` : "";
      const what = `${plural(each.read, "record")} read, ${formatCount(each.added)} added${rejected}`;
      lines.push(`  ${instant(each.at)}  ${titleOf(each.source)}, ${oneLine(each.name)}: ${what}`);
    }
  }
  return lines.join("\n");
}
