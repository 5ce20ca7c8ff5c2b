import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { type Engine, openEngine } from "../../src/app.ts";
import type { CommandDeps } from "../../src/commands/command.ts";
import { type Config, parseConfig } from "../../src/config.ts";

/** A folder that goes when the test ends. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "vault-usage-test-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** An engine on an empty embedded store, closed when the test ends. */
export async function testEngine(
  environment: Record<string, string> = {},
  clock: () => number = Date.now,
): Promise<{ engine: Engine; deps: CommandDeps; config: Config }> {
  const config = parseConfig({
    DATA_DIR: join(await temporaryFolder(), "data"),
    LOG_LEVEL: "silent",
    ...environment,
  });
  const engine = await openEngine(config, clock);
  onTestFinished(() => engine.close());
  const deps = engine.commandDeps({ front: "terminal", onProgress() {}, onNotice() {} });
  return { engine, deps, config };
}
