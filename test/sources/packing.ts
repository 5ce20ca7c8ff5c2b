import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { ZipFile } from "yazl";
import { SourceError } from "../../src/errors.ts";
import type { UnpackLimits } from "../../src/sources/meter.ts";
import { BreakOff } from "../../src/sources/source.ts";
import { unpack } from "../../src/sources/unpack.ts";
import { chunked } from "./read.ts";

/** A zip archive of these files. */
export function zipOf(files: Record<string, string | Uint8Array>, compress = true): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [name, content] of Object.entries(files)) {
    if (name.endsWith("/")) zip.addEmptyDirectory(name);
    else zip.addBuffer(Buffer.from(content), name, { compress });
  }
  zip.end();
  return buffer(Readable.from(zip.outputStream));
}

/** What an input comes to: its text, and how it ended where it did not end well. */
export interface Unpacked {
  readonly name: string;
  readonly text: string;
  readonly breakOff?: string;
  readonly failure?: string;
}

/** Everything in what was handed in; the same whatever the sizes of the chunks. */
export async function unpackAll(
  from: string | Uint8Array,
  { sizes = [], limits }: { sizes?: readonly number[]; limits?: UnpackLimits } = {},
): Promise<Unpacked[]> {
  const packed = { name: "export", from: typeof from === "string" ? from : chunked(from, ...sizes) };
  const all: Unpacked[] = [];
  for await (const { name, bytes } of unpack(packed, limits === undefined ? {} : { limits })) {
    const parts: Uint8Array[] = [];
    const text = (): string => Buffer.concat(parts).toString("latin1");
    try {
      for await (const chunk of bytes) parts.push(Uint8Array.from(chunk));
      all.push({ name, text: text() });
    } catch (error) {
      if (error instanceof BreakOff) all.push({ name, text: text(), breakOff: error.message });
      else if (error instanceof SourceError) all.push({ name, text: text(), failure: error.message });
      else throw error;
    }
  }
  return all;
}
