import { type PassThrough, Readable } from "node:stream";
import { finished } from "node:stream/promises";
import { ZipFile } from "yazl";
import { MINUTE } from "../domain/calendar.ts";

/** Of 9: a sixth larger than the usual 6, in half the time. */
const FAST = 3;

/** One file of an archive; what is not at hand is asked for when its turn comes. */
export interface ZipEntry {
  readonly name: string;
  readonly content: Uint8Array | (() => AsyncIterable<Uint8Array>);
}

/**
 * A zip archive as it grows, never further ahead than its reader. The same entries give the same bytes: every file
 * bears the time `at`, in UTC. An entry's error is the archive's; who stops reading closes the entry being read.
 */
export async function* renderZip(entries: Iterable<ZipEntry>, at: Date): AsyncGenerator<Uint8Array, void> {
  const zip = new ZipFile();
  const output = zip.outputStream as PassThrough;
  const sources: Readable[] = [];
  // A zip's time has no zone, and yazl would write that of this process.
  const mtime = new Date(at.getTime() + at.getTimezoneOffset() * MINUTE);
  const options = { mtime, forceDosTimestamp: true, compressionLevel: FAST };
  const fail = (error: Error): void => void output.destroy(error);
  zip.on("error", fail);
  for (const { name, content } of entries) {
    if (content instanceof Uint8Array) zip.addBuffer(Buffer.from(content), name, options);
    else {
      zip.addReadStreamLazy(name, options, (done) => {
        const source = Readable.from(content(), { objectMode: false });
        source.on("error", fail);
        sources.push(source);
        done(null, source);
      });
    }
  }
  zip.end();
  try {
    for await (const chunk of output) yield chunk;
  } finally {
    for (const source of sources) {
      source.destroy();
      // Whatever it ended with has been told already.
      await finished(source).catch(() => undefined);
    }
  }
}
