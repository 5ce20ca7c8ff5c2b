import { userInfo } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { openEngine } from "../app.ts";
import { audited } from "../commands/audited.ts";
import type { Reply } from "../commands/reply.ts";
import { viewerOf } from "../commands/viewer.ts";
import { loadConfig } from "../config.ts";
import { oneLine } from "../domain/format.ts";
import { operator } from "../domain/viewer.ts";
import { AppError, ConfigError, UsageError } from "../errors.ts";
import { isConnectionLost } from "../store/errors.ts";
import { filesData, showFiles } from "./files.ts";
import { parseOptions, type TerminalOptions } from "./options.ts";
import { fileOf, NO_FILE, saveFile } from "./out.ts";
import { createProgressBar } from "./progress.ts";
import { openScheduling } from "./scheduling.ts";
import { tellTables } from "./tables.ts";

/** The exit status after Ctrl-C, as shells have it. */
const INTERRUPTED = 130;
let interrupted = false;
const CLOSING_PATIENCE_MS = 1_000;
const ALL = Number.POSITIVE_INFINITY;
const ROWS = { overview: 10, users: ALL, user: 20, me: 20, inactive: ALL } as const;

/** Runs one command line and gives its exit status: 0, 2 for a usage error, 1 for anything else. */
export async function runCli(args: readonly string[]): Promise<number> {
  try {
    const options = parseOptions(args);
    if (options.version) {
      const { readVersion } = await import("../commands/version.ts");
      await print(await readVersion());
      return 0;
    }
    return await run(options);
  } catch (error) {
    return interrupted ? INTERRUPTED : fail(error);
  }
}

/** Gives the exit status. */
async function run(options: TerminalOptions): Promise<number> {
  const words = wordsOf(options);
  const [name = "help", ...rest] = words;
  const { findCommand, runCommand } = await import("../commands/index.ts");
  const command = findCommand(name, "terminal");
  if (command.needs === "nothing") {
    if (options.out !== undefined) throw new UsageError(NO_FILE);
    await print(await show(await command.run(rest, { front: "terminal" }), options, Date.now()));
    return 0;
  }
  if ((options.dryRun || options.map !== undefined) && name.toLowerCase() !== "import") {
    throw new UsageError(`${options.dryRun ? "--dry-run" : "--map"} goes with import, not with ${name}`);
  }
  const config = loadConfig();
  const bar = createProgressBar();
  let scheduling: ReturnType<typeof openScheduling> | undefined;
  const engine = await openEngine(config);
  process.once("SIGINT", () => {
    interrupted = true;
    bar.clear();
    process.stderr.write("Stopped; what was stored stays, and the same command again does the rest.\n");
    // Gives back what others would wait for; what is half done is found by the next command.
    Promise.race([engine.close(), sleep(CLOSING_PATIENCE_MS)]).finally(() => process.exit(INTERRUPTED));
  });
  try {
    const deps = engine.commandDeps({
      front: "terminal",
      onProgress: bar.show,
      onNotice(line) {
        bar.clear();
        process.stderr.write(`${line}\n`);
      },
      schedules: () => {
        scheduling ??= openScheduling(config, engine);
        return scheduling.then(({ schedules }) => schedules);
      },
    });
    const { now, source, sourceZone, zone, as, map, dryRun } = options;
    const viewer = as === undefined ? operator : await viewerOf(engine.store, as);
    const who = whoRuns();
    const owner = { who, sees: viewer.sees };
    const asking = { who, by: "command", what: words.join(" "), where: null } as const;
    const answer = (): Promise<Reply> =>
      runCommand(words, deps, { now, source, sourceZone, map, dryRun, zone, viewer, owner });
    // A dry run leaves no trace, and shows nobody's use.
    const reply = dryRun
      ? await answer()
      : await audited(
          deps,
          asking,
          (sees) => {
            sees(viewer);
            return answer();
          },
          () => undefined,
        );
    bar.clear();
    const wanted = await fileOf(reply, options.out, deps, owner);
    bar.clear();
    await print(
      wanted === undefined ? await show(reply, options, deps.clock()) : await saveFile(wanted, options, deps),
    );
    if (reply.type === "schedules" && reply.hasFailed) return 1;
    if (reply.type === "text") return tellFailures({ ...nothingToTell, ...reply.problems }, options.json);
    if (reply.type !== "imports") return 0;
    if (!options.json) await tellTables(reply.tables ?? [], print);
    return tellFailures(reply, options.json);
  } finally {
    bar.clear();
    await scheduling?.then(
      (opened) => opened.close(),
      () => undefined,
    );
    await engine.close();
  }
}

/** The machine's user, also where it has no name, as in a container. */
function whoRuns(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? "unknown"}`;
  }
}

/** What was typed, with `--help` as the command that it stands for. */
function wordsOf({ words, help }: TerminalOptions): readonly string[] {
  return help && words[0] !== "help" ? ["help", ...words.slice(0, 1)] : words;
}

type Imports = Extract<Reply, { type: "imports" }>;

const nothingToTell: Pick<Imports, "warnings" | "faults" | "failures"> = {
  warnings: [],
  faults: [],
  failures: [],
};

function tellFailures(
  { warnings, faults, failures }: Pick<Imports, "warnings" | "faults" | "failures">,
  json: boolean,
): number {
  const lines = [...(json ? [...warnings, ...faults] : []), ...failures];
  if (lines.length > 0) process.stderr.write(`${lines.join("\n")}\n`);
  return failures.length > 0 ? 1 : 0;
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
      if (options.json) return JSON.stringify(reply.imports);
      return [reply.text, ...reply.faults].filter((line) => line !== "").join("\n");
    case "files":
      return options.json
        ? JSON.stringify(filesData(reply))
        : showFiles(reply, new Date(options.now ?? clock));
    // These are a file by now, and forms are Slack's.
    case "export":
    case "form":
      return "";
    case "schedules":
      return options.json ? JSON.stringify(reply.data) : reply.text;
    case "text":
      return options.json ? JSON.stringify(reply.data ?? { text: reply.text }) : reply.text;
  }
}

function print(text: string): Promise<void> {
  if (text === "") return Promise.resolve();
  return new Promise((resolve, reject) => {
    const settle = (error?: Error | null): void => {
      // Whoever reads has seen enough, as with `| head`.
      if (!error || (error as NodeJS.ErrnoException).code === "EPIPE") resolve();
      else
        reject(new AppError("no output", { userMessage: `the answer cannot be written: ${error.message}` }));
    };
    process.stdout.on("error", settle);
    process.stdout.write(`${text}\n`, settle);
  });
}

const LONGEST_MESSAGE = 1_000;

function fail(error: unknown): number {
  // What was typed, and names of files, come back in messages.
  process.stderr.write(`${oneLine(messageOf(error)).slice(0, LONGEST_MESSAGE)}\n`);
  return error instanceof UsageError || error instanceof ConfigError ? 2 : 1;
}

function messageOf(error: unknown): string {
  if (error instanceof AppError && error.userMessage !== undefined) return error.userMessage;
  if (isConnectionLost(error)) {
    return "the store's server has ended; run the same command again, nothing that was stored is lost";
  }
  return `Something went wrong: ${error instanceof Error ? error.message : String(error)}`;
}
