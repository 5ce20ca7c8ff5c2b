import { createHash, timingSafeEqual } from "node:crypto";
import type { IntakeLimits } from "./limits.ts";

/** Those who may post events, and how much of it at a time. */
export interface Senders {
  /** Whose the token in an `Authorization` header is. */
  who(authorization: string | undefined): string | undefined;
  /** Lets one request of a sender in, until `leave` is called; or says after how many seconds to come again. */
  enter(
    sender: string,
  ): { readonly leave: () => void; readonly retryAfter?: never } | { readonly retryAfter: number };
}

interface Allowance {
  /** Requests that may come at once, at that time. */
  left: number;
  at: number;
  inside: number;
}

export function createSenders(
  tokens: readonly { readonly name: string; readonly token: string }[],
  limits: IntakeLimits["post"],
): Senders {
  const known = tokens.map(({ name, token }) => ({ name, digest: digestOf(token) }));
  const allowances = new Map(known.map(({ name }): [string, Allowance] => [name, fresh(limits)]));
  let inside = 0;
  return {
    who(authorization = "") {
      const digest = digestOf(/^Bearer +(\S+) *$/i.exec(authorization)?.[1] ?? "");
      // All of them, so that the time tells nothing.
      const found = known.filter((each) => timingSafeEqual(each.digest, digest));
      return found[0]?.name;
    },
    enter(sender) {
      const allowance = allowances.get(sender) ?? fresh(limits);
      const now = performance.now();
      allowance.left = Math.min(
        limits.burst,
        allowance.left + ((now - allowance.at) / 1_000) * limits.perSecond,
      );
      allowance.at = now;
      if (inside >= limits.atOnce || allowance.inside >= limits.atOnceOfOne) return { retryAfter: 1 };
      if (allowance.left < 1) return { retryAfter: Math.ceil((1 - allowance.left) / limits.perSecond) };
      allowance.left -= 1;
      allowance.inside += 1;
      inside += 1;
      return {
        leave() {
          allowance.inside -= 1;
          inside -= 1;
        },
      };
    },
  };
}

function fresh({ burst }: IntakeLimits["post"]): Allowance {
  return { left: burst, at: performance.now(), inside: 0 };
}

function digestOf(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}
