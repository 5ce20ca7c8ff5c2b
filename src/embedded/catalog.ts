import type { StatementSync } from "node:sqlite";
import { deserialize, serialize } from "bson";
import { CommandError } from "./errors.ts";
import { type Condition, compileConditions, fieldsOf, parseFilter } from "./filter.ts";
import { type KeyPattern, parseKeyPattern } from "./keys.ts";
import type { Sql } from "./sql.ts";
import type { Doc } from "./values.ts";

/** An index: its entries are rows `(k, rid)` of a table of its own. */
export interface Index {
  readonly id: number;
  readonly table: string;
  /** As listIndexes answers it. */
  readonly spec: Doc & { readonly name: string; readonly key: Doc };
  readonly pattern: KeyPattern;
  readonly unique: boolean;
  readonly partial: readonly Condition[];
  readonly covers: (doc: Doc) => boolean;
  /** The top-level fields that decide a document's keys. */
  readonly fields: ReadonlySet<string>;
  readonly add: StatementSync;
  readonly remove: StatementSync;
}

export interface Collection {
  readonly id: number;
  readonly db: string;
  readonly name: string;
  /** Rows `(rid, doc)` in the order of insertion. */
  readonly table: string;
  readonly add: StatementSync;
  readonly replace: StatementSync;
  readonly remove: StatementSync;
  /** The first one is the index of `_id`. */
  indexes: readonly [Index, ...Index[]];
  nextRid: number;
  /** The last row whose entries are all in the file (see `Entries`). */
  indexed: number;
}

/** What collections and indexes there are. Everything is read once at the start and kept in step with the file. */
export type Catalog = ReturnType<typeof openCatalog>;

const idSpec = { v: 2, key: { _id: 1 }, name: "_id_" };

const isUnique = (spec: Index["spec"]) => spec.unique === true || spec.name === "_id_";

function buildIndex(sql: Sql, id: number, spec: Index["spec"]): Index {
  const pattern = parseKeyPattern(spec.key, 67);
  const partial = parseFilter((spec.partialFilterExpression ?? {}) as Doc);
  return {
    id,
    table: `i${id}`,
    spec,
    pattern,
    partial,
    fields: fieldsOf(partial, new Set(pattern.paths.map(([first]) => first ?? ""))),
    unique: isUnique(spec),
    covers: compileConditions(partial),
    add: sql.prepare(`INSERT OR IGNORE INTO i${id} VALUES (?, ?)`),
    remove: sql.prepare(`DELETE FROM i${id} WHERE k = ? AND rid = ?`),
  };
}

function buildCollection(
  sql: Sql,
  id: number,
  db: string,
  name: string,
  indexes: Collection["indexes"],
  lastRid: number,
  indexed: number,
): Collection {
  const table = `d${id}`;
  return {
    id,
    db,
    name,
    table,
    indexes,
    // A number that was given once is not given again, even if its document has gone.
    nextRid: Math.max(lastRid, indexed) + 1,
    indexed,
    add: sql.prepare(`INSERT INTO ${table} VALUES (?, ?)`),
    replace: sql.prepare(`UPDATE ${table} SET doc = ? WHERE rid = ?`),
    remove: sql.prepare(`DELETE FROM ${table} WHERE rid = ?`),
  };
}

export function openCatalog(sql: Sql) {
  sql.exec(`
    CREATE TABLE IF NOT EXISTS collections (id INTEGER PRIMARY KEY, db TEXT, name TEXT,
      indexed INTEGER NOT NULL DEFAULT 0, UNIQUE (db, name));
    CREATE TABLE IF NOT EXISTS indexes (id INTEGER PRIMARY KEY, collection INTEGER, spec BLOB)`);
  const collections = new Map<string, Collection>();

  const createIndex = (collection: number, spec: Index["spec"]): Index => {
    const { lastInsertRowid } = sql
      .prepare("INSERT INTO indexes (collection, spec) VALUES (?, ?)")
      .run(collection, serialize(spec));
    // In a unique index the key alone is the primary key, so the file itself holds no key twice.
    const primary = isUnique(spec) ? "k" : "k, rid";
    sql.exec(
      `CREATE TABLE i${lastInsertRowid} (k BLOB, rid INTEGER, PRIMARY KEY (${primary})) WITHOUT ROWID`,
    );
    return buildIndex(sql, Number(lastInsertRowid), spec);
  };

  const reload = (): void => {
    collections.clear();
    for (const row of sql.prepare("SELECT id, db, name, indexed FROM collections").all()) {
      const [id, db, name, indexed] = row as unknown as [number, string, string, number];
      const indexes = sql
        .prepare("SELECT id, spec FROM indexes WHERE collection = ? ORDER BY id")
        .all(id)
        .map((indexRow) => {
          const [indexId, spec] = indexRow as unknown as [number, Uint8Array];
          return buildIndex(sql, indexId, deserialize(spec) as Index["spec"]);
        }) as unknown as [Index, ...Index[]];
      const last = sql.prepare(`SELECT max(rid) FROM d${id}`).get() as unknown as [number | null];
      collections.set(`${db}.${name}`, buildCollection(sql, id, db, name, indexes, last[0] ?? 0, indexed));
    }
  };
  reload();

  return {
    /** Reads all again, after a transaction that was rolled back. */
    reload,
    find: (db: string, name: string): Collection | undefined => collections.get(`${db}.${name}`),
    list: (db?: string): Collection[] =>
      [...collections.values()].filter((collection) => db === undefined || collection.db === db),
    create(db: string, name: string): Collection {
      if (name === "" || name.includes("$") || name.includes("\0") || name.startsWith("system."))
        throw new CommandError(73, `Invalid collection name specified: '${db}.${name}'`);
      const { lastInsertRowid } = sql
        .prepare("INSERT INTO collections (db, name) VALUES (?, ?)")
        .run(db, name);
      const id = Number(lastInsertRowid);
      sql.exec(`CREATE TABLE d${id} (rid INTEGER PRIMARY KEY, doc BLOB NOT NULL)`);
      const collection = buildCollection(sql, id, db, name, [createIndex(id, idSpec)], 0, 0);
      collections.set(`${db}.${name}`, collection);
      return collection;
    },
    drop(collection: Collection): void {
      for (const index of collection.indexes) sql.exec(`DROP TABLE ${index.table}`);
      sql.exec(`DROP TABLE ${collection.table}`);
      sql.prepare("DELETE FROM indexes WHERE collection = ?").run(collection.id);
      sql.prepare("DELETE FROM collections WHERE id = ?").run(collection.id);
      collections.delete(`${collection.db}.${collection.name}`);
    },
    addIndex(collection: Collection, spec: Index["spec"]): Index {
      const index = createIndex(collection.id, spec);
      collection.indexes = [...collection.indexes, index];
      return index;
    },
    dropIndex(collection: Collection, index: Index): void {
      sql.exec(`DROP TABLE ${index.table}`);
      sql.prepare("DELETE FROM indexes WHERE id = ?").run(index.id);
      collection.indexes = collection.indexes.filter((kept) => kept !== index) as [Index, ...Index[]];
    },
  };
}
