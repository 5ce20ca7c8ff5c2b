import { type Fault, type StandIn, serve } from "./serve.ts";

export interface BitwardenEvent {
  readonly object: "event";
  readonly type: number;
  readonly actingUserId: string;
  readonly itemId: string | null;
  /** With up to seven digits behind the second. */
  readonly date: string;
  readonly device: number;
  readonly ipAddress: string;
}

export interface BitwardenOptions {
  /** What it knows; may grow while it runs. */
  readonly events: readonly BitwardenEvent[];
  readonly members?: readonly Record<string, unknown>[];
  /**
   * What it keeps events in: a table whose pages go on exactly where they ended and may be short or empty; or a database
   * where what follows a page is older than its last event, so that others of that instant are never given.
   */
  readonly keeps: "table" | "database";
  readonly mood?: (nth: number) => Fault | undefined;
  /** How many of a page's events a table gives; a page may be cut short anywhere. */
  readonly pageSize?: (nth: number) => number;
}

const PAGE = 50;
const LONGEST = 367 * 86_400_000;
export const clientId = "organization.7d2f";
export const clientSecret = "a-secret-that-the-test-made-up";

const key = (date: string): string => {
  const [seconds = "", fraction = ""] = date.slice(0, -1).split(".");
  return `${seconds}.${fraction.padEnd(7, "0")}`;
};

/** Something that looks like Bitwarden's Public API and sign-in, below `/api` and `/identity`, with its bad habits. */
export async function startBitwarden(options: BitwardenOptions): Promise<StandIn> {
  const { events, members = [], keeps, mood = () => undefined, pageSize = () => PAGE } = options;
  let sorted: { readonly keys: string[]; readonly events: BitwardenEvent[] } = { keys: [], events: [] };
  /** What it was made of: all of them, by how many there are, the first and the last. */
  let sortedFrom: readonly unknown[] = [];
  let tokens = 0;
  let pages = 0;

  /** The newest first. */
  const all = (): typeof sorted => {
    const from = [events.length, events[0], events.at(-1)];
    if (from.some((part, i) => part !== sortedFrom[i])) {
      sortedFrom = from;
      const newest = events.map((event) => ({ event, key: key(event.date) }));
      newest.sort((a, b) => (a.key < b.key ? 1 : a.key > b.key ? -1 : 0));
      sorted = { keys: newest.map((each) => each.key), events: newest.map(({ event }) => event) };
    }
    return sorted;
  };
  /** Where the first event that is not later than the key stands. */
  const place = (limit: string): number => {
    const { keys } = all();
    let [low, high] = [0, keys.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((keys[middle] ?? "") > limit) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const page = (query: URLSearchParams): { status: number; json: string } => {
    const start = query.get("start");
    const end = query.get("end");
    if (start === null || end === null || Date.parse(end) - Date.parse(start) > LONGEST) {
      return { status: 400, json: '{"object":"error","message":"Date range must be less than 367 days."}' };
    }
    pages += 1;
    const token = query.get("continuationToken");
    const from =
      token === null ? place(key(end)) : keeps === "table" ? Number.parseInt(token, 10) : placeBehind(token);
    const size = keeps === "table" ? Math.min(PAGE, pageSize(pages)) : PAGE;
    const { keys, events: known } = all();
    const first = key(start);
    const data: BitwardenEvent[] = [];
    let at = from;
    while (at < known.length && data.length < size && (keys[at] ?? "") >= first) {
      const event = known[at++];
      if (event !== undefined) data.push(event);
    }
    const isOver = at >= known.length || (keys[at] ?? "") < first;
    const next = isOver ? null : keeps === "table" ? `${at} after ${pages}` : (keys[at - 1] ?? null);
    return { status: 200, json: JSON.stringify({ object: "list", data, continuationToken: next }) };
  };
  const placeBehind = (limit: string): number => {
    let at = place(limit);
    const { keys } = all();
    while (keys[at] === limit) at += 1;
    return at;
  };

  return serve(mood, (request, body) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://stand-in");
    if (pathname === "/identity/connect/token") {
      const form = new URLSearchParams(body);
      const isRight = form.get("client_id") === clientId && form.get("client_secret") === clientSecret;
      if (!isRight) return { status: 400, json: '{"error":"invalid_client"}' };
      tokens += 1;
      return { status: 200, json: JSON.stringify({ access_token: `token-${tokens}`, expires_in: 3600 }) };
    }
    if (request.headers.authorization !== `Bearer token-${tokens}`) return { status: 401, json: "{}" };
    if (pathname === "/api/public/events") return page(searchParams);
    if (pathname === "/api/public/members") {
      return {
        status: 200,
        json: JSON.stringify({ object: "list", data: members, continuationToken: null }),
      };
    }
    return { status: 404, json: "{}" };
  });
}
