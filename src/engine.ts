import type { Collector } from "./collect/index.ts";
import type { CommandDeps } from "./commands/command.ts";
import type { Config } from "./config.ts";
import { openEmbedded } from "./embedded/index.ts";
import { ConfigError } from "./errors.ts";
import type { Printer } from "./render/printer.ts";
import type { Store } from "./store/open.ts";

/** Loads and starts what prints when something is printed first. */
function createLazyPrinter(): Printer {
  let printer: Promise<Printer> | undefined;
  return {
    async print(html, options) {
      printer ??= import("./render/printer.ts").then(({ createPrinter }) => createPrinter());
      return (await printer).print(html, options);
    },
    async close() {
      await (await printer)?.close();
    },
  };
}

/** The parts that every front end needs: the store and what commands run on. */
export interface Engine {
  readonly store: Store;
  /** What the settings name to be collected from. */
  collector(): Promise<Collector>;
  commandDeps(
    front: Pick<CommandDeps, "front" | "onProgress" | "onNotice"> & Partial<Pick<CommandDeps, "schedules">>,
  ): CommandDeps;
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
  const printer = createLazyPrinter();
  const collector = async (): Promise<Collector> => {
    const { createCollector } = await import("./collect/index.ts");
    return createCollector({ config, store, clock, zone: config.REPORT_TIMEZONE });
  };
  return {
    store,
    collector,
    commandDeps: (front) => ({
      schedules: async () => {
        throw new ConfigError("schedules are not set up here");
      },
      collector,
      ...front,
      store,
      printer,
      paper: config.PAPER,
      storeKind: embedded ? "embedded" : "MongoDB",
      clock,
      zone: config.REPORT_TIMEZONE,
      rule: { activeDays: config.ACTIVE_DAYS, inactiveDays: config.INACTIVE_DAYS },
    }),
    async close() {
      await printer.close();
      await store.close();
      await embedded?.close();
    },
  };
}
