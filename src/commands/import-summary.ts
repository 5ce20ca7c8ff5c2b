import { randomUUID } from "node:crypto";
import type { Calendar } from "../domain/calendar.ts";
import type { Told } from "../domain/dialects.ts";
import { oneLine } from "../domain/format.ts";
import { rangeLabel } from "../domain/period.ts";
import { formatCount, plural } from "../domain/words.ts";
import { sources } from "../sources/index.ts";
import type { Store } from "../store/open.ts";
import type { IngestSummary } from "../store/summary.ts";
import { createRetold } from "./import-retold.ts";
import type { ImportResult } from "./reply.ts";

/** What was read of one input. */
export interface Imported {
  readonly name: string;
  readonly source: string;
  /** In which of the source's dialects, if it has several. */
  readonly dialect: string | undefined;
  readonly summary: IngestSummary;
}

/** What is wrong with the input as a whole: nothing in it could be used, or its end is missing. */
export function failuresOf({ name, summary }: Imported, isDry = false): string[] {
  const { cutOff, faults, rejected, read } = summary;
  const [first] = faults;
  if (first && rejected === read) {
    return [`${name} holds nothing that can be used (line ${first.line}: ${oneLine(first.reason)})`];
  }
  if (!cutOff) return [];
  return [
    `${name} breaks off (line ${cutOff.line}: ${oneLine(cutOff.reason)}); what came before is ${isDry ? "good" : "stored"}`,
  ];
}

/** A line for each record that was left out, as far as they are kept. */
export function faultLines({ summary }: Imported): string[] {
  const lines = summary.faults.map(({ line, reason }) => `  line ${line}: ${oneLine(reason)}`);
  const more = summary.rejected - summary.faults.length;
  return more > 0 ? [...lines, `  and ${formatCount(more)} more`] : lines;
}

/** Keeps a note of each import, and gives them as the command line's contract has them, with what they told again. */
export async function recordImports(
  store: Store,
  done: readonly Imported[],
  now: number,
  calendar: Calendar,
): Promise<{ result: ImportResult; retold: Told[] }[]> {
  const personOf = new Map<string, string>();
  for await (const person of store.people.find({}, { projection: { accounts: 1 } })) {
    for (const account of person.accounts) personOf.set(account, person._id);
  }
  const retoldBy = createRetold(store, calendar);
  const results: { result: ImportResult; retold: Told[] }[] = [];
  for (const imported of done) {
    const { summary, name, dialect } = imported;
    const people = new Set([...summary.accounts].map((account) => personOf.get(account))).size;
    const result = resultOf(imported, people);
    const retold = await retoldBy(imported);
    await store.imports.insertOne({
      ...result,
      _id: randomUUID(),
      at: new Date(now),
      name: name.slice(0, 200),
      ...(dialect !== undefined && { dialect }),
      from: summary.from === null ? null : new Date(summary.from),
      to: summary.to === null ? null : new Date(summary.to),
    });
    results.push({ result, retold });
  }
  return results;
}

/** The summary as the command line's contract has it. */
export function resultOf({ source, summary }: Imported, people: number): ImportResult {
  const { read, added, duplicates, rejected, from, to } = summary;
  const instant = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());
  return { source, read, added, duplicates, rejected, people, from: instant(from), to: instant(to) };
}

/** Events whose kind nobody knows, which are kept all the same. */
function unknownText({ unknown }: IngestSummary): string {
  if (unknown.size === 0) return "";
  const total = [...unknown.values()].reduce((sum, count) => sum + count, 0);
  const words = [...unknown].map(([word, count]) => `${word} (${formatCount(count)})`);
  return `; kept as other, for their kind is not known: ${formatCount(total)}, namely ${words.join(", ")}`;
}

/** What an import did, or would do, in one line. */
export function describeImport(
  { name, source, summary }: Imported,
  result: ImportResult | undefined,
  named: boolean,
  calendar: Calendar,
  isDry = false,
): string {
  const title = Object.entries(sources).find(([key]) => key === source)?.[1].title ?? source;
  const { from, to } = summary;
  const counts = [
    `${plural(summary.read, "record")} read`,
    `${plural(summary.added, "event")} ${isDry ? "to add" : "added"}`,
    summary.duplicates > 0 ? `${formatCount(summary.duplicates)} known already` : [],
    summary.members > 0 ? `${plural(summary.members, "member")} listed` : [],
    summary.rejected > 0 ? `${formatCount(summary.rejected)} rejected` : [],
    plural(result?.people ?? 0, "person", "people"),
  ].flat();
  const days =
    from !== null && to !== null
      ? `; ${rangeLabel({ from: calendar.dayOf(from), to: calendar.dayOf(to) })}`
      : "";
  return `${named ? `${name}: ` : ""}${title}: ${counts.join(", ")}${days}${unknownText(summary)}`;
}
