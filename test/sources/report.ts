import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { CommandDeps, CommandOptions } from "../../src/commands/command.ts";
import { runCommand } from "../../src/commands/index.ts";
import type { Reply } from "../../src/commands/reply.ts";

const folder = new URL("fixtures/", import.meta.url);

/** Where a fixture is. */
export const fixture = (name: string): string => fileURLToPath(new URL(name, folder));

/** All fixtures of a source, as `<source>/<file>`. */
export async function fixturesOf(source: string): Promise<string[]> {
  return (await readdir(new URL(source, folder))).map((file) => `${source}/${file}`).toSorted();
}

export const readFixture = (name: string): Promise<string> => readFile(new URL(name, folder), "utf8");

/** Imports fixtures as somebody at a terminal would. */
export async function importFixtures(
  deps: CommandDeps,
  names: readonly string[],
  options: CommandOptions = {},
): Promise<Extract<Reply, { type: "imports" }>> {
  const reply = await runCommand(["import", ...names.map(fixture)], deps, options);
  if (reply.type !== "imports") throw new Error("an import answers with imports");
  return reply;
}

/** The overview's figures without those that are zero, and its notes. */
export async function overview(deps: CommandDeps, period: string) {
  const reply = await runCommand(["overview", ...period.split(" ")], deps);
  if (reply.type !== "report") throw new Error("an overview is a report");
  const { figures, notes } = reply.report;
  return {
    figures: Object.fromEntries(
      figures.filter(({ value }) => value > 0).map(({ key, value }) => [key, value]),
    ),
    notes,
  };
}

/** Who is in the table of people, as user, name and status. */
export async function people(deps: CommandDeps, period: string) {
  const reply = await runCommand(["users", ...period.split(" ")], deps);
  if (reply.type !== "report") throw new Error("a list of users is a report");
  const rows = await Array.fromAsync(reply.report.tables.users?.rows() ?? []);
  return rows.map(({ user, name, status }) => [user, name, status].join(", ")).toSorted();
}
