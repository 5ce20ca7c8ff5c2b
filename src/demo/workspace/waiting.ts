import type { EventEmitter } from "node:events";
import { ActingError } from "./errors.ts";
import type { Change } from "./types.ts";

/** The events of a workspace. */
export type Changes = EventEmitter<{ change: [Change] }>;

/** Whatever tells of its changes. */
interface Changing {
  on(event: "change", listener: () => void): unknown;
  off(event: "change", listener: () => void): unknown;
}

/**
 * Gives the first thing that `find` finds, now or after a change. Throws ActingError after `timeout` milliseconds,
 * saying what `describe` says.
 */
export function waitFor<T>(
  changes: Changing,
  find: () => T | undefined,
  timeout: number,
  describe: () => string,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      try {
        const found = find();
        if (found === undefined) return;
        settle();
        resolve(found);
      } catch (error) {
        settle();
        reject(error);
      }
    };
    const timer = setTimeout(() => {
      settle();
      reject(new ActingError(`waited ${timeout} ms in vain; ${describe()}`));
    }, timeout);
    const settle = (): void => {
      clearTimeout(timer);
      changes.off("change", look);
    };
    changes.on("change", look);
    look();
  });
}
