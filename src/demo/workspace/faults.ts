import { ActingError, SlackError } from "./errors.ts";
import type { Settings } from "./options.ts";
import type { Fault } from "./types.ts";

/** Faults that were switched on, and the rate of posts. */
export interface Faults {
  /** The next `times` calls of the method (or `*`, `upload`, `response_url`) fail so. */
  add(method: string, fault: Fault, times: number): void;
  /** Takes the fault that the next call of the method meets, if any. */
  take(method: string): Fault | undefined;
  clear(): void;
  /** Counts a post to the channel. Throws `ratelimited` with the seconds to wait. */
  countPost(channel: string): void;
}

export function createFaults(settings: Pick<Settings, "now" | "rateLimit">): Faults {
  let planned: { method: string; fault: Fault; left: number }[] = [];
  const buckets = new Map<string, { tokens: number; at: number }>();
  return {
    add(method, fault, times) {
      if ("status" in fault && fault.status >= 200 && fault.status < 300)
        throw new ActingError(`a fault needs an error status, not ${fault.status}`);
      planned.push({ method, fault, left: times });
    },
    take(method) {
      const plan = planned.find((entry) => entry.method === method || entry.method === "*");
      if (plan === undefined) return undefined;
      plan.left -= 1;
      if (plan.left <= 0) planned = planned.filter((entry) => entry !== plan);
      return plan.fault;
    },
    clear() {
      planned = [];
    },
    countPost(channel) {
      const { rateLimit, now } = settings;
      if (rateLimit === undefined) return;
      const { tokens, at } = buckets.get(channel) ?? { tokens: rateLimit.burst, at: now() };
      const refilled = Math.min(rateLimit.burst, tokens + ((now() - at) / 1000) * rateLimit.perSecond);
      buckets.set(channel, { tokens: refilled < 1 ? refilled : refilled - 1, at: now() });
      if (refilled < 1)
        throw new SlackError("ratelimited", { retry_after: Math.ceil((1 - refilled) / rateLimit.perSecond) });
    },
  };
}
