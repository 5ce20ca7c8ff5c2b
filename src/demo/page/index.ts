import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { ZodError } from "zod";
import type { Mailbox } from "../mailbox/index.ts";
import { ActingError, type Workspace } from "../workspace/index.ts";
import { perform } from "./act.ts";
import { bundleClient } from "./bundle.ts";
import { serveFile } from "./files.ts";
import { refusal, securityHeaders } from "./guard.ts";
import { serveMail } from "./mail.ts";
import { see } from "./see.ts";
import { sendJson } from "./send-json.ts";
import { streamScene } from "./stream.ts";
import { receiveUpload } from "./upload.ts";

export interface PageOptions {
  readonly workspace: Workspace;
  /** Whose mails the people of the workspace see, each by their address. */
  readonly mailbox?: Mailbox;
  /** 0, which is also what is meant by none, takes a free one. */
  readonly port?: number;
  /** Lines to try, offered in the composer. */
  readonly examples?: readonly string[];
}

/** The workspace in a browser. */
export interface Page {
  readonly url: string;
  /** Where somebody has a channel in front of them, or `home` or `mail`. */
  urlFor(userId: string, place?: string): string;
  close(): Promise<void>;
}

/** What a request can have done wrong. */
const theirs = [ZodError, SyntaxError, URIError, ActingError];

/** Serves a workspace as a page on the loopback address. */
export async function createPage(options: PageOptions): Promise<Page> {
  const { workspace, mailbox, port = 0 } = options;
  const watched = mailbox ? [workspace, mailbox] : [workspace];
  const assets = await bundleClient();
  const server = createServer((request, response) => {
    for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value);
    answer(request, response).catch((error: unknown) => {
      const isTheirs = theirs.some((kind) => error instanceof kind);
      if (!response.headersSent) response.writeHead(isTheirs ? 400 : 500);
      response.end(error instanceof Error ? error.message : "");
    });
  });
  const portOf = (): number => (server.address() as AddressInfo).port;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const refused = refusal(request, portOf());
    if (refused !== undefined) return void response.writeHead(403).end(refused);
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost");
    if (request.method === "POST" && pathname === "/act")
      return sendJson(response, await perform(workspace, JSON.parse(await text(request))));
    if (request.method === "POST" && pathname === "/upload")
      return sendJson(response, await receiveUpload(workspace, searchParams, request));
    if (request.method !== "GET" && request.method !== "HEAD") return void response.writeHead(405).end();
    const [, first, userId = "", id = "", part = ""] = pathname.split("/").map(decodeURIComponent);
    if (first === "file") return serveFile(workspace, userId, id, response);
    if (first === "mail") {
      const pictures = searchParams.get("pictures") !== "off";
      return serveMail(workspace, mailbox, { userId, id, part, pictures }, response);
    }
    if (first === "scene") {
      const as = searchParams.get("as") ?? "";
      return streamScene(watched, () => see(workspace, as, options), request, response);
    }
    const asset = assets.get(pathname);
    if (asset === undefined) return void response.writeHead(404).end("not found");
    response.writeHead(200, { "content-type": asset.type, "cache-control": "no-cache" });
    response.end(asset.body);
  }

  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const url = `http://127.0.0.1:${portOf()}/`;
  return {
    url,
    urlFor: (userId, place = "") => `${url}#/${userId}/${place}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
