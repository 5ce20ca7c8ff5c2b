import type { Collection, Index } from "./catalog.ts";
import { CommandError } from "./errors.ts";
import { type Condition, compileConditions, fieldsOf } from "./filter.ts";
import { type KeyPattern, sortKey } from "./keys.ts";
import { choosePlan, type Plan, type Range } from "./plan.ts";
import { createDecoder } from "./raw.ts";
import type { Store } from "./rows.ts";

/** The number that names a document inside the store (0 where nobody asked for it), and its bytes. */
export type Row = readonly [rid: number, stored: Uint8Array];

const pageBytes = 1_000_000;
const maxSortBytes = 100_000_000;

/** Rows for the next page, so that a page is about a megabyte whatever the documents weigh. */
function nextPageSize(rows: readonly Row[]): number {
  const bytes = rows.reduce((sum, row) => sum + row[1].length, 1);
  return Math.max(1, Math.min(2000, rows.length * 4, Math.floor((pageBytes * rows.length) / bytes)));
}

/**
 * One page. Where nobody asks for the numbers of the rows, all documents come as one blob, which is cut at the
 * length that every document begins with: a blob a document costs more than all the rest of reading it.
 */
function readPage(store: Store, from: string, bounds: Bounds, size: number, numbered: boolean): Row[] {
  if (numbered)
    return store.sql
      .prepare(`SELECT d.rid, d.doc FROM ${from} LIMIT ?`)
      .all(...bounds, size) as unknown as Row[];
  const joined = `SELECT CAST(group_concat(CAST(doc AS TEXT), '') AS BLOB) FROM (SELECT d.doc FROM ${from} LIMIT ?)`;
  const [blob] = store.sql.prepare(joined).get(...bounds, size) as unknown as [Uint8Array | null];
  const rows: Row[] = [];
  if (blob === null) return rows;
  const bytes = Buffer.from(blob.buffer, blob.byteOffset, blob.length);
  for (let at = 0; at < bytes.length; ) {
    const end = at + bytes.readInt32LE(at);
    rows.push([0, bytes.subarray(at, end)]);
    at = end;
  }
  return rows;
}

type Bounds = readonly (Uint8Array | number)[];

/** What a scan of the whole table or of one range of an index asks for, before and after its first page. */
interface Scan {
  /** The tables, `d` being that of the documents, the condition and the order. */
  readonly from: string;
  /** The same for the place of the last row of a page alone. */
  readonly place: string;
  readonly bounds: Bounds;
  readonly next: (place: Bounds) => Scan;
}

function tableScan(table: string, after = 0): Scan {
  const from = `${table} d WHERE d.rid > ? ORDER BY d.rid`;
  return {
    from,
    place: `SELECT d.rid FROM ${from}`,
    bounds: [after],
    next: ([rid]) => tableScan(table, Number(rid)),
  };
}

function rangeScan(
  table: string,
  { table: entries, unique }: Index,
  { low, high }: Range,
  reverse: boolean,
): Scan {
  const down = reverse ? " DESC" : "";
  const order = `ORDER BY i.k${down}${unique ? "" : `, i.rid${down}`}`;
  const [columns, marks] = unique ? ["i.k", "?"] : ["i.k, i.rid", "?, ?"];
  const build = (where: string, bounds: Bounds): Scan => ({
    from: `${entries} i CROSS JOIN ${table} d ON d.rid = i.rid WHERE ${where} ${order}`,
    place: `SELECT ${columns} FROM ${entries} i WHERE ${where} ${order}`,
    bounds,
    next: (place) =>
      reverse
        ? build(`i.k >= ? AND (${columns}) < (${marks})`, [low, ...place])
        : build(`i.k < ? AND (${columns}) > (${marks})`, [high, ...place]),
  });
  return build("i.k >= ? AND i.k < ?", [low, high]);
}

/**
 * Reads in pages and holds no open statement in between, so that a cursor may wait as long as it likes, costs one
 * page of memory and sees the writes that happen meanwhile, as a cursor of MongoDB does.
 */
function* readScan(store: Store, first: Scan, numbered: boolean): Generator<Row> {
  let scan = first;
  for (let size = 32; ; ) {
    const rows = readPage(store, scan.from, scan.bounds, size, numbered);
    const place =
      rows.length === size
        ? store.sql.prepare(`${scan.place} LIMIT 1 OFFSET ?`).get(...scan.bounds, size - 1)
        : undefined;
    yield* rows;
    if (place === undefined) return;
    scan = scan.next(place as unknown as Bounds);
    size = nextPageSize(rows);
  }
}

function* scanPlan(store: Store, collection: Collection, plan: Plan, numbered: boolean): Generator<Row> {
  const { index, ranges, reverse } = plan;
  if (index === undefined) return yield* readScan(store, tableScan(collection.table), numbered);
  store.flush(collection);
  for (const range of reverse ? ranges.toReversed() : ranges)
    yield* readScan(store, rangeScan(collection.table, index, range, reverse), numbered);
}

export interface FindOptions {
  readonly sort?: KeyPattern | undefined;
  readonly skip?: number;
  /** 0 or none: all. */
  readonly limit?: number;
  /** The rows' numbers are needed, for a change; otherwise they may be 0. */
  readonly numbered?: boolean;
}

/** The documents for which all conditions hold, in order, each read when it is asked for. */
export function* findRows(
  store: Store,
  collection: Collection,
  conditions: readonly Condition[],
  { sort, skip = 0, limit = 0, numbered = false }: FindOptions = {},
): Generator<Row> {
  const plan = choosePlan(collection, conditions, sort);
  const sorting = sort !== undefined && !plan.sorted;
  const matching = filterRows(scanPlan(store, collection, plan, numbered || sorting), plan.rest);
  const last = limit === 0 ? Number.POSITIVE_INFINITY : skip + limit;
  // Between the sort and its turn a document may have changed, so it is tested again.
  const ordered = sorting
    ? filterRows(sortRows(store, collection, matching, sort, last), plan.rest)
    : matching;
  let at = 0;
  for (const row of ordered) {
    if (at++ >= skip) yield row;
    if (at >= last) return;
  }
}

function filterRows(rows: Generator<Row>, conditions: readonly Condition[]): Iterable<Row> {
  if (conditions.length === 0) return rows;
  const test = compileConditions(conditions);
  const decode = createDecoder(fieldsOf(conditions));
  return (function* () {
    for (const row of rows) if (test(decode(row[1]))) yield row;
  })();
}

/** Sorts keys and row numbers, not documents; those are read again one by one when their turn has come. */
function* sortRows(
  store: Store,
  collection: Collection,
  rows: Iterable<Row>,
  sort: KeyPattern,
  wanted: number,
): Generator<Row> {
  const decode = createDecoder(new Set(sort.paths.map(([first]) => first ?? "")));
  let entries: { key: Buffer; rid: number }[] = [];
  type Entry = (typeof entries)[number];
  const order = (a: Entry, b: Entry) => Buffer.compare(a.key, b.key) || a.rid - b.rid;
  let bytes = 0;
  for (const [rid, stored] of rows) {
    const key = sortKey(decode(stored), sort);
    entries.push({ key, rid });
    bytes += key.length + 100;
    if (entries.length > wanted * 2 + 1000) {
      entries = entries.sort(order).slice(0, wanted);
      bytes = entries.reduce((sum, entry) => sum + entry.key.length + 100, 0);
    }
    if (bytes > maxSortBytes)
      throw new CommandError(292, "Sort exceeded 100 MB of memory; an index in that order avoids it");
  }
  const read = store.sql.prepare(`SELECT doc FROM ${collection.table} WHERE rid = ?`);
  for (const { rid } of entries.sort(order)) {
    const row = read.get(rid) as unknown as [Uint8Array] | undefined;
    if (row !== undefined) yield [rid, row[0]];
  }
}

/** How many documents satisfy the conditions; reads no document where an index knows. */
export function countRows(store: Store, collection: Collection, conditions: readonly Condition[]): number {
  const { index, ranges, rest } = choosePlan(collection, conditions);
  let count = 0;
  if (rest.length > 0) {
    for (const _ of findRows(store, collection, conditions)) count++;
    return count;
  }
  if (index === undefined) {
    const row = store.sql.prepare(`SELECT count(*) FROM ${collection.indexes[0].table}`).get();
    return (row as unknown as [number])[0];
  }
  store.flush(collection);
  const counted = store.sql.prepare(`SELECT count(*) FROM ${index.table} WHERE k >= ? AND k < ?`);
  for (const { low, high } of ranges) count += (counted.get(low, high) as unknown as [number])[0];
  return count;
}
