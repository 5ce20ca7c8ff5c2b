import { randomBytes } from "node:crypto";
import { App } from "@slack/bolt";
import type { Logger } from "pino";
import type { CommandDeps } from "../commands/command.ts";
import { mayFetch } from "../commands/files.ts";
import type { Config } from "../config.ts";
import type { LinkClaims, Links } from "../delivery/links.ts";
import { AccessError } from "../errors.ts";
import { interactiveOptions } from "../slack-api/client.ts";
import type { SlackApi } from "../slack-api/index.ts";
import { errorFacts, slackLogger } from "../slack-api/log.ts";
import type { Identity } from "../slack-api/who-am-i.ts";
import type { ArchiveDocument } from "../store/documents.ts";
import type { Accesses } from "./access.ts";
import { kept, ownerOf, withViewer } from "./answer.ts";
import { createDispatcher } from "./dispatch.ts";
import { type HandlerDeps, handle } from "./handlers.ts";
import { createNewest } from "./newest.ts";
import { offerDigest } from "./offer.ts";
import { createGateway } from "./receivers.ts";
import { createResponder } from "./respond.ts";
import type { WebRoute } from "./web-route.ts";

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
  readonly commandDeps: CommandDeps;
  readonly api: SlackApi;
  readonly accesses: Accesses;
  readonly logger: Logger;
  readonly newReference?: (() => string) | undefined;
  /** Larger files, in bytes, are linked to. */
  readonly largestFile: number;
  /** Makes links to files that are too large for Slack. */
  readonly links: Links | undefined;
  /** Whether a first start offers the admins a weekly digest. */
  readonly offersDigest: boolean;
  /** What else the app answers on the web. */
  readonly routes: (mayFetch: MayFetch) => readonly WebRoute[];
}

/** Whether the person of a link may have its file now; keeps that they asked. */
export type MayFetch = (claims: LinkClaims, file: ArchiveDocument) => Promise<boolean>;

const REMEMBERED_MESSAGES = 1_000;
const STOPPING_PATIENCE = 5_000;

export function createSlackFront(options: SlackFrontOptions): SlackFront {
  const { config, commandDeps, api, logger, accesses, links } = options;
  const { settings, client, users, charts, uploader, publisher, poster } = api;
  const libraryLogger = slackLogger(logger);
  const routes = options.routes((claims, file) => mayHave(deps, claims, file));
  const gateway = createGateway(settings, libraryLogger, { host: config.HOST, port: config.PORT }, routes);
  const dispatcher = createDispatcher({
    logger,
    newReference: options.newReference ?? (() => randomBytes(2).toString("hex")),
  });
  const { store } = commandDeps;
  const deps: HandlerDeps = {
    commandDeps,
    users,
    accesses,
    charts,
    uploader,
    responder: createResponder({ logger, pause: api.pause }),
    publisher,
    poster,
    client,
    logger,
    botToken: settings.botToken,
    isSlack: createSlackHosts(settings.apiUrl),
    links,
    largest: options.largestFile,
    maskNames: config.MASK_NAMES_IN_CHANNELS,
    dispatcher,
    newest: createNewest(REMEMBERED_MESSAGES),
  };
  let bot: Identity["bot"] = {};
  let offering = Promise.resolve();
  const app = new App({
    receiver: gateway.receiver,
    // One workspace, whose token was checked at the start: nothing to ask per request.
    authorize: async () => ({ botToken: settings.botToken, ...bot }),
    logger: libraryLogger,
    convoStore: false,
    clientOptions: interactiveOptions(settings, libraryLogger),
  });
  app.error(async (error) => logger.error({ err: errorFacts(error) }, "a payload was not understood"));
  handle(app, deps);

  return {
    async start() {
      ({ bot } = await api.connect());
      await store.prepare();
      charts.warm();
      try {
        const url = await gateway.open();
        if (options.offersDigest) {
          offering = offerDigest({ ...api, logger }, store).catch((error: unknown) =>
            logger.warn({ err: errorFacts(error) }, "no weekly digest could be offered"),
          );
        }
        return url === undefined ? {} : { url };
      } catch (error) {
        await charts.close();
        throw error;
      }
    },
    async stop() {
      await gateway.close();
      await Promise.all([dispatcher.settle(STOPPING_PATIENCE), offering]);
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
  const schedules = await deps.commandDeps.schedules();
  try {
    await kept(deps, person, "fetch", file._id, async (told) => {
      // A report may be sent to somebody who could not ask for it, also by e-mail.
      if (await schedules.mayStillGet(file, userId)) return;
      await withViewer(deps, person, async (viewer) => {
        told(viewer);
        if (!mayFetch(file, ownerOf(person, viewer))) throw new AccessError("no more theirs");
      });
    });
    await schedules.noteFetched(file);
    return true;
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
