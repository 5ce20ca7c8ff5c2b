import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { GridFSBucket, type GridFSBucketWriteStream, ObjectId } from "mongodb";
import { DAY } from "../domain/calendar.ts";
import type { ArchiveDocument } from "./documents.ts";
import type { Store } from "./open.ts";

type ArchiveStore = Pick<Store, "archive" | "db">;

/** What is known of a file before it is made. */
export type ArchiveFacts = Omit<ArchiveDocument, "_id" | "size" | "sha256" | "rows" | "file" | "removedAt">;

const BUCKET = "archived";
/** An upload that nothing refers to after so long was broken off. */
const ORPHAN_AGE = DAY;
const BATCH = 100;

const bucketOf = ({ db }: ArchiveStore): GridFSBucket => new GridFSBucket(db, { bucketName: BUCKET });

/**
 * Keeps a file while it is made, with its size and SHA-256. `rows` is asked once all bytes are there. Where making or
 * keeping it fails, nothing of it is left.
 */
export async function archiveFile(
  store: ArchiveStore,
  facts: ArchiveFacts,
  bytes: AsyncIterable<Uint8Array>,
  rows: () => number,
): Promise<ArchiveDocument> {
  const hash = createHash("sha256");
  let size = 0;
  const hashed = async function* (): AsyncGenerator<Uint8Array> {
    for await (const chunk of bytes) {
      hash.update(chunk);
      size += chunk.length;
      yield chunk;
    }
  };
  const bucket = bucketOf(store);
  const upload = bucket.openUploadStream(facts.name);
  try {
    await fill(upload, hashed());
  } catch (error) {
    // What is on its way to the store has to arrive before it can be taken out again.
    await ended(upload).catch(() => undefined);
    await bucket.delete(upload.id).catch(() => undefined);
    throw error;
  }
  const document: ArchiveDocument = {
    ...facts,
    _id: randomBytes(16).toString("hex"),
    size,
    sha256: hash.digest("hex"),
    rows: rows(),
    file: upload.id,
    removedAt: null,
  };
  try {
    await store.archive.insertOne(document);
  } catch (error) {
    await bucket.delete(upload.id).catch(() => undefined);
    throw error;
  }
  return document;
}

async function fill(upload: GridFSBucketWriteStream, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const chunk of bytes) if (!upload.write(chunk)) await once(upload, "drain");
  await ended(upload);
}

function ended(upload: GridFSBucketWriteStream): Promise<void> {
  return new Promise((resolve, reject) => {
    upload.once("error", reject);
    upload.end(resolve);
  });
}

/** The bytes of a file, or those from `start` up to, and without, `end`; undefined once they were removed. */
export function openArchived(
  store: ArchiveStore,
  { file }: Pick<ArchiveDocument, "file">,
  range: { readonly start?: number; readonly end?: number } = {},
): Readable | undefined {
  return file === null ? undefined : bucketOf(store).openDownloadStream(file, range);
}

/** Every file with these bytes, the newest first, also those whose bytes were removed. */
export function findByHash({ archive }: Pick<Store, "archive">, sha256: string): Promise<ArchiveDocument[]> {
  return archive.find({ sha256: sha256.toLowerCase() }, { sort: { at: -1 }, limit: BATCH }).toArray();
}

/**
 * Removes the bytes of files that are older than `days`; that they existed stays known. Also what uploads that were
 * broken off left behind. Gives how many files were removed.
 */
export async function removeExpired(store: ArchiveStore, now: number, days: number): Promise<number> {
  const { archive } = store;
  const bucket = bucketOf(store);
  const before = new Date(now - days * DAY);
  let removed = 0;
  for (;;) {
    const expired = await archive
      .find({ at: { $lt: before }, removedAt: null }, { limit: BATCH, sort: { at: 1 } })
      .toArray();
    for (const { _id, file } of expired) {
      if (file !== null) await bucket.delete(file).catch(() => undefined);
      await archive.updateOne({ _id }, { $set: { file: null, removedAt: new Date(now) } });
      removed += 1;
    }
    if (expired.length < BATCH) break;
  }
  await removeOrphans(store, bucket, now);
  return removed;
}

async function removeOrphans(
  { archive, db }: ArchiveStore,
  bucket: GridFSBucket,
  now: number,
): Promise<void> {
  const oldest = ObjectId.createFromTime(Math.floor((now - ORPHAN_AGE) / 1_000));
  for await (const { _id } of bucket.find({ _id: { $lt: oldest } })) {
    if ((await archive.findOne({ file: _id })) === null) await bucket.delete(_id);
  }
  // Chunks are written before the file that they are of.
  const chunks = db.collection<{ files_id: ObjectId }>(`${BUCKET}.chunks`);
  for await (const { files_id } of chunks.find({ n: 0, files_id: { $lt: oldest } } as object, {
    projection: { files_id: 1 },
  })) {
    const isKnown = (await bucket.find({ _id: files_id }).limit(1).toArray()).length > 0;
    if (!isKnown) await chunks.deleteMany({ files_id });
  }
}
