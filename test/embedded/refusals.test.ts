import { Decimal128, type Document, Long, MaxKey, Timestamp } from "mongodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { expectCode, isForeign, openTestStore, type TestStore } from "./harness.ts";

/** What MongoDB has and the embedded store leaves out: refused by MongoDB's code, and the message names it. */
describe.skipIf(isForeign)("what is not on the list is refused", () => {
  let store: TestStore;
  beforeAll(async () => {
    store = await openTestStore();
    await store.db.collection("c").insertOne({ a: [1] });
  });
  afterAll(() => store.close());
  const c = () => store.db.collection<Document>("c");

  const filters: [Document, string][] = [
    [{ a: { $type: "int" } }, "$type"],
    [{ a: { $mod: [2, 0] } }, "$mod"],
    [{ a: { $all: [1] } }, "$all"],
    [{ a: { $size: 1 } }, "$size"],
    [{ a: { $elemMatch: { $gt: 0 } } }, "$elemMatch"],
    [{ a: { $bitsAllSet: 1 } }, "$bitsAllSet"],
    [{ a: { $near: [0, 0] } }, "$near"],
    [{ $expr: { $eq: ["$a", 1] } }, "$expr"],
    [{ $where: "true" }, "$where"],
    [{ $text: { $search: "x" } }, "$text"],
    [{ $jsonSchema: {} }, "$jsonSchema"],
    [{ "a.0": 1 }, "'0'"],
    [{ a: { $not: { $gt: 1 } } }, "$not"],
    [{ $nor: [{ a: 1 }] }, "$nor"],
    [{ $comment: "x" }, "$comment"],
    [{ a: /x/ }, "BSONRegExp"],
    [{ a: { $ne: /x/ } }, "BSONRegExp"],
    [{ a: { $in: [/x/] } }, "BSONRegExp"],
    [{ a: { $regex: "\\d" } }, "'\\d'"],
    [{ a: { $regex: "a|b" } }, "'|'"],
    [{ a: { $regex: "^a" } }, "'^'"],
    [{ a: { $regex: "a", $options: "m" } }, "'m'"],
    [{ a: { $gt: [1] } }, "$gt"],
    [{ a: { $lt: { b: 1 } } }, "$lt"],
    [{ a: Decimal128.fromString("1") }, "Decimal128"],
    [{ a: Long.MAX_VALUE }, "Long"],
    [{ a: new Timestamp({ t: 1, i: 1 }) }, "Timestamp"],
    [{ a: new MaxKey() }, "MaxKey"],
  ];
  it.each(filters)("filter %j", async (filter, name) => {
    await expectCode(c().find(filter).toArray(), 2, new RegExp(RegExp.escape(name)));
    await expectCode(c().deleteMany(filter), 2, new RegExp(RegExp.escape(name)));
  });

  const updates: [Document | Document[], number, string][] = [
    [{ $rename: { a: "b" } }, 9, "$rename"],
    [{ $mul: { a: 2 } }, 9, "$mul"],
    [{ $currentDate: { a: true } }, 9, "$currentDate"],
    [{ $bit: { a: { and: 1 } } }, 9, "$bit"],
    [{ $pop: { a: 1 } }, 9, "$pop"],
    [{ $pullAll: { a: [1] } }, 9, "$pullAll"],
    [{ $push: { a: { $each: [1], $sort: 1 } } }, 2, "$sort"],
    [{ $push: { a: { $each: [1], $position: 0 } } }, 2, "$position"],
    [{ $set: { "a.0": 1 } }, 2, "'0'"],
    [{ $set: { "a.$": 1 } }, 2, "'$'"],
    [{ $set: { "a.$[]": 1 } }, 2, "$[]"],
    [[{ $set: { a: 1 } }], 9, "pipeline"],
  ];
  it.each(updates)("update %j", async (update, code, name) => {
    await expectCode(c().updateOne({}, update as Document), code, new RegExp(RegExp.escape(name)));
    await expectCode(c().findOneAndUpdate({}, update as Document), code, new RegExp(RegExp.escape(name)));
  });

  const stages: [Document, number][] = [
    [{ $out: "x" }, 40324],
    [{ $bucket: {} }, 40324],
    [{ $bucketAuto: {} }, 40324],
    [{ $graphLookup: {} }, 40324],
    [{ $sample: { size: 1 } }, 40324],
    [{ $redact: "$$KEEP" }, 40324],
    [{ $setWindowFields: {} }, 40324],
    [{ $densify: {} }, 40324],
    [{ $fill: {} }, 40324],
    [{ $documents: [] }, 40324],
    [{ $indexStats: {} }, 40324],
    [{ $changeStream: {} }, 40324],
    [{ $geoNear: {} }, 40324],
    [{ $lookup: { from: "x", localField: "a", foreignField: "b", as: "x" } }, 40324],
    [{ $facet: { x: [] } }, 40324],
    [{ $unionWith: "c" }, 40324],
    [{ $merge: "x" }, 40324],
    [{ $unwind: "$a" }, 40324],
    [{ $replaceRoot: { newRoot: "$a" } }, 40324],
    [{ $replaceWith: "$a" }, 40324],
    [{ $sortByCount: "$a" }, 40324],
    [{ $unset: "a" }, 40324],
    [{ $set: { a: 1 } }, 40324],
    [{ $addFields: { "x.y": 1 } }, 2],
    [{ $addFields: { x: { y: 1 } } }, 2],
    [{ $project: { "x.y": "$a" } }, 2],
    [{ $project: { "x.y": 1 } }, 2],
    [{ $project: { a: 0 } }, 2],
    [{ $project: { _id: 0 } }, 2],
    [{ $sort: { a: 1 } }, 2],
  ];
  it.each(stages)("stage %j", async (stage, code) => {
    const named = code === 2 ? /'(a|x|x\.y|_id)'/ : new RegExp(RegExp.escape(Object.keys(stage)[0] ?? ""));
    await expectCode(c().aggregate([stage]).toArray(), code, named);
  });

  const expressionNames = [
    "$dateTrunc",
    "$dateToString",
    "$dateAdd",
    "$toString",
    "$toInt",
    "$convert",
    "$map",
    "$filter",
    "$reduce",
    "$let",
    "$substrCP",
    "$toLower",
    "$split",
    "$round",
    "$abs",
    "$floor",
    "$mod",
    "$setUnion",
    "$slice",
    "$type",
    "$function",
    "$objectToArray",
    "$zip",
    "$range",
    "$year",
    "$dayOfWeek",
    "$regexMatch",
    "$meta",
    "$rand",
    "$first",
    "$sum",
    "$avg",
    "$min",
    "$max",
    "$add",
    "$subtract",
    "$multiply",
    "$divide",
    "$concat",
    "$size",
    "$mergeObjects",
    "$arrayElemAt",
    "$switch",
    "$cmp",
  ];
  it.each(expressionNames)("expression %s", async (name) => {
    const named = new RegExp(RegExp.escape(name));
    await expectCode(
      c()
        .aggregate([{ $project: { x: { [name]: "$a" } } }])
        .toArray(),
      168,
      named,
    );
    await expectCode(
      c()
        .aggregate([{ $group: { _id: { x: { [name]: ["$a"] } } } }])
        .toArray(),
      168,
      named,
    );
  });

  it.each(["$$CURRENT.a", "$$REMOVE", "$$NOW"])("variable %s", async (name) => {
    await expectCode(
      c()
        .aggregate([{ $addFields: { x: name } }])
        .toArray(),
      17276,
      name.slice(2),
    );
  });

  const accumulatorNames = ["$stdDevPop", "$mergeObjects", "$top", "$firstN", "$percentile", "$accumulator"];
  it.each(accumulatorNames)("accumulator %s", async (name) => {
    await expectCode(
      c()
        .aggregate([{ $group: { _id: 1, x: { [name]: "$a" } } }])
        .toArray(),
      15952,
      new RegExp(RegExp.escape(name)),
    );
  });

  const commands: [Document, number, string][] = [
    [{ mapReduce: "c" }, 59, "mapReduce"],
    [{ explain: { find: "c" } }, 59, "explain"],
    [{ collMod: "c" }, 59, "collMod"],
    [{ renameCollection: "a.b", to: "a.c" }, 59, "renameCollection"],
    [{ startSession: 1 }, 59, "startSession"],
    [{ serverStatus: 1 }, 59, "serverStatus"],
    [{ eval: "1" }, 59, "eval"],
    [{ find: "c", hint: "a_1" }, 40415, "hint"],
    [{ find: "c", collation: { locale: "en" } }, 40415, "collation"],
    [{ find: "c", min: { a: 1 } }, 40415, "min"],
    [{ find: "c", tailable: true }, 40415, "tailable"],
    [{ find: "c", let: {} }, 40415, "let"],
    [
      { find: "c", txnNumber: Long.fromNumber(1), startTransaction: true, autocommit: false },
      20,
      "Transactions",
    ],
    [{ find: "c", sort: { $natural: 1 } }, 2, "$natural"],
    [{ find: "c", sort: { a: { $meta: "x" } } }, 2, "'a'"],
    [{ find: "c", projection: { a: { $slice: 1 } } }, 2, "$slice"],
    [{ find: "c", projection: { a: "$b" } }, 2, "'a'"],
    [{ find: "c", readConcern: { level: "snapshot" } }, 2, "snapshot"],
    [{ aggregate: 1, pipeline: [], cursor: {} }, 2, "without a collection"],
    [{ aggregate: "c", pipeline: [], explain: true }, 40415, "explain"],
    [{ create: "x", capped: true, size: 1 }, 40415, "capped"],
    [{ create: "x", viewOn: "c" }, 40415, "viewOn"],
    [{ createIndexes: "c", indexes: [{ key: { a: "text" }, name: "t" }] }, 67, "'a'"],
    [{ createIndexes: "c", indexes: [{ key: { "$**": 1 }, name: "t" }] }, 2, "$**"],
    [
      { createIndexes: "c", indexes: [{ key: { a: 1 }, name: "t", expireAfterSeconds: 1 }] },
      67,
      "expireAfterSeconds",
    ],
    [{ createIndexes: "c", indexes: [{ key: { a: 1 }, name: "t", collation: {} }] }, 67, "collation"],
    [{ createIndexes: "c", indexes: [{ key: { a: 1 }, name: "t", sparse: true }] }, 67, "sparse"],
    [
      {
        createIndexes: "c",
        indexes: [{ key: { a: 1 }, name: "t", partialFilterExpression: { b: { $exists: false } } }],
      },
      67,
      "$exists",
    ],
    [{ createIndexes: "c", indexes: [{ key: { a: 1 }, name: "t" }] }, 2, "'a'"],
    [{ find: "c", sort: { a: 1 } }, 2, "'a'"],
    [{ find: "c", projection: { a: 0 } }, 2, "'a'"],
    [{ find: "c", projection: { "a.b": 1 } }, 2, "'a.b'"],
    [{ dropIndexes: "c", index: { a: 1 } }, 27, "a"],
    [
      { update: "c", updates: [{ q: {}, u: { $set: { "a.b": 1 } }, arrayFilters: [{ x: 1 }] }] },
      9,
      "arrayFilters",
    ],
    [{ update: "c", updates: [{ q: {}, u: {}, collation: {} }] }, 40415, "collation"],
    [{ delete: "c", deletes: [{ q: {}, limit: 1, hint: "x" }] }, 40415, "hint"],
  ];
  it.each(commands)("command %j", async (command, code, name) => {
    await expectCode(runCommand(command), code, new RegExp(RegExp.escape(name)));
  });

  /** A write reports the code of its first part inside the reply. */
  async function runCommand(command: Document): Promise<unknown> {
    const reply = await store.db.command(command);
    const [failed] = (reply.writeErrors as Document[] | undefined) ?? [];
    if (failed === undefined) return reply;
    throw Object.assign(new Error(String(failed.errmsg)), { code: failed.code });
  }

  it("an array in a field that an index covers, however it comes there", async () => {
    const collection = await store.fill([{ _id: 1 }, { _id: 2, a: { b: 1 } }]);
    await collection.createIndex({ "a.b": 1 });
    const named = /an array in the indexed or sorted field 'a\.b'/;
    await expectCode(collection.insertOne({ a: { b: [1] } }), 2, named);
    await expectCode(collection.insertOne({ a: [{ b: 1 }] }), 2, named);
    await expectCode(collection.updateOne({}, { $set: { a: [] } }), 2, named);
    await expectCode(collection.updateOne({}, { $push: { "a.b": 1 } as never }), 2, named);
    await collection.insertOne({ _id: 3 as never, a: { c: [1] } });
    const ids = (await collection.find({ "a.b": null }).sort({ _id: 1 }).toArray()).map(({ _id }) => _id);
    expect(ids).toEqual([1, 3]);
  });

  it.each([
    [{ a: Decimal128.fromString("1") }, 2],
    [{ a: Long.MAX_VALUE }, 2],
    [{ a: /x/ }, 2],
    [{ a: new Timestamp({ t: 1, i: 1 }) }, 2],
    [{ _id: [1] }, 53],
    [{ $a: 1 }, 52],
    [{ a: "x".repeat(16 * 1024 * 1024 + 1) }, 10334],
  ])("a document that cannot be kept exactly: %#", async (document, code) => {
    await expectCode(c().insertOne(document as never), code);
  });
});
