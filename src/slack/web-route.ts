import type { IncomingMessage, RequestListener, Server, ServerResponse } from "node:http";

/** How long a request may take to come in, in milliseconds: whoever dribbles it holds a connection no longer. */
export const timeouts = { headersTimeout: 20_000, requestTimeout: 120_000 };

/** Something that the app answers on the web: addresses of one or two parts below `path`. */
export interface WebRoute {
  readonly path: string;
  /** Then it is `path` itself that is answered, and nothing below it. */
  readonly isExact?: boolean;
  /** Whether it says by itself that a body may be sent to somebody who asks first (`Expect: 100-continue`). */
  readonly saysContinue?: boolean;
  readonly methods: readonly string[];
  readonly serve: RequestListener;
}

/** Whether a route answers a request. */
export function isFor(
  { path, methods, isExact }: WebRoute,
  { url = "", method = "" }: IncomingMessage,
): boolean {
  const isThere = isExact ? url.split("?", 1)[0] === path : url.startsWith(`${path}/`);
  return isThere && methods.includes(method);
}

/** Node tells everybody who asks to send; whoever wants to see the headers first says so by its route. */
export function letAskFirst(server: Server, routes: readonly WebRoute[]): void {
  server.on("checkContinue", (request: IncomingMessage, response: ServerResponse) => {
    const saysSo = routes.some((route) => route.saysContinue && isFor(route, request));
    if (!saysSo) response.writeContinue();
    server.emit("request", request, response);
  });
}
