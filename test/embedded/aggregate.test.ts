import type { Document } from "mongodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { expectCode, openTestStore, type TestStore } from "./harness.ts";

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

const at = (day: number) => new Date(Date.UTC(2026, 9, day));
const rows: Document[] = [
  { _id: 1, person: "ann", day: "2026-10-01", n: 2, at: at(1), tags: ["a", "b"] },
  { _id: 2, person: "bob", day: "2026-10-01", n: 5, at: at(2), tags: [] },
  { _id: 3, person: "ann", day: "2026-10-02", n: 1.5, at: at(3), tags: ["b"] },
  { _id: 4, person: null, day: "2026-10-03", n: "x", at: null },
  { _id: 5, day: "2026-10-03", n: null, o: { p: 1, q: [{ r: 1 }, { r: 2 }, {}] } },
];

const pipelines: [pipeline: Document[], expected: Document[]][] = [
  [
    [
      { $group: { _id: "$person", n: { $sum: "$n" }, rows: { $sum: 1 }, c: { $count: {} } } },
      { $sort: { _id: 1 } },
    ],
    [
      { _id: null, n: 0, rows: 2, c: 2 },
      { _id: "ann", n: 3.5, rows: 2, c: 2 },
      { _id: "bob", n: 5, rows: 1, c: 1 },
    ],
  ],
  [
    [
      {
        $group: {
          _id: null,
          avg: { $avg: "$n" },
          min: { $min: "$n" },
          max: { $max: "$n" },
          last: { $max: "$at" },
          none: { $avg: "$nothing" },
          least: { $min: "$nothing" },
        },
      },
    ],
    [{ _id: null, avg: 8.5 / 3, min: 1.5, max: "x", last: at(3), none: null, least: null }],
  ],
  [
    [
      { $sort: { _id: -1 } },
      {
        $group: {
          _id: null,
          first: { $first: "$person" },
          last: { $last: "$person" },
          all: { $push: "$person" },
        },
      },
    ],
    [{ _id: null, first: null, last: "ann", all: [null, "ann", "bob", "ann"] }],
  ],
  [
    [
      { $group: { _id: { p: "$person", d: "$day" }, n: { $sum: 1 }, first: { $min: "$_id" } } },
      { $sort: { first: 1 } },
    ],
    [
      { _id: { p: "ann", d: "2026-10-01" }, n: 1, first: 1 },
      { _id: { p: "bob", d: "2026-10-01" }, n: 1, first: 2 },
      { _id: { p: "ann", d: "2026-10-02" }, n: 1, first: 3 },
      { _id: { p: null, d: "2026-10-03" }, n: 1, first: 4 },
      { _id: { d: "2026-10-03" }, n: 1, first: 5 },
    ],
  ],
  [[{ $match: { n: 99 } }, { $group: { _id: null, n: { $sum: 1 } } }], []],
  [[{ $match: { n: 99 } }, { $count: "n" }], []],
  [[{ $match: { person: "ann" } }, { $count: "n" }], [{ n: 2 }]],
  [[{ $count: "n" }], [{ n: 5 }]],
  [
    [{ $unwind: "$tags" }, { $project: { tags: 1 } }],
    [
      { _id: 1, tags: "a" },
      { _id: 1, tags: "b" },
      { _id: 3, tags: "b" },
    ],
  ],
  [
    [
      { $unwind: { path: "$tags", preserveNullAndEmptyArrays: true } },
      { $group: { _id: "$_id", n: { $sum: 1 }, tags: { $push: "$tags" } } },
      { $sort: { _id: 1 } },
    ],
    [
      { _id: 1, n: 2, tags: ["a", "b"] },
      { _id: 2, n: 1, tags: [] },
      { _id: 3, n: 1, tags: ["b"] },
      { _id: 4, n: 1, tags: [] },
      { _id: 5, n: 1, tags: [] },
    ],
  ],
  [
    [{ $sort: { n: -1, _id: 1 } }, { $skip: 1 }, { $limit: 2 }, { $project: { n: 1, _id: 0 } }],
    [{ n: 5 }, { n: 2 }],
  ],
  [[{ $sortByCount: "$person" }, { $limit: 1 }, { $project: { count: 1, _id: 0 } }], [{ count: 2 }]],
  [
    [
      { $match: { _id: 5 } },
      { $addFields: { "o.s": "$o.p", t: { u: "$day" }, n: "$nothing", day: "$$REMOVE" } },
      { $unset: ["o.q", "person"] },
    ],
    [{ _id: 5, o: { p: 1, s: 1 }, t: { u: "2026-10-03" } }],
  ],
  [[{ $match: { _id: 5 } }, { $project: { r: "$o.q.r", _id: 0 } }], [{ r: [1, 2] }]],
  [
    [{ $match: { _id: 5 } }, { $set: { "o.q.z": 1 } }, { $replaceRoot: { newRoot: "$o" } }],
    [{ p: 1, q: [{ r: 1, z: 1 }, { r: 2, z: 1 }, { z: 1 }] }],
  ],
  [
    [
      { $match: { _id: 1 } },
      { $replaceWith: { $mergeObjects: [{ a: 1, n: 0 }, "$$ROOT"] } },
      { $unset: "tags" },
    ],
    [{ a: 1, n: 2, _id: 1, person: "ann", day: "2026-10-01", at: at(1) }],
  ],
  [
    [
      {
        $facet: {
          people: [{ $group: { _id: "$person" } }, { $sort: { _id: 1 } }],
          rows: [{ $count: "n" }],
          none: [{ $match: { n: 9 } }],
        },
      },
    ],
    [{ people: [{ _id: null }, { _id: "ann" }, { _id: "bob" }], rows: [{ n: 5 }], none: [] }],
  ],
  [
    [{ $match: { person: "ann" } }, { $match: { n: { $lt: 2 } } }, { $project: { person: 1 } }],
    [{ _id: 3, person: "ann" }],
  ],
];

describe.each([
  ["without an index", undefined],
  ["with an index", { person: 1, day: 1 }],
] as const)("a pipeline %s", (title, index) => {
  it.each(pipelines)("%j", async (pipeline, expected) => {
    const collection = store.db.collection<Document>(`rows ${title}`);
    if ((await collection.estimatedDocumentCount()) === 0) {
      await collection.insertMany(rows);
      if (index !== undefined) await collection.createIndex(index);
    }
    expect(await collection.aggregate(pipeline).toArray()).toEqual(expected);
  });
});

/** `{ case: test, then: value }`; a literal `then` would look like a promise to the linter. */
const branch = (name: "case" | "if", test: unknown, value: unknown) =>
  Object.fromEntries([
    [name, test],
    ["then", value],
  ]);

/** Computed from the document `{ a: 6, b: 4, s: "x", none: null, list: [3, 1], d: 1 October 2026, o: { p: 1 } }`. */
const expressions: [expression: unknown, value: unknown][] = [
  ["$a", 6],
  ["$o.p", 1],
  [{ $literal: "$a" }, "$a"],
  [{ x: "$a", y: "$nothing" }, { x: 6 }],
  [
    ["$a", "$nothing"],
    [6, null],
  ],
  [{ $add: ["$a", 1, "$b"] }, 11],
  [{ $add: ["$d", 1000] }, new Date(at(1).getTime() + 1000)],
  [{ $add: ["$a", "$none"] }, null],
  [{ $subtract: ["$a", "$b"] }, 2],
  [{ $subtract: ["$d", new Date(0)] }, at(1).getTime()],
  [{ $subtract: ["$d", 1000] }, new Date(at(1).getTime() - 1000)],
  [{ $multiply: ["$a", "$b", 0.5] }, 12],
  [{ $multiply: ["$a", "$nothing"] }, null],
  [{ $divide: ["$a", "$b"] }, 1.5],
  [{ $divide: ["$nothing", 0] }, null],
  [{ $cond: [{ $gt: ["$a", "$b"] }, "more", "less"] }, "more"],
  [{ $cond: { ...branch("if", "$nothing", 1), else: 2 } }, 2],
  [{ $cond: ["$s", 1, 2] }, 1],
  [{ $cond: [0, 1, 2] }, 2],
  [{ $ifNull: ["$nothing", "$none", "$a"] }, 6],
  [{ $ifNull: ["$nothing", "none"] }, "none"],
  [
    {
      $switch: {
        branches: [branch("case", false, 1), branch("case", "$a", 2)],
        default: 3,
      },
    },
    2,
  ],
  [{ $switch: { branches: [branch("case", false, 1)], default: 3 } }, 3],
  [{ $eq: ["$a", 6] }, true],
  [{ $eq: ["$nothing", null] }, false],
  [{ $eq: ["$o", { p: 1 }] }, true],
  [{ $ne: ["$a", "6"] }, true],
  [{ $gt: ["$nothing", null] }, false],
  [{ $lt: ["$nothing", null] }, true],
  [{ $gt: ["$s", "$a"] }, true],
  [{ $gt: ["$list", "$o"] }, true],
  [{ $gte: ["$d", "$s"] }, true],
  [{ $lte: [{ $literal: true }, "$d"] }, true],
  [{ $cmp: ["$a", "$b"] }, 1],
  [{ $and: [true, "$a", "$s"] }, true],
  [{ $and: [true, "$none"] }, false],
  [{ $or: [0, "$nothing"] }, false],
  [{ $not: ["$nothing"] }, true],
  [{ $not: "$a" }, false],
  [{ $in: [3, "$list"] }, true],
  [{ $in: ["$s", ["y", "z"]] }, false],
  [{ $concat: ["$s", "-", "$s"] }, "x-x"],
  [{ $concat: ["$s", "$nothing"] }, null],
  [{ $size: "$list" }, 2],
  [{ $max: "$list" }, 3],
  [{ $max: ["$a", "$b", "$none"] }, 6],
  [{ $min: ["$a", "$b", "$nothing"] }, 4],
  [{ $min: ["$none", "$nothing"] }, null],
  [{ $arrayElemAt: ["$list", -1] }, 1],
  [{ $mergeObjects: ["$o", { q: 2 }, "$none"] }, { p: 1, q: 2 }],
  ["$$ROOT.a", 6],
  ["$$CURRENT.o.p", 1],
];

describe("an expression", () => {
  it.each(expressions)("%j", async (expression, value) => {
    const collection = await store.fill([
      { _id: 1, a: 6, b: 4, s: "x", none: null, list: [3, 1], d: at(1), o: { p: 1 } },
    ]);
    expect(await collection.aggregate([{ $project: { _id: 0, value: expression } }]).toArray()).toEqual([
      { value },
    ]);
    const group = { $group: { _id: null, value: { $first: expression } } };
    if (Array.isArray(expression)) await expectCode(collection.aggregate([group]).toArray(), 40237);
    else expect(await collection.aggregate([group]).toArray()).toEqual([{ _id: null, value }]);
  });

  const failures: [unknown, number | undefined][] = [
    [{ $add: ["$s", 1] }, 14],
    [{ $subtract: ["$s", 1] }, undefined],
    [{ $divide: ["$a", 0] }, 2],
    [{ $size: "$a" }, 17124],
    [{ $in: [1, "$a"] }, 40081],
    [{ $concat: ["$s", 1] }, 16702],
    [{ $mergeObjects: "$a" }, 40400],
    [{ $switch: { branches: [branch("case", false, 1)] } }, 40066],
    [{ $cond: [1, 2] }, undefined],
    [{ $eq: [1] }, 16020],
    ["$$nobody", 17276],
  ];
  it.each(failures)("%j fails", async (expression, code) => {
    const collection = await store.fill([{ a: 6, s: "x" }]);
    const run = collection.aggregate([{ $project: { value: expression } }]).toArray();
    if (code === undefined) await expect(run).rejects.toThrow();
    else await expectCode(run, code);
  });
});

describe("several collections", () => {
  it("$unionWith joins the rows of another, with its own pipeline", async () => {
    const events = await store.fill([
      { _id: "e1", account: "ann", day: "2026-10-04", sessions: 1 },
      { _id: "e2", account: "bob", day: "2026-10-05", sessions: 1 },
      { _id: "e3", account: "bob", day: "2026-09-05", sessions: 1 },
    ]);
    const daily = await store.fill([
      { person: "ann", day: "2026-10-01", sessions: 3, last: at(1) },
      { person: "ann", day: "2026-10-02", sessions: 4, last: at(2) },
      { person: "cid", day: "2025-10-02", sessions: 9, last: at(9) },
    ]);
    await daily.createIndex({ day: 1, person: 1 });
    const pipeline = [
      { $match: { day: { $gte: "2026-10-01", $lte: "2026-10-31" } } },
      {
        $unionWith: {
          coll: events.collectionName,
          pipeline: [
            { $match: { day: { $gte: "2026-10-01" } } },
            { $project: { person: "$account", sessions: 1, last: { $literal: at(5) } } },
          ],
        },
      },
      { $group: { _id: "$person", sessions: { $sum: "$sessions" }, last: { $max: "$last" } } },
      { $sort: { sessions: -1 } },
    ];
    expect(await daily.aggregate(pipeline).toArray()).toEqual([
      { _id: "ann", sessions: 8, last: at(5) },
      { _id: "bob", sessions: 1, last: at(5) },
    ]);
    expect(await daily.aggregate([{ $limit: 1 }, { $unionWith: "nothing here" }]).toArray()).toHaveLength(1);
  });

  it("$lookup finds by equality, null and missing alike", async () => {
    const people = await store.fill([
      { _id: "p1", team: "x" },
      { _id: "p2", team: null },
      { _id: "p3" },
      { _id: "p4", team: ["y", "x"] },
    ]);
    const rowsOf = await store.fill([{ _id: 1, team: "x" }, { _id: 2 }, { _id: 3, team: "none" }]);
    const lookup = { from: people.collectionName, localField: "team", foreignField: "team", as: "people" };
    const found = await rowsOf
      .aggregate([{ $lookup: lookup }, { $project: { "people._id": 1 } }, { $sort: { _id: 1 } }])
      .toArray();
    expect(found).toEqual([
      { _id: 1, people: [{ _id: "p1" }, { _id: "p4" }] },
      { _id: 2, people: [{ _id: "p2" }, { _id: "p3" }] },
      { _id: 3, people: [] },
    ]);
  });

  it.each([
    [
      "replace",
      "insert",
      [
        { _id: "a", n: 5 },
        { _id: "b", old: true },
        { _id: "c", n: 1 },
      ],
    ],
    [
      "merge",
      "insert",
      [
        { _id: "a", n: 5, old: true },
        { _id: "b", old: true },
        { _id: "c", n: 1 },
      ],
    ],
    [
      "keepExisting",
      "discard",
      [
        { _id: "a", n: 0, old: true },
        { _id: "b", old: true },
      ],
    ],
  ])("$merge with %s and %s", async (whenMatched, whenNotMatched, expected) => {
    const source = await store.fill([
      { k: "a", n: 2 },
      { k: "a", n: 3 },
      { k: "c", n: 1 },
    ]);
    const target = await store.fill([
      { _id: "a", n: 0, old: true },
      { _id: "b", old: true },
    ]);
    const group = { $group: { _id: "$k", n: { $sum: "$n" } } };
    const into = target.collectionName;
    expect(
      await source.aggregate([group, { $merge: { into, on: "_id", whenMatched, whenNotMatched } }]).toArray(),
    ).toEqual([]);
    expect(await target.find().sort({ _id: 1 }).toArray()).toEqual(expected);
  });

  it("$merge that fails changes nothing", async () => {
    const source = await store.fill([{ _id: 1 }, { _id: 2 }]);
    const target = await store.fill([{ _id: 2 }]);
    const merge = { into: target.collectionName, whenMatched: "fail" };
    await expectCode(source.aggregate([{ $merge: merge }]).toArray(), 11000);
    if (process.env.MONGODB_URI === undefined) expect(await target.countDocuments()).toBe(1);
  });

  it("a long result pages", async () => {
    const collection = await store.fill(Array.from({ length: 2500 }, (_, i) => ({ _id: i })));
    const doubled = collection.aggregate([{ $project: { twice: { $multiply: ["$_id", 2] } } }], {
      batchSize: 300,
    });
    expect(await doubled.toArray()).toHaveLength(2500);
  });
});

describe("a pipeline that is wrong", () => {
  const wrong: [Document[], number][] = [
    [[{ $group: { n: { $sum: 1 } } }], 15955],
    [[{ $group: { _id: 1, n: 1 } }], 40234],
    [[{ $group: { _id: 1, "a.b": { $sum: 1 } } }], 40235],
    [[{ $limit: 0 }], 15958],
    [[{ $sort: {} }], 15976],
    [[{ $match: 1 }], 15959],
    [[{ $match: {}, $limit: 1 }], 40323],
    [[{ $project: {} }], 51272],
    [[{ $unwind: "tags" }], 28818],
    [[{ $replaceRoot: { newRoot: "$n" } }], 40228],
    [[{ $merge: "x" }, { $limit: 1 }], 40601],
  ];
  it.each(wrong)("%j is refused with %i", async (pipeline, code) => {
    const collection = await store.fill(rows);
    await expectCode(collection.aggregate(pipeline).toArray(), code);
  });
});
