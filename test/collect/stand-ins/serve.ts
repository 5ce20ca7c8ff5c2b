import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What a server does instead of answering. */
export type Fault = "busy" | "error" | "garbage" | "reset" | "cut" | "forgets you";

export interface StandIn {
  readonly url: string;
  /** How many requests came. */
  readonly requests: () => number;
  close(): Promise<void>;
}

/** Answers JSON on the loopback address; `mood` says of each request what goes wrong with it, if anything does. */
export async function serve(
  mood: (nth: number) => Fault | undefined,
  answer: (request: IncomingMessage, body: string) => { status: number; json: string },
): Promise<StandIn> {
  let requests = 0;
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8");
    request.on("data", (part: string) => {
      body += part;
    });
    request.on("end", () => {
      requests += 1;
      const { status, json } = answer(request, body);
      misbehave(mood(requests), status, json, request, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: () => requests,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function misbehave(
  fault: Fault | undefined,
  status: number,
  json: string,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const type = { "content-type": "application/json" };
  switch (fault) {
    case undefined:
      response.writeHead(status, type).end(json);
      return;
    case "busy":
      response.writeHead(429, { "retry-after": "1" }).end();
      return;
    case "error":
      response.writeHead(500, type).end('{"message":"An unhandled server error has occurred."}');
      return;
    case "garbage":
      response.writeHead(200, type).end("<html>Just a moment…</html>");
      return;
    case "forgets you":
      response.writeHead(401).end();
      return;
    case "reset":
      request.socket.destroy();
      return;
    case "cut":
      response.writeHead(200, { ...type, "content-length": json.length + 10 });
      response.write(json.slice(0, json.length / 2), () => request.socket.destroy());
  }
}
