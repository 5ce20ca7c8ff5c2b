import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "@slack/bolt";
import { WebAPIRateLimitedError, WebClient, type WebClientOptions } from "@slack/web-api";
import type { SlackSettings } from "./settings.ts";

const TIMEOUT = 5_000;
/** Seconds that a person who waits for an answer may be kept waiting. */
export const LONGEST_PAUSE = 3;

/**
 * Options for calls that somebody waits for: few retries and a timeout, where the library's own are half an hour and
 * none; and a rate limit is our business, since the library would halt every call of the client.
 */
export function interactiveOptions(
  { apiUrl }: Pick<SlackSettings, "apiUrl">,
  logger: Logger,
): WebClientOptions {
  return {
    logger,
    timeout: TIMEOUT,
    rejectRateLimitedCalls: true,
    retryConfig: { retries: 1, minTimeout: 200, maxTimeout: 500 },
    ...(apiUrl === undefined ? {} : { slackApiUrl: apiUrl }),
  };
}

/** With no retries a call is made once, for what must not happen twice. */
export function createClient(
  settings: SlackSettings,
  logger: Logger,
  more: { readonly retries?: 0 } = {},
): WebClient {
  const options = interactiveOptions(settings, logger);
  return new WebClient(settings.botToken, {
    ...options,
    ...(more.retries === 0 ? { retryConfig: { retries: 0 } } : {}),
  });
}

/** Makes a call, and once more after the pause that Slack asks for, if that is short. */
export async function patiently<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof WebAPIRateLimitedError) || error.retryAfter > LONGEST_PAUSE) throw error;
    await sleep(error.retryAfter * 1_000);
    return call();
  }
}
