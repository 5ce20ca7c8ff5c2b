import { setBounded } from "./bounded.ts";
import { SlackError } from "./errors.ts";
import { newSecret } from "./ids.ts";

/** Milliseconds a trigger lives. */
export const triggerLifetime = 3000;

export interface Trigger {
  readonly userId: string;
  /** The view in which the person acted, if it was one. */
  readonly viewId?: string;
  readonly at: number;
}

export interface Triggers {
  issue(userId: string, viewId?: string): string;
  /** Gives what a trigger is for, and ends it. Throws `invalid_`, `expired_` or `exchanged_trigger_id`. */
  spend(id: string): Trigger;
}

export function createTriggers(now: () => number): Triggers {
  const issued = new Map<string, Trigger & { readonly spent: boolean }>();
  return {
    issue(userId, viewId) {
      const id = `${Math.floor(now())}.${newSecret()}`;
      const trigger = { userId, at: now(), spent: false, ...(viewId === undefined ? {} : { viewId }) };
      setBounded(issued, id, trigger, 1000);
      return id;
    },
    spend(id) {
      const trigger = issued.get(id);
      if (trigger === undefined) throw new SlackError("invalid_trigger_id");
      if (trigger.spent) throw new SlackError("exchanged_trigger_id");
      if (now() - trigger.at > triggerLifetime) throw new SlackError("expired_trigger_id");
      issued.set(id, { ...trigger, spent: true });
      return trigger;
    },
  };
}
