import { DAY } from "../domain/calendar.ts";
import type { Fields } from "../sources/index.ts";
import { type Call, type Caller, Unauthorised } from "./caller.ts";
import { CollectError } from "./errors.ts";
import type { Range, Vendor } from "./vendor.ts";

/** Where an organisation's key is good, and what the key is. */
export interface BitwardenSettings {
  /** The web vault's address: the cloud's of a region, or an own server's. */
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** A token is renewed so much before it ends, in milliseconds. */
const EARLY = 60_000;

/**
 * Bitwarden's Public API: pages of 50, the newest first. Where a page ends in the middle of events of one instant, what
 * its continuation token gives next depends on what the server keeps events in: it may leave out the others of that
 * instant, or bring some again. So the token is not followed, but the events up to that instant are asked for anew,
 * and those of an instant are taken from one answer that has them all. Only where an instant fills whole pages
 * there is nothing but the token.
 */
export function createBitwarden(
  { url, clientId, clientSecret }: BitwardenSettings,
  caller: Caller,
  clock: () => number,
): Vendor {
  const { api, identity } = addressesOf(url);
  let token: { readonly value: string; readonly until: number } | undefined;

  const signIn = async (signal: AbortSignal): Promise<string> => {
    if (token !== undefined && clock() < token.until) return token.value;
    const answer = await caller.ask({
      url: new URL("connect/token", identity),
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({
        grant_type: "client_credentials",
        scope: "api.organization",
        client_id: clientId,
        client_secret: clientSecret,
      }).toString(),
      isSignIn: true,
      signal,
    });
    const { access_token: value, expires_in: seconds } = answer;
    if (typeof value !== "string") {
      throw new CollectError("Bitwarden answers a sign-in without a token", { retryable: true });
    }
    token = { value, until: clock() + (typeof seconds === "number" ? seconds * 1_000 : 0) - EARLY };
    return value;
  };
  const ask = async (call: Omit<Call, "headers">): Promise<Readonly<Record<string, unknown>>> => {
    const withToken = async (): Promise<Readonly<Record<string, unknown>>> =>
      caller.ask({ ...call, headers: { authorization: `Bearer ${await signIn(call.signal)}` } });
    try {
      return await withToken();
    } catch (error) {
      if (!((error as Error).cause instanceof Unauthorised) || token === undefined) throw error;
      // It may have been withdrawn early, as at a restart of the server.
      token = undefined;
      return withToken();
    }
  };

  return {
    source: "bitwarden",
    longestSpan: 60 * DAY,
    reach: Number.POSITIVE_INFINITY,
    async *events({ from, to }: Range, signal) {
      let end = new Date(to).toISOString();
      let continuation: string | undefined;
      for (;;) {
        const page = new URL("public/events", api);
        page.searchParams.set("start", new Date(from).toISOString());
        page.searchParams.set("end", end);
        if (continuation !== undefined) page.searchParams.set("continuationToken", continuation);
        const answer = await ask({ url: page, signal });
        const limit = sortable(end);
        // Whatever lies behind the end was in a page before.
        const records = listOf(answer).filter((record) => !(sortable(record.date) > limit));
        const next = answer.continuationToken;
        if (typeof next !== "string" || next === "") {
          yield records;
          return;
        }
        const oldest = oldestOf(records);
        const newer = oldest && records.filter(({ date }) => !(sortable(date) <= sortable(oldest)));
        if (oldest && newer && newer.length > 0) {
          yield newer;
          end = oldest;
          continuation = undefined;
        } else {
          if (next === continuation)
            throw new CollectError("Bitwarden gives the same page again", { retryable: true });
          yield records;
          continuation = next;
        }
      }
    },
    async members(signal) {
      return listOf(await ask({ url: new URL("public/members", api), signal }));
    },
  };
}

/** The cloud has hosts of their own for what an own server has below one address. */
function addressesOf(url: string): { readonly api: URL; readonly identity: URL } {
  const base = new URL(url.endsWith("/") ? url : `${url}/`);
  const [, region] = /^(?:vault|api|identity)\.(bitwarden\.(?:com|eu))$/.exec(base.hostname) ?? [];
  if (region === undefined) return { api: new URL("api/", base), identity: new URL("identity/", base) };
  return { api: new URL(`https://api.${region}/`), identity: new URL(`https://identity.${region}/`) };
}

function listOf({ data }: Readonly<Record<string, unknown>>): readonly Fields[] {
  if (!Array.isArray(data)) {
    throw new CollectError("Bitwarden answers with a page without a list", { retryable: true });
  }
  return data.filter((each): each is Fields => typeof each === "object" && each !== null);
}

const shape = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z$/;

/** A time with all its digits, so that texts sort as times do; of what is no time, one that compares with nothing. */
function sortable(date: unknown): string | number {
  const [, seconds, fraction = ""] = typeof date === "string" ? (shape.exec(date) ?? []) : [];
  return seconds === undefined ? Number.NaN : `${seconds}.${fraction.padEnd(9, "0")}`;
}

/** As the server wrote it, for it keeps more digits than we do. */
function oldestOf(records: readonly Fields[]): string | undefined {
  let oldest: string | undefined;
  for (const { date } of records) {
    if (typeof date !== "string" || !shape.test(date)) continue;
    if (oldest === undefined || sortable(date) < sortable(oldest)) oldest = date;
  }
  return oldest;
}
