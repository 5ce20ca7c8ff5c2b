import type { WebClient } from "@slack/web-api";
import type { Logger } from "pino";
import type { ChartRenderer } from "../render/chart-renderer.ts";
import { createClient } from "./client.ts";
import { type Conversations, createConversations } from "./conversations.ts";
import { slackLogger } from "./log.ts";
import { createPublisher, type Publisher } from "./publish.ts";
import type { SlackSettings } from "./settings.ts";
import { createUploader, type PictureTiming, type Uploader } from "./upload.ts";
import { createUsers, type SlackUsers } from "./users.ts";
import { type Identity, whoAmI } from "./who-am-i.ts";

/** Everything that the app does through Slack's Web API, for answers as well as for what comes by itself. */
export interface SlackApi {
  readonly settings: SlackSettings;
  readonly client: WebClient;
  readonly users: SlackUsers;
  readonly conversations: Conversations;
  readonly charts: ChartRenderer;
  readonly uploader: Uploader;
  readonly publisher: Publisher;
  /** Posts at most once: a message whose fate is unknown is not sent again. */
  readonly poster: Publisher;
  /** Milliseconds before a picture that Slack refused is tried again. */
  readonly pause: number;
  /** Asks Slack whose token it is, before anything else is asked. @throws ConfigError when Slack does not accept it */
  connect(): Promise<Identity>;
}

/** `clock` is what caches go by, in milliseconds since the epoch. */
export function createSlackApi(options: {
  readonly settings: SlackSettings;
  readonly logger: Logger;
  readonly clock: () => number;
  readonly timing: PictureTiming;
  readonly charts: ChartRenderer;
}): SlackApi {
  const { settings, logger, clock, timing, charts } = options;
  const { pause } = timing;
  const libraryLogger = slackLogger(logger);
  const client = createClient(settings, libraryLogger);
  const once = createClient(settings, libraryLogger, { retries: 0 });
  let home: Identity["home"] = {};
  return {
    settings,
    client,
    charts,
    pause,
    users: createUsers(client, clock, () => home),
    conversations: createConversations(client, clock),
    uploader: createUploader(client, clock, timing),
    publisher: createPublisher(client, { logger, pause }),
    poster: createPublisher(once, { logger, pause }),
    async connect() {
      const identity = await whoAmI(client);
      home = identity.home;
      return identity;
    },
  };
}
