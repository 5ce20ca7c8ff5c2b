import { Binary, type Document, ObjectId } from "mongodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { expectCode, openTestStore, type TestStore } from "./harness.ts";

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

const date = (day: number) => new Date(Date.UTC(2026, 0, day));
const oid = (n: number) => new ObjectId(n.toString(16).padStart(24, "0"));

/** One field `a` of every kind; the `_id` is what the expectations name. */
const values: Document[] = [
  { _id: "missing" },
  { _id: "null", a: null },
  { _id: "zero", a: 0 },
  { _id: "one", a: 1 },
  { _id: "1.5", a: 1.5 },
  { _id: "NaN", a: Number.NaN },
  { _id: "minus", a: -3 },
  { _id: "empty text", a: "" },
  { _id: "text", a: "text" },
  { _id: "Text", a: "Text" },
  { _id: "true", a: true },
  { _id: "false", a: false },
  { _id: "day 1", a: date(1) },
  { _id: "day 2", a: date(2) },
  { _id: "oid", a: oid(1) },
  { _id: "binary", a: new Binary(Buffer.from([1, 2])) },
  { _id: "{b:1}", a: { b: 1 } },
  { _id: "{b:null}", a: { b: null } },
  { _id: "{b:1,c:2}", a: { b: 1, c: 2 } },
  { _id: "{c:2,b:1}", a: { c: 2, b: 1 } },
  { _id: "[]", a: [] },
  { _id: "[1,2]", a: [1, 2] },
  { _id: "[null]", a: [null] },
  { _id: "[[1,2]]", a: [[1, 2]] },
  { _id: "[{b:1},{}]", a: [{ b: 1 }, {}] },
  { _id: "[{b:1},{b:5}]", a: [{ b: 1 }, { b: 5 }] },
];
const scalars = values.filter(({ a }) => !Array.isArray(a));
const allBut = (...ids: string[]) => values.map(({ _id }) => _id).filter((id) => !ids.includes(id));

const queries: [filter: Document, ids: string[]][] = [
  [{ a: 1 }, ["one", "[1,2]"]],
  [{ a: { $eq: 1.0 } }, ["one", "[1,2]"]],
  [{ a: Number.NaN }, ["NaN"]],
  [{ a: null }, ["missing", "null", "[null]"]],
  [{ a: { $ne: null } }, allBut("missing", "null", "[null]")],
  [{ a: { $ne: 1 } }, allBut("one", "[1,2]")],
  [{ a: { $in: [null, 0] } }, ["missing", "null", "zero", "[null]"]],
  [{ a: { $nin: [null, 1, "text"] } }, allBut("missing", "null", "[null]", "one", "[1,2]", "text")],
  [{ a: { $in: [] } }, []],
  [{ a: { $gt: 0 } }, ["one", "1.5", "[1,2]"]],
  [{ a: { $gte: 0 } }, ["zero", "one", "1.5", "[1,2]"]],
  [{ a: { $lt: 1 } }, ["zero", "minus"]],
  [{ a: { $lte: 1 } }, ["zero", "one", "minus", "[1,2]"]],
  [{ a: { $gte: Number.NaN } }, ["NaN"]],
  [{ a: { $lt: Number.NaN } }, []],
  [{ a: { $gt: 1, $lt: 2 } }, ["1.5", "[1,2]"]],
  [{ a: { $gte: null } }, ["missing", "null", "[null]"]],
  [{ a: { $lt: null } }, []],
  [{ a: { $gt: "" } }, ["text", "Text"]],
  [{ a: { $gte: "" } }, ["empty text", "text", "Text"]],
  [{ a: { $lt: "a" } }, ["empty text", "Text"]],
  [{ a: { $gte: date(2) } }, ["day 2"]],
  [{ a: { $lt: date(2) } }, ["day 1"]],
  [{ a: { $gte: oid(0) } }, ["oid"]],
  [{ a: { $gt: false } }, ["true"]],
  [{ a: false }, ["false"]],
  [{ a: oid(1) }, ["oid"]],
  [{ a: new Binary(Buffer.from([1, 2])) }, ["binary"]],
  [{ a: { b: 1 } }, ["{b:1}", "[{b:1},{}]", "[{b:1},{b:5}]"]],
  [{ a: { b: 1, c: 2 } }, ["{b:1,c:2}"]],
  [{ a: { $eq: { c: 2, b: 1 } } }, ["{c:2,b:1}"]],
  [{ a: [1, 2] }, ["[1,2]", "[[1,2]]"]],
  [{ a: [] }, ["[]"]],
  [{ a: { $exists: true } }, allBut("missing")],
  [{ a: { $exists: false } }, ["missing"]],
  [{ "a.b": 1 }, ["{b:1}", "{b:1,c:2}", "{c:2,b:1}", "[{b:1},{}]", "[{b:1},{b:5}]"]],
  [
    { "a.b": null },
    allBut("{b:1}", "{b:1,c:2}", "{c:2,b:1}", "[]", "[1,2]", "[null]", "[[1,2]]", "[{b:1},{b:5}]"),
  ],
  [
    { "a.b": { $exists: true } },
    ["{b:1}", "{b:null}", "{b:1,c:2}", "{c:2,b:1}", "[{b:1},{}]", "[{b:1},{b:5}]"],
  ],
  [{ "a.b": { $gt: 2 } }, ["[{b:1},{b:5}]"]],
  [{ "a.b": { $gt: 1, $lt: 5 } }, ["[{b:1},{b:5}]"]],
  [{ $or: [{ a: "text" }, { a: true }] }, ["text", "true"]],
  [{ $and: [{ a: { $gte: 1 } }, { a: { $lte: 1 } }] }, ["one", "[1,2]"]],
  [{ a: { $regex: "EX", $options: "i" } }, ["text", "Text"]],
  [{ a: { $regex: "ex" } }, ["text", "Text"]],
  [{ a: { $regex: "e\\+x" } }, []],
  [{ _id: { $in: ["one", "nobody", "zero"] } }, ["zero", "one"]],
  [{ _id: "one", a: 1 }, ["one"]],
  [{}, allBut()],
];

describe.each([
  ["without an index", undefined],
  ["with an index", { a: 1 }],
  ["with a descending index", { a: -1 }],
  ["with an index of a.b", { "a.b": 1, a: 1 }],
] as const)("a filter %s", (title, index) => {
  it.each(queries)("%j", async (filter, ids) => {
    const collection = store.db.collection<Document>(`values ${title}`);
    if ((await collection.estimatedDocumentCount()) === 0) {
      if (index !== undefined && "a.b" in index) await collection.createIndex({ "a.b": 1 });
      else if (index !== undefined) await collection.createIndex(index);
      await collection.insertMany(index === undefined ? values : scalars);
    }
    // An index holds no arrays here (see the refusals).
    const expected = index === undefined ? ids : ids.filter((id) => !id.startsWith("["));
    const found = await collection.find(filter).toArray();
    expect(found.map(({ _id }) => String(_id)).sort()).toEqual(expected.toSorted());
    expect(await collection.countDocuments(filter)).toBe(expected.length);
  });
});

describe("the order", () => {
  it("is by type, then by value", async () => {
    const collection = await store.fill(scalars);
    const ids = (await collection.find({}).sort({ a: 1, _id: 1 }).toArray()).map(({ _id }) => String(_id));
    // Equal keys are in the order of _id: null and missing are equal.
    expect(ids).toEqual([
      "missing",
      "null",
      "NaN",
      "minus",
      "zero",
      "one",
      "1.5",
      "empty text",
      "Text",
      "text",
      "{b:null}",
      "{b:1}",
      "{b:1,c:2}",
      "{c:2,b:1}",
      "binary",
      "oid",
      "false",
      "true",
      "day 1",
      "day 2",
    ]);
  });

  it("of texts is that of their bytes", async () => {
    const texts = ["\u{1f600}", "\uffee", "é", "z", "Z", "a\u0000b", "a", "a\u0001", "ab"];
    const collection = await store.fill(texts.map((a) => ({ a })));
    const sorted = texts.toSorted((x, y) => Buffer.compare(Buffer.from(x), Buffer.from(y)));
    expect((await collection.find().sort({ a: 1 }).toArray()).map(({ a }) => a)).toEqual(sorted);
    await collection.createIndex({ a: 1 });
    expect((await collection.find().sort({ a: 1 }).toArray()).map(({ a }) => a)).toEqual(sorted);
  });

  it("by two fields, with skip and limit, in an index's order and against it", async () => {
    const collection = await store.fill(
      Array.from({ length: 60 }, (_, i) => ({ _id: i, a: i % 3, b: (i * 7) % 20, c: i })),
    );
    const page = () => collection.find({ a: 1 }).sort({ b: -1, c: 1 }).skip(3).limit(4).toArray();
    const before = await page();
    await collection.createIndex({ a: 1, b: 1, c: -1 });
    expect(await page()).toEqual(before);
    await collection.createIndex({ a: 1, b: -1, c: 1 });
    expect(await page()).toEqual(before);
    expect(before).toHaveLength(4);
  });
});

describe("a projection", () => {
  const document = { _id: 1, a: { b: 1, c: [{ d: 1, e: 2 }, 5, [{ d: 3 }]] }, f: 3 };
  const cases: [Document, Document][] = [
    [{ f: 1 }, { _id: 1, f: 3 }],
    [{ f: 1, _id: 0 }, { f: 3 }],
    [{ _id: 1 }, { _id: 1 }],
    [{ nothing: true }, { _id: 1 }],
  ];
  it.each(cases)("%j", async (projection, expected) => {
    const collection = await store.fill([document]);
    expect(await collection.findOne({}, { projection })).toEqual(expected);
    expect(await collection.aggregate([{ $project: projection }]).toArray()).toEqual([expected]);
  });

  it("refuses a mixture", async () => {
    const collection = await store.fill([document]);
    await expectCode(collection.findOne({}, { projection: { f: 1, a: 0 } }), 31254);
  });
});

describe("a cursor", () => {
  it("pages, sees documents once, and ends", async () => {
    const collection = await store.fill(Array.from({ length: 1234 }, (_, i) => ({ _id: i, a: i })));
    await collection.createIndex({ a: 1 });
    for (const filter of [{}, { a: { $gte: 0 } }]) {
      const cursor = collection.find(filter, { batchSize: 100 });
      const seen = new Set<unknown>();
      let count = 0;
      for await (const { _id } of cursor) {
        seen.add(_id);
        count++;
      }
      expect([seen.size, count]).toEqual([1234, 1234]);
    }
  });

  it("goes on while documents are added and removed", async () => {
    const collection = await store.fill(Array.from({ length: 500 }, (_, i) => ({ _id: i })));
    const cursor = collection.find({}, { batchSize: 50 }).sort({ _id: 1 });
    const ids: unknown[] = [];
    for await (const { _id } of cursor) {
      if (ids.push(_id) === 10) await collection.deleteMany({ _id: { $gte: 450 } as never });
    }
    expect(ids).toEqual(Array.from({ length: 450 }, (_, i) => i));
  });

  it("carries large documents in several batches", async () => {
    const text = "x".repeat(3_000_000);
    const collection = await store.fill([]);
    for (let i = 0; i < 8; i++) await collection.insertOne({ _id: i as never, text });
    expect((await collection.find().toArray()).map(({ text: { length } }) => length)).toEqual(
      Array(8).fill(3_000_000),
    );
  });

  it("that was killed is not found", async () => {
    const collection = await store.fill(Array.from({ length: 10 }, (_, i) => ({ _id: i })));
    const reply = await store.db.command({ find: collection.collectionName, batchSize: 2 });
    const { id } = reply.cursor;
    await store.db.command({ killCursors: collection.collectionName, cursors: [id] });
    await expectCode(store.db.command({ getMore: id, collection: collection.collectionName }), 43);
  });

  it("may begin with an empty batch", async () => {
    const collection = await store.fill([{ _id: 1 }, { _id: 2 }]);
    expect(await collection.find({}, { batchSize: 0 }).toArray()).toHaveLength(2);
  });
});

describe("distinct and count", () => {
  it("take arrays apart and count equal values once", async () => {
    const collection = await store.fill([
      { a: 1 },
      { a: [1, 2] },
      { a: "x" },
      {},
      { a: null },
      { a: { b: 1 } },
      { a: [[3]] },
      { a: { b: 1 } },
      { a: [] },
    ]);
    const found = (await collection.distinct("a")) as unknown[];
    expect(found).toHaveLength(6);
    expect(found).toEqual(expect.arrayContaining([null, 1, 2, "x", { b: 1 }, [3]]));
    expect((await collection.distinct("a.b")) as unknown[]).toEqual([1]);
    expect(await collection.distinct("a", { a: "x" })).toEqual(["x"]);
  });

  it("count with skip and limit", async () => {
    const collection = await store.fill(Array.from({ length: 20 }, (_, i) => ({ _id: i, a: i % 2 })));
    expect(await collection.countDocuments({ a: 1 }, { skip: 3 })).toBe(7);
    expect(await collection.countDocuments({ a: 1 }, { limit: 4 })).toBe(4);
    expect(await collection.estimatedDocumentCount()).toBe(20);
    expect(await collection.countDocuments({ a: 7 })).toBe(0);
  });
});
