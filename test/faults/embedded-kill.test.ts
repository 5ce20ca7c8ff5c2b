import { MongoClient } from "mongodb";
import { expect, it } from "vitest";
import { openEmbedded } from "../../src/embedded/index.ts";
import { makeDataDir } from "../embedded/harness.ts";
import { serverOf } from "./server-of.ts";

const kills = 50;

it(`${kills} times kill -9 under load: nothing that was acknowledged is lost`, async () => {
  const { dataDir, remove } = await makeDataDir();
  const store = await openEmbedded({ dataDir });
  const client = await MongoClient.connect(store.uri);
  const numbers = client.db("t").collection<{ _id: number; n: number; batch: number }>("numbers");
  await numbers.createIndex({ batch: 1, n: 1 });
  const acknowledged: number[] = [];
  let next = 0;
  let running = true;

  const write = async (): Promise<void> => {
    while (running) {
      const size = 1 + (next % 400);
      const batch = Array.from({ length: size }, (_, i) => ({
        _id: next + i,
        n: (next + i) * 7,
        batch: next,
      }));
      next += size;
      // A write that was on its way when the server died may or may not have arrived; nobody was told that it had.
      await numbers.insertMany(batch).then(
        () => void acknowledged.push(...batch.map(({ _id }) => _id)),
        () => {},
      );
    }
  };
  const writers = Array.from({ length: 3 }, write);

  for (let i = 0; i < kills; i++) {
    const before = acknowledged.length;
    while (acknowledged.length === before) await new Promise((resolve) => setTimeout(resolve, 5));
    await new Promise((resolve) => setTimeout(resolve, (i * 37) % 200));
    const pid = serverOf(dataDir);
    if (pid !== undefined) process.kill(pid, "SIGKILL");
  }
  running = false;
  await Promise.all(writers);

  const found = await numbers.find({}, { projection: { n: 1 } }).toArray();
  const byId = new Map(found.map(({ _id, n }) => [_id, n]));
  expect(acknowledged.length).toBeGreaterThan(1000);
  expect(acknowledged.filter((id) => byId.get(id) !== id * 7)).toEqual([]);
  // A batch is there as a whole or not at all, and so are the entries of its index.
  const batches = await numbers.aggregate([{ $group: { _id: "$batch", n: { $sum: 1 } } }]).toArray();
  for (const { _id, n } of batches) {
    expect(n).toBe(1 + (_id % 400));
    expect(await numbers.countDocuments({ batch: _id, n: { $gte: 0 } })).toBe(n);
  }
  console.log(`${kills} kills, ${acknowledged.length} documents acknowledged, ${found.length} found`);
  await client.close();
  await store.close();
  await remove();
});
