import type { IncomingMessage, ServerResponse } from "node:http";
import type { Logger } from "pino";
import type { Post, Taken } from "../intake/index.ts";
import type { WebRoute } from "../slack/web-route.ts";
import { bodyOf, TooLarge } from "./body.ts";
import { asksFirst, formOf, isLong, packingOf } from "./body-headers.ts";
import { leaveBody } from "./leave-body.ts";

export const EVENTS_PATH = "/api/events";
/** Seconds after which to come again when the store does not answer. */
const FAILED_PATIENCE = 15;

interface Answer {
  readonly status: number;
  readonly body: Partial<Taken> & { readonly error?: string };
  readonly headers?: Readonly<Record<string, string | number>>;
}

interface EventsDeps {
  readonly post: Post;
  readonly logger: Pick<Logger, "error" | "debug">;
}

/** `POST /api/events`: plain events from whoever has a token. */
export function eventsRoute(deps: EventsDeps): WebRoute {
  return {
    path: EVENTS_PATH,
    isExact: true,
    saysContinue: true,
    methods: ["POST", "GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"],
    serve(request, response) {
      serve(deps, request, response).catch((error: unknown) => {
        deps.logger.error({ err: error }, "a request could not be answered");
        response.destroy();
      });
    },
  };
}

async function serve(deps: EventsDeps, request: IncomingMessage, response: ServerResponse): Promise<void> {
  // Whoever leaves in the middle is told nothing any more.
  response.on("error", () => {});
  const refusal = refuse(deps.post, request);
  const answer = "status" in refusal ? refusal : await take(deps, request, response, refusal.sender);
  if (response.destroyed || request.socket.destroyed) return;
  const text = `${JSON.stringify(answer.body)}\n`;
  const isLeft = isLong(request);
  response.writeHead(answer.status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(text),
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    ...answer.headers,
    // What nobody read stands between this request and the next.
    ...(isLeft && { connection: "close" }),
  });
  response.write(text);
  if (isLeft && !asksFirst(request)) await leaveBody(request);
  response.end();
}

/** What can be said before the body is read: whose request it is, or why it is refused. */
function refuse(post: Post, { method, headers }: IncomingMessage): Answer | { readonly sender: string } {
  const no = (status: number, error: string, more: Answer["headers"] = {}): Answer => ({
    status,
    body: { error },
    headers: more,
  });
  if (method !== "POST") return no(405, "only POST is answered here", { allow: "POST" });
  const sender = post.who(headers.authorization);
  if (sender === undefined) {
    return no(401, "a token is needed: Authorization: Bearer TOKEN", { "www-authenticate": "Bearer" });
  }
  if (formOf(headers) === undefined) {
    return no(415, "Content-Type has to be application/x-ndjson or application/json, in UTF-8", {
      accept: "application/x-ndjson, application/json",
    });
  }
  if (packingOf(headers) === undefined) {
    return no(415, "Content-Encoding has to be gzip, or none", { "accept-encoding": "gzip, identity" });
  }
  if (Number(headers["content-length"] ?? 0) > post.limits.packed) return tooLarge(post);
  const retryAfter = post.full();
  if (retryAfter !== undefined) {
    return no(503, "too much waits to be taken in; come again later", { "retry-after": retryAfter });
  }
  return { sender };
}

async function take(
  { post, logger }: EventsDeps,
  request: IncomingMessage,
  response: ServerResponse,
  sender: string,
): Promise<Answer> {
  const place = post.enter(sender);
  if (place.retryAfter !== undefined) {
    const error = "too many requests; come again a little later";
    return { status: 429, body: { error }, headers: { "retry-after": place.retryAfter } };
  }
  try {
    if (asksFirst(request)) response.writeContinue();
    const isPacked = packingOf(request.headers) === "gzip";
    const taken = await post.take(sender, bodyOf(request, { ...post.limits, isPacked }), {
      lineByLine: formOf(request.headers) === "lines",
    });
    logger.debug({ sender, accepted: taken.accepted, rejected: taken.rejected }, "events were posted");
    return answerOf(taken);
  } catch (error) {
    if (error instanceof TooLarge) return tooLarge(post);
    // It ended before it was whole: nobody is there to be answered.
    if (request.destroyed && !request.complete)
      return { status: 400, body: { error: "the body breaks off" } };
    logger.error({ err: error }, "events that were posted could not be stored");
    const answer = { error: "they could not be stored; send them again later" };
    return { status: 503, body: answer, headers: { "retry-after": FAILED_PATIENCE } };
  } finally {
    place.leave();
  }
}

function answerOf({ brokenOff, ...told }: Taken): Answer {
  if (brokenOff !== undefined) {
    const error = `the body breaks off: ${brokenOff}; what is accepted is stored, and all may be sent again`;
    return { status: 400, body: { error, ...told } };
  }
  if (told.accepted === 0 && told.rejected > 0) {
    return { status: 422, body: { error: "none of the records is a plain event", ...told } };
  }
  return { status: 200, body: told };
}

function tooLarge({ limits: { packed, unpacked } }: Post): Answer {
  const [most, mostUnpacked] = [packed, unpacked].map((bytes) => Math.floor(bytes / 1e6));
  return {
    status: 413,
    body: { error: `a body has ${most} MB at most, unpacked ${mostUnpacked} MB; send it in parts` },
  };
}
