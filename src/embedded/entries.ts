import type { Collection, Index } from "./catalog.ts";
import type { Sql } from "./sql.ts";

/** A change of an index that waits, so that the file is written in the order of the keys. */
interface Waiting {
  readonly key: Buffer;
  readonly rid: number;
  readonly add: boolean;
}

/**
 * The entries of indexes. Those of unique indexes are written at once. All others wait: after an update or a delete
 * until the end of the command, after mere inserts until somebody reads an index or there are many, because a
 * thousand new documents may touch a thousand pages of an index, and twenty thousand hardly more.
 *
 * That is safe because `indexed` of a collection, in the file, is the last row whose entries are all written: what
 * a killed server left out is made up for from the documents after that row.
 */
export type Entries = ReturnType<typeof createEntries>;

const maxWaiting = 60_000;

/** Writes one entry; false when a unique index has the key already. */
export function writeEntry(index: Index, key: Buffer, rid: number, add: boolean): boolean {
  return (add ? index.add : index.remove).run(key, rid).changes === 1;
}

export function createEntries(sql: Sql) {
  const waiting = new Map<Collection, Map<Index, Waiting[]>>();
  const unsettled = new Set<Collection>();
  let count = 0;

  const flush = (collection: Collection): void => {
    for (const [index, changes] of waiting.get(collection) ?? []) {
      // The sort is stable: an entry that was added and then removed ends removed.
      changes.sort((a, b) => Buffer.compare(a.key, b.key));
      for (const { key, rid, add } of changes) writeEntry(index, key, rid, add);
      count -= changes.length;
    }
    waiting.delete(collection);
    const last = collection.nextRid - 1;
    if (collection.indexed === last) return;
    sql.prepare("UPDATE collections SET indexed = ? WHERE id = ?").run(last, collection.id);
    collection.indexed = last;
  };

  return {
    /** Writes what waits of one collection; inside a transaction. */
    flush,
    /** Without a key there is nothing to change: a partial index leaves the document out. */
    change(collection: Collection, index: Index, key: Buffer | undefined, rid: number, add: boolean): void {
      if (key === undefined) return;
      if (index.unique) {
        writeEntry(index, key, rid, add);
        return;
      }
      const indexes = waiting.get(collection) ?? new Map<Index, Waiting[]>();
      waiting.set(collection, indexes);
      const changes = indexes.get(index);
      if (changes === undefined) indexes.set(index, [{ key, rid, add }]);
      else changes.push({ key, rid, add });
      count++;
    },
    /** A row that is not new has changed, so nothing of its collection may wait beyond the command. */
    mustSettle: (collection: Collection) => void unsettled.add(collection),
    isWaiting: (collection: Collection) => waiting.has(collection),
    /** The end of a transaction: writes what may not wait any longer. */
    settle(): void {
      for (const collection of unsettled) if (waiting.has(collection)) flush(collection);
      unsettled.clear();
      if (count > maxWaiting) for (const collection of [...waiting.keys()]) flush(collection);
    },
    clear(): void {
      waiting.clear();
      unsettled.clear();
      count = 0;
    },
  };
}
