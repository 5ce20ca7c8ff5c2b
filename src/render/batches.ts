import { setImmediate } from "node:timers/promises";
import type { Row, Table } from "../domain/report.ts";

/** A few milliseconds of work in any format. */
const BATCH = 500;

/** How far a file is: rows written, of those there will be. */
export type Progress = (rowsDone: number, rowsTotal: number) => void;

/**
 * The rows in batches, and a turn for everything else in the process after each: the app goes on answering while a
 * file of a million rows is written. Who stops early closes the rows' source.
 */
export async function* inBatches(rows: AsyncIterable<Row>): AsyncGenerator<readonly Row[], void> {
  let batch: Row[] = [];
  for await (const row of rows) {
    batch.push(row);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
    await setImmediate();
  }
  if (batch.length > 0) yield batch;
}

/** Counts the rows of all tables together; to be told of each batch. */
export function countRows(tables: readonly Table[], onProgress?: Progress): (rows: number) => void {
  const total = tables.reduce((sum, table) => sum + table.total, 0);
  let done = 0;
  return (rows) => {
    done += rows;
    onProgress?.(done, total);
  };
}
