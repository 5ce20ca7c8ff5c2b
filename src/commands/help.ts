import { periodExamples } from "../domain/period.ts";
import { sortTitles } from "../domain/sort.ts";
import { orList } from "../domain/words.ts";
import { formatNames } from "../render/formats.ts";
import type { Command, Front } from "./command.ts";

/** The commands that may be typed there. */
export function commandsOf(commands: Readonly<Record<string, Command>>, front: Front): [string, Command][] {
  return Object.entries(commands).filter(
    ([, command]) => front === "terminal" || command.where === "everywhere",
  );
}

/** Longer words have their help below them. */
const WIDEST = 40;

const terminalOptions = [
  ["--json", "print the answer as one JSON object"],
  ["--out FILE", `write the report to FILE, which ends in ${orList(formatNames)}`],
  [
    "--as EMAIL",
    "answer as that person would see it: about their people if they are a manager, else themselves",
  ],
  ["--now INSTANT", "answer as of that instant, such as 2026-10-01T08:00:00Z"],
  ["--time-zone ZONE", "the reporting zone for an empty store, and for rebuild"],
  ["--source NAME", "the vault that an import comes from, if it is not to be found from the content"],
  ["--map FILE", "what the columns of a CSV mean that an import does not know; --dry-run makes one"],
  ["--dry-run", "say what would come of an import, and store nothing"],
  ["--source-time-zone ZONE", "where the times of an import were written that have no offset"],
  ["--help, --version", "what they say"],
] as const;

const prefix = (front: Front): string => (front === "slack" ? "/usage " : "");

/** What one command does, with examples. */
export function commandText({ words, help, examples }: Command, front: Front): string {
  const typed = prefix(front);
  return [`${typed}${words}`, help, "", "For example:", ...examples.map((each) => `  ${typed}${each}`)].join(
    "\n",
  );
}

/** What can be typed, a line each. */
export function helpText(commands: Readonly<Record<string, Command>>, front: Front): string {
  const typed = prefix(front);
  const rows: (readonly [string, string])[] = commandsOf(commands, front).map(([, command]) => [
    typed + command.words,
    command.help,
  ]);
  if (front === "terminal") rows.push(["", ""], ...terminalOptions);
  const width = Math.max(...rows.map(([words]) => (words.length > WIDEST ? 0 : words.length))) + 2;
  const lines = rows.map(([words, help]) =>
    words.length > WIDEST
      ? `${words}\n${" ".repeat(width)}${help}`
      : `${words.padEnd(width)}${help}`.trimEnd(),
  );
  const metrics = Object.values(sortTitles).map((title) => title.toLowerCase());
  return [
    ...lines,
    "",
    `PERIOD is one of: ${periodExamples}; if not given, last 30 days.`,
    `“as ${formatNames.join("|")}” behind a report gives it as a file.`,
    `METRIC is one of: ${metrics.join(", ")}.`,
    `A name with a space, or one that could be anything else, stands in quotes; ${typed}help COMMAND shows examples.`,
  ].join("\n");
}
