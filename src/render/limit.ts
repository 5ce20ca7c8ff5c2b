import { AppError } from "../errors.ts";

/** There is too much to do already. */
export class BusyError extends AppError {
  override name = "BusyError";

  constructor() {
    super("too many at once", {
      retryable: true,
      userMessage: "Many people are asking at this moment; please try again in a minute.",
    });
  }
}

/** Runs a task, at once or when its turn comes. */
type Limit = <T>(task: () => Promise<T>) => Promise<T>;

/** At most `running` tasks at a time and `waiting` in line; more are refused with a BusyError. */
export function createLimit({ running, waiting }: { running: number; waiting: number }): Limit {
  const line: (() => void)[] = [];
  let active = 0;
  return async (task) => {
    if (active >= running) {
      if (line.length >= waiting) throw new BusyError();
      // Whoever ends hands its place over, so that nobody comes in between.
      await new Promise<void>((resolve) => line.push(resolve));
    } else {
      active += 1;
    }
    try {
      return await task();
    } finally {
      const next = line.shift();
      if (next) next();
      else active -= 1;
    }
  };
}
