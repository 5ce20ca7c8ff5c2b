import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { answer, callMethod, type Reply } from "./api.ts";
import { parseJsonObject, readBody, uploadedBytes } from "./body.ts";
import { SlackError } from "./errors.ts";
import { applyResponse } from "./respond.ts";
import type { Json } from "./types.ts";
import type { World } from "./world.ts";

const closingPatience = 200;

/** The workspace's one port: the Web API, uploads, files, response URLs and Socket Mode. */
export interface HttpSide {
  readonly origin: string;
  close(): Promise<void>;
}

/** What answers a request, by the first part of its path; `name` is the second. */
type Route = (world: World, name: string, request: IncomingMessage, body: Buffer) => Promise<Reply | Buffer>;

const routes: Readonly<Record<string, Route>> = {
  api: callMethod,
  upload: receiveUpload,
  response: receiveResponse,
  files: serveFile,
};

/** Starts listening on the loopback address. */
export async function listen(world: World): Promise<HttpSide> {
  const server = createServer((request, response) => {
    handle(world, request, response).catch((error: unknown) => {
      response.writeHead(500).end(String(error));
    });
  });
  server.on("upgrade", world.sockets.accept);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(world.settings.port, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${port}`, close: () => closeServer(server) };
}

/** Answers that are being written get to finish; what a fault left hanging is cut. */
async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  await Promise.race([closed, sleep(closingPatience, undefined, { ref: false })]);
  server.closeAllConnections();
  await closed;
}

async function handle(world: World, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [, first = "", name = ""] = (request.url ?? "/").split("?")[0]?.split("/") ?? [];
  const body = await readBody(request);
  const route = routes[first];
  if (route === undefined) return void response.writeHead(404).end("not found");
  const reply = await route(world, decodeURIComponent(name), request, body);
  if (reply === "hang") return;
  if (reply === "reset") return void request.socket.resetAndDestroy();
  if (Buffer.isBuffer(reply)) return void response.writeHead(200).end(reply);
  const isText = typeof reply.body === "string";
  const type = isText ? "text/plain" : "application/json; charset=utf-8";
  response.writeHead(reply.status, { ...reply.headers, "content-type": type });
  response.end(isText ? reply.body : JSON.stringify(reply.body));
}

async function receiveUpload(
  world: World,
  ticket: string,
  request: IncomingMessage,
  body: Buffer,
): Promise<Reply> {
  const bytes = await uploadedBytes(request, body);
  const reply = await answer(
    world,
    "upload",
    async () => ({ length: bytes.length }),
    () => {
      const outcome = world.files.receive(ticket, bytes);
      if (outcome !== "ok") throw new SlackError(outcome);
      return {};
    },
  );
  if (typeof reply === "string" || reply.status !== 200) return reply;
  const { error } = reply.body as Json;
  if (error === undefined) return { status: 200, body: `OK - ${bytes.length}` };
  return { status: error === "unknown_ticket" ? 404 : 400, body: String(error) };
}

async function receiveResponse(
  world: World,
  id: string,
  request: IncomingMessage,
  body: Buffer,
): Promise<Reply> {
  const reply = await answer(
    world,
    "response_url",
    async () => {
      if (!request.headers["content-type"]?.startsWith("application/json"))
        throw new SlackError("invalid_post_type");
      return parseJsonObject(body);
    },
    (payload) => {
      applyResponse(world, world.responseUrls.use(id), payload, "response_url");
      return {};
    },
  );
  if (typeof reply === "string" || reply.status !== 200) return reply;
  const { error } = reply.body as Json;
  if (error === undefined) return { status: 200, body: "ok" };
  const isGone = ["used_url", "expired_url", "invalid_url"].includes(String(error));
  return { status: isGone ? 404 : 400, body: reply.body };
}

async function serveFile(world: World, id: string, request: IncomingMessage): Promise<Reply | Buffer> {
  const { botToken, scopes } = world.settings;
  if (request.headers.authorization !== `Bearer ${botToken}` || !scopes.includes("files:read"))
    return { status: 403, body: "a bearer token with files:read is needed" };
  const file = world.files.find(id);
  if (file?.bytes === undefined) return { status: 404, body: "file not found" };
  if (!world.files.isReady(file)) return { status: 404, body: "file not ready" };
  return file.bytes;
}
