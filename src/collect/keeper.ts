import { hash } from "node:crypto";
import { DAY } from "../domain/calendar.ts";
import type { Fields } from "../sources/index.ts";
import type { Caller } from "./caller.ts";
import { CollectError } from "./errors.ts";
import type { Vendor } from "./vendor.ts";

export interface KeeperSettings {
  /** Keeper's address in a region. */
  readonly url: string;
  readonly token: string;
}

const PAGE = 1_000;
const SECOND = 1_000;

/**
 * Keeper's Admin REST API (`/api/rest/public/events`), as its documentation has it; it was never tried on the real one.
 * Times are whole seconds and events have no ids, so a range is asked for in whole seconds and read from its start to its end: equal
 * records of a second are then counted together. A page that comes a second time is left out.
 */
export function createKeeper({ url, token }: KeeperSettings, caller: Caller): Vendor {
  return {
    source: "keeper",
    longestSpan: 30 * DAY,
    reach: Number.POSITIVE_INFINITY,
    async *events({ from, to }, signal) {
      const address = new URL("/api/rest/public/events", url);
      address.searchParams.set("start_date", new Date(Math.floor(from / SECOND) * SECOND).toISOString());
      address.searchParams.set("end_date", new Date(Math.ceil(to / SECOND) * SECOND).toISOString());
      address.searchParams.set("limit", String(PAGE));
      const seen = new Set<string>();
      for (let continuation: string | undefined; ; ) {
        if (continuation !== undefined) address.searchParams.set("continuation_token", continuation);
        const answer = await caller.ask({
          url: address,
          headers: { "x-api-token": `Bearer ${token}` },
          signal,
        });
        const records = listOf(answer);
        const print = hash("sha256", JSON.stringify(records));
        if (records.length > 0 && !seen.has(print)) yield records;
        seen.add(print);
        const { continuation_token: next, has_more: more } = answer;
        if (more !== true || typeof next !== "string" || next === "") return;
        if (next === continuation)
          throw new CollectError("Keeper gives the same page again", { retryable: true });
        continuation = next;
      }
    },
  };
}

/** The one list of a page; by what name is not said. */
function listOf(answer: Readonly<Record<string, unknown>>): readonly Fields[] {
  const list = Object.values(answer).find((value) => Array.isArray(value)) as unknown[] | undefined;
  if (list === undefined && !("has_more" in answer)) {
    throw new CollectError("Keeper answers with something else than a page", { retryable: true });
  }
  return (list ?? []).filter((each): each is Fields => typeof each === "object" && each !== null);
}
