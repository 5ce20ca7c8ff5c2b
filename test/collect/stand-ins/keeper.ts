import { type Fault, type StandIn, serve } from "./serve.ts";

export type KeeperEvent = Readonly<Record<string, unknown>> & { readonly timestamp: string };

export interface KeeperOptions {
  /** What it knows; may grow while it runs. */
  readonly events: readonly KeeperEvent[];
  readonly mood?: (nth: number) => Fault | undefined;
  /** Every so many pages the one before comes again. */
  readonly repeatEvery?: number;
}

export const token = "an-api-token-that-the-test-made-up";

/** Something that looks like Keeper's Admin REST API as far as its documentation says, with pages that come again. */
export function startKeeper({
  events,
  mood = () => undefined,
  repeatEvery = 0,
}: KeeperOptions): Promise<StandIn> {
  let pages = 0;
  return serve(mood, (request) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://stand-in");
    if (request.headers["x-api-token"] !== `Bearer ${token}`) return { status: 401, json: "{}" };
    if (pathname !== "/api/rest/public/events") return { status: 404, json: "{}" };
    const [start = "", end = ""] = ["start_date", "end_date"].map((name) => searchParams.get(name) ?? "");
    const limit = Number(searchParams.get("limit"));
    const [place = "0"] = (searchParams.get("continuation_token") ?? "0").split(" ");
    const inRange = events
      .filter(
        ({ timestamp }) => timestamp >= start.replace(".000", "") && timestamp <= end.replace(".000", ""),
      )
      .toSorted((a, b) => (a.timestamp < b.timestamp ? -1 : 1));
    pages += 1;
    const again = repeatEvery > 0 && pages % repeatEvery === 0 && Number(place) > 0;
    const from = again ? Number(place) - limit : Number(place);
    const to = from + limit;
    const more = to < inRange.length;
    return {
      status: 200,
      json: JSON.stringify({
        events: inRange.slice(from, to),
        has_more: more,
        continuation_token: more ? `${to} ${pages}` : null,
      }),
    };
  });
}
