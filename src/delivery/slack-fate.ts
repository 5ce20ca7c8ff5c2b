import {
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
} from "@slack/web-api";
import { AppError, DeliveryError } from "../errors.ts";

/** What Slack says where the app may not post, and what would be right; nothing changes until somebody acts. */
export const refusals: Readonly<Record<string, string>> = {
  not_in_channel: "I am not in this channel: invite me with /invite",
  channel_not_found: "I am not in this conversation, or it is gone: invite me with /invite",
  is_archived: "this channel is archived, so nothing can be posted here",
  restricted_action: "the workspace does not let me post in this channel",
  user_not_found: "this person is not in the workspace any more",
  cannot_dm_bot: "this is a robot, which takes no messages",
  user_disabled: "this person was deactivated",
  messages_tab_disabled: "the app’s Messages tab is switched off in its settings",
  missing_scope: "the Slack app lacks a right: create its manifest anew with `manifest`, and reinstall it",
  account_inactive: "the Slack app was removed, or its token revoked",
  token_revoked: "the Slack app was removed, or its token revoked",
  invalid_auth: "Slack does not take the app’s token any more",
  not_authed: "Slack does not take the app’s token any more",
  team_access_not_granted: "the app is not installed in that workspace",
};

/** By Slack's own words some of it may have happened before the error. */
const doubtful = new Set(["internal_error", "fatal_error", "request_timeout"]);
/** Nothing happened, and it may work later. */
const passing = new Set(["service_unavailable", "ratelimited", "rate_limited", "team_added_to_org"]);
/** The other side was not reached at all. */
const UNREACHED = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"]);

/** What an error of a call to Slack means for what was to be sent. */
export function slackFate(cause: unknown): DeliveryError {
  if (cause instanceof DeliveryError) return cause;
  if (cause instanceof WebAPIRateLimitedError) {
    return new DeliveryError("rate limited", {
      cause,
      retryable: true,
      retryAfter: cause.retryAfter * 1_000,
      userMessage: "Slack takes no more messages just now",
    });
  }
  if (cause instanceof WebAPIPlatformError) return platformFate(cause);
  if (cause instanceof WebAPIRequestError && UNREACHED.has(codeOf(cause.original))) {
    return new DeliveryError("Slack was not reached", {
      cause,
      retryable: true,
      userMessage: "Slack could not be reached",
    });
  }
  if (cause instanceof WebAPIRequestError || cause instanceof WebAPIHTTPError) {
    return new DeliveryError("it is not known whether a message arrived", {
      cause,
      fate: "unknown",
      userMessage: "Slack did not say whether the message arrived",
    });
  }
  const userMessage =
    (cause instanceof AppError ? cause.userMessage : undefined) ?? "Slack did not take the message";
  return new DeliveryError("a message was not taken", { cause, userMessage });
}

function platformFate(cause: WebAPIPlatformError): DeliveryError {
  const { error } = cause.data;
  if (doubtful.has(error)) {
    return new DeliveryError(error, {
      cause,
      fate: "unknown",
      userMessage: `Slack failed (${error}) and did not say whether the message arrived`,
    });
  }
  const retryable = passing.has(error);
  const why =
    refusals[error] ?? (retryable ? "Slack is not available just now" : "Slack does not take the message");
  return new DeliveryError(error, { cause, retryable, userMessage: `${why} (${error})` });
}

/** The system's code of an error or of what caused it. */
function codeOf(error: unknown, depth = 0): string {
  if (!(error instanceof Error) || depth > 4) return "";
  const { code } = error as NodeJS.ErrnoException;
  if (code !== undefined && UNREACHED.has(code)) return code;
  const causes = error instanceof AggregateError ? error.errors : [error.cause];
  for (const cause of causes) {
    const found = codeOf(cause, depth + 1);
    if (found !== "") return found;
  }
  return "";
}

/** Asks Slack. @throws DeliveryError that may be tried again where it does not answer */
export async function asked<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (cause) {
    throw notYet(cause);
  }
}

/** Nothing was sent: the same may work later, unless Slack says that it never will. */
export function notYet(cause: unknown): DeliveryError {
  const { userMessage = "", retryAfter, fate, retryable } = slackFate(cause);
  const isHopeless =
    fate === "not sent" &&
    !retryable &&
    !(cause instanceof DeliveryError) &&
    cause instanceof WebAPIPlatformError;
  return new DeliveryError("nothing was sent", {
    cause,
    retryable: !isHopeless,
    retryAfter,
    userMessage: fate === "unknown" ? "Slack did not answer" : userMessage,
  });
}
