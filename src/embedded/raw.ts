import { Binary, ObjectId } from "bson";
import { CommandError } from "./errors.ts";
import type { Doc } from "./values.ts";

const float = new Float64Array(1);
const floatBytes = new Uint8Array(float.buffer);
const maxDate = 8.64e15;

/** The bytes of a value that starts at `at`; throws 2 (BadValue) for a type the store does not keep. */
function valueLength(bytes: Buffer, type: number, at: number): number {
  switch (type) {
    case 0x01: // double
    case 0x09: // date
    case 0x12: // long
      return 8;
    case 0x02: // string
      return bytes.readInt32LE(at) + 4;
    case 0x03: // document
    case 0x04: // array
      return bytes.readInt32LE(at);
    case 0x05: // binary
      return bytes.readInt32LE(at) + 5;
    case 0x07: // ObjectId
      return 12;
    case 0x08: // boolean
      return 1;
    case 0x0a: // null
      return 0;
    case 0x10: // int
      return 4;
  }
  throw new CommandError(2, `BSON type 0x${type.toString(16)} cannot be stored in the embedded store`);
}

function readLong(bytes: Buffer, at: number): number {
  return bytes.readInt32LE(at + 4) * 2 ** 32 + bytes.readUInt32LE(at);
}

function readValue(bytes: Buffer, type: number, at: number): unknown {
  switch (type) {
    case 0x01:
      for (let i = 0; i < 8; i++) floatBytes[i] = bytes[at + i] ?? 0;
      return float[0];
    case 0x02:
      return bytes.toString("utf8", at + 4, at + 3 + bytes.readInt32LE(at));
    case 0x03:
      return readFields(bytes, at, {});
    case 0x04:
      return readItems(bytes, at);
    case 0x05: {
      const start = at + 5;
      return new Binary(bytes.subarray(start, start + bytes.readInt32LE(at)), bytes[at + 4] ?? 0);
    }
    case 0x07:
      return new ObjectId(bytes.subarray(at, at + 12));
    case 0x08:
      return bytes[at] === 1;
    case 0x09:
      return new Date(readLong(bytes, at));
    case 0x10:
      return bytes.readInt32LE(at);
    case 0x12:
      return readLong(bytes, at);
    default:
      return null;
  }
}

function setField(into: Doc, name: string, value: unknown): void {
  if (name === "__proto__") {
    Object.defineProperty(into, name, { value, enumerable: true, configurable: true, writable: true });
  } else {
    into[name] = value;
  }
}

function readFields(bytes: Buffer, start: number, into: Doc): Doc {
  const end = start + bytes.readInt32LE(start) - 1;
  for (let at = start + 4; at < end; ) {
    const type = bytes.readUInt8(at);
    const nameEnd = endOfName(bytes, at + 1);
    setField(into, bytes.toString("utf8", at + 1, nameEnd), readValue(bytes, type, nameEnd + 1));
    at = nameEnd + 1 + valueLength(bytes, type, nameEnd + 1);
  }
  return into;
}

function readItems(bytes: Buffer, start: number): unknown[] {
  const items: unknown[] = [];
  const end = start + bytes.readInt32LE(start) - 1;
  for (let at = start + 4; at < end; ) {
    const type = bytes.readUInt8(at);
    at = endOfName(bytes, at + 1) + 1;
    items.push(readValue(bytes, type, at));
    at += valueLength(bytes, type, at);
  }
  return items;
}

function endOfName(bytes: Buffer, from: number): number {
  let at = from;
  while (bytes[at] !== 0) at++;
  return at;
}

export type Decoder = (stored: Uint8Array) => Doc;

function asBuffer(stored: Uint8Array): Buffer {
  return Buffer.isBuffer(stored) ? stored : Buffer.from(stored.buffer, stored.byteOffset, stored.length);
}

/** A whole stored document. */
export function decodeDocument(stored: Uint8Array): Doc {
  return readFields(asBuffer(stored), 0, {});
}

/** The name that the field at one place of a document had last time, with its closing zero. */
interface Place {
  readonly bytes: Uint8Array;
  /** Set when the field is wanted. */
  readonly name: string | undefined;
}

/**
 * A function that reads only the named top-level fields of a stored document, in the document's order, and skips
 * the bytes of all others; without names it reads everything. Documents of a collection are mostly alike, so each
 * field is first compared with the one that was at its place in the document before.
 */
export function createDecoder(names: ReadonlySet<string> | undefined): Decoder {
  if (names === undefined) return decodeDocument;
  const places: Place[] = [];
  const learn = (bytes: Buffer, start: number, place: number): Place => {
    const end = endOfName(bytes, start) + 1;
    const name = bytes.toString("utf8", start, end - 1);
    const learnt = {
      bytes: new Uint8Array(bytes.subarray(start, end)),
      name: names.has(name) ? name : undefined,
    };
    places[place] = learnt;
    return learnt;
  };
  return (stored) => {
    const bytes = asBuffer(stored);
    const into: Doc = {};
    const end = bytes.length - 1;
    let left = names.size;
    for (let at = 4, i = 0; at < end && left > 0; i++) {
      const type = bytes[at++] ?? 0;
      let place = places[i];
      if (place === undefined || !startsWith(bytes, at, place.bytes)) place = learn(bytes, at, i);
      at += place.bytes.length;
      if (place.name !== undefined) {
        into[place.name] = readValue(bytes, type, at);
        left--;
      }
      at += valueLength(bytes, type, at);
    }
    return into;
  };
}

function startsWith(bytes: Buffer, at: number, wanted: Uint8Array): boolean {
  for (let i = 0; i < wanted.length; i++) if (bytes[at + i] !== wanted[i]) return false;
  return true;
}

/** Throws unless every value of the document is of a type, and in a range, that the store keeps exactly. */
export function checkStorable(bytes: Buffer, start = 0, depth = 0): void {
  if (depth > 100) throw new CommandError(2, "document is nested too deeply: more than 100 levels");
  const end = start + bytes.readInt32LE(start) - 1;
  for (let at = start + 4; at < end; ) {
    const type = bytes.readUInt8(at);
    if (depth === 0 && bytes[at + 1] === 0x24) {
      const name = bytes.toString("utf8", at + 1, endOfName(bytes, at + 1));
      throw new CommandError(52, `The dollar ($) prefixed field '${name}' is not allowed`);
    }
    at = endOfName(bytes, at + 1) + 1;
    if (type === 0x03 || type === 0x04) checkStorable(bytes, at, depth + 1);
    else if (type === 0x12 && !Number.isSafeInteger(readLong(bytes, at)))
      throw new CommandError(2, "a long beyond 2^53 cannot be stored in the embedded store");
    else if (type === 0x09 && Math.abs(readLong(bytes, at)) > maxDate)
      throw new CommandError(2, "a date beyond the year 275760 cannot be stored in the embedded store");
    at += valueLength(bytes, type, at);
  }
}
