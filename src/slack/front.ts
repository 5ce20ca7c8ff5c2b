import { randomBytes } from "node:crypto";
import type { RequestListener } from "node:http";
import { App } from "@slack/bolt";
import { WebAPIPlatformError, type WebClient } from "@slack/web-api";
import type { Logger } from "pino";
import type { CommandDeps } from "../commands/command.ts";
import { mayFetch } from "../commands/files.ts";
import { viewerOf } from "../commands/viewer.ts";
import type { Config } from "../config.ts";
import type { LinkClaims, Links } from "../delivery/links.ts";
import { AccessError, AppError, ConfigError } from "../errors.ts";
import { type ChartRenderer, createChartRenderer } from "../render/chart-renderer.ts";
import { createClient, interactiveOptions } from "../slack-api/client.ts";
import { errorFacts, slackLogger } from "../slack-api/log.ts";
import { createPublisher } from "../slack-api/publish.ts";
import { slackSettings } from "../slack-api/settings.ts";
import { createUploader, defaultTiming, type PictureTiming } from "../slack-api/upload.ts";
import { createUsers, type HomeOrganisation } from "../slack-api/users.ts";
import type { ArchiveDocument } from "../store/documents.ts";
import { createAccesses } from "./access.ts";
import { kept, ownerOf, withViewer } from "./answer.ts";
import { createDispatcher } from "./dispatch.ts";
import { type HandlerDeps, handle } from "./handlers.ts";
import { createNewest } from "./newest.ts";
import { createGateway } from "./receivers.ts";
import { createResponder } from "./respond.ts";

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
  /** Larger files, in bytes, are linked to; that of the settings if not said. */
  readonly largestFile?: number;
  /** Makes links to files that are too large for Slack, and what answers them. */
  readonly links?: Links | undefined;
  readonly serveLinks?: ((mayFetch: MayFetch) => RequestListener) | undefined;
}

/** Whether the person of a link may have its file now; keeps that they asked. */
export type MayFetch = (claims: LinkClaims, file: ArchiveDocument) => Promise<boolean>;

const REMEMBERED_MESSAGES = 1_000;
const STOPPING_PATIENCE = 5_000;

/** @throws ConfigError when a setting is missing */
export function createSlackFront(options: SlackFrontOptions): SlackFront {
  const { config, engine, logger, clock = Date.now } = options;
  const settings = slackSettings(config);
  const libraryLogger = slackLogger(logger);
  const client = createClient(settings, libraryLogger);
  const serve = options.links && options.serveLinks?.((claims, file) => mayHave(deps, claims, file));
  const gateway = createGateway(settings, libraryLogger, { host: config.HOST, port: config.PORT }, serve);
  let home: HomeOrganisation = {};
  const users = createUsers(client, clock, () => home);
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
    botToken: settings.botToken,
    isSlack: createSlackHosts(settings.apiUrl),
    links: options.links,
    largest: options.largestFile ?? config.MAX_FILE_MB * 1_000_000,
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
      ({ identity, home } = await whoAmI(client));
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

/** A link is one person's: whether it still leads them anywhere is looked up as if they asked in Slack. */
async function mayHave(
  deps: HandlerDeps,
  { who: userId, workspace }: LinkClaims,
  file: ArchiveDocument,
): Promise<boolean> {
  const person = { userId, workspace, where: "link" };
  try {
    return await kept(deps, person, "fetch", file._id, (told) =>
      withViewer(deps, person, async (viewer) => {
        told(viewer);
        if (!mayFetch(file, ownerOf(person, viewer))) throw new AccessError("no more theirs");
        return true;
      }),
    );
  } catch (error) {
    deps.logger.info({ err: errorFacts(error), userId, file: file._id }, "a link was not answered");
    return false;
  }
}

/** Whether an address is one of Slack's files, or of the stand-in for Slack that the settings name. */
function createSlackHosts(apiUrl: string | undefined): (url: URL) => boolean {
  const own = apiUrl === undefined ? undefined : new URL(apiUrl).origin;
  return (url) =>
    url.origin === own || (url.protocol === "https:" && /^files(-[\w-]+)?\.slack\.com$/.test(url.hostname));
}

/** Asks Slack whose token it is. @throws ConfigError when Slack does not accept it */
async function whoAmI(
  client: WebClient,
): Promise<{ identity: { botId?: string; botUserId?: string }; home: HomeOrganisation }> {
  try {
    const { bot_id: botId, user_id: botUserId, team_id: teamId, enterprise_id } = await client.auth.test();
    return {
      identity: { ...(botId && { botId }), ...(botUserId && { botUserId }) },
      home: { teamId, enterpriseId: enterprise_id },
    };
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
