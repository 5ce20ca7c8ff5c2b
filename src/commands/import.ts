import { randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { type Calendar, createCalendar } from "../domain/calendar.ts";
import { oneLine } from "../domain/format.ts";
import { rangeLabel } from "../domain/period.ts";
import { formatCount, orList, plural } from "../domain/words.ts";
import { SourceError, UsageError } from "../errors.ts";
import { readSource, type SourceName, sources } from "../sources/index.ts";
import { type IngestSummary, ingest } from "../store/ingest.ts";
import { type Lease, withLease } from "../store/lease.ts";
import type { Store } from "../store/open.ts";
import { rollUp } from "../store/rollups.ts";
import type { Command, CommandDeps, CommandOptions } from "./command.ts";
import type { ImportResult } from "./reply.ts";

/** Reads vault exports into the store. */
export const importCommand: Command = {
  words: "import FILE… [--source NAME]",
  help: "read a vault's export: events or a member list; - is standard input",
  where: "terminal",
  async run(files, deps, options) {
    if (files.length === 0) throw new UsageError("import needs at least one file, or - for standard input");
    const source = parseSource(options.source);
    await checkFiles(files);
    const { store, onProgress, onNotice } = deps;
    await store.prepare();
    const done: { name: string; source: string; summary: IngestSummary }[] = [];
    const refused: Error[] = [];
    const results = await withLease(
      store,
      "ingest",
      async (lease) => {
        const calendar = await claimZone(store, deps, options);
        for (const file of files) {
          try {
            done.push(await importFile(file, calendar, lease, deps, { ...options, source }));
          } catch (error) {
            // The other files are worth having; what was wrong is told at the end.
            if (!(error instanceof SourceError)) throw error;
            refused.push(error);
          }
        }
        await rollUp(store, {
          calendar,
          lease,
          onProgress: (progress) => onProgress({ what: "Computing", ...progress }),
        });
        return recordImports(store, done, deps.clock());
      },
      () => onNotice("Another import is under way; waiting for it to end."),
    );
    const text = done.map((each, i) => describe(each, results[i], files.length > 1)).join("\n");
    if (refused.length > 0) {
      const reasons = refused.map((error) => error.message).join("\n");
      if (done.length === 0) throw new SourceError(reasons);
      onNotice(text);
      throw new SourceError(reasons);
    }
    return { type: "imports", imports: results, text };
  },
};

function parseSource(name: string | undefined): SourceName | undefined {
  if (name === undefined || Object.hasOwn(sources, name)) return name as SourceName | undefined;
  throw new UsageError(`--source has to be ${orList(Object.keys(sources))}, not “${name}”`);
}

async function checkFiles(files: readonly string[]): Promise<void> {
  for (const file of files) {
    if (file === "-") continue;
    const found = await stat(file).catch(() => undefined);
    if (!found) throw new UsageError(`there is no file ${file}`);
    if (found.isDirectory()) throw new UsageError(`${file} is a folder; name the files in it`);
  }
}

/** The store's zone. The first import into an empty store sets it. */
async function claimZone(store: Store, deps: CommandDeps, options: CommandOptions): Promise<Calendar> {
  const meta = await store.meta.findOne({ _id: "store" });
  const wanted = options.zone ?? deps.zone;
  const isEmpty = meta === null || (await store.events.findOne({})) === null;
  if (isEmpty) {
    await store.meta.updateOne(
      { _id: "store" },
      { $set: { timeZone: wanted }, $setOnInsert: { dataUpTo: null } },
      { upsert: true },
    );
    return createCalendar(wanted);
  }
  if (options.zone !== undefined && options.zone !== meta.timeZone) {
    throw new UsageError(
      `the store's days are those of ${meta.timeZone}; “rebuild --time-zone ${options.zone}” changes them`,
    );
  }
  return createCalendar(meta.timeZone);
}

async function importFile(
  file: string,
  calendar: Calendar,
  lease: Lease,
  deps: CommandDeps,
  options: CommandOptions & { source: SourceName | undefined },
): Promise<{ name: string; source: string; summary: IngestSummary }> {
  const name = file === "-" ? "standard input" : basename(file);
  const total = file === "-" ? undefined : (await stat(file)).size;
  let bytes = 0;
  const input: AsyncIterable<Uint8Array> = file === "-" ? process.stdin : createReadStream(file);
  const counted = async function* (): AsyncGenerator<Uint8Array> {
    for await (const chunk of input) {
      bytes += chunk.length;
      yield chunk;
    }
  };
  const now = Math.max(deps.clock(), options.now ?? 0);
  const { source, records } = await readSource(counted(), {
    name,
    now,
    source: options.source,
  });
  const what = `Reading ${oneLine(name)}`;
  const summary = await ingest(deps.store, source, records, {
    calendar,
    lease,
    onProgress: () => deps.onProgress({ what, done: bytes, ...(total === undefined ? {} : { total }) }),
  });
  return { name, source, summary };
}

async function recordImports(
  store: Store,
  done: readonly { name: string; source: string; summary: IngestSummary }[],
  now: number,
): Promise<ImportResult[]> {
  const personOf = new Map<string, string>();
  for await (const person of store.people.find({}, { projection: { accounts: 1 } })) {
    for (const account of person.accounts) personOf.set(account, person._id);
  }
  const results: ImportResult[] = [];
  for (const { name, source, summary } of done) {
    const { read, added, duplicates, rejected } = summary;
    const people = new Set([...summary.accounts].map((account) => personOf.get(account))).size;
    const from = summary.from === null ? null : new Date(summary.from);
    const to = summary.to === null ? null : new Date(summary.to);
    await store.imports.insertOne({
      _id: randomUUID(),
      at: new Date(now),
      name: oneLine(name).slice(0, 200),
      source,
      read,
      added,
      duplicates,
      rejected,
      people,
      from,
      to,
    });
    results.push({
      source,
      read,
      added,
      duplicates,
      rejected,
      people,
      from: from?.toISOString() ?? null,
      to: to?.toISOString() ?? null,
    });
  }
  return results;
}

function describe(
  { name, source, summary }: { name: string; source: string; summary: IngestSummary },
  result: ImportResult | undefined,
  named: boolean,
): string {
  const title = Object.entries(sources).find(([key]) => key === source)?.[1].title ?? source;
  const counts = [
    `${plural(summary.read, "record")} read`,
    `${formatCount(summary.added)} events added`,
    summary.duplicates > 0 ? `${formatCount(summary.duplicates)} known already` : [],
    summary.members > 0 ? `${plural(summary.members, "member")} listed` : [],
    summary.rejected > 0 ? `${formatCount(summary.rejected)} rejected` : [],
    plural(result?.people ?? 0, "person", "people"),
  ].flat();
  const days =
    result?.from && result.to
      ? `; ${rangeLabel({ from: result.from.slice(0, 10), to: result.to.slice(0, 10) })}`
      : "";
  const lines = [`${named ? `${oneLine(name)}: ` : ""}${title}: ${counts.join(", ")}${days}`];
  for (const { line, reason } of summary.faults) lines.push(`  line ${line}: ${oneLine(reason)}`);
  const more = summary.rejected - summary.faults.length;
  if (more > 0) lines.push(`  and ${formatCount(more)} more`);
  return lines.join("\n");
}
