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

function lastOfMonth(month: string): string {
  return addDays(
    Temporal.PlainYearMonth.from(month).add({ months: 1 }).toPlainDate({ day: 1 }).toString(),
    -1,
  );
}

export function createStaleMarks(store: Pick<Store, "stale">): StaleMarks {
  const known = new Map<string, StaleDocument>();
  const unwritten = new Set<StaleDocument>();
  return {
    add(account, day) {
      const month = day.slice(0, 7);
      const _id = `${account} ${month}`;
      const mark = known.get(_id);
      if (mark && day >= mark.from && day <= mark.to) return;
      // To the month's end, and then the whole month: a long import marks an account once or twice a month, not daily,
      // and for the events of today there is nothing behind them.
      const days = { from: mark ? `${month}-01` : day, to: lastOfMonth(month) };
      const next = { _id, account, ...days };
      if (mark) unwritten.delete(mark);
      known.set(_id, next);
      unwritten.add(next);
    },
    async write() {
      if (unwritten.size === 0) return;
      const operations: AnyBulkWriteOperation<StaleDocument>[] = [];
      for (const { _id, account, from, to } of unwritten) {
        const update = { $set: { account }, $min: { from }, $max: { to } };
        operations.push({ updateOne: { filter: { _id }, update, upsert: true } });
      }
      unwritten.clear();
      await store.stale.bulkWrite(operations, { ordered: false });
    },
  };
}
