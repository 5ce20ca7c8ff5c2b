import { chmodSync, closeSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { AppError } from "../errors.ts";

/** How the tables and keys in a store's file are built; to be raised with every change of that. */
const format = 1;

/** The store's file is of a format that this version cannot read. */
function checkFormat(database: DatabaseSync, file: string): void {
  const { user_version: found } = database.prepare("PRAGMA user_version").get() as { user_version: number };
  if (found !== 0 && found !== format) {
    const userMessage =
      `the store in ${dirname(file)} was written by another version of Vault Usage (format ${found}, this one ` +
      `knows ${format}); use that version, or set DATA_DIR to another folder and import again`;
    throw new AppError(userMessage, { userMessage });
  }
  database.exec(`PRAGMA user_version = ${format}`);
}

/** A database that keeps its prepared statements; rows come as arrays. */
export type Sql = ReturnType<typeof openSql>;

export function openSql(file: string) {
  // Created for this user alone before SQLite would create it for everybody.
  closeSync(openSync(file, "a", 0o600));
  chmodSync(file, 0o600);
  const database = new DatabaseSync(file);
  checkFormat(database, file);
  // FULL: an acknowledged write survives a power cut. The long WAL and the cache make writes in order cheap.
  database.exec(`
    PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 10000; PRAGMA cache_size = -65536;
    PRAGMA temp_store = MEMORY`);
  const statements = new Map<string, StatementSync>();
  return {
    exec: (sql: string) => database.exec(sql),
    prepare(sql: string): StatementSync {
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
