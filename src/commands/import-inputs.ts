import { readFile, stat } from "node:fs/promises";
import { basename } from "node:path";
import type { SourceRecord } from "../domain/event.ts";
import { oneLine } from "../domain/format.ts";
import { orList } from "../domain/words.ts";
import { SourceError, UsageError } from "../errors.ts";
import { parseColumnMap } from "../sources/column-map.ts";
import { type ReadOptions, readSource, sources } from "../sources/index.ts";
import { type Table, UnknownTable } from "../sources/table.ts";
import { type Input, unpack } from "../sources/unpack.ts";
import type { IngestSummary } from "../store/summary.ts";
import type { CommandDeps, CommandOptions } from "./command.ts";
import type { Imported } from "./import-summary.ts";

const largestMap = 1_000_000;

/** How the inputs of one import are read. */
export type ReadHow = Pick<ReadOptions, "source" | "map" | "timeZone"> & {
  readonly now: number | undefined;
};

/** Checks what was typed, before anything is read. @throws UsageError */
export async function openImport(files: readonly string[], options: CommandOptions): Promise<ReadHow> {
  if (files.length === 0) throw new UsageError("import needs at least one file, or - for standard input");
  const { source } = options;
  if (source !== undefined && !Object.hasOwn(sources, source)) {
    throw new UsageError(`--source has to be ${orList(Object.keys(sources))}, not “${source}”`);
  }
  for (const file of files) if (file !== "-") await checkFile(file);
  const map = options.map === undefined ? undefined : await readMap(options.map);
  if (map !== undefined && source !== undefined && source !== "csv") {
    throw new UsageError(`--map goes with --source csv or none, not with ${source}`);
  }
  if (map === undefined && source === "csv") throw new UsageError("--source csv needs --map FILE");
  return { source, map, timeZone: options.sourceZone, now: options.now };
}

async function checkFile(file: string): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  if (!found) throw new UsageError(`there is no file ${oneLine(file)}`);
  if (found.isDirectory()) throw new UsageError(`${oneLine(file)} is a folder; name the files in it`);
}

async function readMap(file: string): Promise<ReadOptions["map"]> {
  await checkFile(file);
  const { size } = await stat(file);
  if (size > largestMap) throw new UsageError(`${oneLine(file)} is too large for a column map`);
  return parseColumnMap(await readFile(file, "utf8"), oneLine(basename(file)));
}

/** What is done with the records of one input; `onRead` is called now and then. */
export type Take = (
  source: string,
  records: AsyncIterable<SourceRecord>,
  onRead: () => void,
) => Promise<IngestSummary>;

/** What came of the inputs of one import. */
export interface ReadInputs {
  readonly done: readonly Imported[];
  /** A line for each that was refused. */
  readonly failures: readonly string[];
  /** CSV files that no source knows, which are among the failures too. */
  readonly tables: readonly { readonly name: string; readonly failure: string; readonly table: Table }[];
}

/** Reads every input of the files. One that cannot be read loses no other. */
export async function readInputs(
  files: readonly string[],
  how: ReadHow,
  { clock, onProgress }: Pick<CommandDeps, "clock" | "onProgress">,
  take: Take,
): Promise<ReadInputs> {
  const done: Imported[] = [];
  const failures: string[] = [];
  const tables: ReadInputs["tables"][number][] = [];
  const now = Math.max(clock(), how.now ?? 0);

  /** The others are worth having; what was wrong is told at the end. */
  const orTell = async (work: () => Promise<void>, name: string): Promise<void> => {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      failures.push(error.message);
      if (error instanceof UnknownTable) tables.push({ name, failure: error.message, table: error.table });
    }
  };
  const readInput = async ({ name, bytes }: Input, onRead: () => void): Promise<void> => {
    const { source, dialect, records } = await readSource(bytes, { ...how, name, now });
    done.push({ name, source, dialect, summary: await take(source, records, onRead) });
  };
  for (const file of files) {
    const isStream = file === "-";
    const name = isStream ? "standard input" : oneLine(basename(file));
    const total = isStream ? undefined : (await stat(file)).size;
    let bytes = 0;
    const count = (size: number): void => {
      bytes += size;
    };
    const tell = (what: string): void =>
      onProgress({
        what: `Reading ${what}`,
        done: total === undefined ? bytes : Math.min(bytes, total),
        ...(total === undefined ? {} : { total }),
      });
    await orTell(async () => {
      for await (const input of unpack({ name, from: isStream ? process.stdin : file }, { onRead: count })) {
        await orTell(() => readInput(input, () => tell(input.name)), input.name);
      }
    }, name);
  }
  return { done, failures, tables };
}
