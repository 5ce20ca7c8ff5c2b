import { once } from "node:events";
import { finished } from "node:stream/promises";
import { MongoBackend } from "@agendajs/mongo-backend";
import { Agenda } from "agenda";
import { GridFSBucket, type ObjectId } from "mongodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PATIENCE } from "../helpers/patience.ts";
import { openTestStore, type TestStore } from "./harness.ts";

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

describe("GridFS", () => {
  const content = Buffer.from(Array.from({ length: 700_000 }, (_, i) => (i * 7 + (i >> 8)) % 251));

  async function upload(bucket: GridFSBucket, name: string, bytes: Buffer): Promise<ObjectId> {
    const stream = bucket.openUploadStream(name, { metadata: { sha256: "x" } });
    stream.end(bytes);
    await finished(stream);
    return stream.id;
  }

  async function download(stream: AsyncIterable<Buffer>): Promise<Buffer> {
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    return Buffer.concat(chunks);
  }

  it("keeps, gives back, gives a part of, renames, and deletes a file", async () => {
    const bucket = new GridFSBucket(store.db, { bucketName: "archive", chunkSizeBytes: 100_000 });
    const id = await upload(bucket, "report.pdf", content);
    const empty = await upload(bucket, "empty", Buffer.alloc(0));
    expect(content.equals(await download(bucket.openDownloadStream(id)))).toBe(true);
    expect(await download(bucket.openDownloadStream(empty))).toEqual(Buffer.alloc(0));
    const part = await download(bucket.openDownloadStream(id, { start: 250_001, end: 420_000 }));
    expect(part.equals(content.subarray(250_001, 420_000))).toBe(true);
    expect(content.equals(await download(bucket.openDownloadStreamByName("report.pdf")))).toBe(true);
    expect(await bucket.find({ "metadata.sha256": "x" }).sort({ length: -1 }).toArray()).toMatchObject([
      { _id: id, filename: "report.pdf", length: 700_000, chunkSize: 100_000 },
      { _id: empty },
    ]);
    const indexes = await store.db.collection("archive.chunks").indexes();
    expect(indexes).toMatchObject([{}, { key: { files_id: 1, n: 1 }, unique: true }]);
    await bucket.rename(id, "other.pdf");
    await bucket.delete(id);
    expect(await store.db.collection("archive.chunks").countDocuments()).toBe(0);
    await expect(bucket.delete(id)).rejects.toThrow("File not found");
    await expect(download(bucket.openDownloadStream(id))).rejects.toThrow("FileNotFound");
    await bucket.drop();
  });

  it("an upload that is broken off leaves nothing", async () => {
    const bucket = new GridFSBucket(store.db, { bucketName: "broken", chunkSizeBytes: 1000 });
    const stream = bucket.openUploadStream("x");
    stream.write(content.subarray(0, 5000));
    await new Promise((resolve) => setTimeout(resolve, 100));
    await stream.abort();
    expect(await store.db.collection("broken.chunks").countDocuments()).toBe(0);
  });
});

describe("Agenda", () => {
  async function startAgenda(collection: string) {
    const backend = new MongoBackend({ mongo: store.db as never, collection });
    // Who has a job for longer than that loses it to the other.
    const defaultLockLifetime = PATIENCE;
    const agenda = new Agenda({ backend, processEvery: 50, maxConcurrency: 5, defaultLockLifetime });
    agenda.on("error", () => {});
    await once(agenda, "ready");
    return agenda;
  }

  it("runs what is due once, across two processes, with its data", async () => {
    const [one, two] = [await startAgenda("jobs"), await startAgenda("jobs")];
    const runs: unknown[] = [];
    for (const agenda of [one, two]) {
      agenda.define("report", async (job) => {
        runs.push((job.attrs.data as { slot: number }).slot);
      });
    }
    await Promise.all([...Array(6).keys()].map((slot) => one.now("report", { slot })));
    await one.schedule(new Date(Date.now() + 3_600_000), "report", { slot: 99 });
    await Promise.all([one.start(), two.start()]);
    await expect.poll(() => runs.length, { timeout: PATIENCE }).toBe(6);
    await Promise.all([one.drain(), two.drain()]);
    expect([...runs].sort()).toEqual([0, 1, 2, 3, 4, 5]);
    const { jobs, total } = await one.queryJobs({ name: "report", sort: { nextRunAt: "asc" } });
    expect([jobs.length, total]).toEqual([7, 7]);
    expect(await one.cancel({ name: "report" })).toBe(7);
  });

  it("keeps one job per unique data, and one per name for every()", async () => {
    const agenda = await startAgenda("unique_jobs");
    agenda.define("send", async () => {});
    const slot = new Date(Date.now() + 3_600_000);
    for (let i = 0; i < 3; i++) {
      const job = agenda.create("send", { scheduleId: "s1", slot, attempt: i });
      await job
        .unique({ "data.scheduleId": "s1", "data.slot": slot }, { insertOnly: true })
        .schedule(slot)
        .save();
    }
    await agenda.every("1 hour", "send", { every: true });
    await agenda.every("2 hours", "send", { every: true });
    const jobs = await store.db.collection("unique_jobs").find().toArray();
    expect(jobs.map(({ type }) => type).sort()).toEqual(["normal", "single"]);
    expect(jobs.find(({ type }) => type === "normal")).toMatchObject({ data: { attempt: 0 } });
    await agenda.disable({ name: "send" });
    expect(await store.db.collection("unique_jobs").countDocuments({ disabled: true })).toBe(2);
    await agenda.enable({ name: "send" });
    await agenda.stop();
  });

  it("tries again after a failure", async () => {
    const agenda = await startAgenda("retry_jobs");
    let attempts = 0;
    agenda.define(
      "flaky",
      async () => {
        if (++attempts === 1) throw new Error("first");
      },
      { backoff: () => 50 },
    );
    await agenda.start();
    await agenda.now("flaky", {});
    await expect.poll(() => attempts, { timeout: PATIENCE }).toBe(2);
    await agenda.drain();
    const job = await store.db.collection("retry_jobs").findOne({ name: "flaky" });
    expect(job).toMatchObject({ failReason: "first", lockedAt: null });
  });
});
