import { randomInt } from "node:crypto";
import { Double, Long, serialize } from "bson";
import { CommandError } from "./errors.ts";

interface Cursor {
  readonly namespace: string;
  readonly documents: Iterator<Uint8Array>;
  /** Read already, but for the next batch. */
  held?: Uint8Array;
  usedAt: number;
}

const maxBatchBytes = 15 * 1024 * 1024;
const maxIdle = 10 * 60_000;
const maxCursors = 500;

/** Results that are fetched in batches. A cursor holds an iterator, so at most a page of documents. */
export type Cursors = ReturnType<typeof createCursors>;

/** The parts of a document, or of an array, with its length before and the closing zero after them. */
function wrap(head: string, parts: readonly Uint8Array[]): Uint8Array[] {
  const length = Buffer.alloc(4);
  length.writeInt32LE(parts.reduce((sum, part) => sum + part.length, 5));
  return [Buffer.from(head, "latin1"), length, ...parts, Buffer.alloc(1)];
}

/** `{ cursor: { firstBatch: […], id, ns }, ok: 1 }` with the documents' bytes as they are. */
function buildBatch(name: string, documents: readonly Uint8Array[], id: number, namespace: string): Buffer {
  const items = documents.flatMap((document, i) => [Buffer.from(`\x03${i}\0`, "latin1"), document]);
  const place = serialize({ id: Long.fromNumber(id), ns: namespace }).subarray(4, -1);
  const ok = serialize({ ok: new Double(1) }).subarray(4, -1);
  const cursor = wrap("\x03cursor\0", [...wrap(`\x04${name}\0`, items), place]);
  return Buffer.concat(wrap("", [...cursor, ok]));
}

export function createCursors(now: () => number) {
  const cursors = new Map<number, Cursor>();

  const readBatch = (cursor: Cursor, batchSize: number): { batch: Uint8Array[]; more: boolean } => {
    const batch: Uint8Array[] = [];
    let bytes = 0;
    for (;;) {
      if (cursor.held === undefined) {
        const { done, value } = cursor.documents.next();
        if (done === true) return { batch, more: false };
        cursor.held = value;
      }
      if (batch.length >= batchSize || (batch.length > 0 && bytes + cursor.held.length > maxBatchBytes))
        return { batch, more: true };
      batch.push(cursor.held);
      bytes += cursor.held.length + 12;
      delete cursor.held;
    }
  };

  const close = (id: number): boolean => {
    cursors.get(id)?.documents.return?.();
    return cursors.delete(id);
  };

  const makeRoom = (): void => {
    for (const [id, cursor] of cursors) if (now() - cursor.usedAt > maxIdle) close(id);
    const [oldest] = cursors.keys();
    if (cursors.size >= maxCursors && oldest !== undefined) close(oldest);
  };

  return {
    /** True when there was such a cursor. */
    close,
    /** The reply with the first batch; a cursor is kept if more is to come, unless `single` ends it here. */
    open(namespace: string, documents: Iterable<Uint8Array>, batchSize: number, single = false): Buffer {
      const cursor: Cursor = { namespace, documents: documents[Symbol.iterator](), usedAt: now() };
      const { batch, more } = readBatch(cursor, batchSize);
      if (!more || single) {
        cursor.documents.return?.();
        return buildBatch("firstBatch", batch, 0, namespace);
      }
      makeRoom();
      const id = randomInt(1, 2 ** 47);
      cursors.set(id, cursor);
      return buildBatch("firstBatch", batch, id, namespace);
    },
    next(id: number, namespace: string, batchSize: number): Buffer {
      const cursor = cursors.get(id);
      if (cursor === undefined || cursor.namespace !== namespace)
        throw new CommandError(43, `cursor id ${id} not found`);
      cursors.delete(id);
      const { batch, more } = readBatch(cursor, batchSize);
      if (more) {
        cursor.usedAt = now();
        cursors.set(id, cursor);
      }
      return buildBatch("nextBatch", batch, more ? id : 0, namespace);
    },
  };
}
