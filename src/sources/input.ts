import { BreakOff } from "./source.ts";

/** How much of an input is looked at before anything is said about it. */
export const headBytes = 64 * 1024;
/** Larger chunks are handed on in pieces, so that what is made of one stays small. */
const pieceBytes = 64 * 1024;

export interface OpenInput {
  /** The first 64 KiB, or all there is, without a byte order mark. */
  readonly head: Uint8Array;
  /** Everything, the head included, in pieces; ends the input when the reader stops. Can be read once. */
  pieces(): AsyncGenerator<Uint8Array>;
  /** For a reader that never starts. */
  close(): Promise<void>;
}

/**
 * Reads the beginning of an input; the same head whatever the sizes of the chunks. An input that breaks off there is
 * one of so much, and `pieces` throws in its turn.
 * @throws BreakOff for one that has nothing at all
 */
export async function openInput(input: AsyncIterable<Uint8Array>): Promise<OpenInput> {
  const chunks = input[Symbol.asyncIterator]();
  const read: Uint8Array[] = [];
  let size = 0;
  let breakOff: BreakOff | undefined;
  // Three more than the head, for the mark.
  while (size < headBytes + 3) {
    const next = await chunks.next().catch((error: unknown) => {
      if (!(error instanceof BreakOff)) throw error;
      breakOff = error;
      return { done: true, value: undefined } as const;
    });
    if (next.done === true) break;
    // A copy, as the chunk's owner may fill it again.
    read.push(new Uint8Array(next.value));
    size += next.value.length;
  }
  const start = withoutMark(Buffer.concat(read));
  if (breakOff !== undefined && start.length === 0) throw breakOff;
  const close = async (): Promise<void> => {
    await chunks.return?.();
  };
  return {
    head: start.subarray(0, headBytes),
    close,
    async *pieces() {
      try {
        yield* split(start);
        if (breakOff !== undefined) throw breakOff;
        for (;;) {
          const next = await chunks.next();
          if (next.done === true) return;
          yield* split(next.value);
        }
      } finally {
        await close();
      }
    },
  };
}

function withoutMark(bytes: Uint8Array): Uint8Array {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}

function* split(chunk: Uint8Array): Generator<Uint8Array> {
  for (let from = 0; from < chunk.length; from += pieceBytes) yield chunk.subarray(from, from + pieceBytes);
}
