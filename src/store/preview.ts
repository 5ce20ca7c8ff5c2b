import { hash } from "node:crypto";
import type { SourceRecord } from "../domain/event.ts";
import { createAccounts } from "./accounts.ts";
import { eventDocument } from "./facts.ts";
import { groupAccounts } from "./grouping.ts";
import type { Store } from "./open.ts";
import { createSummaries, type IngestSummary, takeNote } from "./summary.ts";

const BATCH = 2000;
/** Beyond so many new events, one that comes twice counts as two. Each takes about 40 bytes. */
const mostRemembered = 2_000_000;

/** What imports would do, one after the other, without any of them being done. */
export interface Preview {
  read(source: string, records: AsyncIterable<SourceRecord>, onProgress: () => void): Promise<IngestSummary>;
  /** How many people these accounts would be. */
  countPeople(accounts: Iterable<string>): number;
}

/** Reads of the store what is there already, and writes nothing. */
export async function createPreview(
  store: Pick<Store, "accounts" | "stale" | "events" | "decisions">,
): Promise<Preview> {
  const accounts = await createAccounts(store);
  const decisions = await store.decisions.find().toArray();
  const seen = new Set<number>();
  const newSummary = createSummaries();

  /** Of 52 bits of a hash; that two events are taken for one has odds of one to ten thousand among a million. */
  const isNew = (id: string): boolean => {
    const key = Number.parseInt(hash("sha256", id, "hex").slice(0, 13), 16);
    if (seen.has(key)) return false;
    if (seen.size < mostRemembered) seen.add(key);
    return true;
  };

  return {
    async read(source, records, onProgress) {
      const summary = newSummary();
      let batch: string[] = [];
      const look = async (): Promise<void> => {
        const ids = batch.filter(isNew);
        const known = await store.events.find({ _id: { $in: ids } }, { projection: { _id: 1 } }).toArray();
        summary.added += ids.length - known.length;
        summary.duplicates += batch.length - ids.length + known.length;
        batch = [];
        onProgress();
      };
      for await (const record of records) {
        takeNote(summary, source, record);
        if (record.type === "member") accounts.list(source, record.member);
        else if (record.type === "event") {
          accounts.hear(source, record.event.account, record.event.at);
          batch.push(eventDocument(source, record.event)._id);
        }
        if (batch.length >= BATCH) await look();
      }
      await look();
      return summary;
    },
    countPeople(keys) {
      const personOf = new Map<string, string>();
      for (const person of groupAccounts(accounts.all(), decisions)) {
        for (const account of person.accounts) personOf.set(account, person._id);
      }
      return new Set([...keys].map((key) => personOf.get(key))).size;
    },
  };
}
