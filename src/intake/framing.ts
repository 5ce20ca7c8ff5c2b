const newline = 0x0a;
const space = 0x20;
const openAngle = 0x3c;
const zero = 0x30;
const LONGEST_COUNT = 7;

/** Cuts what a connection brings into messages. */
export interface Framing {
  /** Takes a chunk of any size. */
  feed(chunk: Uint8Array): void;
  /** Says that nothing follows, in good order. */
  end(): void;
  /** Whether a message has begun and not ended. */
  isInside(): boolean;
}

/**
 * Messages over a stream as RFC 6587 has them, also mixed: counted (`123 <110>1 …`), each complete with its last byte, or ended
 * by a line break. A count behind which no message begins is overlooked, if that is seen in time, and what it counted is
 * a line. Of what is longer than `longest` nothing is kept. `onMessage` has to be done with the bytes when it returns.
 */
export function createFraming(
  longest: number,
  {
    onMessage,
    onBroken,
  }: { readonly onMessage: (bytes: Buffer) => void; readonly onBroken: (reason: string) => void },
): Framing {
  let held = Buffer.alloc(0);
  let size = 0;
  /** Up to here no line break stands. */
  let searched = 0;
  /** Bytes of a counted message that are passed over, or everything up to a line break. */
  let skips: number | "line" = 0;
  const tooLong = `a line longer than ${Math.floor(longest / 1024)} KB`;

  const append = (chunk: Uint8Array): void => {
    if (size + chunk.length > held.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(1024, 2 * held.length, size + chunk.length));
      held.copy(larger, 0, 0, size);
      held = larger;
    }
    held.set(chunk, size);
    size += chunk.length;
  };
  /** Where the next message begins, or nothing if more has to come first. */
  const take = (at: number): number | undefined => {
    if (skips === "line") {
      const end = held.subarray(0, size).indexOf(newline, at);
      if (end >= 0) skips = 0;
      return end < 0 ? size : end + 1;
    }
    if (skips > 0) {
      const skipped = Math.min(skips, size - at);
      skips -= skipped;
      return at + skipped;
    }
    if (isBetween(held[at])) return at + 1;
    const count = readCount(held.subarray(at, size));
    if (count === "more") return undefined;
    if (count !== undefined && count.length > longest) {
      onBroken(tooLong);
      skips = count.start + count.length;
      return at;
    }
    const end = count === undefined ? 0 : at + count.start + count.length;
    if (count !== undefined && end > size) return undefined;
    if (count !== undefined && (end === size || isBetween(held[end]) || mayBegin(held[end]))) {
      onMessage(held.subarray(at + count.start, end));
      return end;
    }
    return takeLine(at);
  };
  const takeLine = (at: number): number | undefined => {
    const end = held.subarray(0, size).indexOf(newline, Math.max(at, searched));
    searched = end < 0 ? size : end + 1;
    if ((end < 0 ? size : end) - at > longest) {
      onBroken(tooLong);
      skips = end < 0 ? "line" : 0;
      return end < 0 ? size : end + 1;
    }
    if (end < 0) return undefined;
    onMessage(held.subarray(at, end));
    return end + 1;
  };

  return {
    feed(chunk) {
      append(chunk);
      let at = 0;
      while (at < size) {
        const next = take(at);
        if (next === undefined) break;
        at = next;
        searched = Math.max(searched, at);
      }
      if (at === 0) return;
      held.copyWithin(0, at, size);
      size -= at;
      searched = Math.max(0, searched - at);
      // A long message is no reason to hold that much for a connection that lives for days.
      if (size === 0) held = Buffer.alloc(0);
    },
    end() {
      if (size > 0 || skips !== 0) {
        const isCounted = typeof readCount(held.subarray(0, size)) === "object";
        if (isCounted) onBroken("a line that broke off");
        else if (size > 0) onMessage(held.subarray(0, size));
      }
      held = Buffer.alloc(0);
      size = 0;
      searched = 0;
      skips = 0;
    },
    isInside: () => size > 0 || skips !== 0,
  };
}

/** What some put between messages: line breaks, blanks, zero bytes. */
function isBetween(byte: number | undefined): boolean {
  return byte === newline || byte === 0x0d || byte === space || byte === 0;
}

function mayBegin(byte = 0): boolean {
  return byte === openAngle || (byte > zero && byte <= zero + 9);
}

/** The count that a message begins with, and where the message itself starts; "more" if that cannot be told yet. */
function readCount(bytes: Uint8Array): { start: number; length: number } | "more" | undefined {
  let length = 0;
  let at = 0;
  for (; at < LONGEST_COUNT + 1 && at < bytes.length; at++) {
    const digit = (bytes[at] ?? 0) - zero;
    if (digit < 0 || digit > 9 || (digit === 0 && at === 0)) break;
    length = length * 10 + digit;
  }
  if (at === 0 || at > LONGEST_COUNT) return undefined;
  if (at === bytes.length) return "more";
  if (bytes[at] !== space) return undefined;
  if (at + 1 === bytes.length) return "more";
  return bytes[at + 1] === openAngle ? { start: at + 1, length } : undefined;
}
