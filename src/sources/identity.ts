import { hash } from "node:crypto";

/** Beyond this many events without an id in one input, equal ones that come later are taken for one. */
const maxRemembered = 12_000_000;
const tableCount = 1024;
/** How much of a table is in use when it grows, and to how many times its size. */
const fullest = 0.8;
const growth = 1.25;

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
 * What was seen has to be remembered for the whole input, as files come in any order. Of each event 58 bits of a hash
 * are kept in flat tables, 8 to 9 bytes an event and 110 MB at most; a `Map` would take ten times as much. Two
 * different events whose bits agree (odds of one to six thousand among ten million) would merely be numbered.
 */
export function createIdentity(): (trace: readonly unknown[]) => string {
  const tables = Array.from({ length: tableCount }, (): Table => nothing);
  let remembered = 0;
  return (trace) => {
    const digest = digestOf(trace);
    const name = digest.slice(0, nameLength);
    const number = bitsOf(digest, 22, 24) >>> 2;
    const hash = bitsOf(digest, 24, 30);
    const rest = bitsOf(digest, 30, 33) & 0xffff;
    let table = tables[number] ?? nothing;
    const isRemembered = remembered < maxRemembered;
    if (isRemembered && table.used >= table.hashes.length * fullest) tables[number] = table = enlarged(table);
    let occurrence = 1;
    let place = placeOf(table, hash, rest);
    if (table.hashes[place] !== 0) {
      occurrence = nextOf(table, hash, rest);
      place = placeOf(table, hash ^ markOf(occurrence), rest);
    }
    if (isRemembered) {
      remembered++;
      put(table, place, hash ^ markOf(occurrence), rest);
    }
    return occurrence === 1 ? name : `${name}.${occurrence}`;
  };
}

/**
 * The same for an input that never ends, such as a connection, which remembers between the half and all of the last
 * `remembered` different events, in about 40 bytes each. Equal events are of one second, so they come close together;
 * one that comes later is taken for one that was sent again.
 */
export function createRecentIdentity(remembered = 50_000): (trace: readonly unknown[]) => string {
  let older = new Map<number, number>();
  let newer = new Map<number, number>();
  return (trace) => {
    const digest = digestOf(trace);
    const name = digest.slice(0, nameLength);
    // 50 bits, which a number holds.
    const key = bitsOf(digest, 22, 27) * 2 ** 20 + (bitsOf(digest, 27, 31) & 0xfffff);
    const occurrence = (newer.get(key) ?? older.get(key) ?? 0) + 1;
    newer.set(key, occurrence);
    if (newer.size * 2 >= remembered) {
      older = newer;
      newer = new Map();
    }
    return occurrence === 1 ? name : `${name}.${occurrence}`;
  };
}

/** Six bits of each character of base64url; of six characters the last 32. */
function bitsOf(text: string, from: number, to: number): number {
  let bits = 0;
  for (let at = from; at < to; at++) bits = (bits << 6) | (digitOf[text.charCodeAt(at)] ?? 0);
  return bits;
}

/** What makes of a trace's hash that of its nth occurrence; nothing for the first. */
function markOf(nth: number): number {
  return Math.imul(nth - 1, 0x9e3779b1);
}

/** Which occurrence comes next of a trace that was seen. All those before are there, so they need no counting. */
function nextOf(table: Table, hash: number, rest: number): number {
  let last = 1;
  let next = 2;
  while (has(table, hash ^ markOf(next), rest)) {
    last = next;
    next *= 2;
  }
  while (next - last > 1) {
    const middle = (last + next) >>> 1;
    if (has(table, hash ^ markOf(middle), rest)) last = middle;
    else next = middle;
  }
  return next;
}

/** Hashes of 48 bits in flat arrays (open addressing): 32 bits here, 16 there. Where the 32 are 0, the place is free. */
interface Table {
  readonly hashes: Uint32Array<ArrayBuffer>;
  readonly rests: Uint16Array<ArrayBuffer>;
  used: number;
}

const nothing: Table = { hashes: new Uint32Array(1), rests: new Uint16Array(1), used: 1 };

/** The place of a hash, or the free one for it. */
function placeOf({ hashes, rests }: Table, hash: number, rest: number): number {
  const word = wordOf(hash);
  // The upper bits say where to begin: a fraction of the table, whatever its size.
  let place = Math.floor((word / 0x100000000) * hashes.length);
  for (;;) {
    const found = hashes[place];
    if (found === 0 || (found === word && rests[place] === rest)) return place;
    place++;
    if (place === hashes.length) place = 0;
  }
}

function wordOf(hash: number): number {
  return hash >>> 0 || 1;
}

function has(table: Table, hash: number, rest: number): boolean {
  return table.hashes[placeOf(table, hash, rest)] !== 0;
}

function put(table: Table, place: number, hash: number, rest: number): void {
  table.hashes[place] = wordOf(hash);
  table.rests[place] = rest;
  table.used++;
}

function enlarged(old: Table): Table {
  const size = Math.ceil(old.hashes.length * growth) + 8;
  const table = { hashes: new Uint32Array(size), rests: new Uint16Array(size), used: 0 };
  if (old === nothing) return table;
  for (let from = 0; from < old.hashes.length; from++) {
    const hash = old.hashes[from] ?? 0;
    const rest = old.rests[from] ?? 0;
    if (hash !== 0) put(table, placeOf(table, hash, rest), hash, rest);
  }
  // Frees them now; all that grew would else wait together for the collector.
  old.hashes.buffer.transfer(0);
  old.rests.buffer.transfer(0);
  return table;
}
