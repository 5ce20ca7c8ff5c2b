import { createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer, type TLSSocket } from "node:tls";
import type { Gather } from "./gather.ts";
import type { IntakeLimits } from "./limits.ts";
import type { createLineReader } from "./line-reader.ts";
import { type Connection, readStream } from "./syslog-stream.ts";
import type { Certificate } from "./tls.ts";

const CHECKED_AFTER = 5_000;
const HANDSHAKE_PATIENCE = 10_000;

export interface StreamDeps {
  readonly gather: Gather;
  readonly limits: IntakeLimits["syslog"];
  newReader(): ReturnType<typeof createLineReader>;
  mayCome(address: string | undefined): boolean;
  /** Told of each connection that was refused, and why. */
  onRefused(why: string): void;
}

/** A server for connections of senders, plain or with TLS; it does not listen yet. */
export interface StreamServer {
  readonly server: Server;
  /** Takes no more, and reads no further from those that are there. */
  stop(): Promise<void>;
}

export function createStreamServer(deps: StreamDeps, certificate?: Certificate): StreamServer {
  const { limits, onRefused } = deps;
  const sockets = new Set<Socket>();
  const connections = new Map<Socket, Connection>();
  /** How many there are from each address. */
  const counts = new Map<string, number>();

  const admit = (socket: Socket): void => {
    // Whoever is refused may reset the connection in return.
    socket.on("error", () => {});
    const { remoteAddress = "" } = socket;
    const known = counts.get(remoteAddress) ?? 0;
    const refusal = !deps.mayCome(remoteAddress)
      ? "SYSLOG_ALLOW does not name them"
      : sockets.size >= limits.connections || known >= limits.connectionsOfOne
        ? "they have, or all have, too many connections"
        : undefined;
    if (refusal !== undefined) {
      onRefused(refusal);
      socket.destroy();
      return;
    }
    sockets.add(socket);
    counts.set(remoteAddress, known + 1);
    socket.once("close", () => {
      sockets.delete(socket);
      const left = (counts.get(remoteAddress) ?? 1) - 1;
      if (left === 0) counts.delete(remoteAddress);
      else counts.set(remoteAddress, left);
    });
  };
  const read = (socket: Socket | TLSSocket): void => {
    if (socket.destroyed) return;
    connections.set(socket, readStream(socket, { ...deps, reader: deps.newReader() }));
    socket.once("close", () => connections.delete(socket));
  };

  let server: Server;
  if (certificate === undefined) {
    server = createServer((socket) => {
      admit(socket);
      read(socket);
    });
  } else {
    const secure = createTlsServer({ ...certificate.options, handshakeTimeout: HANDSHAKE_PATIENCE }, read);
    // Before the handshake.
    secure.prependListener("connection", admit);
    secure.on("tlsClientError", (error, socket) => {
      onRefused(`the handshake failed (${(error as NodeJS.ErrnoException).code ?? "no reason"})`);
      socket.destroy();
    });
    certificate.onRenewed((options) => secure.setSecureContext(options));
    server = secure;
  }
  const timer = setInterval(
    () => {
      for (const connection of connections.values()) connection.check(performance.now());
    },
    Math.min(CHECKED_AFTER, limits.unfinished),
  );
  timer.unref();

  return {
    server,
    async stop() {
      clearInterval(timer);
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const connection of connections.values()) connection.stop();
      // Those that are still shaking hands, too.
      for (const socket of sockets) socket.destroySoon();
      await closed;
    },
  };
}
