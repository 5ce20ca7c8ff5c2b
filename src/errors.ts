/** What every error of ours says about itself; a front end shows `userMessage` and logs the rest. */
export class AppError extends Error {
  override name = "AppError";
  /** Whether the same call may succeed later without anybody changing anything. */
  readonly retryable: boolean;
  /** The sentence a person may read; without it they see "something went wrong" and a reference. */
  readonly userMessage: string | undefined;

  constructor(message: string, options: { cause?: unknown; retryable?: boolean; userMessage?: string } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.retryable = options.retryable ?? false;
    this.userMessage = options.userMessage;
  }
}

/** The words were wrong: the message is one line that says what would be right. Exit status 2. */
export class UsageError extends AppError {
  override name = "UsageError";

  constructor(message: string) {
    super(message, { userMessage: message });
  }
}

/** A setting is missing or wrong: the message names it and says what would be right. Exit status 2. */
export class ConfigError extends AppError {
  override name = "ConfigError";

  constructor(message: string) {
    super(message, { userMessage: message });
  }
}

/** An input is no vault export, or not one that can be read on. `line` counts from 1. */
export class SourceError extends AppError {
  override name = "SourceError";
  readonly line: number | undefined;

  constructor(message: string, options: { line?: number; cause?: unknown } = {}) {
    super(message, { userMessage: message, cause: options.cause });
    this.line = options.line;
  }
}

/** Somebody asked for what is not theirs to see. */
export class AccessError extends AppError {
  override name = "AccessError";
}

/**
 * What is known of a send that did not succeed: it surely did not arrive, nobody can say, or whoever it was for wants
 * none.
 */
export type SendFate = "not sent" | "unknown" | "unwanted";

/**
 * A report did not reach a target, or nobody can say whether it did. `retryable` is about the same send: what is not
 * may never succeed without somebody changing something, and what is "unknown" is never repeated by itself.
 */
export class DeliveryError extends AppError {
  override name = "DeliveryError";
  readonly fate: SendFate;
  /** Milliseconds that the other side asks to wait before the next try. */
  readonly retryAfter: number | undefined;

  constructor(
    message: string,
    options: {
      cause?: unknown;
      fate?: SendFate;
      retryable?: boolean;
      retryAfter?: number | undefined;
      userMessage: string;
    },
  ) {
    super(message, options);
    this.fate = options.fate ?? "not sent";
    this.retryAfter = options.retryAfter;
  }
}
