import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, onTestFinished } from "vitest";
import { type Engine, openEngine } from "../../src/app.ts";
import type { CommandDeps } from "../../src/commands/command.ts";
import { type Config, parseConfig } from "../../src/config.ts";

/** Has something done when the test ends, or whenever else: `atEndOfFile` for what several tests share. */
export type Later = (work: () => Promise<void>) => void;

/** Has things done at the end of a file or `describe`, the last one first. `afterAll` itself is ignored once tests run. */
export function atEndOfFile(): Later {
  const works: (() => Promise<void>)[] = [];
  afterAll(async () => {
    for (const work of works.splice(0)) await work();
  });
  return (work) => works.unshift(work);
}

/** A folder that goes when the test ends. */
export async function temporaryFolder(later: Later = onTestFinished): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "vault-usage-test-"));
  later(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/**
 * A data folder with an empty store, in a folder that goes when the test ends. Its server runs until then, so that not
 * each command has to start one.
 */
export async function openDataDir(): Promise<{ readonly folder: string; readonly dataDir: string }> {
  const { config } = await testEngine();
  return { folder: dirname(config.DATA_DIR), dataDir: config.DATA_DIR };
}

/** An engine on an empty embedded store, closed when the test ends. */
export async function testEngine(
  environment: Record<string, string> = {},
  clock: () => number = Date.now,
  later: Later = onTestFinished,
): Promise<{ engine: Engine; deps: CommandDeps; config: Config }> {
  const config = parseConfig({
    DATA_DIR: join(await temporaryFolder(later), "data"),
    LOG_LEVEL: "silent",
    ...environment,
  });
  const engine = await openEngine(config, clock);
  later(() => engine.close());
  const deps = engine.commandDeps({ front: "terminal", onProgress() {}, onNotice() {} });
  return { engine, deps, config };
}
