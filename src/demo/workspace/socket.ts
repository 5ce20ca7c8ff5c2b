import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { type WebSocket, WebSocketServer } from "ws";
import { isObject } from "./blocks/walk.ts";
import { SlackError } from "./errors.ts";
import { newSecret } from "./ids.ts";
import type { Json } from "./types.ts";

const mostConnections = 10;
const inviteLifetime = 30_000;
/** A client of Slack takes a connection for dead after 30 s without a ping. */
const pingEvery = 5000;
const closingPatience = 300;

/** The Socket Mode side: connections of the app, each envelope to one of them in turn. */
export interface SocketHub {
  /** A one-time address to connect to. Throws `too_many_websockets`. */
  invite(): string;
  /** Takes over a connection that asks to become a web socket. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  connections(): number;
  /** Sends an envelope and gives the payload of its acknowledgement; undefined where nobody is connected. */
  send(type: string, payload: Json, more: Json): Promise<unknown> | undefined;
  /** Tells every connection to reconnect, as Slack does now and then, and closes it. */
  refresh(reason: "refresh_requested" | "warning" | "link_disabled"): void;
  close(): Promise<void>;
}

export function createSocketHub(options: {
  readonly origin: () => string;
  readonly appId: string;
  readonly now: () => number;
}): SocketHub {
  const server = new WebSocketServer({ noServer: true });
  const invites = new Map<string, number>();
  const open = new Set<WebSocket>();
  const waiting = new Map<string, (payload: unknown) => void>();
  let turn = 0;

  const pings = setInterval(() => {
    for (const socket of open) socket.ping();
  }, pingEvery);
  pings.unref();

  /** One that is closing takes nothing any more. */
  const ready = (): WebSocket[] => [...open].filter((socket) => socket.readyState === socket.OPEN);
  const greet = (socket: WebSocket): void => {
    open.add(socket);
    socket.on("close", () => open.delete(socket));
    socket.on("error", () => socket.terminate());
    socket.on("message", (data) => acknowledge(String(data)));
    const debug_info = { host: "local", build_number: 1, approximate_connection_time: 18_060 };
    const connection_info = { app_id: options.appId };
    socket.send(
      JSON.stringify({ type: "hello", num_connections: ready().length, debug_info, connection_info }),
    );
  };
  const acknowledge = (data: string): void => {
    const message: unknown = JSON.parse(data);
    if (!isObject(message) || typeof message.envelope_id !== "string") return;
    waiting.get(message.envelope_id)?.(message.payload);
    waiting.delete(message.envelope_id);
  };

  return {
    invite() {
      if (ready().length + invites.size >= mostConnections) {
        for (const [ticket, at] of invites) if (options.now() - at > inviteLifetime) invites.delete(ticket);
        if (ready().length + invites.size >= mostConnections) throw new SlackError("too_many_websockets");
      }
      const ticket = newSecret();
      invites.set(ticket, options.now());
      return `${options.origin().replace("http", "ws")}/link/?ticket=${ticket}&app_id=${options.appId}`;
    },
    accept(request, socket, head) {
      const ticket = new URL(request.url ?? "/", options.origin()).searchParams.get("ticket") ?? "";
      const invited = invites.get(ticket);
      invites.delete(ticket);
      if (invited === undefined || options.now() - invited > inviteLifetime) {
        socket.end("HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n");
        return;
      }
      server.handleUpgrade(request, socket, head, greet);
    },
    connections: () => ready().length,
    send(type, payload, more) {
      const sockets = ready();
      const socket = sockets[turn++ % Math.max(sockets.length, 1)];
      if (socket === undefined) return undefined;
      const envelope_id = newSecret();
      const acknowledged = new Promise<unknown>((resolve) => waiting.set(envelope_id, resolve));
      if (waiting.size > 1000) waiting.delete(waiting.keys().next().value ?? "");
      socket.send(JSON.stringify({ envelope_id, type, payload, ...more }));
      return acknowledged;
    },
    refresh(reason) {
      for (const socket of open) {
        socket.send(JSON.stringify({ type: "disconnect", reason, debug_info: { host: "local" } }));
        socket.close(1000);
      }
    },
    async close() {
      clearInterval(pings);
      // A client that is just leaving gets to finish, and one that does not answer is cut.
      const closed = [...open].map((socket) => once(socket, "close"));
      for (const socket of open) socket.close(1000);
      await Promise.race([Promise.all(closed), sleep(closingPatience, undefined, { ref: false })]);
      for (const socket of open) socket.terminate();
      server.close();
    },
  };
}
