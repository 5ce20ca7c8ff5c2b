import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { openEngine } from "../src/app.ts";
import { runCommand } from "../src/commands/index.ts";
import { parseConfig } from "../src/config.ts";
import { createWorkspace, type Workspace } from "../src/demo/workspace/index.ts";

/** Milliseconds. */
export interface SlackBench {
  readonly what: string;
  readonly median: number;
  readonly p95: number;
  readonly max: number;
}

const WHO = "U0ADMIN";
const WHERE = "C0GENERAL";
const HOUR = 3_600_000;

/**
 * Times the real app, in a process of its own as in production: the acknowledgements of commands that come at once,
 * how long something else has to wait meanwhile, and the way from one command to its answer, uploads included. The
 * store of `dataDir` is used if given, else a small one is made.
 */
export async function benchSlack(
  options: { readonly dataDir?: string; readonly commands?: number; readonly answers?: number } = {},
): Promise<SlackBench[]> {
  const { commands = 50, answers = 10 } = options;
  const folder = await mkdtemp(join(tmpdir(), "vault-usage-bench-"));
  const dataDir = options.dataDir ?? join(folder, "data");
  if (options.dataDir === undefined) await fill(dataDir, folder);
  // How long Slack looks at a file is its own affair.
  const workspace = await createWorkspace({ fileDelay: 0 });
  const app = await startApp(workspace, dataDir);
  try {
    workspace.setRequestUrl(app.url);
    // Warms everything up, as a running app is.
    for (const line of ["/usage overview", "/usage help", "/usage users"]) await timeAnswer(workspace, line);

    const seen = workspace.ephemeral(WHO, WHERE).length;
    const watch = watchHealth(new URL("/health", app.url));
    const start = performance.now();
    const deliveries = await Promise.all(
      Array.from({ length: commands }, () => workspace.command(WHO, WHERE, "/usage overview")),
    );
    const all = await workspace.waitFor(
      () =>
        workspace.ephemeral(WHO, WHERE).length >= seen + commands ? performance.now() - start : undefined,
      60_000,
    );
    const rows = [
      summary(
        `acknowledgement, ${commands} commands at once`,
        deliveries.map(({ ms }) => ms),
      ),
      summary(`all ${commands} answers`, [all]),
      summary("another request meanwhile", await watch.stop()),
    ];
    for (const [what, line] of [
      ["command to answer without a chart", () => "/usage help"],
      ["command to answer, picture unchanged", () => "/usage overview"],
      // Each asks for another period, so that no picture was there before.
      ["command to answer with a new picture", (i: number) => `/usage overview last ${20 + i} days`],
    ] as const) {
      const times: number[] = [];
      for (let i = 0; i < answers; i++) times.push(await timeAnswer(workspace, line(i)));
      rows.push(summary(what, times));
    }
    return rows;
  } finally {
    await app.stop();
    await workspace.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function fill(dataDir: string, folder: string): Promise<void> {
  const engine = await openEngine(parseConfig({ DATA_DIR: dataDir }));
  try {
    const file = join(folder, "events.jsonl");
    await writeFile(file, sampleEvents());
    const deps = engine.commandDeps({ front: "terminal", onProgress() {}, onNotice() {} });
    await runCommand(["import", file], deps);
  } finally {
    await engine.close();
  }
}

async function startApp(
  workspace: Workspace,
  dataDir: string,
): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const { botToken, signingSecret } = workspace.settings;
  const env = {
    PATH: process.env.PATH ?? "",
    DATA_DIR: dataDir,
    SLACK_BOT_TOKEN: botToken,
    SLACK_SIGNING_SECRET: signingSecret,
    SLACK_API_URL: workspace.apiUrl,
    PORT: "0",
    LOG_LEVEL: "warn",
  };
  const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));
  const child = spawn(process.execPath, [main], { env, stdio: ["ignore", "pipe", "inherit"] });
  const [line] = await once(child.stdout, "data");
  return {
    url: String(line).trim().split(" ").at(-1) ?? "",
    async stop() {
      child.kill("SIGTERM");
      await once(child, "close");
    },
  };
}

/** Asks for something small all the time: whatever holds the app up shows as a slow answer. */
function watchHealth(url: URL): { stop(): Promise<number[]> } {
  const times: number[] = [];
  let isOn = true;
  const watching = (async () => {
    while (isOn) {
      const start = performance.now();
      await (await fetch(url)).text();
      times.push(performance.now() - start);
      await sleep(5);
    }
  })();
  return {
    async stop() {
      isOn = false;
      await watching;
      return times;
    },
  };
}

async function timeAnswer(workspace: Workspace, line: string): Promise<number> {
  const seen = workspace.ephemeral(WHO, WHERE).length;
  const start = performance.now();
  await workspace.command(WHO, WHERE, line);
  return workspace.waitFor(
    () => (workspace.ephemeral(WHO, WHERE).length > seen ? performance.now() - start : undefined),
    30_000,
  );
}

function sampleEvents(people = 60, days = 90): string {
  const kinds = ["login", "password_accessed", "password_autofilled", "remote_connection"];
  const lines: string[] = [];
  for (let person = 0; person < people; person++) {
    const user = { id: `u${person}`, email: `p${person}@example.com`, name: `Person ${person}` };
    for (let day = 0; day < days; day++) {
      for (const [i, kind] of kinds.entries()) {
        const at = new Date(Date.now() - (day * 24 + 1 + i) * HOUR + person * 1_000).toISOString();
        lines.push(JSON.stringify({ id: `${person}-${day}-${i}`, at, user, kind }));
      }
    }
  }
  return `${lines.join("\n")}\n`;
}

function summary(what: string, times: readonly number[]): SlackBench {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (part: number): number =>
    round(sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))]);
  return { what, median: at(0.5), p95: at(0.95), max: round(sorted.at(-1)) };
}

function round(value = Number.NaN): number {
  return Math.round(value * 10) / 10;
}

if (import.meta.main) console.table(await benchSlack());
