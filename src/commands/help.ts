import { periodExamples } from "../domain/period.ts";
import type { Command, Front } from "./command.ts";

/** The commands that may be typed there. */
export function commandsOf(commands: Readonly<Record<string, Command>>, front: Front): [string, Command][] {
  return Object.entries(commands).filter(
    ([, command]) => front === "terminal" || command.where === "everywhere",
  );
}

const terminalOptions = [
  ["--json", "print the answer as one JSON object"],
  ["--out FILE", "write the charts to FILE, which ends in png or svg"],
  ["--now INSTANT", "answer as of that instant, such as 2026-10-01T08:00:00Z"],
  ["--time-zone ZONE", "the reporting zone for an empty store, and for rebuild"],
  ["--source NAME", "the vault that an import comes from, if it is not to be found from the content"],
  ["--help, --version", "what they say"],
] as const;

/** What can be typed, a line each. */
export function helpText(commands: Readonly<Record<string, Command>>, front: Front): string {
  const typed = front === "slack" ? "/usage " : "";
  const rows: (readonly [string, string])[] = commandsOf(commands, front).map(([, command]) => [
    typed + command.words,
    command.help,
  ]);
  if (front === "terminal") rows.push(["", ""], ...terminalOptions);
  const width = Math.max(...rows.map(([words]) => words.length)) + 2;
  const lines = rows.map(([words, help]) => `${words.padEnd(width)}${help}`.trimEnd());
  return [...lines, "", `PERIOD is one of: ${periodExamples}; if not given, last 30 days.`].join("\n");
}
