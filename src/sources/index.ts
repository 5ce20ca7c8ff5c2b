import { DIRECTORY, type SourceRecord } from "../domain/event.ts";
import { SourceError, UsageError } from "../errors.ts";
import { bitwarden } from "./bitwarden.ts";
import type { ColumnMap } from "./column-map.ts";
import { cyberark } from "./cyberark.ts";
import { delinea } from "./delinea.ts";
import { devolutions } from "./devolutions.ts";
import { directory } from "./directory.ts";
import type { OpenInput } from "./input.ts";
import { openInput } from "./input.ts";
import { keeper } from "./keeper.ts";
import { lastpass } from "./lastpass.ts";
import { mappedCsv, mappedForm, missingColumn } from "./mapped-csv.ts";
import { onepassword } from "./onepassword.ts";
import { passbolt } from "./passbolt.ts";
import { plain } from "./plain.ts";
import { pmp } from "./pmp.ts";
import type { Candidates } from "./recognise.ts";
import { chooseJsonCutter, looksLikeJson, recogniseCsv, recogniseJson, recogniseLines } from "./recognise.ts";
import { refuseWhatIsNoText } from "./refuse.ts";
import type { Settle } from "./settle.ts";
import { createSettle } from "./settle.ts";
import { BreakOff, type CutRecord, type Cutter, type Fields, type Form, type Source } from "./source.ts";
import { readTables, UnknownTable } from "./table.ts";
import { vaultwarden } from "./vaultwarden.ts";

export type { Fields, Source } from "./source.ts";

/**
 * The vaults whose exports are understood, and the directory, which comes last: a list that a vault knows is the
 * vault's. A further one is a file of its own and a line here.
 */
export const sources = {
  plain,
  bitwarden,
  onepassword,
  vaultwarden,
  keeper,
  passbolt,
  lastpass,
  cyberark,
  devolutions,
  delinea,
  pmp,
  csv: mappedCsv,
  [DIRECTORY]: directory,
} satisfies Record<string, Source>;

export type SourceName = keyof typeof sources;

export interface ReadOptions {
  /** What messages call the input: its file name, "standard input". */
  readonly name: string;
  /** One of the names in {@link sources}; without it, the content tells. */
  readonly source?: string | undefined;
  /** What the columns of a CSV mean that no source knows; the input is then taken for one. */
  readonly map?: ColumnMap | undefined;
  /** Where times without an offset were written: an IANA name. */
  readonly timeZone?: string | undefined;
  /** Milliseconds since the epoch; an event later than ten minutes after it is rejected. */
  readonly now: number;
}

/** What an input turned out to be, and its records in their order; they can be read once. */
export interface ReadResult {
  readonly source: SourceName;
  /** In which of the source's dialects its events are, if it has several: by the first record that is known. */
  readonly dialect: string | undefined;
  readonly records: AsyncIterable<SourceRecord>;
}

/**
 * Reads one input of any known vault as a stream, without ever holding much of it. A record that cannot be used comes
 * as `rejected` with its line and loses no other. Rejects with a {@link SourceError} if it is no vault export at all,
 * with a {@link UsageError} if there is no source of that name; errors of the input itself come through.
 */
export async function readSource(
  input: AsyncIterable<Uint8Array>,
  options: ReadOptions,
): Promise<ReadResult> {
  const candidates = candidatesFor(options);
  const opened = await openInput(input).catch((error: unknown) => {
    if (!(error instanceof BreakOff)) throw error;
    throw new SourceError(`${options.name} cannot be read: ${error.message}`, { cause: error });
  });
  try {
    return await read(opened, candidates, options);
  } catch (error) {
    await opened.close();
    throw error;
  }
}

async function read(
  input: OpenInput,
  candidates: Candidates<SourceName>,
  { name, now, timeZone, map }: ReadOptions,
): Promise<ReadResult> {
  const right = rightFor(candidates);
  refuseWhatIsNoText(input.head, name, right);
  const head = new TextDecoder().decode(input.head);

  // Lines before JSON: a log's message may be JSON, with a header before it or not, or begin with a brace.
  const text = recogniseCsv(head, candidates) ?? recogniseLines(input.head, candidates);
  if (text !== undefined) {
    const settle = createSettle(text.form, now, timeZone);
    const records = settled([], cut(input, text.cutter), settle);
    return { source: text.source, dialect: text.form.dialect, records };
  }
  if (map !== undefined) throw missingColumn(head, name, map);
  if (!looksLikeJson(head)) {
    const what = `${name} is no vault export: it is neither JSON nor CSV with known columns nor a known log; right would be`;
    const [table] = readTables(head);
    if (table === undefined) throw new SourceError(`${what} ${right}`);
    throw new UnknownTable(`${what} a map of them (--map), which import FILE --dry-run makes`, table);
  }
  const batches = cut(input, chooseJsonCutter(input.head, candidates));
  const { first, found } = await recogniseJson(batches, candidates);
  if (found === undefined) {
    await batches.return();
    throw new SourceError(`${name} is no vault export: ${whatItIs(first)}; right would be ${right}`);
  }
  const records = settled(first, batches, createSettle(found.form, now, timeZone));
  return { source: found.source, dialect: found.form.dialect, records };
}

function apiFormOf(source: SourceName): Form {
  const form = (sources[source] as Source).forms.find(({ cut }) => cut === "json");
  if (form === undefined) throw new RangeError(`${source} has no form of its API`);
  return form;
}

/** Which of the source's dialects its API speaks, if it has several. */
export function apiDialectOf(source: SourceName): string | undefined {
  return apiFormOf(source).dialect;
}

/**
 * Settles records that come parsed from a vault's own API. Equal ones are several events, so one of these takes every
 * record of a stretch of time, each once.
 */
export function createApiSettle(
  source: SourceName,
  now: number,
): (fields: Fields) => SourceRecord | undefined {
  const settle = createSettle(apiFormOf(source), now);
  let line = 0;
  return (fields) => {
    line += 1;
    return settle({ line, fields, size: 0 });
  };
}

function candidatesFor({ source: name, map }: ReadOptions): Candidates<SourceName> {
  if (map !== undefined && (name === undefined || name === "csv")) {
    return [["csv", { ...mappedCsv, forms: [mappedForm(map)] }]];
  }
  if (map !== undefined) throw new UsageError(`A column map goes with the source csv, not with ${name}`);
  if (name === "csv") throw new UsageError("The source csv needs a column map: --map map.json");
  const all = Object.entries(sources) as [SourceName, Source][];
  if (name === undefined) return all;
  const named = all.filter(([key]) => key === name);
  if (named.length > 0) return named;
  throw new UsageError(
    `There is no source of that name; right would be one of ${Object.keys(sources).join(", ")}`,
  );
}

/** What would be right: of one source everything, of all of them their names. */
function rightFor(candidates: Candidates<SourceName>): string {
  const [only, ...more] = candidates;
  if (only !== undefined && more.length === 0) return only[1].describe;
  return `an export of ${candidates.map(([, { title }]) => title).join(", ")}`;
}

function whatItIs(first: readonly CutRecord[]): string {
  const broken = first.find((record) => "broken" in record);
  if (first.length === 0) return "it is JSON without any record";
  if (broken !== undefined && first.every((record) => "broken" in record)) {
    return `nothing in it can be read (line ${broken.line}: ${broken.broken})`;
  }
  return "it is JSON, but of another kind";
}

/** The records of each piece together: handing them on one by one would cost as much as reading them. */
async function* cut(input: OpenInput, cutter: Cutter): AsyncGenerator<readonly CutRecord[], void> {
  let breakOff: string | undefined;
  try {
    for await (const piece of input.pieces()) {
      const out: CutRecord[] = [];
      cutter.feed(piece, out);
      yield out;
    }
  } catch (error) {
    if (!(error instanceof BreakOff)) throw error;
    breakOff = error.message;
  }
  const out: CutRecord[] = [];
  cutter.end(out, breakOff);
  yield out;
}

async function* settled(
  first: readonly CutRecord[],
  rest: AsyncGenerator<readonly CutRecord[], void>,
  settle: Settle,
): AsyncGenerator<SourceRecord, void> {
  try {
    let batch: readonly CutRecord[] | undefined = first;
    while (batch !== undefined) {
      for (const record of batch) {
        const made = settle(record);
        if (made !== undefined) yield made;
      }
      batch = (await rest.next()).value ?? undefined;
    }
  } finally {
    await rest.return();
  }
}
