import { nearest, orList } from "../domain/words.ts";
import { UsageError } from "../errors.ts";
import type { Command, CommandDeps, CommandOptions, Front } from "./command.ts";
import { commandsOf, helpText } from "./help.ts";
import { importCommand } from "./import.ts";
import { rebuildCommand } from "./rebuild.ts";
import type { Reply } from "./reply.ts";
import { reportCommand } from "./report.ts";

const helpCommand: Command = {
  words: "help [COMMAND]",
  help: "what can be typed",
  where: "everywhere",
  async run([name], { front }) {
    return { type: "text", text: helpFor(name, front) };
  },
};

/** What can be typed there, or what one command does. @throws UsageError when there is no such command */
export function helpFor(name: string | undefined, front: Front): string {
  if (name === undefined) return helpText(commands, front);
  const { words, help } = findCommand(name, front);
  return `${words}\n${help}`;
}

/** Every subcommand, in the order of the help. */
export const commands = {
  overview: reportCommand("overview"),
  users: reportCommand("users"),
  user: reportCommand("user"),
  import: importCommand,
  rebuild: rebuildCommand,
  help: helpCommand,
} as const satisfies Record<string, Command>;

/** @throws UsageError that names the nearest commands of that front end */
export function findCommand(name: string, front: Front): Command {
  const here = commandsOf(commands, front);
  const found = here.find(([key]) => key === name.toLowerCase());
  if (found) return found[1];
  const names = here.map(([key]) => key);
  const close = nearest(name, names);
  throw new UsageError(
    close.length > 0
      ? `there is no command “${name.slice(0, 40)}”; did you mean ${orList(close)}?`
      : `there is no command “${name.slice(0, 40)}”; there are ${orList(names)}`,
  );
}

/** Runs the command that the words name; no words at all ask for the overview in Slack, for help in a terminal. */
export async function runCommand(
  words: readonly string[],
  deps: CommandDeps,
  options: CommandOptions = {},
): Promise<Reply> {
  const [name = deps.front === "slack" ? "overview" : "help", ...rest] = words;
  return findCommand(name, deps.front).run(rest, deps, options);
}
