import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { expectCode, openTestStore, type TestStore } from "./harness.ts";

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

describe("a unique index", () => {
  it("holds on insert, update, upsert and when it is made", async () => {
    const collection = await store.fill([
      { _id: 1, a: 1 },
      { _id: 2, a: 2 },
    ]);
    await collection.createIndex({ a: 1 }, { unique: true });
    await expectCode(collection.insertOne({ a: 1 }), 11000, "a_1");
    await expectCode(collection.updateOne({ _id: 2 as never }, { $set: { a: 1 } }), 11000);
    await expectCode(collection.updateOne({ x: 1 }, { $set: { a: 2 } }, { upsert: true }), 11000);
    await collection.updateOne({ _id: 2 as never }, { $set: { a: 2, b: 1 } });
    await collection.deleteOne({ a: 1 });
    await collection.insertOne({ _id: 3 as never, a: 1 });
    expect(await collection.find().sort({ _id: 1 }).toArray()).toEqual([
      { _id: 2, a: 2, b: 1 },
      { _id: 3, a: 1 },
    ]);
    const doubled = await store.fill([{ a: 1 }, { a: 1 }]);
    await expectCode(doubled.createIndex({ a: 1 }, { unique: true }), 11000);
    expect(await doubled.indexes()).toHaveLength(1);
  });

  it("counts a missing field as null", async () => {
    const collection = await store.fill([{ _id: 1 }]);
    await collection.createIndex({ a: 1 }, { unique: true });
    await expectCode(collection.insertOne({ a: null }), 11000);
  });

  it("that is partial holds only for the documents it covers", async () => {
    const collection = await store.fill([]);
    const partialFilterExpression = { open: true, slot: { $exists: true } };
    await collection.createIndex({ schedule: 1, slot: 1 }, { unique: true, partialFilterExpression });
    await collection.insertOne({ _id: 1 as never, schedule: "s", slot: 1, open: true });
    await collection.insertOne({ _id: 2 as never, schedule: "s", slot: 1, open: false });
    await expectCode(collection.insertOne({ schedule: "s", slot: 1, open: true }), 11000);
    await expectCode(collection.updateOne({ _id: 2 as never }, { $set: { open: true } }), 11000);
    await collection.updateOne({ _id: 1 as never }, { $set: { open: false } });
    await collection.updateOne({ _id: 2 as never }, { $set: { open: true } });
    expect(await collection.countDocuments({ schedule: "s" })).toBe(2);
    expect(await collection.countDocuments({ schedule: "s", slot: 1, open: true })).toBe(1);
    expect(await collection.countDocuments({ schedule: "s", slot: { $gte: 0 }, open: true })).toBe(1);
  });
});

describe("indexes", () => {
  it("are listed, made twice without harm, and dropped", async () => {
    const collection = await store.fill([{ a: 1 }]);
    expect(await collection.createIndex({ a: 1, b: -1 })).toBe("a_1_b_-1");
    expect(await collection.createIndex({ a: 1, b: -1 })).toBe("a_1_b_-1");
    await collection.createIndex({ _id: 1 });
    const partialFilterExpression = { c: { $exists: true } };
    await collection.createIndex({ c: 1 }, { name: "mine", partialFilterExpression });
    expect(await collection.indexes()).toMatchObject([
      { name: "_id_", key: { _id: 1 } },
      { name: "a_1_b_-1", key: { a: 1, b: -1 } },
      { name: "mine", key: { c: 1 }, partialFilterExpression },
    ]);
    await expectCode(collection.createIndex({ c: 1 }, { name: "other", partialFilterExpression }), 85);
    await expectCode(collection.createIndex({ d: 1 }, { name: "mine" }), 86);
    await collection.dropIndex("mine");
    await expectCode(collection.dropIndex("mine"), 27);
    await expectCode(collection.dropIndex("_id_"), 72);
    await collection.dropIndexes();
    expect(await collection.indexes()).toHaveLength(1);
    await expectCode(store.db.collection("nothing here").indexes(), 26);
  });
});

describe("collections and databases", () => {
  it("are made, listed and dropped", async () => {
    const db = store.client.db(`${store.db.databaseName}_b`);
    await db.createCollection("one");
    await db.collection("two").insertOne({ a: 1 });
    await expectCode(db.command({ create: "one" }), 48);
    const names = (await db.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name);
    expect(names.sort()).toEqual(["one", "two"]);
    expect(await db.listCollections({ name: "two" }).toArray()).toMatchObject([
      { name: "two", type: "collection" },
    ]);
    const { databases } = await store.client.db().admin().listDatabases();
    expect(databases.map(({ name }) => name)).toContain(db.databaseName);
    expect(await db.collection("one").drop()).toBe(true);
    expect(await db.collection("two").find().toArray()).toHaveLength(1);
    await db.dropDatabase();
    expect(await db.listCollections().toArray()).toEqual([]);
    expect(await db.collection("two").find().toArray()).toEqual([]);
  });
});
