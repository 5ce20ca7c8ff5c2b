import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { createWorkspace } from "../../src/demo/workspace/index.ts";
import { PATIENCE } from "../helpers/patience.ts";

interface Run {
  readonly child: ChildProcess;
  /** Resolves with the first line on standard output. */
  readonly ready: Promise<string>;
  readonly ended: Promise<{ status: number | null; said: string }>;
}

async function startMain(environment: Record<string, string>): Promise<Run> {
  const folder = await mkdtemp(join(tmpdir(), "vault-usage-main-"));
  const env = {
    PATH: process.env.PATH ?? "",
    LOG_LEVEL: "silent",
    DATA_DIR: join(folder, "data"),
    ...environment,
  };
  const child = spawn(process.execPath, [resolve("src/main.ts")], { cwd: folder, env });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => {
    said += String(chunk);
  });
  const ready = once(child.stdout, "data").then(([chunk]) => String(chunk));
  const ended = once(child, "close").then(([status]) => ({ status: status as number | null, said }));
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await ended;
    await rm(folder, { recursive: true, force: true });
  });
  return { child, ready, ended };
}

it("says in one line what is missing, and ends with status 2", async () => {
  const { ended } = await startMain({});
  const { status, said } = await ended;
  expect(status).toBe(2);
  expect(said).toMatch(/^SLACK_BOT_TOKEN[^\n]*npm run demo[^\n]*\n$/);
});

it("starts, is well, answers, and ends in good order", async () => {
  const workspace = await createWorkspace();
  onTestFinished(() => workspace.close());
  const { botToken, signingSecret, apiUrl } = { ...workspace.settings, apiUrl: workspace.apiUrl };
  const settings = { SLACK_BOT_TOKEN: botToken, SLACK_SIGNING_SECRET: signingSecret, SLACK_API_URL: apiUrl };
  const { child, ready, ended } = await startMain({ ...settings, PORT: "0" });
  const line = await ready;
  expect(line).toMatch(/^Vault Usage listens on http:\/\/127\.0\.0\.1:\d+\/slack\/events\n$/);
  const url = line.trim().split(" ").at(-1) ?? "";
  expect(await (await fetch(new URL("/health", url))).json()).toEqual({ status: "ok" });

  workspace.setRequestUrl(url);
  await workspace.command("U0ADMIN", "C0GENERAL", "/usage");
  const answering = workspace.waitForMessage(({ ephemeralTo }) => ephemeralTo === "U0ADMIN", PATIENCE);
  // What runs is finished first.
  child.kill("SIGTERM");
  expect((await answering).text).toContain("othing has been imported yet");
  expect(await ended).toEqual({ status: 0, said: "" });
});
