import { type Document, ObjectId } from "mongodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { expectCode, openTestStore, type TestStore } from "./harness.ts";

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

const date = new Date("2026-10-01T08:00:00Z");
const updates: [before: Document, update: Document, after: Document][] = [
  [{ a: 1 }, { $set: { a: 2, "b.c": 3 } }, { a: 2, b: { c: 3 } }],
  [{ a: { b: 1 } }, { $set: { "a.c": [1, { x: 1 }] } }, { a: { b: 1, c: [1, { x: 1 }] } }],
  [{ a: 1 }, { $set: { z: 1, m: 1, c: 1 } }, { a: 1, c: 1, m: 1, z: 1 }],
  [{ a: 1, b: 2 }, { $unset: { a: "", "x.y": true } }, { b: 2 }],
  [{ a: { b: 1 } }, { $unset: { "a.b": 1 } }, { a: {} }],
  [{ a: 1 }, { $inc: { a: 2, b: -1.5 } }, { a: 3, b: -1.5 }],
  [{ a: 5, d: date }, { $min: { a: 3, b: 1, d: new Date(0) } }, { a: 3, d: new Date(0), b: 1 }],
  [{ a: 5 }, { $min: { a: 7 } }, { a: 5 }],
  [{ a: 5, s: "b" }, { $max: { a: 7, s: "a" } }, { a: 7, s: "b" }],
  [{ a: 5, b: null }, { $max: { a: "text", b: 0 } }, { a: "text", b: 0 }],
  [{ a: 5 }, { $min: { a: null } }, { a: null }],
  [{ a: 1 }, { $setOnInsert: { a: 2 } }, { a: 1 }],
  [{}, { $push: { a: 1 } }, { a: [1] }],
  [{ a: [1] }, { $push: { a: [2, 3] } }, { a: [1, [2, 3]] }],
  [{ a: [1] }, { $push: { a: { $each: [2, 3] } } }, { a: [1, 2, 3] }],
  [{ a: [1] }, { $push: { a: { $each: [2, 3], $slice: -2 } } }, { a: [2, 3] }],
  [{ a: [1] }, { $push: { a: { $each: [2, 3], $slice: 2 } } }, { a: [1, 2] }],
  [{ a: [1] }, { $push: { a: { $each: [2], $slice: 0 } } }, { a: [] }],
  [{ a: [1, { b: 1 }] }, { $addToSet: { a: { b: 1 } } }, { a: [1, { b: 1 }] }],
  [
    { a: [{ b: 1, c: 2 }] },
    { $addToSet: { a: { c: 2, b: 1 } } },
    {
      a: [
        { b: 1, c: 2 },
        { c: 2, b: 1 },
      ],
    },
  ],
  [{ a: [1] }, { $addToSet: { a: { $each: [1, 2, 2] } } }, { a: [1, 2] }],
  [{ a: [1, 2, 1, [1]] }, { $pull: { a: 1 } }, { a: [2, [1]] }],
  [{ a: [1, 5, 9] }, { $pull: { a: { $gte: 5 } } }, { a: [1] }],
  [{ a: ["x", "y"] }, { $pull: { a: { $in: ["x"] } } }, { a: ["y"] }],
  [{ a: [{ b: 1, c: 1 }, { b: 2 }, 1] }, { $pull: { a: { b: 1 } } }, { a: [{ b: 2 }, 1] }],
  [{ a: 1 }, { $pull: { b: 1 } }, { a: 1 }],
  [{ a: 1 }, { b: 2, c: { d: 1 } }, { b: 2, c: { d: 1 } }],
  [{ a: 1 }, { $set: { a: 1 } }, { a: 1 }],
];

describe("an update", () => {
  it.each(updates)("of %j by %j", async (before, update, after) => {
    const collection = await store.fill([{ _id: 7, ...before }]);
    const isReplacement = !Object.keys(update)[0]?.startsWith("$");
    const result = isReplacement
      ? await collection.replaceOne({ _id: 7 as never }, update)
      : await collection.updateOne({ _id: 7 as never }, update);
    const found = await collection.findOne({});
    expect(found).toEqual({ _id: 7, ...after });
    expect(Object.keys(found ?? {})).toEqual(["_id", ...Object.keys(after)]);
    expect(result).toMatchObject({
      matchedCount: 1,
      modifiedCount: JSON.stringify(before) === JSON.stringify(after) ? 0 : 1,
    });
  });

  const failures: [before: Document, update: Document, code: number, message: RegExp][] = [
    [{ a: "x" }, { $inc: { a: 1 } }, 14, /\$inc.*'a'.*string/],
    [{ a: null }, { $inc: { a: 1 } }, 14, /\$inc/],
    [{ a: 1 }, { $inc: { a: "1" } }, 14, /non-numeric/],
    [{ a: 1 }, { $push: { a: 1 } }, 2, /\$push.*'a'/],
    [{ a: 1 }, { $addToSet: { a: 1 } }, 2, /\$addToSet/],
    [{ a: 1 }, { $pull: { a: 1 } }, 2, /\$pull/],
    [{ a: 1 }, { $set: { "a.b": 1 } }, 28, /a\.b/],
    [{ a: null }, { $set: { "a.b": 1 } }, 28, /a\.b/],
    [{ a: [1] }, { $set: { "a.b": 1 } }, 28, /a\.b/],
    [{ a: 1 }, { $set: { _id: 8 } }, 66, /_id/],
    [{ a: 1 }, { $set: { a: 1 }, $inc: { a: 1 } }, 40, /a/],
    [{ a: {} }, { $set: { a: 1, "a.b": 1 } }, 40, /a\.b/],
  ];
  it.each(failures)("of %j by %j is refused with %i", async (before, update, code, message) => {
    const collection = await store.fill([{ _id: 7, ...before }]);
    await expectCode(collection.updateOne({ _id: 7 as never }, update), code, message);
    expect(await collection.findOne({})).toEqual({ _id: 7, ...before });
  });

  it("of many counts those that matched and those that changed", async () => {
    const collection = await store.fill(Array.from({ length: 30 }, (_, i) => ({ _id: i, a: i % 3 })));
    const result = await collection.updateMany({ a: { $gt: 0 } }, { $set: { a: 1 } });
    expect(result).toMatchObject({ matchedCount: 20, modifiedCount: 10 });
    expect(await collection.countDocuments({ a: 1 })).toBe(20);
  });

  it("that moves documents along the index that finds them touches each once", async () => {
    const collection = await store.fill(Array.from({ length: 300 }, (_, i) => ({ _id: i, a: i })));
    await collection.createIndex({ a: 1 });
    await collection.updateMany({ a: { $gte: 0 } }, { $inc: { a: 100 } });
    const sorted = await collection.find().sort({ _id: 1 }).toArray();
    expect(sorted.map(({ a }) => a)).toEqual(Array.from({ length: 300 }, (_, i) => i + 100));
    expect(await collection.countDocuments({ a: { $gte: 100 } })).toBe(300);
    expect(await collection.countDocuments({ a: { $lt: 100 } })).toBe(0);
  });

  it("keeps _id through a replacement and refuses another", async () => {
    const collection = await store.fill([{ _id: 1, a: 1 }]);
    await collection.replaceOne({ a: 1 }, { b: 2 });
    expect(await collection.findOne({})).toEqual({ _id: 1, b: 2 });
    await expectCode(collection.replaceOne({ b: 2 }, { _id: 2, c: 3 } as never), 66);
  });
});

describe("an upsert", () => {
  it("begins with what the filter asks to be equal", async () => {
    const collection = await store.fill([]);
    const filter = { a: 1, "b.c": { $eq: 2 }, $and: [{ d: 3 }], e: { $gt: 5 }, f: { $in: [1, 2] } };
    const result = await collection.updateOne(
      filter,
      { $set: { x: 1 }, $setOnInsert: { y: 2 } },
      { upsert: true },
    );
    expect(result).toMatchObject({ matchedCount: 0, modifiedCount: 0, upsertedCount: 1 });
    expect(result.upsertedId).toBeInstanceOf(ObjectId);
    expect(await collection.findOne({}, { projection: { a: 1, b: 1, d: 1, x: 1, y: 1, _id: 0 } })).toEqual({
      a: 1,
      b: { c: 2 },
      d: 3,
      x: 1,
      y: 2,
    });
  });

  it("takes the _id of the filter, of the replacement, or of $setOnInsert", async () => {
    const collection = await store.fill([]);
    await collection.updateOne({ _id: "a" as never }, { $inc: { n: 1 } }, { upsert: true });
    await collection.replaceOne({ _id: "b" as never }, { n: 2 }, { upsert: true });
    await collection.updateOne({ k: 1 }, { $setOnInsert: { _id: "c" }, $set: { n: 3 } } as never, {
      upsert: true,
    });
    await collection.replaceOne({ k: 9 }, { _id: "d", n: 4 } as never, { upsert: true });
    expect(await collection.find().sort({ _id: 1 }).toArray()).toEqual([
      { _id: "a", n: 1 },
      { _id: "b", n: 2 },
      { _id: "c", k: 1, n: 3 },
      { _id: "d", n: 4 },
    ]);
  });

  it("updates what is there", async () => {
    const collection = await store.fill([{ _id: 1, n: 1 }]);
    const result = await collection.updateOne({ _id: 1 as never }, { $inc: { n: 1 } }, { upsert: true });
    expect(result).toMatchObject({ matchedCount: 1, modifiedCount: 1, upsertedCount: 0 });
  });

  it("in bulk, with the results of each", async () => {
    const collection = await store.fill([{ _id: 0, n: 0 }]);
    const operations = Array.from({ length: 1000 }, (_, i) => ({
      replaceOne: { filter: { _id: i as never }, replacement: { n: i, group: i % 10 }, upsert: true },
    }));
    await collection.createIndex({ group: 1 });
    expect(await collection.bulkWrite(operations)).toMatchObject({
      matchedCount: 1,
      modifiedCount: 1,
      upsertedCount: 999,
    });
    expect(await collection.bulkWrite(operations)).toMatchObject({ matchedCount: 1000, modifiedCount: 0 });
    expect(await collection.countDocuments({ group: 3 })).toBe(100);
  });

  it("sees in one bulk what came before in it", async () => {
    const collection = await store.fill([]);
    await collection.createIndex({ a: 1 });
    await collection.bulkWrite([
      { insertOne: { document: { _id: 1 as never, a: 1 } } },
      { updateOne: { filter: { _id: 2 as never }, update: { $set: { a: 5 } }, upsert: true } },
      { updateOne: { filter: { a: 5 }, update: { $set: { a: 6 } } } },
      { updateOne: { filter: { a: 6 }, update: { $set: { a: 5 } } } },
      { updateMany: { filter: { a: { $gte: 1 } }, update: { $inc: { a: 10 } } } },
      { deleteOne: { filter: { a: 11 } } },
    ]);
    expect(await collection.find({ a: { $gte: 0 } }).toArray()).toEqual([{ _id: 2, a: 15 }]);
  });
});

describe("findAndModify", () => {
  it("takes the first of the order, before or after", async () => {
    const collection = await store.fill([
      { _id: 1, a: 3 },
      { _id: 2, a: 1 },
      { _id: 3, a: 2 },
    ]);
    const sort = { a: 1 } as const;
    expect(await collection.findOneAndUpdate({}, { $set: { seen: true } }, { sort })).toEqual({
      _id: 2,
      a: 1,
    });
    expect(
      await collection.findOneAndUpdate({}, { $inc: { a: 9 } }, { sort, returnDocument: "after" }),
    ).toEqual({ _id: 2, a: 10, seen: true });
    expect(await collection.findOneAndDelete({}, { sort: { a: -1 }, projection: { a: 1, _id: 0 } })).toEqual({
      a: 10,
    });
    expect(
      await collection.findOneAndReplace({ _id: 1 as never }, { b: 1 }, { returnDocument: "after" }),
    ).toEqual({ _id: 1, b: 1 });
    expect(await collection.findOneAndUpdate({ a: 99 }, { $set: { x: 1 } })).toBeNull();
    expect(await collection.findOneAndDelete({ a: 99 })).toBeNull();
  });

  it("upserts", async () => {
    const collection = await store.fill([]);
    const options = { upsert: true, returnDocument: "after", includeResultMetadata: true } as const;
    const created = await collection.findOneAndUpdate({ _id: "k" as never }, { $inc: { n: 1 } }, options);
    expect(created).toMatchObject({
      value: { _id: "k", n: 1 },
      lastErrorObject: { n: 1, updatedExisting: false, upserted: "k" },
    });
    const again = await collection.findOneAndUpdate({ _id: "k" as never }, { $inc: { n: 1 } }, options);
    expect(again).toMatchObject({
      value: { _id: "k", n: 2 },
      lastErrorObject: { n: 1, updatedExisting: true },
    });
  });
});

describe("inserts and deletes", () => {
  it("of which some are there already are listed one by one", async () => {
    const collection = await store.fill([{ _id: 2 }, { _id: 4 }]);
    const documents = [1, 2, 3, 4, 5].map((n) => ({ _id: n as never }));
    const error = await collection
      .insertMany(documents, { ordered: false })
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: 11000,
      result: { insertedCount: 3 },
      writeErrors: [
        { index: 1, code: 11000 },
        { index: 3, code: 11000 },
      ],
    });
    expect(await collection.countDocuments()).toBe(5);
    const ordered = await collection
      .insertMany([{ _id: 6 }, { _id: 6 }, { _id: 7 }] as never[])
      .catch((reason: unknown) => reason);
    expect(ordered).toMatchObject({ code: 11000, result: { insertedCount: 1 } });
    expect(await collection.countDocuments()).toBe(6);
  });

  it("name the index and the key", async () => {
    const collection = await store.fill([{ _id: 1, a: { b: "x" } }]);
    await collection.createIndex({ "a.b": 1 }, { unique: true });
    const error = await collection.insertOne({ a: { b: "x" } }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 11000, keyPattern: { "a.b": 1 }, keyValue: { "a.b": "x" } });
    expect(String(error)).toContain(`${collection.namespace} index: a.b_1 dup key: { a.b: "x" }`);
  });

  it("keep every kind of value, and _id comes first", async () => {
    const document = {
      text: "é\u0000\u{1f600}",
      int: -7,
      double: 1.25,
      big: 2 ** 40,
      none: null,
      yes: true,
      at: date,
      list: [1, [2], { a: [] }],
      nested: { deep: { deeper: "x" } },
      oid: new ObjectId(),
      _id: { k: 1 },
    };
    const collection = await store.fill([]);
    await collection.insertOne(document as never);
    const found = await collection.findOne({ _id: { k: 1 } as never });
    expect(found).toEqual(document);
    expect(Object.keys(found ?? {})[0]).toBe("_id");
  });

  it("delete one or all, and the entries of indexes with them", async () => {
    const collection = await store.fill(Array.from({ length: 20 }, (_, i) => ({ _id: i, a: i % 4, b: 9 })));
    await collection.createIndexes([{ key: { a: 1 } }, { key: { b: 1 } }]);
    expect(await collection.deleteOne({ a: 1 })).toMatchObject({ deletedCount: 1 });
    expect(await collection.deleteMany({ a: 2 })).toMatchObject({ deletedCount: 5 });
    expect(await collection.countDocuments({ b: 9 })).toBe(14);
    expect(await collection.deleteMany({})).toMatchObject({ deletedCount: 14 });
    expect(await collection.countDocuments({ b: 9 })).toBe(0);
    await collection.insertOne({ _id: 1 as never });
  });
});
