import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import { AppError } from "../errors.ts";
import type { SlackMessage } from "../messages/message.ts";
import { buildErrorMessage } from "../messages/notice.ts";
import { BusyError, createLimit } from "../render/limit.ts";
import { createOnce } from "../slack-api/cache.ts";
import { errorFacts } from "../slack-api/log.ts";

/** A thing that somebody did in Slack, once it is acknowledged. */
export interface Request {
  /** The same for the same thing when it is delivered twice. */
  readonly key: string;
  readonly userId: string;
  /** Tells the person what went wrong. */
  tell(message: SlackMessage): Promise<unknown>;
}

/** Waits for a turn among those who are answered, then does the task. @throws BusyError when too many wait */
export type Turn = <T>(task: () => Promise<T>) => Promise<T>;

/** The one place where what went wrong on the way to an answer is caught. */
export interface Dispatcher {
  /**
   * Does the work at once, and within it what takes longer when its turn comes; the person is told of whatever it
   * throws. Never rejects.
   */
  dispatch(request: Request, work: (turn: Turn) => Promise<void>): Promise<void>;
  /** Resolves when nothing runs any more, or after so many milliseconds. */
  settle(patience: number): Promise<void>;
}

const LIMIT = { running: 4, waiting: 200 };
/** Milliseconds without anything new before work begins: all of a burst is acknowledged before its first answer. */
const LULL = 10;
const LONGEST_LULL = 150;
const REMEMBERED = 5_000;

export function createDispatcher(deps: {
  readonly logger: Logger;
  /** A short reference that a person may quote. */
  readonly newReference: () => string;
}): Dispatcher {
  const { logger, newReference } = deps;
  const limit = createLimit(LIMIT);
  const isFirst = createOnce(REMEMBERED);
  const running = new Set<Promise<void>>();
  let lastAt = 0;

  async function lull(): Promise<void> {
    const deadline = performance.now() + LONGEST_LULL;
    do await sleep(LULL);
    while (performance.now() - lastAt < LULL && performance.now() < deadline);
  }

  const turn: Turn = (task) =>
    limit(async () => {
      await lull();
      return task();
    });

  async function handle({ userId, tell }: Request, work: (turn: Turn) => Promise<void>): Promise<void> {
    try {
      await work(turn);
    } catch (error) {
      const message = buildErrorMessage(messageFor(error, userId));
      await tell(message).catch((failure: unknown) =>
        logger.error({ err: errorFacts(failure), userId }, "nobody could be told"),
      );
    }
  }

  /** What the person reads; the log gets all of it. */
  function messageFor(error: unknown, userId: string): string {
    if (error instanceof AppError && error.userMessage !== undefined) {
      const level = error.cause !== undefined || error instanceof BusyError ? "warn" : "debug";
      logger[level]({ err: errorFacts(error), userId }, "answered with a message");
      return error.userMessage;
    }
    const reference = newReference();
    logger.error({ err: errorFacts(error), userId, reference }, "an answer failed");
    return `Something went wrong, reference ${reference}. The log of the app has the details under it.`;
  }

  return {
    async dispatch(request, work) {
      if (request.key !== "" && !isFirst(request.key)) return;
      lastAt = performance.now();
      const task = handle(request, work);
      running.add(task);
      await task;
      running.delete(task);
    },
    async settle(patience) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, patience);
      await Promise.race([Promise.all(running), promise]);
      clearTimeout(timer);
    },
  };
}
