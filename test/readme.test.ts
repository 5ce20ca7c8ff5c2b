import { readFile } from "node:fs/promises";
import { parseEnv } from "node:util";
import { expect, it } from "vitest";
import type { Command } from "../src/commands/command.ts";
import { commands } from "../src/commands/index.ts";
import { scopes } from "../src/commands/manifest.ts";
import { settings } from "../src/config.ts";
import { metrics } from "../src/domain/metrics.ts";
import { type Source, sources } from "../src/sources/index.ts";

const root = new URL("../", import.meta.url);
const read = (file: string): Promise<string> => readFile(new URL(file, root), "utf8");
const cell = (text: string): string => text.replaceAll("|", "\\|");

/** The rows of each table that the README has to hold, from the code. */
async function tables(): Promise<Record<string, string[]>> {
  const example = (await read(".env.example")).replace(/^#\s?([A-Z_]+=)/gm, "$1");
  const defaults = parseEnv(example);
  return {
    commands: Object.values<Command>(commands).map(
      ({ words, help, where }) =>
        `| \`${cell(words)}\` | ${cell(help)} | ${where === "everywhere" ? "Slack, terminal" : "terminal"} |`,
    ),
    metrics: Object.values(metrics).map(({ title, definition }) => `| ${title} | ${cell(definition)} |`),
    settings: Object.keys(settings).map((name) => {
      const value = settings[name as keyof typeof settings].safeParse(undefined);
      const set = value.success && value.data !== undefined;
      return `| \`${name}\` | ${set ? `\`${value.data}\`` : defaults[name]?.includes("…") || !defaults[name] ? "not set" : `not set; an example is \`${defaults[name]}\``} |`;
    }),
    scopes: Object.entries(scopes).map(([scope, why]) => `| \`${scope}\` | ${cell(why)} |`),
    sources: Object.entries<Source>(sources).map(
      ([name, { describe }]) => `| \`${name}\` | ${cell(describe)} |`,
    ),
  };
}

// `vitest run test/readme.test.ts -u` writes them.
it("has tables that say what the code does", async () => {
  let readme = await read("README.md");
  for (const [name, rows] of Object.entries(await tables())) {
    const table = new RegExp(`(<!-- ${name}[^>]*-->\\n(?:.*\\n){2})[^]*?(<!-- /${name} -->)`);
    expect(readme).toMatch(table);
    readme = readme.replace(table, (_, before, after) => `${before}${rows.join("\n")}\n${after}`);
  }
  await expect(readme).toMatchFileSnapshot("../README.md");
});

it("gives a reason for every dependency", async () => {
  const decisions = (await read("README.md")).split("## Decisions")[1] ?? "";
  const { dependencies, devDependencies } = JSON.parse(await read("package.json"));
  const typesAndAdapters = /^@types\/|^@agendajs\//;
  for (const name of [...Object.keys(dependencies), ...Object.keys(devDependencies)]) {
    if (!typesAndAdapters.test(name)) expect(decisions, name).toContain(`\`${name}\``);
  }
});
