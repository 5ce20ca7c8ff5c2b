import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect, it, onTestFinished } from "vitest";
import { type Engine, openEngine } from "../../src/app.ts";
import { parseConfig } from "../../src/config.ts";
import { freePort } from "../../src/demo/free-port.ts";
import { createMailbox, type Mailbox } from "../../src/demo/mailbox/index.ts";
import { createWorkspace, type Fault, type Workspace } from "../../src/demo/workspace/index.ts";
import type { Target } from "../../src/domain/target.ts";
import { targetKey } from "../../src/domain/target.ts";
import type { ScheduleDocument } from "../../src/store/schedule-documents.ts";
import { temporaryFolder } from "../helpers/engine.ts";
import { importText, line } from "../helpers/fill.ts";

const main = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
const MINUTE = 60_000;
const SCHEDULES = 25;
const KILLS = 16;
/** Milliseconds until everything that was put off has to be settled. */
const PATIENCE = 6 * MINUTE;

/** A generator that gives the same numbers each time, from 0 up to 1. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const random = seeded(20_261_123);
const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;

const slackFaults: readonly Fault[] = [
  { reset: true },
  { reset: true, after: true },
  { hang: true },
  { hang: true, after: true },
  { status: 500 },
  { status: 503, after: true },
  { status: 429, retryAfter: 1 },
  { status: 429, retryAfter: 8 },
  { error: "service_unavailable" },
  { error: "internal_error", after: true },
];
const slackMethods = [
  "chat.postMessage",
  "chat.postMessage",
  "chat.postMessage",
  "files.getUploadURLExternal",
  "files.completeUploadExternal",
  "upload",
  "conversations.info",
  "users.info",
];

/** Two processes of the app that are killed again and again, and started anew. */
function startApps(env: Record<string, string>) {
  const ports = ["", ""];
  const running: ChildProcess[] = [];
  let isOver = false;
  async function start(i: number): Promise<void> {
    ports[i] ||= String(await freePort());
    const child = spawn(process.execPath, [main], {
      env: { PATH: process.env.PATH ?? "", ...env, PORT: ports[i] ?? "0" },
      stdio: ["ignore", "ignore", "inherit"],
    });
    running[i] = child;
    child.once("exit", () => {
      if (!isOver) void start(i);
    });
  }
  return {
    start: () => Promise.all([start(0), start(1)]),
    kill: () => pick(running).kill("SIGKILL"),
    async stop() {
      isOver = true;
      await Promise.all(
        running.map(async (child) => {
          if (child.exitCode !== null || child.signalCode !== null) return;
          child.kill("SIGTERM");
          await once(child, "exit");
        }),
      );
    },
  };
}

const targets = (i: number): Target[] => [
  { channel: "slack", to: "C0GENERAL", name: "#general" },
  { channel: "slack", to: "U0MANAGER", name: "@manager" },
  { channel: "email", to: `ann${i}@example.com`, name: `ann${i}@example.com` },
  { channel: "email", to: `bo${i}@example.com`, name: `bo${i}@example.com` },
];

function scheduleOf(i: number, slot: number): ScheduleDocument {
  const at = new Date();
  return {
    _id: `k${String(i).padStart(3, "0")}`,
    request: "overview last month",
    formats: i % 3 === 0 ? ["csv"] : [],
    targets: targets(i),
    rule: { kind: "cron", expression: `${new Date(slot).getUTCMinutes()} * * * *` },
    zone: "UTC",
    whenEmpty: "send",
    owner: { who: "U0ADMIN", workspace: "T0VAULT01", front: "slack" },
    createdAt: at,
    changedAt: at,
    wantedAt: at,
    state: "active",
    pausedWhy: null,
    next: new Date(slot),
  };
}

/** How often each schedule's report reached each target, by the servers' own records. */
function arrived(workspace: Workspace, mailbox: Mailbox): Map<string, number> {
  const counts = new Map<string, number>();
  const count = (key: string): void => void counts.set(key, (counts.get(key) ?? 0) + 1);
  for (const to of ["C0GENERAL", "U0MANAGER"]) {
    const channel = to.startsWith("U") ? workspace.directMessage(to) : to;
    for (const { text } of workspace.messages(channel)) {
      const [, id] = /set up by .*\((k\d{3})\)/.exec(text) ?? [];
      if (id !== undefined) count(`${id} ${targetKey({ channel: "slack", to })}`);
    }
  }
  for (const { envelope, headers } of mailbox.mails()) {
    const [, id] = /(k\d{3})\.vault-usage/.exec(JSON.stringify(headers)) ?? [];
    for (const to of envelope.to) count(`${id} ${targetKey({ channel: "email", to })}`);
  }
  return counts;
}

it("sends no slot twice and loses none in silence, however often its processes are killed", async () => {
  const folder = await temporaryFolder();
  let isCalm = false;
  const workspace = await createWorkspace({
    fileDelay: 0,
    keep: { messages: 5_000, calls: 5_000, fileBytes: 1e8 },
  });
  onTestFinished(() => workspace.close());
  const mailbox = await createMailbox({
    faults({ at }) {
      if (isCalm || random() > 0.06) return undefined;
      if (at === "taken") return pick([{ drop: true }, { hang: true }] as const);
      return pick([{ drop: true }, { code: 451 }, { code: 421 }, { code: 452 }] as const);
    },
  });
  onTestFinished(() => mailbox.close());
  const { botToken, signingSecret } = workspace.settings;
  const env = {
    DATA_DIR: join(folder, "data"),
    SLACK_BOT_TOKEN: botToken,
    SLACK_SIGNING_SECRET: signingSecret,
    SLACK_API_URL: workspace.apiUrl,
    SMTP_URL: mailbox.smtpUrl,
    MAIL_FROM: "usage@example.com",
    MAIL_ALLOWED_DOMAINS: "example.com",
    LOG_LEVEL: "silent",
  };
  const engine: Engine = await openEngine(parseConfig(env));
  onTestFinished(() => engine.close());
  const { store } = engine;
  await store.prepare();
  const deps = engine.commandDeps({ front: "terminal", onProgress() {}, onNotice() {} });
  const yesterday = Date.now() - 86_400_000;
  const lines = [...Array(60).keys()].map((i) => line(`e${i}`, `u${i % 9}`, yesterday - i * 43_200_000));
  await importText(deps, "events.jsonl", `${lines.join("\n")}\n`);

  const slot = (Math.floor((Date.now() + 15_000) / MINUTE) + 1) * MINUTE;
  // Half of them a minute later, so that there is something to kill all the time.
  const slots = [slot, slot + MINUTE];
  await store.schedules.insertMany(
    [...Array(SCHEDULES).keys()].map((i) => scheduleOf(i, slots[i % 2] ?? slot)),
  );
  const apps = startApps(env);
  onTestFinished(() => apps.stop());
  await apps.start();
  await sleep(slot - Date.now());

  const ours = { kind: "slot", slot: { $in: slots.map((each) => new Date(each)) } } as const;
  let hits = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    for (let i = 0; i < 3; i++) workspace.fail(pick(slackMethods), pick(slackFaults));
    await sleep(1_000 + random() * 5_000);
    // Taken, and not yet answered: at this moment a kill is worst.
    workspace.fail("chat.postMessage", { hang: true, after: true }, 2);
    await sleep(500 + random() * 3_500);
    hits += await store.deliveries.countDocuments({ ...ours, state: "sending" });
    apps.kill();
  }
  workspace.clearFaults();
  isCalm = true;
  // As if the pauses between tries had passed. What somebody works on stays as it is.
  const soon = new Date();
  await store.deliveries.updateMany({ ...ours, state: "pending" }, { $set: { retryAt: soon } });
  await store.runs.updateMany({ ...ours, state: "open", holder: null }, { $set: { wakeAt: soon } });

  const deadline = Date.now() + PATIENCE;
  const open = () => store.runs.countDocuments({ ...ours, state: "open" });
  for (;;) {
    const runs = await store.runs.countDocuments(ours);
    if (runs === SCHEDULES && (await open()) === 0) break;
    expect(Date.now(), `${await open()} runs are open of ${runs}`).toBeLessThan(deadline);
    await sleep(1_000);
  }

  const counts = arrived(workspace, mailbox);
  const rows = await store.deliveries.find(ours).toArray();
  expect(rows).toHaveLength(SCHEDULES * 4);
  const states: Record<string, number> = {};
  for (const { schedule, target, state } of rows) {
    const times = counts.get(`${schedule} ${targetKey(target)}`) ?? 0;
    const told = `${schedule} ${targetKey(target)} is ${state}, and arrived ${times} times`;
    states[state] = (states[state] ?? 0) + 1;
    expect(times, told).toBeLessThanOrEqual(1);
    expect(["sent", "failed", "unknown"], told).toContain(state);
    if (state === "sent") expect(times, told).toBe(1);
    if (state === "failed") expect(times, told).toBe(0);
  }
  process.stdout.write(`${KILLS} kills, ${hits} sends under way at them: ${JSON.stringify(states)}\n`);
  expect(hits).toBeGreaterThan(0);
  // The faults are there to be survived, not to stop everything.
  expect(states.sent ?? 0).toBeGreaterThan(0);
  expect([...counts.keys()].length).toBeLessThanOrEqual(SCHEDULES * 4);
});
