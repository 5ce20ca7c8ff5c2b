import type { CommandDeps } from "./commands/command.ts";
import type { Config } from "./config.ts";
import { openEmbedded } from "./embedded/index.ts";
import { ConfigError } from "./errors.ts";
import type { Store } from "./store/open.ts";

/** The parts that every front end needs: the store and what commands run on. */
export interface Engine {
  readonly store: Store;
  commandDeps(front: Pick<CommandDeps, "front" | "onProgress" | "onNotice">): CommandDeps;
  close(): Promise<void>;
}

async function openOwn(dataDir: string): ReturnType<typeof openEmbedded> {
  try {
    return await openEmbedded({ dataDir });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === undefined) throw cause;
    throw new ConfigError(
      `DATA_DIR has to be a folder that can be made and written (${code}), not ${dataDir}`,
    );
  }
}

/**
 * Opens the store of the settings: MongoDB, or the embedded one in `DATA_DIR`.
 * @throws ConfigError when MongoDB does not answer
 */
export async function openEngine(config: Config, clock: () => number = Date.now): Promise<Engine> {
  const opening = config.MONGODB_URI === undefined ? openOwn(config.DATA_DIR) : undefined;
  // The driver takes as long to load as the server to start.
  const [embedded, { openStore }] = await Promise.all([opening, import("./store/open.ts")]);
  let store: Store;
  try {
    store = await openStore(embedded?.uri ?? config.MONGODB_URI ?? "");
  } catch (error) {
    await embedded?.close();
    throw error;
  }
  return {
    store,
    commandDeps: (front) => ({
      ...front,
      store,
      storeKind: embedded ? "embedded" : "MongoDB",
      clock,
      zone: config.REPORT_TIMEZONE,
      rule: { activeDays: config.ACTIVE_DAYS, inactiveDays: config.INACTIVE_DAYS },
    }),
    async close() {
      await store.close();
      await embedded?.close();
    },
  };
}
