import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { benchEvents } from "./events.ts";
import { runUsage } from "./process.ts";

/** One size of store: rates a second, milliseconds, megabytes. */
export interface StoreBench {
  readonly events: number;
  readonly people: number;
  readonly importRate: number;
  readonly reimportRate: number;
  readonly memory: number;
  readonly storeMemory: number;
  readonly overview: number;
  readonly overviewYear: number;
  readonly user: number;
}

const RUNS = 5;

/** Imports a year of events through the command line, again, and then asks for reports, process start included. */
export async function benchStore(folder: string, people: number, events: number): Promise<StoreBench> {
  const name = `${people}-${events}`;
  const [file, dataDir] = [join(folder, `${name}.ndjson`), join(folder, name)];
  await pipeline(Readable.from(benchEvents({ people, events, until: Date.now() })), createWriteStream(file));
  const first = await runUsage(["import", file], dataDir);
  const again = await runUsage(["import", file], dataDir);
  const median = async (...words: string[]): Promise<number> => {
    const times: number[] = [];
    for (let i = 0; i < RUNS; i++) times.push((await runUsage(words, dataDir)).ms);
    return times.sort((a, b) => a - b)[Math.floor(RUNS / 2)] ?? 0;
  };
  return {
    events,
    people,
    importRate: Math.round((events / first.ms) * 1_000),
    reimportRate: Math.round((events / again.ms) * 1_000),
    memory: first.memory,
    storeMemory: first.storeMemory,
    overview: Math.round(await median("overview")),
    overviewYear: Math.round(await median("overview", "last 365 days")),
    user: Math.round(await median("user", "person7@example.com")),
  };
}
