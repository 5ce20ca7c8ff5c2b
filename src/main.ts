import { enableCompileCache } from "node:module";
import { fileURLToPath } from "node:url";
import { AppError, ConfigError } from "./errors.ts";

// Not the default folder, which other users of the machine could fill.
enableCompileCache(fileURLToPath(new URL("../node_modules/.cache/compiled", import.meta.url)));

/** What was opened, in order; closed in reverse. */
const opened: { close(): Promise<void> }[] = [];
let ending: Promise<void> | undefined;

process.exitCode = await run();

/** Starts the app. Gives the exit status of a start that failed, and nothing while it runs. */
async function run(): Promise<number | undefined> {
  try {
    const { loadConfig } = await import("./config.ts");
    const { slackSettings } = await import("./slack-api/settings.ts");
    const config = loadConfig();
    // Asked first, so that a start without Slack's settings ends before anything is loaded or stored.
    const { reach } = slackSettings(config);
    listenForTheEnd();
    import("./slack/front.ts").catch(() => undefined);
    const { createFront, openEngine } = await import("./app.ts");
    const engine = await openEngine(config);
    opened.push(engine);
    const logger = await createLogger(config.LOG_LEVEL);
    if (config.MONGODB_URI === undefined) {
      logger.info(
        `data is kept in ${config.DATA_DIR}; beyond a few hundred people set MONGODB_URI to a MongoDB`,
      );
    }
    const { startHousekeeping } = await import("./schedules/housekeeping.ts");
    const { store } = engine;
    opened.push(startHousekeeping({ store, clock: Date.now, archiveDays: config.ARCHIVE_DAYS, logger }));
    const { startCollecting } = await import("./collect/jobs.ts");
    const { startIntake } = await import("./intake/index.ts");
    const intake = await startIntake({
      config,
      store,
      clock: Date.now,
      logger,
      zone: config.REPORT_TIMEZONE,
    });
    opened.push(intake);
    const front = await createFront({ config, engine, logger, intake });
    const { url } = await front.start();
    opened.push({ close: () => front.stop() });
    const collector = await engine.collector();
    opened.push(await startCollecting({ collector, store, minutes: config.COLLECT_MINUTES, logger }));
    const how = reach.by === "http" ? `listens on ${url}` : "is connected to Slack in Socket Mode";
    process.stdout.write(`Vault Usage ${how}\n`);
    return undefined;
  } catch (error) {
    if (ending) return undefined;
    await closeAll().catch(() => undefined);
    const told = error instanceof AppError ? error.userMessage : undefined;
    const text = told ?? `Something went wrong: ${error instanceof Error ? error.message : String(error)}`;
    process.stderr.write(`${text}\n`);
    return error instanceof ConfigError ? 2 : 1;
  }
}

/** On standard error, one JSON object a line; tokens, passwords and response URLs never get there. */
async function createLogger(level: string) {
  const [{ pino }, { errorFacts }] = await Promise.all([import("pino"), import("./slack-api/log.ts")]);
  return pino({ level, base: null, serializers: { err: errorFacts } }, pino.destination(2));
}

/** The first signal ends in good order, the second at once. */
function listenForTheEnd(): void {
  for (const [signal, status] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const) {
    process.on(signal, () => {
      if (ending) process.exit(status);
      ending = closeAll().then(
        () => process.exit(0),
        (error: unknown) => {
          process.stderr.write(`It did not end in good order: ${String(error)}\n`);
          process.exit(1);
        },
      );
    });
  }
}

async function closeAll(): Promise<void> {
  for (let part = opened.pop(); part; part = opened.pop()) await part.close();
}
