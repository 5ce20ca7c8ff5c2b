import type { Logger } from "pino";
import { exportReport } from "./commands/export.ts";
import { answer } from "./commands/report.ts";
import { viewerOf } from "./commands/viewer.ts";
import type { Config } from "./config.ts";
import type { Channels } from "./delivery/index.ts";
import { createLinks, type Links } from "./delivery/links.ts";
import { createSlackChannel } from "./delivery/slack.ts";
import { createUnsubscribeLinks, type UnsubscribeLinks } from "./delivery/unsubscribe.ts";
import { DAY } from "./domain/calendar.ts";
import { operator } from "./domain/viewer.ts";
import type { Engine } from "./engine.ts";
import { AccessError } from "./errors.ts";
import { type ChartRenderer, createChartRenderer } from "./render/chart-renderer.ts";
import { openAlarm } from "./schedules/alarm.ts";
import type { RunDeps } from "./schedules/deps.ts";
import { createScheduler, type Scheduler } from "./schedules/index.ts";
import { type Accesses, createAccesses } from "./slack/access.ts";
import { createNotifier } from "./slack/notify.ts";
import { createSlackApi, type SlackApi } from "./slack-api/index.ts";
import { errorFacts } from "./slack-api/log.ts";
import type { SlackSettings } from "./slack-api/settings.ts";
import { defaultTiming, type PictureTiming } from "./slack-api/upload.ts";
import type { SlackUsers } from "./slack-api/users.ts";
import type { ArchiveDocument } from "./store/documents.ts";
import type { OwnerDocument } from "./store/schedule-documents.ts";

/** Schedules with all that they need. */
export interface Scheduling {
  readonly scheduler: Scheduler;
  /** Undefined where Slack is not set up. */
  readonly slack: { readonly api: SlackApi; readonly accesses: Accesses } | undefined;
  readonly links: Links | undefined;
  readonly unsubscribe: UnsubscribeLinks | undefined;
}

const LINK_DAYS = 30;

/** Puts schedules together; without `slack` they send e-mails only. */
export async function createScheduling(options: {
  readonly config: Config;
  readonly engine: Pick<Engine, "commandDeps" | "store">;
  readonly logger: Logger;
  readonly front: "slack" | "terminal";
  readonly largestFile: number;
  readonly slack?:
    | {
        readonly settings: SlackSettings;
        readonly clock: () => number;
        readonly charts?: ChartRenderer;
        readonly timing?: PictureTiming;
      }
    | undefined;
}): Promise<Scheduling> {
  const { config, engine, front, largestFile } = options;
  // Whoever logs for a schedule hands errors over as they are.
  const logger = options.logger.child({}, { serializers: { err: errorFacts } });
  const { store } = engine;
  const commandDeps = engine.commandDeps({
    front,
    onProgress() {},
    onNotice: (line) => logger.debug(line),
  });
  const { clock } = commandDeps;
  const { PUBLIC_URL: baseUrl, LINK_SECRET: secret } = config;
  const isReachable = baseUrl !== undefined && secret !== undefined;
  const links = isReachable ? createLinks({ baseUrl, secret }) : undefined;
  const unsubscribe = isReachable ? createUnsubscribeLinks({ baseUrl, secret }) : undefined;
  const charts = options.slack?.charts ?? createChartRenderer();
  const slack = options.slack && openSlack(options.slack, store, charts, logger);

  const channels: Channels = {
    ...(slack && {
      slack: createSlackChannel({
        ...slack.api,
        store,
        clock,
        logger,
        largest: largestFile,
        linkTo: links && linkTo(links, clock),
      }),
    }),
    ...(config.SMTP_URL !== undefined && {
      email: await openMail(config, options.engine, logger, charts, links, unsubscribe, slack?.api.users),
    }),
  };
  const deps: RunDeps = {
    store,
    clock,
    channels,
    logger,
    maskNames: config.MASK_NAMES_IN_CHANNELS,
    viewerOf: (owner) => viewerOfOwner(owner, slack?.accesses, store),
    answer: (request, asOf) => answer(request, commandDeps, asOf),
    makeFile: (
      report,
      format,
      {
        schedule,
        plan: {
          owner: { who, workspace },
        },
      },
      sees,
    ) =>
      exportReport({ ...commandDeps, drawPng: charts.png }, report, format, {
        who,
        workspace,
        sees,
        schedule,
      }),
    tell: slack ? createNotifier({ ...slack.api, admins: config.ADMINS, clock, logger }) : async () => {},
  };
  const scheduler = createScheduler({
    ...deps,
    catchUpHours: config.CATCH_UP_HOURS,
    openAlarm: () => openAlarm(store.db, { clock, logger }),
    // The front in Slack ends what it was given; a terminal has only this.
    close: front === "terminal" ? () => charts.close() : undefined,
  });
  return { scheduler, slack, links, unsubscribe };
}

function openSlack(
  {
    settings,
    clock,
    timing = defaultTiming,
  }: { settings: SlackSettings; clock: () => number; timing?: PictureTiming },
  store: Engine["store"],
  charts: ChartRenderer,
  logger: Logger,
) {
  const api = createSlackApi({ settings, logger, clock, timing, charts });
  return { api, accesses: createAccesses(settings.admins, api.users, (email) => viewerOf(store, email)) };
}

async function openMail(
  config: Config,
  { commandDeps, store }: Pick<Engine, "commandDeps" | "store">,
  logger: Logger,
  charts: ChartRenderer,
  links: Links | undefined,
  unsubscribe: UnsubscribeLinks | undefined,
  users: SlackUsers | undefined,
) {
  const { createEmailChannel } = await import("./delivery/email.ts");
  const { clock } = commandDeps({ front: "terminal", onProgress() {}, onNotice() {} });
  const { SMTP_URL: smtpUrl = "", MAIL_FROM: from = "", MAIL_ALLOWED_DOMAINS: allowedDomains = [] } = config;
  return createEmailChannel({
    smtpUrl,
    from,
    allowedDomains,
    largestMail: config.MAX_MAIL_MB * 1_000_000,
    store,
    links,
    unsubscribe,
    isUnsubscribed: async (schedule: string, email: string) =>
      (await store.unsubscribed.findOne({ _id: `${schedule} ${email}` })) !== null,
    ownerName: async (owner) => (await users?.user(owner).catch(() => undefined))?.name,
    drawPng: charts.png,
    clock,
    logger,
  });
}

/** A link for somebody to whom a report was sent; whether it still leads them anywhere is looked up when they follow it. */
function linkTo(links: Links, clock: () => number): (file: ArchiveDocument, who: string) => string {
  return (file, who) => {
    const workspace = file.workspace === undefined ? {} : { workspace: file.workspace };
    return links.make({ file: file._id, who, until: clock() + LINK_DAYS * DAY, ...workspace }, file.name);
  };
}

/** What the owner of a schedule may see at this moment. @throws AccessError where nobody can say */
async function viewerOfOwner(
  owner: OwnerDocument,
  accesses: Accesses | undefined,
  store: Engine["store"],
): ReturnType<RunDeps["viewerOf"]> {
  if (owner.front === "terminal") return owner.email === undefined ? operator : viewerOf(store, owner.email);
  if (accesses === undefined) {
    throw new AccessError("Slack is not set up", {
      userMessage: "its owner is known to Slack, which is not set up",
    });
  }
  const { viewer, doubt } = await accesses(owner.who);
  if (doubt !== undefined && viewer.sees !== "everybody") {
    throw new AccessError("Slack does not say who is an admin", {
      cause: doubt,
      retryable: true,
      userMessage: "Slack could not say what the owner may see",
    });
  }
  return viewer;
}
