import { spawn } from "node:child_process";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { bitwardenEvents } from "../../bench/bitwarden-events.ts";
import { peakOf } from "../../bench/process.ts";
import { createRandom } from "../../src/demo/random.ts";
import { clientId, clientSecret, startBitwarden } from "../collect/stand-ins/bitwarden.ts";
import { temporaryFolder } from "../helpers/engine.ts";
import { usage } from "../helpers/usage.ts";
import { serverOf } from "./server-of.ts";
import { answers } from "./store-at-work.ts";

/** `COLLECT_EVENTS=1000000 npm run test:faults` takes so many. */
const EVENTS = Number(process.env.COLLECT_EVENTS ?? 60_000);
const KILLS = 14;
const until = Date.parse("2026-11-20T00:00:00Z");
const cli = fileURLToPath(new URL("../../src/cli.ts", import.meta.url));

it("comes to the same numbers wherever collecting was killed", async () => {
  const folder = await temporaryFolder();
  const events = [...bitwardenEvents({ people: 200, events: EVENTS, until })];
  const file = await open(join(folder, "pages.ndjson"), "w");
  for (let at = 0; at < events.length; at += 10_000) {
    await file.write(`${JSON.stringify({ object: "list", data: events.slice(at, at + 10_000) })}\n`);
  }
  await file.close();
  const clean = join(folder, "clean");
  expect((await usage(["import", join(folder, "pages.ndjson")], { dataDir: clean })).status).toBe(0);
  const right = await answers(clean, "u3");

  const server = await startBitwarden({
    events,
    keeps: "table",
    mood: (nth) => (nth % 997 === 0 ? "cut" : nth % 1_499 === 0 ? "reset" : undefined),
  });
  const dataDir = join(folder, "data");
  const env = {
    COLLECT_BITWARDEN_CLIENT_ID: clientId,
    COLLECT_BITWARDEN_CLIENT_SECRET: clientSecret,
    COLLECT_BITWARDEN_URL: server.url,
    COLLECT_SINCE: "2025-11-15",
  };
  const random = createRandom("kills");
  let hits = 0;
  let memory = 0;
  const start = () => {
    const child = spawn(process.execPath, [cli, "collect"], {
      env: { PATH: process.env.PATH, DATA_DIR: dataDir, ...env },
      stdio: "ignore",
    });
    return { child, ended: new Promise((resolve) => child.once("close", resolve)) };
  };
  let running = start();
  try {
    for (let kill = 0; kill < KILLS; kill++) {
      const { child, ended } = running;
      // By how far it has come, so that kills fall everywhere on machines of every speed; then a moment later, in a write.
      const target = server.requests() + random.whole(1, Math.ceil((1.3 * events.length) / 50 / KILLS));
      while (child.exitCode === null && server.requests() < target) await sleep(5);
      await sleep(random.whole(0, 300));
      const store = serverOf(dataDir);
      memory = Math.max(memory, peakOf(child.pid));
      if (child.exitCode === null) hits += 1;
      if (kill % 3 !== 0 && store !== undefined) process.kill(store, "SIGKILL");
      // Without its store's server it goes on with a new one, and is there for the next kill.
      if (kill % 3 === 1 && child.exitCode === null) continue;
      child.kill("SIGKILL");
      await ended;
      running = start();
    }
    await running.ended;
    const { status, stdout } = await usage(["collect", "--json"], { dataDir, env });
    expect(status).toBe(0);
    process.stdout.write(
      `${events.length} events, ${hits} of ${KILLS} kills hit, ${server.requests()} requests, ${memory} MB; last: ${stdout}\n`,
    );
    expect(await answers(dataDir, "u3")).toEqual(right);
    expect(hits).toBeGreaterThan(KILLS / 2);
  } finally {
    await server.close();
  }
});
