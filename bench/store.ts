import { createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { benchEvents } from "./events.ts";
import { type Cost, runUsage } from "./process.ts";

/** One size of store: rates a second, milliseconds, megabytes. */
export interface StoreBench {
  readonly events: number;
  readonly people: number;
  readonly ids: boolean;
  readonly importRate: number;
  /** Of the last piece. */
  readonly reimportRate: number;
  readonly memory: number;
  readonly storeMemory: number;
  readonly overview: number;
  readonly overviewYear: number;
  readonly user: number;
  /** What importing each piece took. */
  readonly pieces: readonly Cost[];
}

const RUNS = 5;
const PIECE = 1_000_000;

/**
 * Imports a year of events through the command line, in pieces of a million, the last one again, and then asks for reports,
 * process start included. Without `ids` the events have none, as vaults give that name no event.
 */
export async function benchStore(
  folder: string,
  { people, events, ids = true }: { people: number; events: number; ids?: boolean },
): Promise<StoreBench> {
  const dataDir = join(folder, storeName(people, events, ids));
  const file = `${dataDir}.ndjson`;
  const take = createPieces(benchEvents({ people, events, until: Date.now() }), ids);
  const pieces: Cost[] = [];
  let last = 0;
  for (let left = events; left > 0; left -= last) {
    last = Math.min(left, PIECE);
    await pipeline(Readable.from(take(last)), createWriteStream(file));
    pieces.push(await runUsage(["import", file], dataDir));
  }
  const again = await runUsage(["import", file], dataDir);
  await rm(file);
  const median = async (...words: string[]): Promise<number> => {
    const times: number[] = [];
    for (let i = 0; i < RUNS; i++) times.push((await runUsage(words, dataDir)).ms);
    return times.sort((a, b) => a - b)[Math.floor(RUNS / 2)] ?? 0;
  };
  return {
    events,
    people,
    ids,
    importRate: Math.round((events / pieces.reduce((sum, { ms }) => sum + ms, 0)) * 1_000),
    reimportRate: Math.round((last / again.ms) * 1_000),
    memory: Math.max(again.memory, ...pieces.map(({ memory }) => memory)),
    storeMemory: Math.max(...pieces.map(({ storeMemory }) => storeMemory)),
    overview: Math.round(await median("overview")),
    overviewYear: Math.round(await median("overview", "last 365 days")),
    user: Math.round(await median("user", "person7@example.com")),
    pieces,
  };
}

/** The folder of that store. */
export function storeName(people: number, events: number, ids = true): string {
  return `${people}-${events}${ids ? "" : "-no-ids"}`;
}

/** Cuts text into pieces of so many lines, each in chunks. */
function createPieces(chunks: Iterator<string>, ids: boolean): (lines: number) => Generator<string> {
  let rest = "";
  return function* (lines) {
    for (let left = lines; left > 0; ) {
      if (rest === "") rest = chunks.next().value ?? "";
      if (rest === "") return;
      let end = 0;
      for (; left > 0 && end < rest.length; left--) end = rest.indexOf("\n", end) + 1;
      const piece = rest.slice(0, end);
      rest = rest.slice(end);
      yield ids ? piece : piece.replaceAll(/"id":"b[^"]*",/g, "");
    }
  };
}
