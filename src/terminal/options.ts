import { parseArgs } from "node:util";
import { timeZoneOf } from "../domain/calendar.ts";
import { nearest, orList } from "../domain/words.ts";
import { UsageError } from "../errors.ts";

const flags = {
  json: { type: "boolean" },
  out: { type: "string" },
  as: { type: "string" },
  now: { type: "string" },
  "time-zone": { type: "string" },
  source: { type: "string" },
  "source-time-zone": { type: "string" },
  map: { type: "string" },
  "dry-run": { type: "boolean" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean" },
} as const;

const EARLIEST = Date.parse("2000-01-01");
const LATEST = Date.parse("2100-01-01");

/** What stood behind `usage` in the terminal. `now` is in milliseconds since the epoch. */
export interface TerminalOptions {
  readonly words: readonly string[];
  readonly json: boolean;
  readonly out: string | undefined;
  /** Whose eyes to see with: an e-mail. */
  readonly as: string | undefined;
  readonly now: number | undefined;
  readonly zone: string | undefined;
  readonly source: string | undefined;
  /** Where the times of an import without an offset were written: an IANA name. */
  readonly sourceZone: string | undefined;
  /** The file with the column map of an import. */
  readonly map: string | undefined;
  /** Whether an import is only to say what would come of it. */
  readonly dryRun: boolean;
  readonly help: boolean;
  readonly version: boolean;
}

/** @throws UsageError with what would be right */
export function parseOptions(args: readonly string[]): TerminalOptions {
  const { values, positionals } = parse(args);
  return {
    words: positionals,
    json: values.json === true,
    out: values.out,
    as: values.as === undefined ? undefined : parseEmail(values.as),
    now: values.now === undefined ? undefined : parseNow(values.now),
    zone: values["time-zone"] === undefined ? undefined : parseZone(values["time-zone"]),
    source: values.source,
    sourceZone:
      values["source-time-zone"] === undefined
        ? undefined
        : parseZone(values["source-time-zone"], "--source-time-zone"),
    map: values.map,
    dryRun: values["dry-run"] === true,
    help: values.help === true,
    version: values.version === true,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: flags, allowPositionals: true, strict: true });
  } catch (error) {
    const name = /'(-[^'\s=]*)/.exec((error as Error).message)?.[1] ?? "";
    const names = Object.keys(flags).map((flag) => `--${flag}`);
    if (names.includes(name)) {
      const { type } = flags[name.slice(2) as keyof typeof flags];
      throw new UsageError(type === "string" ? `${name} needs a value behind it` : `${name} takes no value`);
    }
    const close = nearest(name, names);
    throw new UsageError(
      `there is no option ${name}; ${close.length > 0 ? `did you mean ${orList(close)}?` : `there are ${orList(names)}`}`,
    );
  }
}

function parseNow(text: string): number {
  try {
    const now = Temporal.Instant.from(text).epochMilliseconds;
    if (now < EARLIEST || now >= LATEST) throw new RangeError("out of range");
    return now;
  } catch {
    throw new UsageError(
      `--now has to be an instant from 2000 to 2099 such as 2026-10-01T08:00:00Z, not “${text}”`,
    );
  }
}

function parseEmail(text: string): string {
  if (/^[^\s@]+@[^\s@]+$/.test(text)) return text;
  throw new UsageError(`--as has to be an e-mail such as ann@example.com, not “${text}”`);
}

function parseZone(text: string, option = "--time-zone"): string {
  const zone = timeZoneOf(text);
  if (zone !== undefined) return zone;
  throw new UsageError(`${option} has to be an IANA name such as Europe/Oslo, not “${text}”`);
}
