import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import { AppError } from "../errors.ts";
import type { SlackMessage } from "../messages/message.ts";
import { LONGEST_PAUSE } from "../slack-api/client.ts";
import { type Form, type Refusal, refusal, sendFittest } from "../slack-api/forms.ts";

/** Answers over a response URL: seen by who asked alone, and also where the app is not a member. */
export interface Responder {
  /**
   * Sends what `build` makes, in the place of the message that was clicked with `replace`; where Slack refuses a part
   * of it, a simpler form. Gives the form that was taken.
   */
  respond(url: string, build: (form: Form) => SlackMessage, options?: RespondOptions): Promise<Form>;
}

interface RespondOptions {
  readonly replace: boolean;
  /** Whether it is still to be sent; asked before each attempt. */
  readonly isWanted?: () => boolean;
}

/** How often Slack lets a response URL be used. */
const USES = 5;
const TIMEOUT = 5_000;

/** `pause` is in milliseconds, before an image that Slack did not find is tried again. */
export function createResponder({ logger, pause }: { logger: Logger; pause: number }): Responder {
  return {
    respond(url, build, { replace, isWanted } = { replace: false }) {
      const uses = { left: USES };
      return sendFittest(
        (form) => {
          const { text, blocks } = build(form);
          const message = {
            text,
            // A message in whose place it stands would keep its blocks.
            ...(form.blocks ? { blocks } : replace ? { blocks: [] } : {}),
            ...(replace ? { replace_original: true } : {}),
          };
          return post(url, message, uses, isWanted);
        },
        { left: () => uses.left, pause, logger, isWanted },
      );
    },
  };
}

/**
 * Posts once, and once more after a short rate limit or a failure of the line, while uses are left. An answer may so
 * come twice, which is better than not at all.
 */
async function post(
  url: string,
  message: object,
  uses: { left: number },
  isWanted: () => boolean = () => true,
): Promise<Refusal | undefined> {
  for (let isFirst = true; ; isFirst = false) {
    if (!isWanted()) return undefined;
    uses.left -= 1;
    const mayRepeat = isFirst && uses.left > 0;
    let response: Response;
    try {
      response = await fetch(url, {
        method: "POST",
        headers: { "content-type": "application/json; charset=utf-8" },
        // Formatting is for blocks: in the text, a name with asterisks is to be read as it is.
        body: JSON.stringify({ ...message, response_type: "ephemeral", mrkdwn: false }),
        signal: AbortSignal.timeout(TIMEOUT),
      });
    } catch (cause) {
      if (mayRepeat) continue;
      throw new AppError("Slack could not be reached for an answer", { cause, retryable: true });
    }
    const body = await response.text();
    if (response.status === 429) {
      const seconds = Number(response.headers.get("retry-after") ?? Number.NaN);
      if (!(seconds <= LONGEST_PAUSE) || !mayRepeat)
        throw new AppError("Slack takes no more answers just now");
      await sleep(seconds * 1_000);
    } else if (response.status < 500 || !mayRepeat) {
      return refusalIn(response.status, body);
    }
  }
}

/** What Slack had against it: a code, alone or in an object, and with it where and why. */
function refusalIn(status: number, body: string): Refusal | undefined {
  const error = /"error"\s*:\s*"(\w+)"/.exec(body)?.[1] ?? /^\s*([a-z]+_[a-z_]+)\s*$/.exec(body)?.[1];
  const isRefused = status >= 300 || /"ok"\s*:\s*false/.test(body);
  if (!isRefused) return undefined;
  if (error === undefined || /_url$|_hook$|^no_service$|^no_team$|^user_not/.test(error)) {
    throw new AppError(`Slack did not take the answer: ${status} ${error ?? ""}`, {
      userMessage: "Slack lets me change that message no more; please ask anew.",
    });
  }
  return refusal(error, body);
}
