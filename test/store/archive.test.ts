import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { beforeAll, beforeEach, expect, it } from "vitest";
import type { Engine } from "../../src/app.ts";
import {
  type ArchiveFacts,
  archiveFile,
  findByHash,
  openArchived,
  removeExpired,
} from "../../src/store/archive.ts";
import { atEndOfFile, testEngine } from "../helpers/engine.ts";

const NOW = Date.parse("2026-11-20T10:00:00Z");
const DAY = 86_400_000;

const later = atEndOfFile();
let engine: Engine;
beforeAll(async () => {
  ({ engine } = await testEngine({}, Date.now, later));
  await engine.store.prepare();
});
beforeEach(async () => {
  await engine.store.archive.deleteMany({});
  await removeExpired(engine.store, Date.now() + 10 * DAY, 1);
});

const facts = (at = NOW): ArchiveFacts => ({
  at: new Date(at),
  name: "usage.csv",
  format: "csv",
  mediaType: "text/csv",
  request: "overview last 30 days",
  report: "overview",
  period: { from: "2026-10-22", to: "2026-11-20", timeZone: "UTC", label: "last 30 days" },
  asOf: new Date(at),
  dataUpTo: null,
  definitions: 1,
  version: "0.1.0",
  front: "terminal",
  who: "somebody",
  sees: "everybody",
});

async function* parts(count: number): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < count; i++) yield Buffer.alloc(100_000, String(i));
}

const chunks = () => engine.store.db.collection("archived.chunks").countDocuments();
const files = () => engine.store.db.collection("archived.files").countDocuments();

it("keeps bytes, size and hash, and gives parts of them", async () => {
  const { store } = engine;
  const kept = await archiveFile(store, facts(), parts(7), () => 3);
  const bytes = await buffer(parts(7));
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  expect(kept).toMatchObject({ size: 700_000, rows: 3, sha256 });
  expect((await buffer(openArchived(store, kept) ?? Readable.from([]))).equals(bytes)).toBe(true);
  const part = await buffer(openArchived(store, kept, { start: 250_000, end: 650_001 }) ?? Readable.from([]));
  expect(part.equals(bytes.subarray(250_000, 650_001))).toBe(true);
  expect((await findByHash(store, sha256.toUpperCase())).map(({ _id }) => _id)).toEqual([kept._id]);
  expect(await findByHash(store, "0".repeat(64))).toEqual([]);
});

it("leaves nothing of a file that failed", async () => {
  const { store } = engine;
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield* parts(9);
    throw new Error("no more rows");
  }
  const failed = Array.from({ length: 20 }, () => archiveFile(store, facts(), broken(), () => 0));
  for (const outcome of await Promise.allSettled(failed)) {
    expect(outcome).toMatchObject({ status: "rejected", reason: { message: "no more rows" } });
  }
  expect([await store.archive.countDocuments(), await files(), await chunks()]).toEqual([0, 0, 0]);
});

it("removes what is too old, but not that it was", async () => {
  const { store } = engine;
  const old = await archiveFile(store, facts(NOW - 401 * DAY), parts(4), () => 1);
  const young = await archiveFile(store, facts(NOW - 399 * DAY), parts(4), () => 1);
  expect(await removeExpired(store, NOW, 400)).toBe(1);
  expect(await removeExpired(store, NOW, 400)).toBe(0);
  const [found] = await findByHash(store, old.sha256).then((all) => all.filter(({ _id }) => _id === old._id));
  expect(found).toMatchObject({ file: null, removedAt: new Date(NOW), size: 400_000 });
  expect(found && openArchived(store, found)).toBeUndefined();
  expect(openArchived(store, young)).toBeDefined();
  expect(await files()).toBe(1);
});

it("removes what a broken upload left, once nobody can be at it any more", async () => {
  const { store } = engine;
  const kept = await archiveFile(store, facts(Date.now()), parts(2), () => 1);
  const left = store.db.collection("archived.chunks");
  const { ObjectId } = await import("mongodb");
  const id = ObjectId.createFromTime(Math.floor(Date.now() / 1_000) - 2 * 86_400);
  await left.insertMany([0, 1].map((n) => ({ files_id: id, n, data: Buffer.from("x") })));
  await removeExpired(store, Date.now(), 400);
  expect(await left.countDocuments({ files_id: id })).toBe(0);
  expect(await buffer(openArchived(store, kept) ?? Readable.from([]))).toHaveLength(200_000);
});
