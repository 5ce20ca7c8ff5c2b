import type { Engine } from "../app.ts";
import type { Config } from "../config.ts";
import type { Schedules } from "../schedules/manage.ts";

/** Schedules for somebody at a terminal: what the settings allow to be sent to, is sent from here. */
export async function openScheduling(
  config: Config,
  engine: Engine,
): Promise<{ readonly schedules: Schedules; close(): Promise<void> }> {
  const [{ createScheduling }, { slackSettings }, { pino }, { errorFacts }] = await Promise.all([
    import("../scheduling.ts"),
    import("../slack-api/settings.ts"),
    import("pino"),
    import("../slack-api/log.ts"),
  ]);
  const logger = pino({ level: "silent", serializers: { err: errorFacts } });
  const settings = config.SLACK_BOT_TOKEN === undefined ? undefined : slackSettings(config);
  await engine.store.prepare();
  const { scheduler, slack } = await createScheduling({
    config,
    engine,
    logger,
    front: "terminal",
    largestFile: config.MAX_FILE_MB * 1_000_000,
    slack: settings && { settings, clock: Date.now },
  });
  await slack?.api.connect();
  return { schedules: scheduler.schedules, close: () => scheduler.stop() };
}
