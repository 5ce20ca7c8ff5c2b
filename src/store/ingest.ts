import type { Calendar } from "../domain/calendar.ts";
import type { SourceRecord } from "../domain/event.ts";
import { createAccounts } from "./accounts.ts";
import type { EventDocument } from "./documents.ts";
import { duplicatesOf } from "./errors.ts";
import { eventDocument, precedes } from "./facts.ts";
import type { Lease } from "./lease.ts";
import type { Store } from "./open.ts";
import { dropDerived } from "./people.ts";
import { createSourceHours, type SourceHours } from "./source-hours-write.ts";
import { createStaleMarks, type StaleMarks } from "./stale.ts";
import { createSummaries, type IngestSummary, takeNote } from "./summary.ts";

const BATCH = 2000;

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
    summary = createSummaries()(),
    onProgress = () => {},
  }: {
    calendar: Calendar;
    lease: Lease;
    /** An empty one. */
    summary?: IngestSummary;
    onProgress?: (summary: IngestSummary) => void;
  },
): Promise<IngestSummary> {
  const accounts = await createAccounts(store);
  const marks = createStaleMarks(store);
  const hours = createSourceHours(store);
  let batch: EventDocument[] = [];
  let writing: Promise<void> = Promise.resolve();

  const write = async (): Promise<void> => {
    await writing;
    const events = batch;
    batch = [];
    lease.check();
    await Promise.all([accounts.write(), marks.write()]);
    writing = insert(store, events, marks, hours, summary, calendar);
    // Awaited before the next batch; without this a failure in between would count as unhandled.
    writing.catch(() => {});
    onProgress(summary);
  };

  for await (const record of records) {
    takeNote(summary, source, record);
    if (record.type === "member") accounts.list(source, record.member);
    else if (record.type === "event") {
      const { event } = record;
      const document = eventDocument(source, event);
      accounts.hear(source, event.account, event.at);
      marks.add(document.account, calendar.dayOf(event.at));
      batch.push(document);
    }
    if (batch.length >= BATCH) await write();
  }
  await write();
  await writing;
  await Promise.all([accounts.writeAll(), hours.writeAll()]);
  onProgress(summary);
  return summary;
}

async function insert(
  store: Store,
  events: EventDocument[],
  marks: StaleMarks,
  hours: SourceHours,
  summary: IngestSummary,
  calendar: Calendar,
): Promise<void> {
  if (events.length === 0) return;
  try {
    await store.events.insertMany(events, { ordered: false });
    summary.added += events.length;
    hours.note(events);
  } catch (error) {
    const duplicates = duplicatesOf(error).flatMap((index) => events[index] ?? []);
    summary.added += events.length - duplicates.length;
    summary.duplicates += duplicates.length;
    hours.note(new Set(events).difference(new Set(duplicates)));
    await settle(store, duplicates, marks, hours, calendar);
  }
  await hours.write();
}

/** Of different events with one id the first in `precedes` stays, whichever was stored before. */
async function settle(
  store: Store,
  duplicates: EventDocument[],
  marks: StaleMarks,
  hours: SourceHours,
  calendar: Calendar,
): Promise<void> {
  const best = new Map<string, EventDocument>();
  for (const event of duplicates) {
    const other = best.get(event._id);
    if (!other || precedes(event, other)) best.set(event._id, event);
  }
  const stored = await store.events.find({ _id: { $in: [...best.keys()] } }).toArray();
  hours.note(stored);
  const moved = stored.flatMap((old) => {
    const event = best.get(old._id);
    return event && precedes(event, old) ? [{ old, event }] : [];
  });
  if (moved.length === 0) return;
  for (const { old } of moved) marks.add(old.account, calendar.dayOf(old.at.getTime()));
  await marks.write();
  await dropDerived(store, [...new Set(moved.map(({ old }) => old.account))], calendar);
  await hours.forget(moved.map(({ old }) => old));
  for (const { event } of moved) await store.events.replaceOne({ _id: event._id }, event);
  hours.note(moved.map(({ event }) => event));
  const [last] = await store.events
    .aggregate<{ at: Date }>([{ $group: { _id: null, at: { $max: "$at" } } }])
    .toArray();
  if (last) await store.meta.updateOne({ _id: "store" }, { $set: { dataUpTo: last.at } });
}
