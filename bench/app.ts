import { spawn } from "node:child_process";
import { createHmac, randomUUID } from "node:crypto";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { type Agent, createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openEngine } from "../src/app.ts";
import { runCommand } from "../src/commands/index.ts";
import { parseConfig } from "../src/config.ts";
import type { Workspace } from "../src/demo/workspace/index.ts";

/** Milliseconds. */
export interface SlackBench {
  readonly what: string;
  readonly median: number;
  readonly p95: number;
  readonly max: number;
}

export const WHO = "U0ADMIN";
export const WHERE = "C0GENERAL";
const HOUR = 3_600_000;

/** Fills an empty store with some months of a small team. */
export async function fill(dataDir: string, folder: string): Promise<void> {
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

/** Starts the real app in a process of its own, as in production. */
export async function startApp(
  workspace: Workspace,
  dataDir: string,
  more: Readonly<Record<string, string>> = {},
): Promise<{ readonly url: string; readonly pid: number | undefined; stop(): Promise<void> }> {
  const { botToken, signingSecret } = workspace.settings;
  const env = {
    PATH: process.env.PATH ?? "",
    DATA_DIR: dataDir,
    SLACK_BOT_TOKEN: botToken,
    SLACK_SIGNING_SECRET: signingSecret,
    SLACK_API_URL: workspace.apiUrl,
    PORT: "0",
    LOG_LEVEL: "warn",
    ...more,
  };
  const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));
  const child = spawn(process.execPath, [main], { env, stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(child, "close").then(() => Promise.reject(new Error("the app did not start")));
  const [line] = await Promise.race([once(child.stdout, "data"), ended]);
  ended.catch(() => undefined);
  return {
    pid: child.pid,
    url: String(line).trim().split(" ").at(-1) ?? "",
    async stop() {
      child.kill("SIGTERM");
      await once(child, "close");
    },
  };
}

/** Sends commands at once, all made and signed before, and gives how long each acknowledgement took. */
export function volley(
  { settings }: Workspace,
  url: string,
  agent: Agent,
  text: string,
  responseUrl: string,
  commands: number,
): Promise<number[]> {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const bodies = Array.from({ length: commands }, () => {
    const fields = { command: "/usage", text, user_id: WHO, team_id: settings.teamId, channel_id: WHERE };
    return new URLSearchParams({
      ...fields,
      trigger_id: randomUUID(),
      response_url: responseUrl,
    }).toString();
  });
  const sent = bodies.map((body) => {
    const signed = createHmac("sha256", settings.signingSecret).update(`v0:${timestamp}:${body}`);
    const headers = {
      "content-type": "application/x-www-form-urlencoded",
      "content-length": Buffer.byteLength(body),
      "x-slack-request-timestamp": timestamp,
      "x-slack-signature": `v0=${signed.digest("hex")}`,
    };
    return { body, headers };
  });
  return Promise.all(
    sent.map(async ({ body, headers }) => {
      const start = performance.now();
      const posted = request(url, { method: "POST", agent, headers });
      posted.end(body);
      const [response] = await once(posted, "response");
      response.resume();
      await once(response, "end");
      if (response.statusCode !== 200) throw new Error(`not acknowledged: ${response.statusCode}`);
      return performance.now() - start;
    }),
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

/** A place for answers that does nothing but count them, so that the machine is left to the app. */
export async function openSink(most = Number.POSITIVE_INFINITY) {
  let count = 0;
  let { promise, resolve } = Promise.withResolvers<void>();
  const server = createServer((request, response) => {
    request.resume().on("end", () => {
      response.end("ok");
      count += 1;
      if (count === most) resolve();
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    full: () => promise,
    reset() {
      count = 0;
      ({ promise, resolve } = Promise.withResolvers<void>());
    },
    async close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

export function summary(what: string, times: readonly number[]): SlackBench {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (part: number): number =>
    round(sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))]);
  return { what, median: at(0.5), p95: at(0.95), max: round(sorted.at(-1)) };
}

function round(value = Number.NaN): number {
  return Math.round(value * 10) / 10;
}
