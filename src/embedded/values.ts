import { Binary, ObjectId } from "bson";
import { CommandError } from "./errors.ts";

/** A BSON document or array as JavaScript sees it; `undefined` stands for a missing field. */
export type Doc = Record<string, unknown>;

/** The first byte of an encoded value; its order is MongoDB's order of types. */
export const typeByte = {
  missing: 0x04,
  null: 0x10,
  number: 0x20,
  string: 0x30,
  object: 0x40,
  array: 0x50,
  binary: 0x60,
  objectId: 0x70,
  boolean: 0x80,
  date: 0x90,
} as const;

export function isPlainObject(value: unknown): value is Doc {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** The type of a value as its byte; throws 2 (BadValue) for types the store cannot put in order. */
export function typeOf(value: unknown): number {
  switch (typeof value) {
    case "undefined":
      return typeByte.missing;
    case "number":
      return typeByte.number;
    case "string":
      return typeByte.string;
    case "boolean":
      return typeByte.boolean;
    case "object":
      if (value === null) return typeByte.null;
      if (value instanceof Date) return typeByte.date;
      if (Array.isArray(value)) return typeByte.array;
      if (value instanceof ObjectId) return typeByte.objectId;
      if (value instanceof Binary) return typeByte.binary;
      if (isPlainObject(value)) return typeByte.object;
  }
  throw new CommandError(2, `values of type ${typeName(value)} are not supported by the embedded store`);
}

/** MongoDB's name of a value's type, for messages. */
export function typeName(value: unknown): string {
  if (value === undefined) return "missing";
  if (value === null) return "null";
  if (typeof value === "number")
    return Number.isInteger(value) && Math.abs(value) < 2 ** 31 ? "int" : "double";
  if (typeof value === "boolean") return "bool";
  if (typeof value !== "object") return typeof value;
  if (Array.isArray(value)) return "array";
  if (value instanceof Date) return "date";
  const bsonType = String(Reflect.get(value, "_bsontype") ?? "object");
  return { ObjectId: "objectId", Binary: "binData" }[bsonType] ?? bsonType;
}

let scratch = Buffer.allocUnsafe(4096);
let length = 0;
const float = new Float64Array(1);
const floatBytes = new Uint8Array(float.buffer);

function reserve(bytes: number): void {
  if (length + bytes <= scratch.length) return;
  const larger = Buffer.allocUnsafe(Math.max(scratch.length * 2, length + bytes));
  scratch.copy(larger, 0, 0, length);
  scratch = larger;
}

/** Eight bytes that sort as the number does; -0 is 0 and NaN is below everything. */
function putNumber(value: number): void {
  if (Number.isNaN(value)) {
    scratch.fill(0, length, length + 8);
    length += 8;
    return;
  }
  float[0] = value === 0 ? 0 : value;
  const flip = value < 0 ? 0xff : 0;
  for (let i = 7; i >= 0; i--) scratch[length++] = (floatBytes[i] ?? 0) ^ flip;
  if (flip === 0) scratch[length - 8] = (scratch[length - 8] ?? 0) | 0x80;
}

/** UTF-8 with 0 and 1 escaped, closed by 0: no text is the beginning of another. */
function putString(value: string): void {
  reserve(value.length * 6 + 1);
  const start = length;
  length += scratch.write(value, length, "utf8");
  let escapes = 0;
  for (let i = start; i < length; i++) if ((scratch[i] ?? 0) < 2) escapes++;
  for (let from = length - 1, to = from + escapes; escapes > 0 && to > from; from--, to--) {
    const byte = scratch[from] ?? 0;
    if (byte < 2) scratch[to--] = byte + 1;
    scratch[to] = byte < 2 ? 1 : byte;
  }
  length += escapes;
  scratch[length++] = 0;
}

function putPayload(value: unknown, type: number): void {
  reserve(32);
  switch (type) {
    case typeByte.number:
      putNumber(value as number);
      return;
    case typeByte.date:
      putNumber((value as Date).getTime());
      return;
    case typeByte.string:
      putString(value as string);
      return;
    case typeByte.boolean:
      scratch[length++] = value === true ? 1 : 0;
      return;
    case typeByte.objectId:
      length += scratch.write((value as ObjectId).toHexString(), length, "hex");
      return;
    case typeByte.binary: {
      const { buffer, position, sub_type } = value as Binary;
      reserve(position + 5);
      length = scratch.writeUInt32BE(position, length);
      scratch[length++] = sub_type;
      scratch.set(buffer.subarray(0, position), length);
      length += position;
      return;
    }
    case typeByte.array:
      for (const item of value as unknown[]) put(item);
      break;
    case typeByte.object:
      // MongoDB compares two fields by type first, then by name, then by value.
      for (const [name, item] of Object.entries(value as Doc)) {
        if (item === undefined) continue;
        const itemType = typeOf(item);
        reserve(1);
        scratch[length++] = itemType;
        putString(name);
        putPayload(item, itemType);
      }
      break;
    default:
      return;
  }
  reserve(1);
  scratch[length++] = 0;
}

/** A missing value is indexed, sorted and grouped as null. */
function put(value: unknown): void {
  reserve(1);
  const type = typeOf(value ?? null);
  scratch[length++] = type;
  putPayload(value, type);
}

/**
 * Bytes that sort (as bytes) the way MongoDB sorts the values, and are equal exactly when the values are; several
 * values concatenate to a compound key. `directions[i] < 0` turns that part of the order round.
 */
export function encodeKey(values: readonly unknown[], directions?: readonly number[]): Buffer {
  length = 0;
  for (let i = 0; i < values.length; i++) {
    const start = length;
    put(values[i]);
    if ((directions?.[i] ?? 1) < 0) for (let j = start; j < length; j++) scratch[j] = ~(scratch[j] ?? 0);
  }
  const key = Buffer.allocUnsafe(length);
  scratch.copy(key, 0, 0, length);
  return key;
}

const ascii = /^[\0-\x7f]*$/;

/** MongoDB's total order of values: negative, zero or positive. */
export function compareValues(a: unknown, b: unknown): number {
  if (typeof a === "number" && typeof b === "number") {
    if (a < b) return -1;
    if (a > b) return 1;
    return a === b ? 0 : Number(Number.isNaN(b)) - Number(Number.isNaN(a));
  }
  if (a instanceof Date && b instanceof Date) return a.getTime() - b.getTime();
  if (typeof a === "string" && typeof b === "string") {
    if (a === b) return 0;
    if (ascii.test(a) && ascii.test(b)) return a < b ? -1 : 1;
  }
  const typeA = typeOf(a);
  const typeB = typeOf(b);
  if (typeA !== typeB) return typeA - typeB;
  return Buffer.compare(encodeKey([a]), encodeKey([b]));
}

/** Equal as MongoDB's `$eq`: 1 and 1.0 are, documents only with the same order of fields. */
export function equalValues(a: unknown, b: unknown): boolean {
  return a === b || compareValues(a, b) === 0;
}
