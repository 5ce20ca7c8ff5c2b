import { readFileSync } from "node:fs";
import { openSync } from "fontkit";
import { type FontWeight, fontPath } from "./fonts.ts";

const DIGITS = "0123456789";
const FIRST_DIGIT = 0x30;
/** Of a font's table directory, and of an entry in it. */
const HEADER_BYTES = 12;
const ENTRY_BYTES = 16;

/**
 * A TrueType font of Inter's ten digits that are all of one width, under the digits' own characters. Inter has them
 * too, but as an OpenType feature, and text in a PDF that is set with one cannot be found or copied in every viewer.
 */
export function figureFont(weight: FontWeight): Buffer {
  const font = openSync(fontPath(weight));
  const subset = font.createSubset();
  for (const glyph of font.layout(DIGITS, ["tnum"]).glyphs) subset.includeGlyph(glyph);
  const tables = readTables(Buffer.from(subset.encode()));
  tables.set("cmap", digitMap());
  // Without these browsers take no font.
  const inter = readTables(readFileSync(fontPath(weight)));
  for (const name of ["OS/2", "name"]) tables.set(name, inter.get(name) ?? Buffer.alloc(0));
  tables.set("post", words([3, ...new Array<number>(15).fill(0)]));
  return writeTables(tables);
}

function readTables(font: Buffer): Map<string, Buffer> {
  const tables = new Map<string, Buffer>();
  for (let i = 0; i < font.readUInt16BE(4); i++) {
    const entry = HEADER_BYTES + i * ENTRY_BYTES;
    const start = font.readUInt32BE(entry + 8);
    const bytes = font.subarray(start, start + font.readUInt32BE(entry + 12));
    tables.set(font.toString("latin1", entry, entry + 4), bytes);
  }
  return tables;
}

/** A `cmap` of format 4: the digits are glyphs 1 to 10, in the order in which they were included. */
function digitMap(): Buffer {
  const last = FIRST_DIGIT + DIGITS.length - 1;
  const segments = [
    [last, 0xffff],
    [0],
    [FIRST_DIGIT, 0xffff],
    [(1 - FIRST_DIGIT) & 0xffff, 1],
    [0, 0],
  ].flat();
  const format = [4, 32, 0, 4, 4, 1, 0];
  // For Windows, Unicode, at byte 12.
  return words([0, 1, 3, 1, 0, 12, ...format, ...segments]);
}

function words(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 2);
  for (const [i, value] of values.entries()) bytes.writeUInt16BE(value, i * 2);
  return bytes;
}

function writeTables(tables: ReadonlyMap<string, Buffer>): Buffer {
  const sorted = [...tables].sort(([a], [b]) => (a < b ? -1 : 1));
  const power = 2 ** Math.floor(Math.log2(sorted.length));
  const range = power * ENTRY_BYTES;
  const header = words([0, 1, 0, 0, 0, 0]);
  header.writeUInt32BE(0x0001_0000, 0);
  header.writeUInt16BE(sorted.length, 4);
  header.writeUInt16BE(range, 6);
  header.writeUInt16BE(Math.log2(power), 8);
  header.writeUInt16BE(sorted.length * ENTRY_BYTES - range, 10);
  let offset = HEADER_BYTES + sorted.length * ENTRY_BYTES;
  const entries: Buffer[] = [];
  const bodies: Buffer[] = [];
  for (const [name, table] of sorted) {
    const body = Buffer.concat([table, Buffer.alloc(-table.length & 3)]);
    const entry = Buffer.alloc(ENTRY_BYTES);
    entry.write(name, 0, "latin1");
    entry.writeUInt32BE(checksum(body), 4);
    entry.writeUInt32BE(offset, 8);
    entry.writeUInt32BE(table.length, 12);
    offset += body.length;
    entries.push(entry);
    bodies.push(body);
  }
  return Buffer.concat([header, ...entries, ...bodies]);
}

function checksum(body: Buffer): number {
  let sum = 0;
  for (let i = 0; i < body.length; i += 4) sum = (sum + body.readUInt32BE(i)) >>> 0;
  return sum;
}
