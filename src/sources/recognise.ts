import { createCsvCutter, readRow } from "./csv-cutter.ts";
import { createJsonCutter } from "./json-cutter.ts";
import { createLineCutter } from "./line-cutter.ts";
import type { CutRecord, Cutter, Form, Source } from "./source.ts";
import { maxRecordBytes } from "./source.ts";
import { delimiters } from "./table.ts";

/** A source's form that an input is in, and what cuts it into records. */
export interface Recognised<Name extends string> {
  readonly source: Name;
  readonly form: Form;
}

/** By which name, with which of its forms. */
export type Candidates<Name extends string> = readonly (readonly [name: Name, source: Source])[];

/** A line of JSON, which may quote anything. */
const jsonLine = /^\s*(?:["[\]}]|\{\s*(?:"|$))/;
/** So many records without one that is known, and the input is none of ours. */
const maxUnknown = 1000;

/** Finds the CSV form whose columns the first line names. */
export function recogniseCsv<Name extends string>(
  head: string,
  candidates: Candidates<Name>,
): (Recognised<Name> & { readonly cutter: Cutter }) | undefined {
  const start = head.length - head.trimStart().length;
  for (const delimiter of delimiters) {
    const row = readRow(head, start, delimiter, true);
    if (typeof row === "string") continue;
    const header = Object.fromEntries(row.cells.map((cell) => [cell.trim(), ""]));
    const found = find("csv", header, candidates);
    if (found !== undefined) return { ...found, cutter: createCsvCutter({ delimiter }) };
  }
  return undefined;
}

/** Finds the form of a log by the first line of a beginning that a source knows; the last one may be incomplete. */
export function recogniseLines<Name extends string>(
  head: Uint8Array,
  candidates: Candidates<Name>,
): (Recognised<Name> & { readonly cutter: Cutter }) | undefined {
  const out: CutRecord[] = [];
  const cutter = createLineCutter();
  cutter.feed(head, out);
  cutter.end(out);
  for (const record of out) {
    if ("broken" in record || jsonLine.test(String(record.fields.text))) continue;
    const found = find("lines", record.fields, candidates);
    if (found !== undefined) return { ...found, cutter: createLineCutter() };
  }
  return undefined;
}

/** Whether the text may hold JSON records: some line begins with a bracket. */
export function looksLikeJson(head: string): boolean {
  return /^[ \t]*[{[]/m.test(head);
}

/** A cutter for the JSON that begins like this: line by line, unless records go on over the ends of lines. */
export function chooseJsonCutter(head: Uint8Array, candidates: Candidates<string>): Cutter {
  const byLine = readHead(head, true, candidates);
  const whole = readHead(head, false, candidates);
  const lineByLine = byLine.known === whole.known ? byLine.other <= whole.other : byLine.known > whole.known;
  return createJsonCutter({ lineByLine });
}

/** How many records of vaults, and how many of anything else, a beginning has for a cutter. */
function readHead(
  head: Uint8Array,
  lineByLine: boolean,
  candidates: Candidates<string>,
): { known: number; other: number } {
  const out: CutRecord[] = [];
  const cutter = createJsonCutter({ lineByLine });
  cutter.feed(head, out);
  cutter.end(out);
  const known = out.filter((record) => "fields" in record && find("json", record.fields, candidates)).length;
  return { known, other: out.length - known };
}

/** What was read of an input to find its form; `first` are the records read for that, the rest follows. */
export interface JsonBeginning<Name extends string> {
  readonly first: readonly CutRecord[];
  readonly found: Recognised<Name> | undefined;
}

/** Reads on to the first record that a source knows; gives up after a thousand records or 1 MB of them. */
export async function recogniseJson<Name extends string>(
  batches: AsyncIterator<readonly CutRecord[]>,
  candidates: Candidates<Name>,
): Promise<JsonBeginning<Name>> {
  const first: CutRecord[] = [];
  let looked = 0;
  let size = 0;
  for (;;) {
    const next = await batches.next();
    if (next.done === true) return { first, found: undefined };
    first.push(...next.value);
    for (; looked < first.length; looked++) {
      const record = first[looked];
      if (looked >= maxUnknown || size > maxRecordBytes) return { first, found: undefined };
      if (record === undefined || "broken" in record) continue;
      size += record.size;
      const found = find("json", record.fields, candidates);
      if (found !== undefined) return { first, found };
    }
  }
}

function find<Name extends string>(
  cut: Form["cut"],
  fields: Readonly<Record<string, unknown>>,
  candidates: Candidates<Name>,
): Recognised<Name> | undefined {
  const isNamed = candidates.length === 1;
  for (const [name, source] of candidates) {
    const form = source.forms.find(
      (form) => form.cut === cut && (form.recognises(fields) || (isNamed && form.takes?.(fields))),
    );
    if (form !== undefined) return { source: name, form };
  }
  return undefined;
}
