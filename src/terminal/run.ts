import { readFile } from "node:fs/promises";
import { openEngine } from "../app.ts";
import type { Reply } from "../commands/reply.ts";
import { loadConfig } from "../config.ts";
import { AppError, ConfigError, UsageError } from "../errors.ts";
import { parseOptions, type TerminalOptions } from "./options.ts";
import { checkOut, writeOut } from "./out.ts";
import { createProgressBar } from "./progress.ts";

const ROWS = { overview: 10, users: Number.POSITIVE_INFINITY, user: 20 } as const;

/** Runs one command line and gives its exit status: 0, 2 for a usage error, 1 for anything else. */
export async function runCli(args: readonly string[]): Promise<number> {
  try {
    const options = parseOptions(args);
    if (options.version) {
      await print(JSON.parse(await readFile(new URL("../../package.json", import.meta.url), "utf8")).version);
      return 0;
    }
    await run(options);
    return 0;
  } catch (error) {
    return fail(error);
  }
}

async function run(options: TerminalOptions): Promise<void> {
  if (options.out !== undefined) checkOut(options.out);
  const config = loadConfig();
  const bar = createProgressBar();
  const [engine, { runCommand }] = await Promise.all([openEngine(config), import("../commands/index.ts")]);
  try {
    const deps = engine.commandDeps({
      front: "terminal",
      onProgress: bar.show,
      onNotice(line) {
        bar.clear();
        process.stderr.write(`${line}\n`);
      },
    });
    const words = options.help ? ["help", ...options.words.slice(0, 1)] : options.words;
    const { now, source, zone } = options;
    const reply = await runCommand(words, deps, { now, source, zone });
    bar.clear();
    if (options.out !== undefined) await writeOut(options.out, reply);
    else await print(await show(reply, options, deps.clock()));
  } finally {
    bar.clear();
    await engine.close();
  }
}

async function show(reply: Reply, options: TerminalOptions, clock: number): Promise<string> {
  switch (reply.type) {
    case "report": {
      if (options.json) return (await import("../render/json.ts")).renderJson(reply.report);
      const now = new Date(options.now ?? clock);
      const { renderTerminal } = await import("../render/terminal.ts");
      return renderTerminal(reply.report, { now, rows: ROWS[reply.report.report] });
    }
    case "imports":
      return options.json ? JSON.stringify(reply.imports) : reply.text;
    case "text":
      return options.json ? JSON.stringify({ text: reply.text }) : reply.text;
  }
}

function print(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(`${text}\n`, (error) => {
      // Whoever reads has seen enough, as with `| head`.
      if (error && (error as NodeJS.ErrnoException).code !== "EPIPE") reject(error);
      else resolve();
    });
  });
}

function fail(error: unknown): number {
  if (error instanceof AppError && error.userMessage !== undefined) {
    process.stderr.write(`${error.userMessage}\n`);
  } else {
    process.stderr.write(`Something went wrong: ${error instanceof Error ? error.message : String(error)}\n`);
  }
  return error instanceof UsageError || error instanceof ConfigError ? 2 : 1;
}
