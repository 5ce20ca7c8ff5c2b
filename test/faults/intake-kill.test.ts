import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { expect, it, onTestFinished } from "vitest";
import { openEngine } from "../../src/app.ts";
import { parseConfig } from "../../src/config.ts";
import { freePort } from "../../src/demo/free-port.ts";
import { createWorkspace } from "../../src/demo/workspace/index.ts";
import { temporaryFolder } from "../helpers/engine.ts";
import { usage } from "../helpers/usage.ts";
import { serverOf } from "./server-of.ts";

const main = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
const TOKENS = ["a", "b", "c"].map((name) => ({
  name,
  token: `${name}-token-of-thirty-two-characters-and-more`,
}));
const KILLS = 12;
const CLIENTS = 9;
const NOW = Date.parse("2026-11-20T00:00:00Z");
const MINUTE = 60_000;

/** A body of events, every other one without ids, some of them twice. */
function bodyOf(client: number, n: number): string[] {
  return Array.from({ length: 1 + ((client * 31 + n * 7) % 60) }, (_, i) => {
    const at = new Date(NOW - (n * 97 + i) * MINUTE - client * 1_000).toISOString();
    const user = { id: `u${(client + i) % 25}`, email: `p${(client + i) % 25}@example.com` };
    const kind = ["login", "password_accessed", "password_autofilled", "logout"][(i + n) % 4];
    const event = { ...(n % 2 === 0 && { id: `${client}-${n}-${i}` }), at, user, kind, device: `d${client}` };
    const line = `${JSON.stringify(event)}\n`;
    return n % 2 === 1 && i % 10 === 3 ? line + line : line;
  });
}

async function answers(dataDir: string): Promise<unknown> {
  const told: unknown[] = [];
  for (const words of [
    ["overview", "last 90 days"],
    ["user", "p3@example.com", "last 90 days"],
  ]) {
    const { status, stdout, stderr } = await usage([...words, "--json", "--now", "2026-11-21T00:00:00Z"], {
      dataDir,
    });
    expect([status, stderr]).toEqual([0, ""]);
    const { figures, charts, tables, dataUpTo } = JSON.parse(stdout);
    told.push({ figures, charts, tables, dataUpTo });
  }
  return told;
}

it("stores every event that it answered for, once, whenever it or its store is killed", async () => {
  const folder = await temporaryFolder();
  const dataDir = join(folder, "data");
  const workspace = await createWorkspace();
  onTestFinished(() => workspace.close());
  const port = await freePort();
  const { botToken, signingSecret } = workspace.settings;
  const env = {
    PATH: process.env.PATH ?? "",
    DATA_DIR: dataDir,
    SLACK_BOT_TOKEN: botToken,
    SLACK_SIGNING_SECRET: signingSecret,
    SLACK_API_URL: workspace.apiUrl,
    PORT: String(port),
    LOG_LEVEL: "silent",
    INGEST_TOKENS: TOKENS.map(({ name, token }) => `${name}:${token}`).join(","),
  };
  const start = async (): Promise<ChildProcess> => {
    const started = spawn(process.execPath, [main], { env, stdio: ["ignore", "pipe", "ignore"] });
    await Promise.race([once(started.stdout, "data"), once(started, "close")]);
    return started;
  };
  let child = await start();
  onTestFinished(() => void child.kill("SIGKILL"));

  // What was imported while the app was up has to be there as well.
  const imported = Array.from({ length: 400 }, (_, i) =>
    JSON.stringify({
      id: `file-${i}`,
      at: new Date(NOW - i * MINUTE).toISOString(),
      user: { id: "u1" },
      kind: "login",
    }),
  ).join("\n");
  const importFile = join(folder, "import.ndjson");
  await writeFile(importFile, imported);

  const acknowledged = new Set<string>();
  /** How many each client has sent. */
  const bodies: number[] = [];
  let isOver = false;
  let [answered, failed] = [0, 0];
  const client = async (number: number): Promise<void> => {
    for (let n = 0; !isOver; n++) {
      bodies[number] = n + 1;
      const body = bodyOf(number, n).join("");
      const isPacked = (number + n) % 3 === 0;
      for (let isDone = false; !isDone; ) {
        const status = await fetch(`http://127.0.0.1:${port}/api/events`, {
          method: "POST",
          body: isPacked ? gzipSync(body) : body,
          headers: {
            authorization: `Bearer ${TOKENS[number % TOKENS.length]?.token}`,
            "content-type": "application/x-ndjson",
            ...(isPacked && { "content-encoding": "gzip" }),
          },
        }).then(
          async (response) => {
            await response.arrayBuffer();
            return response.status;
          },
          () => 0,
        );
        isDone = status === 200;
        if (isDone) {
          answered += 1;
          for (const [id] of body.matchAll(/(?<="id":")\d+-\d+-\d+/g)) acknowledged.add(`plain:${id}`);
        } else {
          failed += 1;
          expect([0, 429, 503]).toContain(status);
          await sleep(50);
        }
      }
      await sleep(500);
    }
  };
  const clients = Promise.all(Array.from({ length: CLIENTS }, (_, number) => client(number)));
  for (let kills = 0; kills < KILLS; kills++) {
    const before = answered;
    while (answered < before + 5) await sleep(10);
    await sleep((kills * 173) % 900);
    const importing = kills % 4 === 1 ? usage(["import", importFile], { dataDir }) : undefined;
    const server = serverOf(dataDir);
    if (kills % 3 !== 1) child.kill("SIGKILL");
    if (kills % 3 !== 0 && server !== undefined) process.kill(server, "SIGKILL");
    if (kills % 3 !== 1) {
      await once(child, "close");
      child = await start();
    }
    await importing;
  }
  isOver = true;
  await clients;
  expect(failed).toBeGreaterThan(0);

  child.kill("SIGTERM");
  const [status] = await once(child, "close");
  expect(status).toBe(0);
  expect((await usage(["import", importFile], { dataDir })).status).toBe(0);
  // A last start moves what was left.
  child = await start();
  const engine = await openEngine(parseConfig({ DATA_DIR: dataDir }));
  while ((await engine.store.inbox.countDocuments()) > 0) await sleep(50);
  const stored = new Set(
    (await engine.store.events.find({}, { projection: { _id: 1 } }).toArray()).map(({ _id }) => _id),
  );
  await engine.close();
  child.kill("SIGTERM");
  await once(child, "close");
  expect([...acknowledged].filter((id) => !stored.has(id))).toEqual([]);
  console.log(`${KILLS} kills, ${answered} bodies answered for, ${failed} sent again, ${stored.size} events`);

  const all = Array.from({ length: CLIENTS }, (_, number) =>
    Array.from({ length: bodies[number] ?? 0 }, (_, n) => bodyOf(number, n).join("")).join(""),
  ).join("");
  const file = join(folder, "all.ndjson");
  await writeFile(file, `${all}${imported}\n`);
  const clean = join(folder, "clean");
  expect((await usage(["import", file], { dataDir: clean })).status).toBe(0);
  expect(await answers(dataDir)).toEqual(await answers(clean));
});
