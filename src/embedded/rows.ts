import { ObjectId, serialize } from "bson";
import { type Catalog, type Collection, type Index, openCatalog } from "./catalog.ts";
import { createEntries, writeEntry } from "./entries.ts";
import { BrokenStoreError, CommandError } from "./errors.ts";
import { type DocumentKeys, documentKeys } from "./keys.ts";
import { valueAt } from "./paths.ts";
import { checkStorable, createDecoder, type Decoder, decodeDocument } from "./raw.ts";
import { openSql, type Sql } from "./sql.ts";
import type { Doc } from "./values.ts";

const maxDocumentBytes = 16 * 1024 * 1024;

/** The documents of all collections and the entries of their indexes, in one SQLite file. */
export interface Store {
  readonly sql: Sql;
  readonly catalog: Catalog;
  /** Runs a command that writes: all of it is on the disk when this returns, or none of it when this throws. */
  readonly transaction: <T>(run: () => T) => T;
  /** Writes the entries of a collection that wait; whoever reads its indexes calls this first. */
  readonly flush: (collection: Collection) => void;
  /** Takes a document in; throws 11000 and leaves nothing behind when a unique index has its key. */
  readonly insert: (collection: Collection, stored: Buffer) => void;
  readonly replace: (collection: Collection, rid: number, before: Uint8Array, after: Buffer) => void;
  readonly remove: (collection: Collection, rid: number, before: Uint8Array) => void;
  /** Fills a new index with the documents there are. */
  readonly build: (collection: Collection, index: Index) => void;
  readonly close: () => void;
}

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
    throw new CommandError(
      10334,
      `BSONObj size: ${bytes.length} is invalid; the limit is ${maxDocumentBytes}`,
    );
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

export function openStore(file: string): Store {
  const sql = openSql(file);
  const catalog = openCatalog(sql);
  const entries = createEntries(sql);
  const decoders = new WeakMap<readonly Index[], Decoder>();
  const noKeys: DocumentKeys = { keys: [], multikey: false, absent: true };

  /** Reads what the collection's indexes need to know of a document. */
  const decoderOf = ({ indexes }: Collection): Decoder => {
    let decoder = decoders.get(indexes);
    if (decoder === undefined) {
      decoder = createDecoder(new Set(indexes.flatMap((index) => [...index.fields])));
      decoders.set(indexes, decoder);
    }
    return decoder;
  };

  const keysIn = (index: Index, doc: Doc): readonly Buffer[] => {
    const { keys, multikey, absent } =
      index.partial.length > 0 && !index.covers(doc) ? noKeys : documentKeys(doc, index.pattern);
    if (multikey && !index.multikey && index.spec.name !== "_id_") catalog.setMultikey(index);
    return index.sparse && absent ? [] : keys;
  };

  /** Throws when another document has one of the keys in a unique index. */
  const checkUnique = (
    collection: Collection,
    index: Index,
    keys: readonly Buffer[],
    rid: number,
    doc: Doc,
  ) => {
    if (!index.unique) return;
    const owner = sql.prepare(`SELECT rid FROM ${index.table} WHERE k = ?`);
    for (const key of keys) {
      const row = owner.get(key) as unknown as [number] | undefined;
      if (row !== undefined && row[0] !== rid) throw duplicateKey(collection, index, doc);
    }
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
    const decode = createDecoder(new Set(indexes.flatMap((index) => [...index.fields])));
    const page = sql.prepare(`SELECT rid, doc FROM ${collection.table} WHERE rid > ? ORDER BY rid LIMIT 500`);
    for (let last = after, written = 0; ; ) {
      const rows = page.all(last) as unknown as [number, Uint8Array][];
      for (const [rid, stored] of rows) {
        const doc = decode(stored);
        for (const index of indexes) {
          const keys = keysIn(index, doc);
          checkUnique(collection, index, keys, rid, doc);
          for (const key of keys) entries.change(collection, index, key, rid, true);
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
        enter(
          collection,
          collection.indexes.filter((index) => !index.unique),
          collection.indexed,
        );
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
    transaction,
    flush(collection) {
      if (!entries.isWaiting(collection)) return;
      if (sql.isTransaction()) entries.flush(collection);
      else transaction(() => entries.flush(collection));
    },
    insert(collection, stored) {
      const doc = decoderOf(collection)(stored);
      const [byId, ...others] = collection.indexes;
      const rid = collection.nextRid;
      const [idKey] = documentKeys(doc, byId.pattern).keys;
      if (idKey === undefined || !writeEntry(byId, idKey, rid, true))
        throw duplicateKey(collection, byId, doc);
      try {
        const added = others.map((index) => ({ index, keys: keysIn(index, doc) }));
        // All are checked before any entry is made.
        for (const { index, keys } of added) checkUnique(collection, index, keys, rid, doc);
        for (const { index, keys } of added)
          for (const key of keys) entries.change(collection, index, key, rid, true);
      } catch (error) {
        writeEntry(byId, idKey, rid, false);
        throw error;
      }
      collection.add.run(rid, stored);
      collection.nextRid++;
    },
    replace(collection, rid, before, after) {
      const decode = decoderOf(collection);
      const [oldDoc, newDoc] = [decode(before), decode(after)];
      const changes = collection.indexes.slice(1).map((index) => {
        const [oldKeys, newKeys] = [keysIn(index, oldDoc), keysIn(index, newDoc)];
        const added = newKeys.filter((key) => !oldKeys.some((old) => old.equals(key)));
        checkUnique(collection, index, added, rid, newDoc);
        return { index, added, removed: oldKeys.filter((old) => !newKeys.some((key) => key.equals(old))) };
      });
      for (const { index, added, removed } of changes) {
        for (const key of removed) entries.change(collection, index, key, rid, false);
        for (const key of added) entries.change(collection, index, key, rid, true);
      }
      entries.mustSettle(collection);
      collection.replace.run(after, rid);
    },
    remove(collection, rid, before) {
      const doc = decoderOf(collection)(before);
      for (const index of collection.indexes) {
        for (const key of keysIn(index, doc)) entries.change(collection, index, key, rid, false);
      }
      entries.mustSettle(collection);
      collection.remove.run(rid);
    },
    build: (collection, index) => enter(collection, [index], 0),
    close() {
      for (const collection of catalog.list()) {
        if (collection.indexed < collection.nextRid - 1) transaction(() => entries.flush(collection));
      }
      sql.close();
    },
  };
}
