import { chmodSync, closeSync, openSync } from "node:fs";
import { DatabaseSync, type StatementSync } from "node:sqlite";

/** Creates the file for this user alone before SQLite would create it for everybody. */
export function openPrivate(file: string): DatabaseSync {
  closeSync(openSync(file, "a", 0o600));
  chmodSync(file, 0o600);
  return new DatabaseSync(file);
}

/** A database that keeps its prepared statements; rows come as arrays. */
export interface Sql {
  readonly exec: (sql: string) => void;
  readonly prepare: (sql: string) => StatementSync;
  readonly isTransaction: () => boolean;
  readonly close: () => void;
}

export function openSql(file: string): Sql {
  const database = openPrivate(file);
  // FULL: an acknowledged write survives a power cut. The long WAL and the cache make writes in order cheap.
  database.exec(`
    PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 10000; PRAGMA cache_size = -65536;
    PRAGMA temp_store = MEMORY`);
  const statements = new Map<string, StatementSync>();
  return {
    exec: (sql) => database.exec(sql),
    prepare(sql) {
      let statement = statements.get(sql);
      if (statement === undefined) {
        statement = database.prepare(sql);
        statement.setReturnArrays(true);
        statements.set(sql, statement);
      }
      return statement;
    },
    isTransaction: () => database.isTransaction,
    close: () => database.close(),
  };
}
