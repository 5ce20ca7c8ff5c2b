import { DAY } from "../domain/calendar.ts";
import type { Fields } from "../sources/index.ts";
import type { Caller } from "./caller.ts";
import { CollectError } from "./errors.ts";
import type { Range, Vendor } from "./vendor.ts";

export interface OnePasswordSettings {
  /** The Events API of a region. */
  readonly url: string;
  readonly token: string;
}

/** What there is to ask for, each with a cursor of its own. */
const KINDS = ["signinattempts", "itemusages", "auditevents"] as const;
const PAGE = 1_000;
/** So many empty pages in a row, and it does not come to an end. */
const MOST_EMPTY = 1_000;

/**
 * 1Password's Events API: sign-in attempts, item usages and audit events, the oldest first. Its events have ids, so those
 * that come again do no harm. A page may be empty though more follow.
 */
export function createOnePassword({ url, token }: OnePasswordSettings, caller: Caller): Vendor {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const ask = (kind: string, body: unknown, signal: AbortSignal): ReturnType<Caller["ask"]> =>
    caller.ask({
      url: new URL(`/api/v2/${kind}`, url),
      method: "POST",
      headers,
      body: JSON.stringify(body),
      signal,
    });

  async function* pagesOf(
    kind: string,
    { from, to }: Range,
    signal: AbortSignal,
  ): AsyncGenerator<readonly Fields[], void> {
    const first = {
      limit: PAGE,
      start_time: new Date(from).toISOString(),
      end_time: new Date(to).toISOString(),
    };
    let cursor: string | undefined;
    let empty = 0;
    for (;;) {
      const answer = await ask(kind, cursor === undefined ? first : { cursor }, signal);
      const { items, cursor: next, has_more: more } = answer;
      if (!Array.isArray(items)) {
        throw new CollectError("1Password answers with a page without a list", { retryable: true });
      }
      empty = items.length === 0 ? empty + 1 : 0;
      yield items.filter((each): each is Fields => typeof each === "object" && each !== null);
      if (more !== true) return;
      if (typeof next !== "string" || next === cursor || empty > MOST_EMPTY) {
        throw new CollectError("1Password says that there is more, and does not give it", {
          retryable: true,
        });
      }
      cursor = next;
    }
  }

  return {
    source: "onepassword",
    longestSpan: 30 * DAY,
    reach: 120 * DAY,
    async *events(range, signal) {
      for (const kind of KINDS) yield* pagesOf(kind, range, signal);
    },
  };
}
