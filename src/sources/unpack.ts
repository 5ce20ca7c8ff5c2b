import { createReadStream } from "node:fs";
import { open, stat } from "node:fs/promises";
import { SourceError } from "../errors.ts";
import { inflate } from "./inflate.ts";
import { openInput } from "./input.ts";
import { createMeter, type UnpackLimits, unpackLimits } from "./meter.ts";
import { spool } from "./spool.ts";
import { unzip } from "./unzip.ts";

/** One thing to read: an export, a member list. */
export interface Input {
  /** What messages call it: `events.json`, `standard input`, `archive.zip/events.json`. */
  readonly name: string;
  /** Can be read once. Throws a `BreakOff` where it ends too early, a {@link SourceError} where it cannot be read. */
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** What somebody hands in, packed or not. */
export interface Packed {
  readonly name: string;
  /** The path of a file, or a stream. */
  readonly from: string | AsyncIterable<Uint8Array>;
}

const isGzip = (head: Uint8Array): boolean => head[0] === 0x1f && head[1] === 0x8b;
/** Also an archive of nothing, which begins with the end of its list. */
const isZip = (head: Uint8Array): boolean => ["PK\x03\x04", "PK\x05\x06"].includes(latin1(head));

/**
 * The inputs in what was handed in, which its first bytes tell: of gzip the one that it holds, of a zip archive each of
 * its files, else the bytes as they are. The only place that knows of packing. An input is to be read, or left, before
 * the next is asked for. `onRead` hears of packed bytes.
 * @throws SourceError for what cannot be opened
 */
export async function* unpack(
  { name, from }: Packed,
  {
    onRead = () => {},
    limits = unpackLimits,
  }: { onRead?: (bytes: number) => void; limits?: UnpackLimits } = {},
): AsyncGenerator<Input, void> {
  const opened = await openInput(readable(from, name, onRead));
  try {
    const meter = createMeter(limits);
    if (isGzip(opened.head)) yield { name, bytes: inflate(opened.pieces(), "gzip", meter) };
    else if (!isZip(opened.head)) yield { name, bytes: opened.pieces() };
    else {
      // A zip's list is at its end, so it has to be read from any place, which no stream can.
      const isFile = typeof from === "string" && (await stat(from)).isFile();
      const handle = isFile ? await open(from) : await spool(opened.pieces(), name);
      try {
        yield* unzip(name, handle, { meter, onRead: isFile ? onRead : () => {} });
      } finally {
        await handle.close();
      }
    }
  } finally {
    await opened.close();
  }
}

async function* readable(
  from: Packed["from"],
  name: string,
  onRead: (bytes: number) => void,
): AsyncGenerator<Uint8Array, void> {
  try {
    for await (const chunk of typeof from === "string" ? createReadStream(from) : from) {
      onRead(chunk.length);
      yield chunk;
    }
  } catch (cause) {
    throw new SourceError(`${name} cannot be read: ${(cause as Error).message}`, { cause });
  }
}

function latin1(head: Uint8Array): string {
  return Buffer.from(head.subarray(0, 4)).toString("latin1");
}
