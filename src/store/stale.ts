import type { AnyBulkWriteOperation } from "mongodb";
import { addDays } from "../domain/calendar.ts";
import type { StaleDocument } from "./documents.ts";
import type { Store } from "./open.ts";

/** Marks days of accounts as out of date, once each, before what makes them so is written. */
export interface StaleMarks {
  add(account: string, day: string): void;
  /** Writes what was added since the last time. */
  write(): Promise<void>;
}

/**
 * Marks the people as out of date, before the accounts that they are made from are written. `rollUp` makes the people
 * anew whenever there is any mark, so this one names no account.
 */
export async function markPeopleStale(store: Pick<Store, "stale">): Promise<void> {
  const mark = { account: "", from: "", to: "" };
  await store.stale.updateOne({ _id: "people" }, { $set: mark }, { upsert: true });
}

/** What is known beyond so many is forgotten and may be written once more, which changes nothing. 100 bytes each. */
const MOST_KNOWN = 200_000;

function lastOfMonth(month: string): string {
  return addDays(
    Temporal.PlainYearMonth.from(month).add({ months: 1 }).toPlainDate({ day: 1 }).toString(),
    -1,
  );
}

export function createStaleMarks(store: Pick<Store, "stale">): StaleMarks {
  /** Of an account and a month the first day that is marked; all to the month's end are. */
  const known = new Map<string, string>();
  const unwritten = new Map<string, StaleDocument>();
  return {
    add(account, day) {
      const month = day.slice(0, 7);
      const _id = `${account} ${month}`;
      const first = known.get(_id);
      if (first !== undefined && day >= first) return;
      // To the month's end, and then the whole month: a long import marks an account once or twice a month, not daily,
      // and for the events of today there is nothing behind them.
      const from = first === undefined ? day : `${month}-01`;
      if (known.size >= MOST_KNOWN) known.clear();
      known.set(_id, from);
      unwritten.set(_id, { _id, account, from, to: lastOfMonth(month) });
    },
    async write() {
      if (unwritten.size === 0) return;
      const operations: AnyBulkWriteOperation<StaleDocument>[] = [];
      for (const { _id, account, from, to } of unwritten.values()) {
        const update = { $set: { account }, $min: { from }, $max: { to } };
        operations.push({ updateOne: { filter: { _id }, update, upsert: true } });
      }
      unwritten.clear();
      await store.stale.bulkWrite(operations, { ordered: false });
    },
  };
}
