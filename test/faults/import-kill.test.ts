import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { benchEvents } from "../../bench/events.ts";
import { temporaryFolder } from "../helpers/engine.ts";
import { usage } from "../helpers/usage.ts";
import { serverOf } from "./server-of.ts";
import { answers } from "./store-at-work.ts";

const ROUNDS = 12;
const until = Date.parse("2026-11-20T00:00:00Z");
const cli = fileURLToPath(new URL("../../src/cli.ts", import.meta.url));

it("gives the right numbers after an import that was killed anywhere", async () => {
  const folder = await temporaryFolder();
  const file = join(folder, "events.ndjson");
  await writeFile(file, [...benchEvents({ people: 40, events: 15_000, until, sessions: true })].join(""));
  await usage(["import", file], { dataDir: join(folder, "clean") });
  const right = await answers(join(folder, "clean"));

  let interrupted = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const dataDir = join(folder, `round-${round}`);
    const child = spawn(process.execPath, [cli, "import", file], {
      env: { PATH: process.env.PATH, DATA_DIR: dataDir },
      stdio: "ignore",
    });
    const ended = new Promise((resolve) => child.once("close", resolve));
    await sleep(600 + (round * 3_000) / ROUNDS);
    const server = serverOf(dataDir);
    if (child.exitCode === null) interrupted += 1;
    if (round % 3 !== 1) child.kill("SIGKILL");
    if (round % 3 !== 0 && server !== undefined) process.kill(server, "SIGKILL");
    await ended;
    expect((await usage(["import", file], { dataDir })).status).toBe(0);
    expect(await answers(dataDir)).toEqual(right);
  }
  expect(interrupted).toBeGreaterThan(ROUNDS / 3);
});
