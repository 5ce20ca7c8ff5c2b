import type { IncomingMessage, ServerResponse } from "node:http";
import { fileURLToPath } from "node:url";
import { Eta } from "eta";
import { LONGEST_TOKEN } from "../delivery/signed.ts";
import { UNSUBSCRIBE_PATH, type UnsubscribeClaims, type UnsubscribeLinks } from "../delivery/unsubscribe.ts";

export interface UnsubscribeDeps {
  readonly links: Pick<UnsubscribeLinks, "read">;
  readonly clock: () => number;
  /** Takes the address off the schedule; doing so again changes nothing. */
  unsubscribe(schedule: string, email: string): Promise<void>;
  /** What people call the schedule; undefined for one that is gone, or has nothing for that address any more. */
  describe(schedule: string, email: string): Promise<string | undefined>;
  /** Told of what went wrong on this side. */
  onFailure(error: unknown): void;
}

const PATH = new RegExp(`^${UNSUBSCRIBE_PATH}/([^/?]{1,${LONGEST_TOKEN}})(?:\\?.*)?$`);
const eta = new Eta({ views: fileURLToPath(new URL("../../templates", import.meta.url)), cache: true });

const guarded = {
  "cache-control": "private, no-store",
  "x-content-type-options": "nosniff",
  "content-security-policy":
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
} as const;

/**
 * Answers a signed link with a page whose button takes the address off the schedule. Only POST changes anything, since
 * programs that look for viruses follow links; it is also what a mail program's own button sends (RFC 8058).
 */
export async function serveUnsubscribe(
  deps: UnsubscribeDeps,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  // What stands in the body says nothing that the link does not say.
  request.resume();
  const { method = "", url = "" } = request;
  if (!["GET", "HEAD", "POST"].includes(method)) {
    response.writeHead(405, { allow: "GET, HEAD, POST", ...guarded }).end();
    return;
  }
  const [, token = ""] = PATH.exec(url) ?? [];
  const claims = deps.links.read(token, deps.clock());
  if (claims === undefined) {
    const text = "This link does not work, or not any more. The newest e-mail has one that does.\n";
    response.writeHead(404, { "content-type": "text/plain; charset=utf-8", ...guarded }).end(text);
    return;
  }
  try {
    const page = await answer(deps, claims, method === "POST");
    response.writeHead(200, { "content-type": "text/html; charset=utf-8", ...guarded }).end(page);
  } catch (error) {
    deps.onFailure(error);
    response.writeHead(503, { "retry-after": "60", ...guarded }).end();
  }
}

async function answer(
  deps: UnsubscribeDeps,
  { schedule, email }: UnsubscribeClaims,
  isDone: boolean,
): Promise<string> {
  if (isDone) await deps.unsubscribe(schedule, email);
  const what = (await deps.describe(schedule, email)) ?? "this report";
  return eta.render("./unsubscribe.eta", { isDone, email, what });
}
