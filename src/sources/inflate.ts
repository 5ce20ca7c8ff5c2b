import { createGunzip, createInflateRaw } from "node:zlib";
import type { Meter } from "./meter.ts";
import { BreakOff } from "./source.ts";

/** Handed to zlib at a time. It makes at most 1,032 times as much of it, 17 MB, before anything is asked again. */
const blockBytes = 16 * 1024;
const chunkSize = 64 * 1024;

/**
 * Unpacks a stream: gzip, of one member or several one after the other, or the bare deflate of a zip's entry. The same
 * bytes whatever the sizes of the chunks, damaged input included.
 * @throws BreakOff where it ends too early or comes to too much, when all that came before has been given; and where it
 * is damaged, when zlib keeps what it made of the block with the damage
 */
export async function* inflate(
  input: AsyncIterable<Uint8Array>,
  format: "gzip" | "deflate",
  meter: Meter,
): AsyncGenerator<Uint8Array, void> {
  const engine = createEngine(format);
  const metered = function* (chunks: readonly Uint8Array[]): Generator<Uint8Array> {
    for (const chunk of chunks) {
      meter.gave(chunk.length);
      yield chunk;
    }
  };
  try {
    for await (const block of blocksOf(input)) {
      meter.took(block.length);
      yield* metered(await engine.feed(block));
      engine.check();
    }
    yield* metered(await engine.finish());
    engine.check();
  } finally {
    engine.close();
  }
}

interface Engine {
  /** What comes of the bytes. Nothing more after the end, as of what follows a zip's entry. */
  feed(block: Uint8Array): Promise<readonly Uint8Array[]>;
  finish(): Promise<readonly Uint8Array[]>;
  /** @throws BreakOff if it has failed */
  check(): void;
  close(): void;
}

/** zlib in steps. Read as a stream it would drop, with the first error, what it has made and nobody has read. */
function createEngine(format: "gzip" | "deflate"): Engine {
  const zlib = format === "gzip" ? createGunzip({ chunkSize }) : createInflateRaw({ chunkSize });
  let made: Uint8Array[] = [];
  let failure: Error | undefined;
  let isOver = false;
  let wake = (): void => {};
  zlib.on("data", (chunk: Uint8Array) => void made.push(chunk));
  zlib.on("end", () => {
    isOver = true;
    wake();
  });
  zlib.on("error", (error) => {
    failure = error;
    wake();
  });
  const step = async (start: (done: () => void) => void): Promise<readonly Uint8Array[]> => {
    if (!isOver && failure === undefined) {
      await new Promise<void>((resolve) => {
        wake = resolve;
        start(resolve);
      });
    }
    const chunks = made;
    made = [];
    return chunks;
  };
  return {
    feed: (block) => step((done) => zlib.write(block, () => done())),
    // It is over when its last chunk has come, which it says itself.
    finish: () => step(() => zlib.end()),
    check() {
      if (failure === undefined) return;
      const isShort = (failure as NodeJS.ErrnoException).code === "Z_BUF_ERROR";
      throw new BreakOff(isShort ? "what is packed ends too early" : "what is packed is damaged");
    },
    close: () => void zlib.destroy(),
  };
}

/** The same bytes in blocks of one size, but for the last. */
async function* blocksOf(input: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  let block = new Uint8Array(blockBytes);
  let size = 0;
  for await (const chunk of input) {
    for (let from = 0; from < chunk.length; ) {
      const part = chunk.subarray(from, from + blockBytes - size);
      block.set(part, size);
      size += part.length;
      from += part.length;
      if (size < blockBytes) continue;
      yield block;
      block = new Uint8Array(blockBytes);
      size = 0;
    }
  }
  if (size > 0) yield block.subarray(0, size);
}
