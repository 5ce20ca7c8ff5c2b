import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Collection, type Db, type Document, MongoClient } from "mongodb";
import { expect } from "vitest";
import { openEmbedded } from "../../src/embedded/index.ts";

/** True when the tests run against a server that is not ours; then only what MongoDB promises is asserted. */
export const isForeign = process.env.MONGODB_URI !== undefined;

export interface TestStore {
  readonly client: MongoClient;
  readonly db: Db;
  /** A collection of its own with these documents. */
  readonly fill: (documents: readonly Document[]) => Promise<Collection<Document>>;
  readonly close: () => Promise<void>;
}

/** A folder of its own for an embedded store. */
export async function makeDataDir(): Promise<{ dataDir: string; remove: () => Promise<void> }> {
  const root = await mkdtemp(join(tmpdir(), "embedded-"));
  return { dataDir: join(root, "data"), remove: () => rm(root, { recursive: true, force: true }) };
}

/** A fresh database, in the embedded store or on the server of MONGODB_URI, dropped at the end. */
export async function openTestStore(): Promise<TestStore> {
  const { dataDir, remove } = await makeDataDir();
  const uri = process.env.MONGODB_URI;
  const store = uri === undefined ? await openEmbedded({ dataDir }) : { uri, close: async () => {} };
  const client = await MongoClient.connect(store.uri, { ignoreUndefined: true });
  const db = client.db(`test_${randomUUID().slice(0, 8)}`);
  let collections = 0;
  return {
    client,
    db,
    async fill(documents) {
      const collection = db.collection(`c${++collections}`);
      if (documents.length > 0) await collection.insertMany(documents.map((document) => ({ ...document })));
      return collection;
    },
    async close() {
      await db.dropDatabase();
      await client.close();
      await store.close();
      await remove();
    },
  };
}

/** Asserts that the server refuses with this code, and that the message says what it is about. */
export async function expectCode(
  run: Promise<unknown>,
  code: number,
  message: string | RegExp = "",
): Promise<void> {
  const error: unknown = await run.then(
    (result) => expect.fail(`expected code ${code}, got ${JSON.stringify(result)}`),
    (reason: unknown) => reason,
  );
  expect(error).toMatchObject({ code });
  if (!isForeign) expect(String(error)).toMatch(message);
}
