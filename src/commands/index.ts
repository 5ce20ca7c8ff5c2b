import type { Viewer } from "../domain/viewer.ts";
import { nearest, orList, readWord } from "../domain/words.ts";
import { UsageError } from "../errors.ts";
import { checkAudience, viewerOfCall } from "./audience.ts";
import { collectCommand } from "./collect.ts";
import type { Command, CommandDeps, CommandOptions, Front } from "./command.ts";
import { downloadsCommand } from "./downloads.ts";
import { splitFormat } from "./export.ts";
import { commandsOf, commandText, helpText } from "./help.ts";
import { importCommand } from "./import.ts";
import { manifestCommand } from "./manifest.ts";
import { peopleCommand } from "./people.ts";
import { rebuildCommand } from "./rebuild.ts";
import type { Reply } from "./reply.ts";
import { reportCommand } from "./report.ts";
import { scheduleCommand } from "./schedule.ts";
import { schedulesCommand } from "./schedules.ts";
import { statusCommand } from "./status.ts";
import { verifyCommand } from "./verify.ts";

const helpCommand: Command = {
  words: "help [COMMAND]",
  help: "what can be typed, with examples for a command",
  examples: ["help", "help users"],
  where: "everywhere",
  audience: "everyone",
  needs: "nothing",
  async run([name], { front }) {
    return { type: "text", text: helpFor(name, front) };
  },
};

/** What can be typed there, or what one command does. @throws UsageError when there is no such command */
export function helpFor(name: string | undefined, front: Front): string {
  if (name === undefined) return helpText(commands, front);
  return commandText(findCommand(name, front), front);
}

/** Every subcommand, in the order of the help. */
export const commands = {
  overview: reportCommand("overview"),
  users: reportCommand("users"),
  user: reportCommand("user"),
  me: reportCommand("me"),
  inactive: reportCommand("inactive"),
  people: peopleCommand,
  status: statusCommand,
  schedule: scheduleCommand,
  schedules: schedulesCommand,
  downloads: downloadsCommand,
  verify: verifyCommand,
  import: importCommand,
  collect: collectCommand,
  rebuild: rebuildCommand,
  manifest: manifestCommand,
  help: helpCommand,
} as const satisfies Record<string, Command>;

/** @throws UsageError that names the nearest commands of that front end */
export function findCommand(typed: string, front: Front): Command {
  const name = readWord(typed).text;
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

/**
 * The command that the words begin with, checked that the viewer may ask for it; no words at all mean the overview in
 * Slack, the help in a terminal.
 * @throws UsageError that names the nearest commands; AccessError for what is not the viewer's to see
 */
export function requireAudience(
  name: string | undefined,
  viewer: Viewer,
  { front }: Pick<CommandDeps, "front">,
): Command {
  const command = findCommand(name ?? (front === "slack" ? "overview" : "help"), front);
  checkAudience(command.audience, viewer, front);
  return command;
}

/**
 * Runs the command that the words name; `as FORMAT` behind them wants the report as a file.
 * @throws UsageError, AccessError as `requireAudience`
 */
export async function runCommand(
  typed: readonly string[],
  deps: CommandDeps,
  options: CommandOptions = {},
): Promise<Reply> {
  const viewer = viewerOfCall(options, deps.front);
  const command = requireAudience(typed[0], viewer, deps);
  const { words, format } = command.ownsFormat ? { words: typed, format: undefined } : splitFormat(typed);
  const [name, ...rest] = words;
  const reply = await command.run(rest, deps, options);
  if (format === undefined) return reply;
  if (reply.type === "report") return { type: "export", report: reply.report, format };
  throw new UsageError(`${name} is no report, so there is no file of it`);
}
