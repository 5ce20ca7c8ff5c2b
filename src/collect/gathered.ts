import { createSummaries, type IngestSummary } from "../store/summary.ts";

const SUMS = ["read", "added", "duplicates", "rejected", "members"] as const;
const FAULTS = 20;

/** What came of a part of the collecting, as of an import. */
export type Gathered = Pick<IngestSummary, (typeof SUMS)[number] | "faults" | "unknown" | "from" | "to">;

export function nothingGathered(): Gathered {
  return createSummaries()();
}

/** Adds what came of a further part; of its faults the first ones only. */
export function addGathered(sum: Gathered, more: Gathered): void {
  for (const key of SUMS) sum[key] += more[key];
  if (more.from !== null) sum.from = Math.min(sum.from ?? more.from, more.from);
  if (more.to !== null) sum.to = Math.max(sum.to ?? more.to, more.to);
  sum.faults.push(...more.faults.slice(0, Math.max(0, FAULTS - sum.faults.length)));
  for (const [word, count] of more.unknown) sum.unknown.set(word, (sum.unknown.get(word) ?? 0) + count);
}
