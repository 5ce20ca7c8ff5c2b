import { LogLevel, type Logger as SlackLogger } from "@slack/bolt";
import type { Logger } from "pino";

const SECRETS =
  /\b(?:xox[a-z]|xapp)-[\w-]+|(?<=\/\/[^/\s:@]*:)[^@/\s]+(?=@)|https?:\/\/[^\s"']*\/(?:response|commands|actions|upload|link)\/[^\s"']*/g;
const DEEPEST = 4;

/** A text without tokens, passwords in addresses, response URLs and upload addresses. */
export function withoutSecrets(text: string): string {
  return text.replace(SECRETS, "[secret]");
}

/** What `errorFacts` gave, which as pino's serializer it is given again. */
const given = new WeakSet<object>();

/** An error and its causes for the log; also pino's `err` serializer. */
export function errorFacts(error: unknown, depth = 0): Record<string, unknown> {
  if (typeof error === "object" && error !== null && given.has(error))
    return error as Record<string, unknown>;
  const facts = error instanceof Error ? factsOf(error, depth) : { message: withoutSecrets(String(error)) };
  given.add(facts);
  return facts;
}

function factsOf(error: Error, depth: number): Record<string, unknown> {
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
