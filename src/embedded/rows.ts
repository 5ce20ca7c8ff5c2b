import { ObjectId, serialize } from "bson";
import { type Collection, type Index, openCatalog } from "./catalog.ts";
import { createEntries, writeEntry } from "./entries.ts";
import { BrokenStoreError, CommandError } from "./errors.ts";
import { indexKey } from "./keys.ts";
import { valueAt } from "./paths.ts";
import { checkStorable, createDecoder, type Decoder, decodeDocument } from "./raw.ts";
import { openSql } from "./sql.ts";
import type { Doc } from "./values.ts";

const maxDocumentBytes = 16 * 1024 * 1024;

/** The documents of all collections and the entries of their indexes, in one SQLite file. */
export type Store = ReturnType<typeof openStore>;

/** The bytes of a document as it is kept: `_id` first, made if it is missing, every value of a type we keep. */
export function storable(doc: Doc | Buffer): Buffer {
  let bytes: Buffer;
  if (Buffer.isBuffer(doc) && doc.toString("latin1", 5, 9) === "_id\0") {
    bytes = doc;
  } else {
    const { _id = new ObjectId(), ...rest } = Buffer.isBuffer(doc) ? decodeDocument(checked(doc)) : doc;
    bytes = Buffer.from(serialize({ _id, ...rest }));
  }
  if (bytes[4] === 0x04) throw new CommandError(53, "The '_id' value cannot be of type array");
  return checked(bytes);
}

function checked(bytes: Buffer): Buffer {
  if (bytes.length > maxDocumentBytes)
    throw new CommandError(10334, `BSONObj size: ${bytes.length}; the limit is ${maxDocumentBytes}`);
  checkStorable(bytes);
  return bytes;
}

function duplicateKey(collection: Collection, index: Index, doc: Doc): CommandError {
  const keyPattern = index.spec.key;
  const keyValue = Object.fromEntries(
    Object.keys(keyPattern).map((path, i) => [path, valueAt(doc, index.pattern.paths[i] ?? []) ?? null]),
  );
  const shown = Object.entries(keyValue).map(([path, value]) => `${path}: ${JSON.stringify(value)}`);
  return new CommandError(
    11000,
    `E11000 duplicate key error collection: ${collection.db}.${collection.name} index: ${index.spec.name} ` +
      `dup key: { ${shown.join(", ")} }`,
    { keyPattern, keyValue },
  );
}

export function openStore(file: string) {
  const sql = openSql(file);
  const catalog = openCatalog(sql);
  const entries = createEntries(sql);
  const decoders = new WeakMap<readonly Index[], Decoder>();
  const createIndexDecoder = (indexes: readonly Index[]) =>
    createDecoder(new Set(indexes.flatMap((index) => [...index.fields])));

  /** Reads what the collection's indexes need to know of a document. */
  const decoderOf = ({ indexes }: Collection): Decoder => {
    let decoder = decoders.get(indexes);
    if (decoder === undefined) {
      decoder = createIndexDecoder(indexes);
      decoders.set(indexes, decoder);
    }
    return decoder;
  };

  /** The key of a document in an index; a partial one may leave it out. */
  const keyIn = (index: Index, doc: Doc): Buffer | undefined =>
    index.partial.length > 0 && !index.covers(doc) ? undefined : indexKey(doc, index.pattern);

  /** Throws when another document has the key in a unique index. */
  const checkUnique = (
    collection: Collection,
    index: Index,
    key: Buffer | undefined,
    rid: number,
    doc: Doc,
  ) => {
    if (!index.unique || key === undefined) return;
    const owner = sql.prepare(`SELECT rid FROM ${index.table} WHERE k = ?`).get(key);
    if (owner !== undefined && (owner as unknown as [number])[0] !== rid)
      throw duplicateKey(collection, index, doc);
  };

  const transaction = <T>(run: () => T): T => {
    sql.exec("BEGIN IMMEDIATE");
    try {
      const result = run();
      entries.settle();
      sql.exec("COMMIT");
      return result;
    } catch (error) {
      entries.clear();
      sql.exec("ROLLBACK");
      catalog.reload();
      recover();
      throw error;
    }
  };

  /** Gives the documents after a row their entries in some indexes. */
  const enter = (collection: Collection, indexes: readonly Index[], after: number): void => {
    const decode = createIndexDecoder(indexes);
    const page = sql.prepare(`SELECT rid, doc FROM ${collection.table} WHERE rid > ? ORDER BY rid LIMIT 500`);
    for (let last = after, written = 0; ; ) {
      const rows = page.all(last) as unknown as [number, Uint8Array][];
      for (const [rid, stored] of rows) {
        const doc = decode(stored);
        for (const index of indexes) {
          const key = keyIn(index, doc);
          checkUnique(collection, index, key, rid, doc);
          entries.change(collection, index, key, rid, true);
        }
        last = rid;
      }
      written += rows.length;
      if (rows.length === 0 || written % 20_000 === 0) entries.flush(collection);
      if (rows.length === 0) return;
    }
  };

  /** Makes up for the entries that waited when the last server died, or when a transaction was rolled back. */
  const recover = (): void => {
    try {
      for (const collection of catalog.list()) {
        if (collection.indexed === collection.nextRid - 1 || collection.indexes.every(({ unique }) => unique))
          continue;
        sql.exec("BEGIN IMMEDIATE");
        const waiting = collection.indexes.filter((index) => !index.unique);
        enter(collection, waiting, collection.indexed);
        sql.exec("COMMIT");
      }
    } catch (cause) {
      throw new BrokenStoreError(cause);
    }
  };
  recover();

  return {
    sql,
    catalog,
    /** Runs a command that writes: all of it is on the disk when this returns, or none of it when this throws. */
    transaction,
    /** Writes the entries of a collection that wait; whoever reads its indexes calls this first. */
    flush(collection: Collection): void {
      if (!entries.isWaiting(collection)) return;
      if (sql.isTransaction()) entries.flush(collection);
      else transaction(() => entries.flush(collection));
    },
    /** Takes a document in; throws 11000 and leaves nothing behind when a unique index has its key. */
    insert(collection: Collection, stored: Buffer): void {
      const doc = decoderOf(collection)(stored);
      const [byId, ...others] = collection.indexes;
      const rid = collection.nextRid;
      // All is computed and checked before the first entry is made.
      const keys = others.map((index) => keyIn(index, doc));
      others.forEach((index, i) => {
        checkUnique(collection, index, keys[i], rid, doc);
      });
      if (!writeEntry(byId, indexKey(doc, byId.pattern), rid, true))
        throw duplicateKey(collection, byId, doc);
      others.forEach((index, i) => {
        entries.change(collection, index, keys[i], rid, true);
      });
      collection.add.run(rid, stored);
      collection.nextRid++;
    },
    replace(collection: Collection, rid: number, before: Uint8Array, after: Buffer): void {
      const decode = decoderOf(collection);
      const [oldDoc, newDoc] = [decode(before), decode(after)];
      const changes = collection.indexes.slice(1).map((index) => {
        const [removed, added] = [keyIn(index, oldDoc), keyIn(index, newDoc)];
        checkUnique(collection, index, added, rid, newDoc);
        return { index, removed, added };
      });
      for (const { index, removed, added } of changes) {
        if (removed !== undefined && added !== undefined && removed.equals(added)) continue;
        entries.change(collection, index, removed, rid, false);
        entries.change(collection, index, added, rid, true);
      }
      entries.mustSettle(collection);
      collection.replace.run(after, rid);
    },
    remove(collection: Collection, rid: number, before: Uint8Array): void {
      const doc = decoderOf(collection)(before);
      for (const index of collection.indexes)
        entries.change(collection, index, keyIn(index, doc), rid, false);
      entries.mustSettle(collection);
      collection.remove.run(rid);
    },
    /** Fills a new index with the documents there are. */
    build: (collection: Collection, index: Index) => enter(collection, [index], 0),
    close(): void {
      for (const collection of catalog.list())
        if (collection.indexed < collection.nextRid - 1) transaction(() => entries.flush(collection));
      sql.close();
    },
  };
}
