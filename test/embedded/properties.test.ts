import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ObjectId, serialize } from "bson";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compileConditions, parseFilter } from "../../src/embedded/filter.ts";
import { parseKeyPattern, sortKey } from "../../src/embedded/keys.ts";
import { createDecoder, decodeDocument } from "../../src/embedded/raw.ts";
import { openStore, type Store, storable } from "../../src/embedded/rows.ts";
import { countRows, findRows } from "../../src/embedded/scan.ts";
import { parseUpdate } from "../../src/embedded/update.ts";
import { compareValues, type Doc, encodeKey } from "../../src/embedded/values.ts";

const scalar = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.integer({ min: -3, max: 3 }),
  fc.double(),
  fc.constantFrom(Number.NaN, -0, Number.POSITIVE_INFINITY, 2 ** 52),
  fc.string({ maxLength: 4, unit: "binary" }),
  fc.constantFrom("", "a", "ab", "b", "\0", "a\0", "a\u0001", "\u{1f600}", "\uffee"),
  fc.integer({ min: -2, max: 2 }).map((n) => new Date(n * 1000)),
  fc.integer({ min: 0, max: 3 }).map((n) => new ObjectId(n.toString(16).padStart(24, "0"))),
);
const value = fc.letrec((tie) => ({
  any: fc.oneof({ weight: 5, arbitrary: scalar }, tie("list"), tie("object")),
  list: fc.array(tie("any"), { maxLength: 3 }),
  object: fc.dictionary(fc.constantFrom("a", "b", "c"), tie("any"), { maxKeys: 3, noNullPrototype: true }),
})).any;
/** Few distinct values, so that filters find something. */
const plain = fc.constantFrom<unknown>(null, 0, 1, 2, "a", "b", true, new Date(1000), undefined);
const field = fc.oneof(
  { weight: 4, arbitrary: plain },
  fc.array(
    plain.filter((v) => v !== undefined),
    { maxLength: 3 },
  ),
  fc.record({ x: plain, y: plain }),
  fc.array(fc.record({ x: plain, y: plain }), { maxLength: 3 }),
);
const document = fc.record({ a: field, b: plain, c: field }).map(({ a, b, c }) => {
  const entries = Object.entries({ a, b, c }).filter(([, v]) => v !== undefined);
  return JSON.parse(JSON.stringify(Object.fromEntries(entries)), (_k, v) =>
    v === "1970-01-01T00:00:01.000Z" ? new Date(1000) : v,
  ) as Doc;
});

/** The order of MongoDB written anew, as plainly as can be, to hold the keys against. */
function plainOrder(a: unknown, b: unknown): number {
  const rank = (v: unknown) =>
    v === null
      ? 1
      : typeof v === "number"
        ? 2
        : typeof v === "string"
          ? 3
          : Array.isArray(v)
            ? 5
            : v instanceof ObjectId
              ? 6
              : typeof v === "boolean"
                ? 7
                : v instanceof Date
                  ? 8
                  : 4;
  if (rank(a) !== rank(b)) return rank(a) - rank(b);
  const byNumber = (x: number, y: number) =>
    Number.isNaN(x) || Number.isNaN(y)
      ? Number(Number.isNaN(y)) - Number(Number.isNaN(x))
      : x < y
        ? -1
        : x > y
          ? 1
          : 0;
  if (typeof a === "number") return byNumber(a, b as number);
  if (typeof a === "boolean" || a instanceof Date) return byNumber(Number(a), Number(b));
  if (typeof a === "string") return Buffer.compare(Buffer.from(a), Buffer.from(b as string));
  if (a instanceof ObjectId) return Buffer.compare(a.id, (b as ObjectId).id);
  if (a === null) return 0;
  const [left, right] = [Object.entries(a as Doc), Object.entries(b as Doc)];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const [nameA, x] = left[i] ?? ["", null];
    const [nameB, y] = right[i] ?? ["", null];
    const order = rank(x) - rank(y) || (nameA < nameB ? -1 : nameA > nameB ? 1 : 0) || plainOrder(x, y);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

describe("keys", () => {
  it("sort as the values do, up and down, alone and in company", () => {
    fc.assert(
      fc.property(value, value, value, value, (a, b, c, d) => {
        const wanted = Math.sign(plainOrder(a, b));
        expect(Math.sign(Buffer.compare(encodeKey([a]), encodeKey([b])))).toBe(wanted);
        expect(Math.sign(compareValues(a, b)) + 0).toBe(wanted + 0);
        const compound = -wanted || Math.sign(plainOrder(c, d));
        const keys = [encodeKey([a, c], [-1, 1]), encodeKey([b, d], [-1, 1])] as const;
        expect(Math.sign(Buffer.compare(...keys)) + 0).toBe(compound + 0);
      }),
      { numRuns: 3000 },
    );
  });
});

describe("reading stored bytes", () => {
  it("gives back the document, or the named fields of it", () => {
    const documents = fc.array(fc.dictionary(fc.constantFrom("a", "ab", "b", "é", "cd"), value), {
      maxLength: 4,
    });
    fc.assert(
      fc.property(documents, fc.subarray(["a", "ab", "b", "é", "nothing"]), (docs, names) => {
        const decode = createDecoder(new Set(names));
        for (const doc of docs) {
          const bytes = Buffer.from(serialize(doc));
          expect(decodeDocument(bytes)).toEqual({ ...doc });
          const wanted = Object.entries(doc).filter(([name]) => names.includes(name));
          expect(decode(bytes)).toEqual(Object.fromEntries(wanted));
        }
      }),
      { numRuns: 500 },
    );
  });
});

const operand = plain.map((v) => v ?? null);
const test = fc.oneof(
  operand,
  operand.map(($eq) => ({ $eq })),
  operand.map(($ne) => ({ $ne })),
  fc.array(operand, { maxLength: 3 }).map(($in) => ({ $in })),
  fc.array(operand, { maxLength: 3 }).map(($nin) => ({ $nin })),
  fc.boolean().map(($exists) => ({ $exists })),
  fc.record({ low: operand, high: operand }).map(({ low, high }) => ({ $gte: low, $lt: high })),
  fc.record({ low: operand, high: operand }).map(({ low, high }) => ({ $gt: low, $lte: high })),
  fc.constantFrom({ $regex: "a" }, { $gt: 0 }, { $lte: "b" }),
);
const path = fc.constantFrom("a", "b", "c", "a.x", "a.y", "c.x");
const simple = fc.array(fc.tuple(path, test), { maxLength: 3 }).map((tests) => Object.fromEntries(tests));
const filter = fc.oneof(
  { weight: 4, arbitrary: simple },
  fc.tuple(simple, simple).map((both) => ({ $or: both })),
  fc.tuple(simple, simple).map((both) => ({ $and: both })),
);
const pattern = fc
  .uniqueArray(fc.tuple(path, fc.constantFrom(1, -1)), {
    minLength: 1,
    maxLength: 3,
    selector: ([name]) => name,
  })
  .map((entries): Doc => Object.fromEntries(entries));
const options = fc.constantFrom({}, { partialFilterExpression: { b: { $gt: 0 } } });

describe("a store", () => {
  let store: Store;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "embedded-"));
    store = openStore(join(folder, "store.db"));
    store.sql.exec("PRAGMA synchronous = OFF");
  });
  afterAll(() => {
    store.close();
    rmSync(folder, { recursive: true });
  });

  it("finds with an index what it finds without, in the same order, before and after changes", () => {
    const indexes = fc.array(fc.tuple(pattern, options), { minLength: 1, maxLength: 2 });
    const queries = fc.array(
      fc.record({ filter, sort: fc.option(pattern, { nil: undefined }), limit: fc.nat(4) }),
      { minLength: 1, maxLength: 4 },
    );
    const property = fc.property(
      fc.array(document, { maxLength: 12 }),
      indexes,
      queries,
      (docs, specs, asked) => {
        const collection = store.transaction(() => {
          const old = store.catalog.find("t", "c");
          if (old !== undefined) store.catalog.drop(old);
          const made = store.catalog.create("t", "c");
          specs.forEach(
            ([key, more], i) => void store.catalog.addIndex(made, { key, name: `i${i}`, ...more }),
          );
          return made;
        });
        const kept: Doc[] = [];
        store.transaction(() => {
          for (const [_id, doc] of docs.entries()) {
            try {
              store.insert(collection, storable({ _id, ...doc }));
              kept.push({ _id, ...doc });
            } catch (error) {
              expect(error).toMatchObject({ code: 2, message: /an array in the indexed/ });
            }
          }
        });
        for (let round = 0; round < 2; round++) {
          for (const { filter: wanted, sort: order, limit } of asked) {
            const conditions = parseFilter(wanted);
            const expected = kept.filter(compileConditions(conditions));
            const found = [...findRows(store, collection, conditions)].map(
              (row) => decodeDocument(row[1])._id,
            );
            expect(found.toSorted()).toEqual(expected.map(({ _id }) => _id).toSorted());
            expect(countRows(store, collection, conditions)).toBe(expected.length);
            if (order === undefined) continue;
            const sort = parseKeyPattern(order, 2);
            let keys: string[];
            try {
              keys = expected
                .map((doc) => sortKey(doc, sort))
                .sort(Buffer.compare)
                .map(String);
            } catch {
              continue; // an array
            }
            const rows = [...findRows(store, collection, conditions, { sort, limit })];
            const got = rows.map((row) => String(sortKey(decodeDocument(row[1]), sort)));
            expect(got).toEqual(limit === 0 ? keys : keys.slice(0, limit));
          }
          // Every other document goes, and every third changes.
          store.transaction(() => {
            for (const [rid, stored] of [...findRows(store, collection, [], { numbered: true })]) {
              const doc = decodeDocument(stored);
              const at = kept.findIndex(({ _id }) => _id === doc._id);
              if (rid % 2 === 0) {
                store.remove(collection, rid, stored);
                kept.splice(at, 1);
              } else if (rid % 3 === 0) {
                const changed = { _id: doc._id, a: doc.b ?? 1, b: 2 };
                store.replace(collection, rid, stored, storable(changed));
                kept[at] = changed;
              }
            }
          });
        }
      },
    );
    fc.assert(property, { numRuns: 250 });
  });
});

describe("updates", () => {
  const apply = (doc: Doc, update: Doc) =>
    parseUpdate(update).apply(structuredClone(doc), { inserting: false });
  const numbers = fc.record({ a: fc.integer({ min: -9, max: 9 }), b: fc.integer({ min: -9, max: 9 }) });

  it("$set twice is $set once, and the second changes nothing", () => {
    fc.assert(
      fc.property(document, operand, (doc, set) => {
        const update = { $set: { b: set, "n.m": set } };
        const once = apply(doc, update);
        expect(apply(once.doc, update)).toEqual({ doc: once.doc, changed: false });
      }),
    );
  });

  it("$inc adds up, $min and $max end at the least and the greatest in any order", () => {
    fc.assert(
      fc.property(numbers, fc.shuffledSubarray([1, 5, -4, 8, 0]), (doc, steps) => {
        const fold = (update: (n: number) => Doc) =>
          steps.reduce((d, n) => apply(d, update(n)).doc, doc as Doc).a;
        expect(fold((n) => ({ $inc: { a: n } }))).toBe(steps.reduce((sum, n) => sum + n, doc.a));
        expect(fold((n) => ({ $max: { a: n } }))).toBe(Math.max(doc.a, ...steps));
        expect(fold((n) => ({ $min: { a: n } }))).toBe(Math.min(doc.a, ...steps));
      }),
    );
  });

  it("$addToSet never doubles, $pull takes all, $unset undoes $set", () => {
    fc.assert(
      fc.property(fc.array(operand), operand, (list, item) => {
        const twice = apply(apply({ list }, { $addToSet: { list: item } }).doc, {
          $addToSet: { list: item },
        });
        expect(twice.changed).toBe(false);
        const pulled = apply(twice.doc, { $pull: { list: item } }).doc.list as unknown[];
        expect(pulled.some((left) => compareValues(left, item) === 0)).toBe(false);
        expect(apply(apply({ x: 1 }, { $set: { y: item } }).doc, { $unset: { y: "" } }).doc).toEqual({
          x: 1,
        });
      }),
    );
  });
});
