import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { type Calendar, createCalendar, DEFAULT_ZONE } from "../domain/calendar.ts";
import { oneLine } from "../domain/format.ts";
import { orList } from "../domain/words.ts";
import { SourceError, UsageError } from "../errors.ts";
import { readSource, type SourceName, sources } from "../sources/index.ts";
import { ingest } from "../store/ingest.ts";
import { type Lease, withLease } from "../store/lease.ts";
import type { Store } from "../store/open.ts";
import { rollUp } from "../store/rollups.ts";
import type { Command, CommandDeps, CommandOptions } from "./command.ts";
import { describeImport, failuresOf, faultLines, type Imported, recordImports } from "./import-summary.ts";

/** Reads vault exports into the store. */
export const importCommand: Command = {
  words: "import FILE… [--source NAME]",
  help: "read a vault's export: events or a member list; - is standard input",
  examples: ["import members.json events-*.json", "import - --source plain"],
  where: "terminal",
  audience: "admins",
  needs: "store",
  async run(files, deps, options) {
    if (files.length === 0) throw new UsageError("import needs at least one file, or - for standard input");
    const source = parseSource(options.source);
    await checkFiles(files);
    const { store, onProgress, onNotice } = deps;
    await store.prepare();
    const done: Imported[] = [];
    const failures: string[] = [];
    return withLease(
      store,
      "ingest",
      async (lease) => {
        const calendar = await claimZone(store, deps, options);
        for (const file of files) {
          try {
            const imported = await importFile(file, calendar, lease, deps, { ...options, source });
            done.push(imported);
            failures.push(...failuresOf(imported));
          } catch (error) {
            // The other files are worth having; what was wrong is told at the end.
            if (!(error instanceof SourceError)) throw error;
            failures.push(error.message);
          }
        }
        await rollUp(store, {
          calendar,
          lease,
          onProgress: (progress) => onProgress({ what: "Computing", ...progress }),
        });
        const imports = await recordImports(store, done, deps.clock());
        const text = done
          .map((each, i) => describeImport(each, imports[i], files.length > 1, calendar))
          .join("\n");
        return { type: "imports", imports, text, faults: done.flatMap(faultLines), failures };
      },
      () => onNotice("Another import is under way; waiting for it to end."),
    );
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
    if (!found) throw new UsageError(`there is no file ${oneLine(file)}`);
    if (found.isDirectory()) throw new UsageError(`${oneLine(file)} is a folder; name the files in it`);
  }
}

/** The store's zone. The first import into an empty store sets it. */
async function claimZone(store: Store, deps: CommandDeps, options: CommandOptions): Promise<Calendar> {
  const meta = await store.meta.findOne({ _id: "store" });
  const wanted = options.zone ?? deps.zone ?? DEFAULT_ZONE;
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
): Promise<Imported> {
  const name = file === "-" ? "standard input" : oneLine(basename(file));
  const total = file === "-" ? undefined : (await stat(file)).size;
  let bytes = 0;
  const input: AsyncIterable<Uint8Array> = file === "-" ? process.stdin : createReadStream(file);
  const counted = async function* (): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of input) {
        bytes += chunk.length;
        yield chunk;
      }
    } catch (cause) {
      throw new SourceError(`${name} cannot be read: ${(cause as Error).message}`, { cause });
    }
  };
  const now = Math.max(deps.clock(), options.now ?? 0);
  const { source, records } = await readSource(counted(), {
    name,
    now,
    source: options.source,
    timeZone: options.sourceZone,
  });
  const what = `Reading ${name}`;
  const summary = await ingest(deps.store, source, records, {
    calendar,
    lease,
    onProgress: () => deps.onProgress({ what, done: bytes, ...(total === undefined ? {} : { total }) }),
  });
  return { name, source, summary };
}
