import type { Socket } from "node:dgram";
import { once } from "node:events";
import type { Server } from "node:net";
import type { Logger } from "pino";
import type { Config } from "../config.ts";
import type { Endpoint } from "../domain/network.ts";
import { ConfigError } from "../errors.ts";
import { createAllow, loopback } from "./allow.ts";
import type { Feeds } from "./feeds.ts";
import { createGather } from "./gather.ts";
import type { Inbox } from "./inbox.ts";
import type { IntakeLimits } from "./limits.ts";
import { createLineReader } from "./line-reader.ts";
import { createStreamServer, type StreamDeps } from "./syslog-tcp.ts";
import { createDatagramSocket } from "./syslog-udp.ts";
import { openCertificate } from "./tls.ts";

const TOLD_AFTER = 60_000;

type SyslogConfig = Pick<
  Config,
  | "SYSLOG_TCP"
  | "SYSLOG_TLS"
  | "SYSLOG_UDP"
  | "SYSLOG_TLS_CERT"
  | "SYSLOG_TLS_KEY"
  | "SYSLOG_TLS_CA"
  | "SYSLOG_ALLOW"
  | "SYSLOG_TIMEZONE"
>;

/** Hears syslog wherever the settings say. @throws ConfigError naming a setting that is wrong */
export async function startSyslog({
  config,
  inbox,
  feeds,
  clock,
  limits,
  logger,
}: {
  readonly config: SyslogConfig;
  readonly inbox: Pick<Inbox, "put" | "room">;
  readonly feeds: Pick<Feeds, "heard">;
  readonly clock: () => number;
  readonly limits: IntakeLimits;
  readonly logger: Pick<Logger, "info" | "warn" | "error">;
}): Promise<{ readonly ports: Readonly<Record<string, number>>; close(): Promise<void> }> {
  const gather = createGather({ inbox, feeds, limits, logger });
  const refused = createTold(logger);
  const deps: StreamDeps = {
    gather,
    limits: limits.syslog,
    newReader: () => createLineReader({ clock, timeZone: config.SYSLOG_TIMEZONE }),
    mayCome: createAllow(config.SYSLOG_ALLOW ?? loopback),
    onRefused: refused.count,
  };
  const ports: Record<string, number> = {};
  const stops: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(stops.map((stop) => stop()));
    await gather.close();
    refused.close();
  };
  const listen = async (
    setting: "SYSLOG_TCP" | "SYSLOG_TLS" | "SYSLOG_UDP",
    endpoint: Endpoint,
    part: Server | Socket,
    stop: () => Promise<void>,
  ): Promise<void> => {
    const listening = once(part, "listening");
    if ("listen" in part) part.listen(endpoint);
    else part.bind({ port: endpoint.port, address: endpoint.host });
    await listening.catch((cause: NodeJS.ErrnoException) => {
      throw listenError(cause, setting, endpoint);
    });
    // Without somebody who hears of it, an error would end the process.
    part.on("error", (error) => logger.warn({ err: error }, `${setting} had a failure`));
    stops.push(stop);
    const address = part.address();
    ports[setting] = typeof address === "object" && address !== null ? address.port : endpoint.port;
    logger.info(`syslog is heard at ${endpoint.host}, port ${ports[setting]} (${setting})`);
  };
  try {
    const { SYSLOG_TCP: tcp, SYSLOG_TLS: tls, SYSLOG_UDP: udp, SYSLOG_ALLOW: allowed } = config;
    const isReachable = [tcp, tls, udp].some((each) => each !== undefined && !isOwn(each.host));
    if (allowed === undefined && isReachable) {
      logger.warn("SYSLOG_ALLOW is not set, so no syslog is taken from anywhere but this machine");
    }
    if (tcp !== undefined) {
      const { server, stop } = createStreamServer(deps);
      await listen("SYSLOG_TCP", tcp, server, stop);
    }
    if (tls !== undefined) {
      const { SYSLOG_TLS_CERT: cert = "", SYSLOG_TLS_KEY: key = "", SYSLOG_TLS_CA: ca } = config;
      const certificate = await openCertificate({ cert, key, ca }, logger);
      const { server, stop } = createStreamServer(deps, certificate);
      await listen("SYSLOG_TLS", tls, server, async () => {
        certificate.close();
        await stop();
      });
    }
    if (udp !== undefined) {
      const socket = createDatagramSocket(deps, udp.host);
      await listen("SYSLOG_UDP", udp, socket, () => new Promise((resolve) => socket.close(() => resolve())));
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { ports, close };
}

function isOwn(host: string): boolean {
  return host === "localhost" || createAllow(loopback)(host);
}

function listenError(cause: NodeJS.ErrnoException, setting: string, { host, port }: Endpoint): Error {
  const wrong: Record<string, string> = {
    EADDRINUSE: `a free port, and something listens on ${port} already`,
    EACCES: `a port that this user may listen on, which ${port} is not`,
    EADDRNOTAVAIL: `at an address of this machine, which ${host} is not`,
    ENOTFOUND: `at an address of this machine, which ${host} is not`,
  };
  const message = wrong[cause.code ?? ""];
  return message === undefined ? cause : new ConfigError(`${setting} has to be ${message}`);
}

/** Tells the log how many were refused and why, once a minute, and never who: addresses are kept nowhere. */
function createTold(logger: Pick<Logger, "warn">): { count(why: string): void; close(): void } {
  const counts = new Map<string, number>();
  let timer: NodeJS.Timeout | undefined;
  let toldAt = Number.NEGATIVE_INFINITY;
  const tell = (): void => {
    timer = undefined;
    toldAt = performance.now();
    for (const [why, count] of counts) logger.warn({ count }, `senders of syslog were refused: ${why}`);
    counts.clear();
  };
  return {
    count(why) {
      counts.set(why, (counts.get(why) ?? 0) + 1);
      timer ??= setTimeout(tell, Math.max(0, toldAt + TOLD_AFTER - performance.now()));
      timer.unref();
    },
    close() {
      clearTimeout(timer);
      tell();
    },
  };
}
