import { LogLevel, type Logger as SlackLogger } from "@slack/bolt";
import type { Logger } from "pino";

const SECRETS =
  /\b(?:xox[a-z]|xapp)-[\w-]+|(?<=\/\/[^/\s:@]*:)[^@/\s]+(?=@)|https?:\/\/[^\s"']*\/(?:response|commands|actions|upload|link)\/[^\s"']*/g;
const DEEPEST = 4;

/** A text without tokens, passwords in addresses, response URLs and upload addresses. */
export function withoutSecrets(text: string): string {
  return text.replace(SECRETS, "[secret]");
}

/** An error and its causes for the log; also pino's `err` serializer, which may get what this made. */
export function errorFacts(error: unknown, depth = 0): Record<string, unknown> {
  if (made.has(error as object)) return error as Record<string, unknown>;
  const facts = factsOf(error, depth);
  made.add(facts);
  return facts;
}

const made = new WeakSet<object>();

function factsOf(error: unknown, depth: number): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: withoutSecrets(String(error)) };
  const { code } = error as NodeJS.ErrnoException;
  return {
    type: error.name,
    message: withoutSecrets(error.message),
    ...(code === undefined ? {} : { code }),
    stack: withoutSecrets(error.stack ?? ""),
    ...(error.cause === undefined || depth >= DEEPEST ? {} : { cause: errorFacts(error.cause, depth + 1) }),
  };
}

/** Our logger for Slack's libraries; what they say at debug level holds payloads, and with them secrets. */
export function slackLogger(logger: Logger): SlackLogger {
  const text = (parts: unknown[]): string =>
    withoutSecrets(parts.map((part) => (part instanceof Error ? part.message : String(part))).join(" "));
  return {
    debug() {},
    info: (...parts) => logger.debug(text(parts)),
    warn: (...parts) => logger.warn(text(parts)),
    error: (...parts) => logger.error(text(parts)),
    setLevel() {},
    getLevel: () => LogLevel.INFO,
    setName() {},
  };
}
