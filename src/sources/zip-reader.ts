import type { FileHandle } from "node:fs/promises";
import { RandomAccessReader } from "yauzl";

const chunkBytes = 64 * 1024;

/**
 * What yauzl reads an archive's list with. Its own reader would let Node throw, where nobody can catch it, at a place
 * that lies beyond what a number can say.
 */
export function createZipReader(handle: FileHandle, size: number): RandomAccessReader {
  class ZipReader extends RandomAccessReader {
    override read(...[buffer, offset, length, position, callback]: Parameters<RandomAccessReader["read"]>) {
      if (!(position >= 0 && position + length <= size)) {
        setImmediate(callback, new RangeError("beyond the end of the archive"));
        return;
      }
      handle
        .read(buffer, offset, length, position)
        .then(({ bytesRead }) => (bytesRead < length ? new RangeError("the archive became shorter") : null))
        .catch((error: Error) => error)
        .then(callback);
    }
  }
  return new ZipReader();
}

/** Bytes of a file from a place on. */
export async function* readRange(
  handle: FileHandle,
  start: number,
  length: number,
): AsyncGenerator<Uint8Array, void> {
  for (let from = 0; from < length; ) {
    const size = Math.min(chunkBytes, length - from);
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(size), 0, size, start + from);
    if (bytesRead === 0) return;
    from += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}
