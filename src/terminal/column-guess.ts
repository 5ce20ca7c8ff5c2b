import stringWidth from "fast-string-width";
import type { UnknownCsv } from "../commands/reply.ts";
import { oneLine } from "../domain/format.ts";
import { plural } from "../domain/words.ts";
import {
  type ColumnFacts,
  type ColumnRole,
  type DraftMap,
  draftMap,
  guessRoles,
  needsZone,
} from "../sources/guess-map.ts";

const EXAMPLES = 3;
const LONGEST = 24;

/** A column's or a person's words, short and on one line. */
export function short(text: string, longest = LONGEST): string {
  const line = oneLine(text);
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
}

/** A few of a column's values, for whoever sits at the terminal that the file was named in. */
export function examplesOf({ values }: ColumnFacts): string {
  return values
    .slice(0, EXAMPLES)
    .map((value) => short(value))
    .join(" · ");
}

/**
 * What each column of a CSV would become, as lines, and the map that says so. Example values, which are people's data,
 * only `withExamples`.
 */
export function showGuess(csv: UnknownCsv, withExamples: boolean): string {
  const roles = guessRoles(csv.facts);
  const map = draftMap(csv.facts, roles, { timeZone: csv.timeZone });
  const rows = csv.facts.map((column, i) => [
    short(column.name, 40),
    roles[i] ?? "",
    withExamples ? examplesOf(column) : "",
  ]);
  const widths = [0, 1].map((i) => Math.max(...rows.map((row) => stringWidth(row[i] ?? ""))));
  const lines = rows.map((row) =>
    row
      .map((cell, i) => cell + " ".repeat(Math.max(0, (widths[i] ?? 0) - stringWidth(cell))))
      .join("  ")
      .trimEnd(),
  );
  return [
    `${csv.name} is a CSV that no source knows. What its columns would become, from ${plural(csv.rows, "row")}:`,
    "",
    ...lines,
    "",
    ...openQuestions(csv.facts, roles, map).map((line) => `! ${line}`),
    "As map.json, for import FILE --map map.json:",
    "",
    JSON.stringify(map, null, 2),
  ].join("\n");
}

/** What a person has to say before the map can be used. */
export function openQuestions(
  facts: readonly ColumnFacts[],
  roles: readonly ColumnRole[],
  map: DraftMap,
): string[] {
  const lacking = (["at", "user", "kind"] as const)
    .filter((role) => map[role] === undefined)
    .map((role) => `No column was found for “${role}”, which a map needs.`);
  const at = facts[roles.indexOf("at")];
  if (at === undefined) return lacking;
  const format =
    at.times.length > 1
      ? [`“timeFormat” may be ${at.times.join(" or ")}, which the times leave open: leave one of them.`]
      : [];
  const zone =
    needsZone(at) && map.timeZone === undefined
      ? ["The times have no zone: add “timeZone”, such as Europe/Oslo, or give --source-time-zone."]
      : [];
  return [...lacking, ...format, ...zone];
}
