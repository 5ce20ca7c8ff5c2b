import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Logger, pino } from "pino";
import { createFront, type Engine, type FrontOptions, openEngine } from "../../src/app.ts";
import { runCommand } from "../../src/commands/index.ts";
import { parseConfig } from "../../src/config.ts";
import { createWorkspace, type Workspace, type WorkspaceOptions } from "../../src/demo/workspace/index.ts";
import { type ChartRenderer, createChartRenderer } from "../../src/render/chart-renderer.ts";
import type { SlackFront } from "../../src/slack/front.ts";
import { PATIENCE } from "../helpers/patience.ts";

/** When the tests play. */
export const NOW = Date.parse("2026-11-20T10:00:00Z");
const DAY = 86_400_000;
const QUIET = 400;

/** Names that would do harm in a careless message; the addresses are `p0@example.com` and so on. */
export const wildNames = ["<!channel> *Ann* `x` :smile: & Co", "שלום עולם", "Zoë Ångström", "N".repeat(300)];

function eventLines(people: number): string[] {
  const lines: string[] = [];
  for (let person = 0; person < people; person++) {
    const email = person === 5 ? "tomas.vale@example.com" : `p${person}@example.com`;
    const user = { id: `u${person}`, email, name: wildNames[person] ?? `Person ${person}` };
    for (let day = 0; day < 70; day += 1 + (person % 3)) {
      const at = NOW - day * DAY - 3_600_000;
      const add = (minute: number, kind: string): void => {
        const id = `${person}-${day}-${minute}`;
        lines.push(JSON.stringify({ id, at: new Date(at + minute * 60_000).toISOString(), user, kind }));
      };
      add(0, "login");
      if (day % 2 === 0) add(1, "password_accessed");
      if (person % 2 === 0) add(2, "password_autofilled");
      if (day < 20) add(3, "account_added");
      // The one with the long name has the most sessions, so that the name is seen.
      if (person === 3) add(45, "login");
    }
  }
  return lines;
}

/** An engine on an embedded store with some months of a small team. */
export interface FilledEngine {
  readonly engine: Engine;
  /** Changes what the engine takes for now, in milliseconds since the epoch. */
  setNow(now: number): void;
  /** Imports a file of these lines. */
  importLines(name: string, lines: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

export async function openFilledEngine(people = 14): Promise<FilledEngine> {
  const folder = await mkdtemp(join(tmpdir(), "vault-usage-slack-"));
  let time = NOW;
  const engine = await openEngine(parseConfig({ DATA_DIR: join(folder, "data") }), () => time);
  async function importLines(name: string, lines: readonly string[]): Promise<void> {
    const file = join(folder, name);
    await writeFile(file, `${lines.join("\n")}\n`);
    const deps = engine.commandDeps({ front: "terminal", onProgress() {}, onNotice() {} });
    const reply = await runCommand(["import", file], deps);
    if (reply.type === "imports" && reply.failures.length > 0) throw new Error(reply.failures.join("\n"));
  }
  await importLines("events.jsonl", eventLines(people));
  return {
    engine,
    importLines,
    setNow(now) {
      time = now;
    },
    async close() {
      await engine.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** One thread for the charts of all apps, since each takes a second to warm up. It ends with this process. */
export const sharedCharts: ChartRenderer = {
  ...createChartRenderer({ patience: PATIENCE }),
  close: async () => {},
};

/** The real app beside a workspace. */
export interface Pair {
  readonly workspace: Workspace;
  readonly front: SlackFront;
  readonly url: string | undefined;
  /** What the app logged, a JSON object each. */
  readonly log: readonly string[];
  /** Types a command, and gives the answer that comes. */
  ask(line: string, who?: string, channel?: string): Promise<Answer>;
  /** Ends the app and starts another beside the same workspace. */
  restart(): Promise<void>;
  /** Resolves once the app has left the workspace alone for a while. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

export interface Answer {
  readonly text: string;
  readonly blocks: readonly { readonly type: string; readonly [key: string]: unknown }[];
}

interface PairOptions extends Partial<FrontOptions> {
  readonly engine: FrontOptions["engine"];
  readonly by?: "http" | "socket";
  readonly settings?: Readonly<Record<string, string>>;
  readonly workspaceOptions?: WorkspaceOptions;
}

export async function startPair(options: PairOptions): Promise<Pair> {
  const { by = "http", settings = {}, workspaceOptions = {}, ...more } = options;
  const workspace = await createWorkspace({ fileDelay: 60, ...workspaceOptions });
  const { botToken, signingSecret, appToken } = workspace.settings;
  const config = parseConfig({
    SLACK_BOT_TOKEN: botToken,
    ...(by === "http" ? { SLACK_SIGNING_SECRET: signingSecret } : { SLACK_APP_TOKEN: appToken }),
    SLACK_API_URL: workspace.apiUrl,
    PORT: "0",
    ...settings,
  });
  const log: string[] = [];
  const logger: Logger = pino({ level: "debug" }, { write: (line: string) => void log.push(line) });
  const timing = { firstLook: 20, patience: 700, pause: 150 };
  const start = async () => {
    const front = await createFront({
      config,
      logger,
      timing,
      charts: sharedCharts,
      offersDigest: false,
      ...more,
    });
    const { url } = await front.start().catch(async (error: unknown) => {
      await workspace.close();
      throw error;
    });
    if (url !== undefined) workspace.setRequestUrl(url);
    return { front, url };
  };
  let running = await start();
  return {
    workspace,
    get front() {
      return running.front;
    },
    url: running.url,
    log,
    async ask(line, who = "U0ADMIN", channel = "C0GENERAL") {
      const before = workspace.ephemeral(who, channel).length;
      const delivery = await workspace.command(who, channel, line);
      if (delivery.error !== undefined) throw new Error(`not acknowledged: ${delivery.error}`);
      return workspace.waitFor(() => workspace.ephemeral(who, channel)[before], PATIENCE);
    },
    async restart() {
      await running.front.stop();
      running = await start();
    },
    async settle() {
      for (let calls = -1; calls !== workspace.calls.length; ) {
        calls = workspace.calls.length;
        await sleep(QUIET);
      }
    },
    async close() {
      await running.front.stop();
      await workspace.close();
    },
  };
}
