import { MongoBulkWriteError } from "mongodb";
import type { Calendar } from "../domain/calendar.ts";
import type { SourceRecord } from "../domain/event.ts";
import { createAccounts } from "./accounts.ts";
import type { EventDocument } from "./documents.ts";
import { accountKey, eventDocument, precedes } from "./facts.ts";
import type { Lease } from "./lease.ts";
import type { Store } from "./open.ts";
import { dropDerived } from "./people.ts";
import { createStaleMarks, type StaleMarks } from "./stale.ts";

const BATCH = 2000;
const FAULTS_KEPT = 20;
const DUPLICATE_KEY = 11000;

/** A record that was left out, and why. `line` counts from 1. */
export interface Fault {
  readonly line: number;
  readonly reason: string;
}

/** What an input held: `read` = `added` + `duplicates` + `rejected` + rows of member lists. */
export interface IngestSummary {
  read: number;
  added: number;
  duplicates: number;
  rejected: number;
  members: number;
  /** Where the input ends in the middle of a record. */
  cutOff: Fault | null;
  /** Words of the vault that nobody knows, and how many events have them; of the first ones only. */
  readonly unknown: Map<string, number>;
  /** The first of the faults. */
  readonly faults: Fault[];
  /** Keys of the accounts that the input names. */
  readonly accounts: Set<string>;
  /** First and last event, as milliseconds since the epoch. */
  from: number | null;
  to: number | null;
}

/**
 * Stores the facts of one input; what is derived from them is marked stale, for `rollUp` to make anew.
 * The same records again, in any order and any batches, change nothing.
 */
export async function ingest(
  store: Store,
  source: string,
  records: AsyncIterable<SourceRecord>,
  {
    calendar,
    lease,
    onProgress = () => {},
  }: {
    calendar: Calendar;
    lease: Lease;
    onProgress?: (summary: IngestSummary) => void;
  },
): Promise<IngestSummary> {
  const summary: IngestSummary = {
    read: 0,
    added: 0,
    duplicates: 0,
    rejected: 0,
    members: 0,
    cutOff: null,
    unknown: new Map(),
    faults: [],
    accounts: new Set(),
    from: null,
    to: null,
  };
  const accounts = await createAccounts(store);
  const marks = createStaleMarks(store);
  let batch: EventDocument[] = [];
  let writing: Promise<void> = Promise.resolve();

  const write = async (): Promise<void> => {
    await writing;
    const events = batch;
    batch = [];
    lease.check();
    await Promise.all([accounts.write(), marks.write()]);
    writing = insert(store, events, marks, summary, calendar);
    // Awaited before the next batch; without this a failure in between would count as unhandled.
    writing.catch(() => {});
    onProgress(summary);
  };

  for await (const record of records) {
    summary.read += 1;
    if (record.type === "rejected") {
      const fault = { line: record.line, reason: record.reason };
      summary.rejected += 1;
      if (summary.faults.length < FAULTS_KEPT) summary.faults.push(fault);
      if (record.isCutOff) summary.cutOff = fault;
    } else if (record.type === "member") {
      summary.members += 1;
      summary.accounts.add(accountKey(source, record.member.id));
      accounts.list(source, record.member);
    } else {
      const { event, unknown } = record;
      if (unknown !== undefined) countWord(summary.unknown, unknown);
      const document = eventDocument(source, event);
      summary.accounts.add(document.account);
      summary.from = Math.min(summary.from ?? event.at, event.at);
      summary.to = Math.max(summary.to ?? event.at, event.at);
      accounts.hear(source, event.account, event.at);
      marks.add(document.account, calendar.dayOf(event.at));
      batch.push(document);
    }
    if (batch.length >= BATCH) await write();
  }
  await write();
  await writing;
  await accounts.writeAll();
  onProgress(summary);
  return summary;
}

const WORDS_KEPT = 20;
/** What stands for all words beyond those. */
const OTHER_WORDS = "others";

function countWord(counts: Map<string, number>, word: string): void {
  const key = counts.has(word) || counts.size < WORDS_KEPT ? word : OTHER_WORDS;
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

async function insert(
  store: Store,
  events: EventDocument[],
  marks: StaleMarks,
  summary: IngestSummary,
  calendar: Calendar,
): Promise<void> {
  if (events.length === 0) return;
  try {
    await store.events.insertMany(events, { ordered: false });
    summary.added += events.length;
  } catch (error) {
    if (!(error instanceof MongoBulkWriteError)) throw error;
    const failures = [error.writeErrors].flat();
    if (error.result.getWriteConcernError() || failures.some(({ code }) => code !== DUPLICATE_KEY))
      throw error;
    summary.added += events.length - failures.length;
    summary.duplicates += failures.length;
    await settle(
      store,
      failures.flatMap(({ index }) => events[index] ?? []),
      marks,
      calendar,
    );
  }
}

/** Of different events with one id the first in `precedes` stays, whichever was stored before. */
async function settle(
  store: Store,
  duplicates: EventDocument[],
  marks: StaleMarks,
  calendar: Calendar,
): Promise<void> {
  const best = new Map<string, EventDocument>();
  for (const event of duplicates) {
    const other = best.get(event._id);
    if (!other || precedes(event, other)) best.set(event._id, event);
  }
  const stored = await store.events.find({ _id: { $in: [...best.keys()] } }).toArray();
  const moved = stored.flatMap((old) => {
    const event = best.get(old._id);
    return event && precedes(event, old) ? [{ old, event }] : [];
  });
  if (moved.length === 0) return;
  for (const { old } of moved) marks.add(old.account, calendar.dayOf(old.at.getTime()));
  await marks.write();
  await dropDerived(store, [...new Set(moved.map(({ old }) => old.account))], calendar);
  for (const { event } of moved) await store.events.replaceOne({ _id: event._id }, event);
  const [last] = await store.events
    .aggregate<{ at: Date }>([{ $group: { _id: null, at: { $max: "$at" } } }])
    .toArray();
  if (last) await store.meta.updateOne({ _id: "store" }, { $set: { dataUpTo: last.at } });
}
