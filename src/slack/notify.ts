import type { Logger } from "pino";
import type { SlackMessage } from "../messages/message.ts";
import { buildFailure, buildUnread } from "../messages/schedule-notice.ts";
import type { Notice } from "../schedules/notice.ts";
import type { SlackApi } from "../slack-api/index.ts";
import { findAdmins, tellEach } from "./admins.ts";
import { runFacts, scheduleFacts } from "./schedule-facts.ts";

interface NotifierDeps extends Pick<SlackApi, "publisher" | "users"> {
  /** As the settings name them; undefined: the workspace's owners and admins. */
  readonly admins: readonly string[] | undefined;
  readonly clock: () => number;
  readonly logger: Logger;
}

/**
 * Tells the owner of a schedule what they have to know, or the admins where the owner is gone or known to a terminal
 * only. Throws when nobody could be told.
 */
export function createNotifier(deps: NotifierDeps): (notice: Notice) => Promise<void> {
  return async (notice) => {
    const { to, why } = await readersOf(deps, notice);
    await tellEach(deps, to, messageOf(notice, why, new Date(deps.clock())));
  };
}

/** Who is told, and why, where that is not the owner. Throws where Slack cannot say. */
async function readersOf(
  { users, admins }: NotifierDeps,
  { to: owner, mayNothing }: Notice,
): Promise<{ readonly to: readonly string[]; readonly why: string | undefined }> {
  const user = owner.front === "slack" ? await users.user(owner.who) : undefined;
  const isThere = user !== undefined && !user.isOutsider;
  if (isThere && !mayNothing) return { to: [owner.who], why: undefined };
  const why =
    owner.front === "slack"
      ? `Its owner ${user?.name ?? owner.who} ${isThere ? "may not see it any more" : "is not there any more"}, so you are told.`
      : `Its owner ${owner.who} set it up in a terminal and is not in Slack, so you are told.`;
  return { to: await findAdmins(admins, users), why };
}

function messageOf(notice: Notice, why: string | undefined, now: Date): SlackMessage {
  const schedule = scheduleFacts({ schedule: notice.schedule, last: undefined }, now);
  if (notice.about === "unread") return buildUnread({ schedule, why }, notice.times);
  const { run, deliveries, paused } = notice;
  // Nothing of it is under way any more, though whoever tells is not done yet.
  const ended = { ...run, state: "done" as const };
  return buildFailure({ schedule, why }, runFacts(notice.schedule, { run: ended, deliveries }, now), paused);
}
