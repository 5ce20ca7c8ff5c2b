import { hash } from "node:crypto";

/** Beyond this many different events without an id in one input, equal ones that come later are taken for one. */
const maxRemembered = 12_000_000;
/** As are equal ones beyond this many. */
const maxOccurrences = 0xffff;
const shardCount = 64;

const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const digitOf = new Uint8Array(128);
for (const [value, digit] of [...digits].entries()) digitOf[digit.charCodeAt(0)] = value;

/** The name of an event that the vault gives none: a hash of what tells it from any other, 22 characters. */
export function nameOfTrace(trace: readonly unknown[]): string {
  return digestOf(trace).slice(0, nameLength);
}

const nameLength = 22;

/** 43 characters; as text, which node gives twice as fast as a buffer. */
function digestOf(trace: readonly unknown[]): string {
  return hash("sha256", JSON.stringify(trace), "base64url");
}

/**
 * Gives events their names where the vault gives none and equal records are several events: that of their trace
 * and, from the second equal one of this input on, its number. So the same file read twice gives the same names in
 * any order and arrangement of pages, and two true events of one instant stay two.
 *
 * What was seen has to be remembered for the whole input, as files come in any order. It is kept as 60 bits of the
 * hash and a count in flat tables, 13 to 27 bytes an event and 170 MB at most; a `Map` would take five times as much.
 * Two different events whose bits agree (odds of one to a million among ten million) would merely be numbered.
 */
export function createIdentity(): (trace: readonly unknown[]) => string {
  const shards = Array.from({ length: shardCount }, createCounts);
  let remembered = 0;
  return (trace) => {
    const digest = digestOf(trace);
    const name = digest.slice(0, nameLength);
    const count = shards[bitsOf(digest, 32, 33)];
    const mayRemember = remembered < maxRemembered;
    const occurrence = count?.(bitsOf(digest, 22, 27), bitsOf(digest, 27, 32), mayRemember) ?? 1;
    if (occurrence === 1 && mayRemember) remembered++;
    return occurrence === 1 ? name : `${name}.${occurrence}`;
  };
}

/**
 * The same for an input that never ends, such as a connection, which remembers between the half and all of the last
 * `remembered` different events, in 13 to 27 bytes each. Equal events are of one second, so they come close together;
 * one that comes later is taken for one that was sent again.
 */
export function createRecentIdentity(remembered = 50_000): (trace: readonly unknown[]) => string {
  let older = createCounts();
  let newer = createCounts();
  let used = 0;
  return (trace) => {
    const digest = digestOf(trace);
    const name = digest.slice(0, nameLength);
    const [high, low] = [bitsOf(digest, 22, 27), bitsOf(digest, 27, 32)];
    const again = older(high, low, false);
    const occurrence = again > 1 ? again : newer(high, low, true);
    if (occurrence > 1) return `${name}.${occurrence}`;
    if (++used * 2 >= remembered) {
      older = newer;
      newer = createCounts();
      used = 0;
    }
    return name;
  };
}

/** Six bits of each character of base64url. */
function bitsOf(text: string, from: number, to: number): number {
  let bits = 0;
  for (let at = from; at < to; at++) bits = (bits << 6) | (digitOf[text.charCodeAt(at)] ?? 0);
  return bits;
}

/**
 * Counts hashes of twice 30 bits, given as two halves, in flat arrays (open addressing): says how often this one was seen,
 * itself included. A new one is always its first if it may not be remembered.
 */
function createCounts(): (high: number, low: number, mayRemember: boolean) => number {
  let capacity = 64;
  let hashes = new Uint32Array(2 * capacity);
  let counts = new Uint16Array(capacity);
  let used = 0;

  /** The place of the hash, or the free one where it belongs. */
  const find = (high: number, low: number): number => {
    let place = low & (capacity - 1);
    while (counts[place] !== 0 && (hashes[2 * place] !== high || hashes[2 * place + 1] !== low)) {
      place = (place + 1) & (capacity - 1);
    }
    return place;
  };
  const set = (place: number, high: number, low: number, count: number): void => {
    hashes[2 * place] = high;
    hashes[2 * place + 1] = low;
    counts[place] = count;
  };
  const grow = (): void => {
    const oldHashes = hashes;
    const oldCounts = counts;
    capacity *= 2;
    hashes = new Uint32Array(2 * capacity);
    counts = new Uint16Array(capacity);
    for (const [place, count] of oldCounts.entries()) {
      const high = oldHashes[2 * place] ?? 0;
      const low = oldHashes[2 * place + 1] ?? 0;
      if (count !== 0) set(find(high, low), high, low, count);
    }
  };

  return (high, low, mayRemember) => {
    const place = find(high, low);
    const seen = counts[place] ?? 0;
    if (seen === 0 && !mayRemember) return 1;
    if (seen === 0 && ++used * 4 > capacity * 3) {
      grow();
      set(find(high, low), high, low, 1);
      return 1;
    }
    const count = Math.min(seen + 1, maxOccurrences);
    set(place, high, low, count);
    return count;
  };
}
