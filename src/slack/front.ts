import { randomBytes } from "node:crypto";
import { App } from "@slack/bolt";
import { WebAPIPlatformError, type WebClient } from "@slack/web-api";
import type { Logger } from "pino";
import type { CommandDeps } from "../commands/command.ts";
import { viewerOf } from "../commands/viewer.ts";
import type { Config } from "../config.ts";
import { AppError, ConfigError } from "../errors.ts";
import { createAccesses } from "./access.ts";
import { type ChartRenderer, createChartRenderer } from "./chart-renderer.ts";
import { createClient, interactiveOptions } from "./client.ts";
import { createDispatcher } from "./dispatch.ts";
import { type HandlerDeps, handle } from "./handlers.ts";
import { errorFacts, slackLogger } from "./log.ts";
import { createNewest } from "./newest.ts";
import { createPublisher } from "./publish.ts";
import { createGateway } from "./receivers.ts";
import { createResponder } from "./respond.ts";
import { slackSettings } from "./settings.ts";
import { createUploader, defaultTiming, type PictureTiming } from "./upload.ts";
import { createUsers } from "./users.ts";

/** The app in Slack. */
export interface SlackFront {
  /**
   * Checks the tokens with Slack and begins to take commands. Gives the address for Slack's request URL, or none for
   * Socket Mode. @throws ConfigError naming the setting that is wrong
   */
  start(): Promise<{ readonly url?: string }>;
  /** Takes nothing new, finishes what runs within a few seconds, and ends. */
  stop(): Promise<void>;
}

export interface SlackFrontOptions {
  readonly config: Config;
  readonly engine: {
    commandDeps(front: Pick<CommandDeps, "front" | "onProgress" | "onNotice">): CommandDeps;
  };
  readonly logger: Logger;
  /** What caches go by, in milliseconds since the epoch. */
  readonly clock?: () => number;
  readonly newReference?: () => string;
  readonly timing?: PictureTiming;
  readonly charts?: ChartRenderer;
}

const REMEMBERED_MESSAGES = 1_000;
const STOPPING_PATIENCE = 5_000;

/** @throws ConfigError when a setting is missing */
export function createSlackFront(options: SlackFrontOptions): SlackFront {
  const { config, engine, logger, clock = Date.now } = options;
  const settings = slackSettings(config);
  const libraryLogger = slackLogger(logger);
  const client = createClient(settings, libraryLogger);
  const gateway = createGateway(settings, libraryLogger);
  const users = createUsers(client, clock);
  const { charts = createChartRenderer(), timing = defaultTiming } = options;
  const { pause } = timing;
  const responder = createResponder({ logger, pause });
  const publisher = createPublisher(client, { logger, pause });
  const poster = createPublisher(createClient(settings, libraryLogger, { retries: 0 }), { logger, pause });
  const dispatcher = createDispatcher({
    logger,
    newReference: options.newReference ?? (() => randomBytes(2).toString("hex")),
  });
  const commandDeps = engine.commandDeps({
    front: "slack",
    onProgress() {},
    onNotice: (line) => logger.debug(line),
  });
  const { store } = commandDeps;
  const deps: HandlerDeps = {
    commandDeps,
    users,
    accesses: createAccesses(settings.admins, users, (email) => viewerOf(store, email)),
    charts,
    uploader: createUploader(client, clock, timing),
    responder,
    publisher,
    poster,
    client,
    logger,
    maskNames: config.MASK_NAMES_IN_CHANNELS,
    dispatcher,
    newest: createNewest(REMEMBERED_MESSAGES),
  };
  let identity: { botId?: string; botUserId?: string } = {};
  const app = new App({
    receiver: gateway.receiver,
    // One workspace, whose token was checked at the start: nothing to ask per request.
    authorize: async () => ({ botToken: settings.botToken, ...identity }),
    logger: libraryLogger,
    convoStore: false,
    clientOptions: interactiveOptions(settings, libraryLogger),
  });
  app.error(async (error) => logger.error({ err: errorFacts(error) }, "a payload was not understood"));
  handle(app, deps);

  return {
    async start() {
      identity = await whoAmI(client);
      await store.prepare();
      charts.warm();
      try {
        const url = await gateway.open();
        return url === undefined ? {} : { url };
      } catch (error) {
        await charts.close();
        throw error;
      }
    },
    async stop() {
      await gateway.close();
      await dispatcher.settle(STOPPING_PATIENCE);
      await charts.close();
    },
  };
}

/** Asks Slack whose token it is. @throws ConfigError when Slack does not accept it */
async function whoAmI(client: WebClient): Promise<{ botId?: string; botUserId?: string }> {
  try {
    const { bot_id: botId, user_id: botUserId } = await client.auth.test();
    return { ...(botId && { botId }), ...(botUserId && { botUserId }) };
  } catch (cause) {
    if (cause instanceof WebAPIPlatformError) {
      throw new ConfigError(
        `SLACK_BOT_TOKEN has to be the bot token of an installed app (Slack says ${cause.data.error})`,
      );
    }
    throw new AppError("Slack cannot be reached", {
      cause,
      retryable: true,
      userMessage: `Slack cannot be reached at ${client.slackApiUrl} (${(cause as Error).message}); is there a network, and is SLACK_API_URL right?`,
    });
  }
}
