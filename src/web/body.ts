import type { IncomingMessage } from "node:http";
import { inflate } from "../sources/inflate.ts";

/** A body has, or unpacks to, more bytes than are taken. */
export class TooLarge extends Error {
  override name = "TooLarge";
}

/**
 * The bytes of a body, unpacked as they are asked for. Who stops reading leaves the rest, and may still answer.
 * @throws TooLarge at the first byte that is too many; a `BreakOff` where what is packed is damaged or cut off
 */
export function bodyOf(
  request: IncomingMessage,
  {
    packed,
    unpacked,
    isPacked,
  }: { readonly packed: number; readonly unpacked: number; readonly isPacked: boolean },
): AsyncIterable<Uint8Array> {
  const bytes = upTo(packed, request.iterator({ destroyOnReturn: false }));
  if (!isPacked) return bytes;
  const meter = createCount(unpacked);
  return inflate(bytes, "gzip", { took() {}, gave: meter });
}

async function* upTo(most: number, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  const count = createCount(most);
  for await (const chunk of chunks) {
    count(chunk.length);
    yield chunk;
  }
}

function createCount(most: number): (size: number) => void {
  let sum = 0;
  return (size) => {
    sum += size;
    if (sum > most) throw new TooLarge(`more than ${most} bytes`);
  };
}
