import type { FileHandle } from "node:fs/promises";
import { crc32 } from "node:zlib";
import { type Entry, fromRandomAccessReaderPromise, getFileNameLowLevel, type ZipFile } from "yauzl";
import { oneLine } from "../domain/format.ts";
import { SourceError } from "../errors.ts";
import { inflate } from "./inflate.ts";
import type { Meter } from "./meter.ts";
import { BreakOff } from "./source.ts";
import type { Input } from "./unpack.ts";
import { createZipReader, readRange } from "./zip-reader.ts";

/** More files than anybody exports. Their list is in memory, as are at most so many bytes of what it says of them. */
const mostEntries = 10_000;
const mostListBytes = 16 * 1024 * 1024;
const longestName = 200;

const stored = 0;
const deflated = 8;

/** What systems and spreadsheets leave in an archive beside what was packed: folders, resource forks, dotfiles. */
const leftOut = /\/$|(?:^|\/)(?:__MACOSX\/|\.(?!\.?\/)[^/]*(?:$|\/))/;

/**
 * The files of a zip archive one after the other, as the list at its end has them. One that is encrypted or packed in
 * an unknown way says so when it is read and costs no other.
 * @throws SourceError for an archive that cannot be read at all, or is a workbook
 */
export async function* unzip(
  name: string,
  handle: FileHandle,
  { meter, onRead }: { readonly meter: Meter; readonly onRead: (bytes: number) => void },
): AsyncGenerator<Input, void> {
  const { zip, entries } = await list(name, handle);
  const all = entries.map((entry) => ({ entry, path: pathOf(entry) }));
  const has = (path: string): boolean => all.some((each) => each.path === path);
  if (has("[Content_Types].xml") || (has("mimetype") && has("content.xml"))) {
    throw new SourceError(`${name} is no vault export: it is a workbook or document, save it as CSV first`);
  }
  const files = all.filter(({ path }) => !leftOut.test(path));
  if (files.length === 0) throw new SourceError(`${name} is no vault export: the archive holds no files`);
  for (const { entry, path } of files) {
    const file = `${name}/${oneLine(path).slice(-longestName)}`;
    const read = async function* (start: number): AsyncGenerator<Uint8Array, void> {
      for await (const chunk of readRange(handle, start, entry.compressedSize)) {
        onRead(chunk.length);
        yield chunk;
      }
    };
    yield { name: file, bytes: contentOf(entry, file, zip, read, meter) };
  }
}

async function list(name: string, handle: FileHandle): Promise<{ zip: ZipFile; entries: Entry[] }> {
  const refuse = (why: string, cause?: unknown): SourceError =>
    new SourceError(`${name} cannot be read: ${why}`, { cause });
  const { size } = await handle.stat();
  try {
    // Names are for messages only and may be anything; sizes are checked where the content is read.
    const options = { autoClose: false, decodeStrings: false, validateEntrySizes: false };
    const zip = await fromRandomAccessReaderPromise(createZipReader(handle, size), size, options);
    const entries: Entry[] = [];
    let bytes = 0;
    for await (const entry of zip.eachEntry()) {
      bytes += entry.fileNameLength + entry.extraFieldLength + entry.fileCommentLength;
      entries.push(entry);
      if (entries.length > mostEntries || bytes > mostListBytes) {
        throw refuse(`the archive holds more than ${mostEntries.toLocaleString("en-US")} files`);
      }
    }
    return { zip, entries };
  } catch (error) {
    if (error instanceof SourceError) throw error;
    if (/strong encryption/.test((error as Error).message)) throw refuse("the archive is encrypted", error);
    throw refuse("the archive is damaged, or its end is missing", error);
  }
}

function pathOf(entry: Entry): string {
  return getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, false);
}

async function* contentOf(
  entry: Entry,
  name: string,
  zip: ZipFile,
  read: (start: number) => AsyncGenerator<Uint8Array, void>,
  meter: Meter,
): AsyncGenerator<Uint8Array, void> {
  const { compressionMethod: method } = entry;
  if (entry.isEncrypted()) throw new SourceError(`${name} is encrypted, unpack it first`);
  if (method !== stored && method !== deflated) {
    throw new SourceError(`${name} is packed in a way that is not understood (${method}), unpack it first`);
  }
  const { fileDataStart } = await zip
    .readLocalFileHeaderPromise(entry, { minimal: true })
    .catch((cause: unknown) => {
      throw new SourceError(`${name} cannot be read: the archive is damaged`, { cause });
    });
  const packed = read(fileDataStart);
  let size = 0;
  let sum = 0;
  for await (const chunk of method === stored ? packed : inflate(packed, "deflate", meter)) {
    if (method === stored) {
      meter.took(chunk.length);
      meter.gave(chunk.length);
    }
    size += chunk.length;
    sum = crc32(chunk, sum);
    yield chunk;
  }
  if (size !== entry.uncompressedSize || sum !== entry.crc32) {
    throw new BreakOff("what is packed is damaged: its checksum is wrong");
  }
}
