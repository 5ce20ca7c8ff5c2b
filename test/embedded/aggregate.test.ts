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
    [{ $sort: { n: -1, _id: 1 } }, { $skip: 1 }, { $limit: 2 }, { $project: { n: 1, _id: 0 } }],
    [{ n: 5 }, { n: 2 }],
  ],
  [
    [
      { $match: { _id: 4 } },
      { $addFields: { p: "$person", late: { $gt: ["$day", "2026-10-02"] }, n: "$nothing" } },
    ],
    [{ _id: 4, person: null, day: "2026-10-03", at: null, p: null, late: true }],
  ],
  [
    [
      {
        $group: {
          _id: { late: { $gte: ["$day", "2026-10-02"] } },
          ann: { $sum: { $cond: [{ $eq: ["$person", "ann"] }, 1, 0] } },
          n: { $sum: { $cond: [{ $in: ["$person", ["ann", "bob"]] }, "$n", 0] } },
          people: { $addToSet: "$person" },
        },
      },
      { $sort: { _id: 1 } },
    ],
    [
      { _id: { late: false }, ann: 1, n: 7, people: ["ann", "bob"] },
      { _id: { late: true }, ann: 1, n: 1.5, people: ["ann", null] },
    ],
  ],
  [[{ $match: { _id: 5 } }, { $project: { r: "$o.q.r", _id: 0 } }], [{ r: [1, 2] }]],
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

/** `{ if: test, then: value }`; a literal `then` would look like a promise to the linter. */
const branch = (test: unknown, value: unknown) =>
  Object.fromEntries([
    ["if", test],
    ["then", value],
  ]);

/** Computed from the document `{ a: 6, b: 4, s: "x", none: null, list: [3, 1], d: 1 October 2026, o: { p: 1 } }`. */
const expressions: [expression: unknown, value: unknown][] = [
  ["$a", 6],
  ["$o.p", 1],
  [{ $literal: "$a" }, "$a"],
  [
    ["$a", "$nothing"],
    [6, null],
  ],
  [{ $cond: [{ $gt: ["$a", "$b"] }, "more", "less"] }, "more"],
  [{ $cond: { ...branch("$nothing", 1), else: 2 } }, 2],
  [{ $cond: ["$s", 1, 2] }, 1],
  [{ $cond: [0, 1, 2] }, 2],
  [{ $ifNull: ["$nothing", "$none", "$a"] }, 6],
  [{ $ifNull: ["$nothing", "none"] }, "none"],
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
  [{ $and: [true, "$a", "$s"] }, true],
  [{ $and: [true, "$none"] }, false],
  [{ $or: [0, "$nothing"] }, false],
  [{ $not: ["$nothing"] }, true],
  [{ $not: "$a" }, false],
  [{ $in: [3, "$list"] }, true],
  [{ $in: ["$s", ["y", "z"]] }, false],
  [{ $and: [] }, true],
  [{ $or: [] }, false],
  ["$$ROOT", { _id: 1, a: 6, b: 4, s: "x", none: null, list: [3, 1], d: at(1), o: { p: 1 } }],
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
    [{ $in: [1, "$a"] }, 40081],
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

describe("a long result", () => {
  it("pages", async () => {
    const collection = await store.fill(Array.from({ length: 2500 }, (_, i) => ({ _id: i })));
    const computed = collection.aggregate([{ $project: { even: { $in: ["$_id", [0, 2]] } } }], {
      batchSize: 300,
    });
    expect(await computed.toArray()).toHaveLength(2500);
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
  ];
  it.each(wrong)("%j is refused with %i", async (pipeline, code) => {
    const collection = await store.fill(rows);
    await expectCode(collection.aggregate(pipeline).toArray(), code);
  });
});
