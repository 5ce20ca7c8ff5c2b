import { type Fault, type StandIn, serve } from "./serve.ts";

export type Item = Readonly<Record<string, unknown>> & { readonly uuid: string; readonly timestamp: string };

export interface OnePasswordOptions {
  /** What it knows, by what is asked for; may grow while it runs. */
  readonly knows: Readonly<Record<"signinattempts" | "itemusages" | "auditevents", readonly Item[]>>;
  readonly mood?: (nth: number) => Fault | undefined;
  /** Every so many pages come empty, though more follow; and as often a page has a part of the one before once more. */
  readonly emptyEvery?: number;
  readonly repeatEvery?: number;
}

export const token = "a-bearer-token-that-the-test-made-up";

/** Something that looks like 1Password's Events API: cursors, the oldest first, pages that are empty or come again in part. */
export function startOnePassword(options: OnePasswordOptions): Promise<StandIn> {
  const { knows, mood = () => undefined, emptyEvery = 0, repeatEvery = 0 } = options;
  let pages = 0;
  const falls = (every: number): boolean => every > 0 && pages % every === 0;

  return serve(mood, (request, body) => {
    const kind = request.url?.split("/").at(-1) as keyof typeof knows;
    if (request.headers.authorization !== `Bearer ${token}`) return { status: 401, json: "{}" };
    if (request.method !== "POST" || knows[kind] === undefined) return { status: 404, json: "{}" };
    const asked = JSON.parse(body);
    const state = asked.cursor === undefined ? { ...asked, at: 0 } : JSON.parse(atob(asked.cursor));
    const { limit, start_time: start, end_time: end } = state;
    if (!(limit >= 1 && limit <= 1_000)) return { status: 400, json: '{"Error":"limit"}' };
    const inRange = knows[kind]
      .filter(({ timestamp }) => timestamp >= start && timestamp <= end)
      .toSorted((a, b) => (a.timestamp < b.timestamp ? -1 : 1));
    pages += 1;
    const next = falls(emptyEvery) ? state.at : Math.min(state.at + limit, inRange.length);
    const from = falls(repeatEvery) ? Math.max(0, state.at - 3) : state.at;
    const cursor = btoa(JSON.stringify({ ...state, at: next, page: pages }));
    const items = inRange.slice(from, Math.max(from, next));
    return { status: 200, json: JSON.stringify({ cursor, has_more: next < inRange.length, items }) };
  });
}
