import type { EventKind, SourceRecord } from "../domain/event.ts";
import { type AccountSet, createAccountSets } from "./account-sets.ts";
import { accountKey } from "./facts.ts";

const FAULTS_KEPT = 20;
const WORDS_KEPT = 20;
/** What stands for all words beyond those. */
const OTHER_WORDS = "others";

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
  /** How many events there are of each kind. */
  readonly kinds: Map<EventKind, number>;
  /** Words of the vault that nobody knows, and how many events have them; of the first ones only. */
  readonly unknown: Map<string, number>;
  /** The first of the faults. */
  readonly faults: Fault[];
  /** Keys of the accounts that the input names. */
  readonly accounts: AccountSet;
  /** First and last event, as milliseconds since the epoch. */
  from: number | null;
  to: number | null;
}

/** Makes summaries of nothing yet, for the inputs of one import. */
export function createSummaries(): () => IngestSummary {
  const newAccounts = createAccountSets();
  return () => ({
    read: 0,
    added: 0,
    duplicates: 0,
    rejected: 0,
    members: 0,
    cutOff: null,
    kinds: new Map(),
    unknown: new Map(),
    faults: [],
    accounts: newAccounts(),
    from: null,
    to: null,
  });
}

/** Counts one record of a source. Whether an event is new, `added` or one of `duplicates`, only the store can say. */
export function takeNote(summary: IngestSummary, source: string, record: SourceRecord): void {
  summary.read += 1;
  if (record.type === "rejected") {
    const fault = { line: record.line, reason: record.reason };
    summary.rejected += 1;
    if (summary.faults.length < FAULTS_KEPT) summary.faults.push(fault);
    if (record.isCutOff) summary.cutOff = fault;
  } else if (record.type === "member") {
    summary.members += 1;
    summary.accounts.add(accountKey(source, record.member.id));
  } else {
    const { event, unknown } = record;
    summary.accounts.add(accountKey(source, event.account.id));
    summary.kinds.set(event.kind, (summary.kinds.get(event.kind) ?? 0) + 1);
    if (unknown !== undefined) countWord(summary.unknown, unknown);
    summary.from = Math.min(summary.from ?? event.at, event.at);
    summary.to = Math.max(summary.to ?? event.at, event.at);
  }
}

function countWord(counts: Map<string, number>, word: string): void {
  const key = counts.has(word) || counts.size < WORDS_KEPT ? word : OTHER_WORDS;
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
