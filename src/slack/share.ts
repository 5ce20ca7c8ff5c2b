import { createHash } from "node:crypto";
import { WebAPIPlatformError, WebAPIRateLimitedError } from "@slack/web-api";
import { type Asked, formatAsked } from "../domain/asked.ts";
import { maskReport } from "../domain/mask.ts";
import type { Report } from "../domain/report.ts";
import { AppError } from "../errors.ts";
import { pageOf } from "../messages/grid.ts";
import { buildText } from "../messages/notice.ts";
import { buildMessage } from "../messages/report.ts";
import { uploadPictures } from "../slack-api/pictures.ts";
import type { Publisher } from "../slack-api/publish.ts";
import { claim, disclaim, prolong } from "../store/claims.ts";
import { type AnswerDeps, answerAsked } from "./answer.ts";
import type { Click } from "./click.ts";
import type { Turn } from "./dispatch.ts";
import { show, tell } from "./show.ts";

export interface ShareDeps extends AnswerDeps {
  /** Posts at most once: a message whose fate is unknown is not sent again. */
  readonly poster: Pick<Publisher, "post">;
  readonly maskNames: boolean;
}

/** For how long what was shared is not shared again from the same message, in milliseconds. */
const REMEMBERED = 30 * 86_400_000;
/** For how long nobody else shares it while it is being posted. */
const UNDER_WAY = 60_000;

/** What Slack says where the app may not post, and what would be right. */
const refusals: Readonly<Record<string, string>> = {
  not_in_channel: "I am not in this channel: invite me with /invite, and share again.",
  channel_not_found: "I am not in this conversation: invite me with /invite, and share again.",
  is_archived: "This channel is archived, so nothing can be posted here.",
  restricted_action: "The workspace does not let me post in this channel.",
};

/** Posts what somebody sees for everybody in the channel, once. */
export async function share(deps: ShareDeps, click: Click, asked: Asked, turn: Turn): Promise<void> {
  const { at, person } = click;
  if (at.type !== "message") throw new AppError("only a message can be shared");
  const { store } = deps.commandDeps;
  const beside = { type: "message", url: at.url, replace: false } as const;
  const what = JSON.stringify([at.channel, at.ts, formatAsked(asked)]);
  const key = `share ${createHash("sha256").update(what).digest("base64url")}`;
  if (!(await claim(store, key, { now: Date.now(), lifetime: UNDER_WAY }))) {
    return tell(deps, buildText("This was shared already."), { ...beside, canShare: false });
  }
  await turn(async () => {
    const report = await unlessFailed(
      async () => {
        const { report: found } = await answerAsked(deps, person, asked, "share");
        await post(deps, deps.maskNames ? maskReport(found) : found, asked, click);
        await prolong(store, key, Date.now() + REMEMBERED);
        return found;
      },
      () => disclaim(store, key),
    );
    const target = { type: "message", url: at.url, replace: true, canShare: false } as const;
    await show(deps, report, asked, target, "Shared to this channel.");
  });
}

async function unlessFailed<T>(work: () => Promise<T>, undo: () => Promise<void>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    await undo();
    throw error;
  }
}

async function post(deps: ShareDeps, report: Report, asked: Asked, { at, person }: Click): Promise<void> {
  if (at.type !== "message") return;
  const [page, files] = await Promise.all([pageOf(report, asked.page), uploadPictures(deps, report)]);
  const now = new Date(deps.commandDeps.clock());
  try {
    await deps.poster.post(at.channel, (form) =>
      buildMessage(report, {
        now,
        page,
        files: form.images ? files : {},
        table: form.table ? "block" : "plain",
        remark: `Shared by <@${person.userId}>`,
      }),
    );
  } catch (cause) {
    throw sharingError(cause);
  }
}

function sharingError(cause: unknown): unknown {
  if (cause instanceof WebAPIPlatformError) {
    const userMessage = refusals[cause.data.error];
    return userMessage === undefined ? cause : new AppError(cause.message, { cause, userMessage });
  }
  if (cause instanceof AppError || cause instanceof WebAPIRateLimitedError) return cause;
  return new AppError("it is not known whether a message arrived", {
    cause,
    userMessage: "Slack did not say whether the message arrived; please look before you share it again.",
  });
}
