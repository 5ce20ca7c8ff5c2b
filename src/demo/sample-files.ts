import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { SampleOptions } from "./sample-events.ts";
import { sampleEvents } from "./sample-events.ts";
import { sampleDirectory, sampleMembers, samplePeople } from "./sample-people.ts";
import { sampleRobotPages } from "./sample-robot.ts";

/**
 * Writes the sample as exports of vaults, ready for `import`, into a folder that is made if there is none: a
 * Bitwarden member list, the directory, plain events, and a robot's Bitwarden event pages. Resolves to their paths, in this order.
 */
export async function writeSample(folder: string, options: SampleOptions): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const people = samplePeople.slice(0, options.people);
  const files: [name: string, records: Iterable<object>][] = [
    ["people.json", [sampleMembers(people)]],
    ["directory.ndjson", sampleDirectory(people)],
    ["events.ndjson", sampleEvents(options)],
    ["robot.ndjson", sampleRobotPages(options)],
  ];
  return Promise.all(
    files.map(async ([name, records]) => {
      const path = join(folder, name);
      await pipeline(Readable.from(linesOf(records)), createWriteStream(path));
      return path;
    }),
  );
}

const chunkLength = 65_536;

function* linesOf(records: Iterable<object>): Generator<string> {
  let chunk = "";
  for (const record of records) {
    chunk += `${JSON.stringify(record)}\n`;
    if (chunk.length < chunkLength) continue;
    yield chunk;
    chunk = "";
  }
  if (chunk !== "") yield chunk;
}
