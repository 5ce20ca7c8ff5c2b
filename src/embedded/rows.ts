import { ObjectId, serialize } from "bson";
import { type Catalog, type Collection, type Index, openCatalog } from "./catalog.ts";
import { CommandError } from "./errors.ts";
import { type DocumentKeys, documentKeys } from "./keys.ts";
import { valueAt } from "./paths.ts";
import { checkStorable, createDecoder, type Decoder, decodeDocument } from "./raw.ts";
import { openSql, type Sql } from "./sql.ts";
import type { Doc } from "./values.ts";

const maxDocumentBytes = 16 * 1024 * 1024;

/** A change of an index that waits for the end of the command, so that the file is written in key order. */
interface PendingEntry {
  readonly key: Buffer;
  readonly rid: number;
  readonly add: boolean;
}

/** The documents of all collections and the entries of their indexes, in one SQLite file. */
export interface Store {
  readonly sql: Sql;
  readonly catalog: Catalog;
  /** Runs a command that writes: all of it is on the disk when this returns, or none of it when this throws. */
  readonly transaction: <T>(run: () => T) => T;
  /** Writes the entries that wait; a scan of an index calls it first. */
  readonly flush: () => void;
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
  const pending = new Map<Index, PendingEntry[]>();
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

  const change = (index: Index, key: Buffer, rid: number, add: boolean): void => {
    if (index.unique) {
      apply(index, { key, rid, add });
      return;
    }
    const entries = pending.get(index);
    if (entries === undefined) pending.set(index, [{ key, rid, add }]);
    else entries.push({ key, rid, add });
  };

  const apply = (index: Index, { key, rid, add }: PendingEntry): boolean =>
    (add ? index.add : index.remove).run(key, rid).changes === 1;

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

  const flush = (): void => {
    for (const [index, entries] of pending) {
      // The sort is stable: an entry that was added and then removed ends removed.
      entries.sort((a, b) => Buffer.compare(a.key, b.key));
      for (const entry of entries) apply(index, entry);
    }
    pending.clear();
  };

  return {
    sql,
    catalog,
    flush,
    transaction(run) {
      sql.exec("BEGIN IMMEDIATE");
      try {
        const result = run();
        flush();
        sql.exec("COMMIT");
        return result;
      } catch (error) {
        pending.clear();
        sql.exec("ROLLBACK");
        catalog.reload();
        throw error;
      }
    },
    insert(collection, stored) {
      const doc = decoderOf(collection)(stored);
      const [byId, ...others] = collection.indexes;
      const rid = collection.nextRid;
      const [idKey] = documentKeys(doc, byId.pattern).keys;
      if (idKey === undefined || !apply(byId, { key: idKey, rid, add: true }))
        throw duplicateKey(collection, byId, doc);
      try {
        const entries = others.map((index) => ({ index, keys: keysIn(index, doc) }));
        // All are checked before any entry is made.
        for (const { index, keys } of entries) checkUnique(collection, index, keys, rid, doc);
        for (const { index, keys } of entries) for (const key of keys) change(index, key, rid, true);
      } catch (error) {
        apply(byId, { key: idKey, rid, add: false });
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
        for (const key of removed) change(index, key, rid, false);
        for (const key of added) change(index, key, rid, true);
      }
      collection.replace.run(after, rid);
    },
    remove(collection, rid, before) {
      const doc = decoderOf(collection)(before);
      for (const index of collection.indexes) {
        for (const key of keysIn(index, doc)) change(index, key, rid, false);
      }
      collection.remove.run(rid);
    },
    build(collection, index) {
      const decode = createDecoder(index.fields);
      const page = sql.prepare(
        `SELECT rid, doc FROM ${collection.table} WHERE rid > ? ORDER BY rid LIMIT 500`,
      );
      for (let last = 0; ; ) {
        const rows = page.all(last) as unknown as [number, Uint8Array][];
        for (const [rid, stored] of rows) {
          const doc = decode(stored);
          const keys = keysIn(index, doc);
          checkUnique(collection, index, keys, rid, doc);
          for (const key of keys) change(index, key, rid, true);
          last = rid;
        }
        if ((pending.get(index)?.length ?? 0) > 100_000) flush();
        if (rows.length === 0) return flush();
      }
    },
    close: () => sql.close(),
  };
}
