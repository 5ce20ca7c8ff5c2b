import type { Logger } from "pino";
import type { Config } from "./config.ts";
import type { Engine } from "./engine.ts";
import { ConfigError } from "./errors.ts";
import type { Intake } from "./intake/index.ts";
import type { ChartRenderer } from "./render/chart-renderer.ts";
import type { SlackFront } from "./slack/front.ts";
import type { PictureTiming } from "./slack-api/upload.ts";

export { type Engine, openEngine } from "./engine.ts";

/** What a front end in Slack is made from; what is left out is as in production. */
export interface FrontOptions {
  readonly config: Config;
  readonly engine: Pick<Engine, "commandDeps" | "store">;
  readonly logger: Logger;
  /** What takes posted events; without it nobody may post. */
  readonly intake?: Pick<Intake, "post">;
  /** What caches go by, in milliseconds since the epoch. */
  readonly clock?: () => number;
  readonly newReference?: () => string;
  readonly timing?: PictureTiming;
  readonly charts?: ChartRenderer;
  /** Larger files, in bytes, are linked to; that of the settings if not said. */
  readonly largestFile?: number;
  /** Whether a first start offers the admins a weekly digest; it does if not said. */
  readonly offersDigest?: boolean;
}

/** The app in Slack with all that belongs to it: schedules, and what people reach by links. */
export async function createFront(options: FrontOptions): Promise<SlackFront> {
  const { config, engine, logger, clock = Date.now, charts, timing } = options;
  const [
    { createSlackFront },
    { createScheduling },
    { slackSettings },
    { webRoutes },
    { startSourceWatch },
    { createSilenceTeller },
    { errorFacts },
  ] = await Promise.all([
    import("./slack/front.ts"),
    import("./scheduling.ts"),
    import("./slack-api/settings.ts"),
    import("./web/routes.ts"),
    import("./schedules/source-watch.ts"),
    import("./slack/silence-notice.ts"),
    import("./slack-api/log.ts"),
  ]);
  const settings = slackSettings(config);
  const largestFile = options.largestFile ?? config.MAX_FILE_MB * 1_000_000;
  const scheduling = await createScheduling({
    config,
    engine,
    logger,
    front: "slack",
    largestFile,
    slack: { settings, clock, ...(charts && { charts }), ...(timing && { timing }) },
  });
  const { scheduler, slack, links, unsubscribe } = scheduling;
  if (slack === undefined) throw new ConfigError("SLACK_BOT_TOKEN has to be set");
  const commandDeps = engine.commandDeps({
    front: "slack",
    onProgress() {},
    onNotice: (line) => logger.debug(line),
    schedules: async () => scheduler.schedules,
  });
  const front = createSlackFront({
    config,
    commandDeps,
    ...slack,
    logger,
    largestFile,
    links,
    newReference: options.newReference,
    offersDigest: options.offersDigest ?? true,
    routes: (mayFetch) =>
      webRoutes({ commandDeps, links, unsubscribe, mayFetch, post: options.intake?.post, logger }),
  });
  let watch: ReturnType<typeof startSourceWatch> | undefined;
  const watchDeps = {
    store: engine.store,
    clock: commandDeps.clock,
    zone: config.REPORT_TIMEZONE,
    logger: logger.child({}, { serializers: { err: errorFacts } }),
    tell: createSilenceTeller({ ...slack.api, logger }),
  };
  return {
    async start() {
      await scheduler.warm();
      const started = await front.start();
      try {
        await scheduler.start();
      } catch (error) {
        await front.stop();
        throw error;
      }
      watch = startSourceWatch(watchDeps);
      return started;
    },
    async stop() {
      await watch?.close();
      await scheduler.stop();
      await front.stop();
    },
  };
}
