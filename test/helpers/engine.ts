import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { type Engine, openEngine } from "../../src/app.ts";
import type { CommandDeps } from "../../src/commands/command.ts";
import { type Config, parseConfig } from "../../src/config.ts";

/** Has something done when the test ends, or whenever else: `afterAll` for what several tests share. */
type Later = (work: () => Promise<void>) => void;

/** A folder that goes when the test ends. */
export async function temporaryFolder(later: Later = onTestFinished): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "vault-usage-test-"));
  later(() => rm(folder, { recursive: true, force: true }));
  return folder;
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
