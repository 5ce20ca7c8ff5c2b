import { createServer, type Server } from "node:http";
import { type App, HTTPReceiver, type Logger, type Receiver, SocketModeReceiver } from "@slack/bolt";
import { WebAPIPlatformError, WebClient } from "@slack/web-api";
import { type AppError, ConfigError } from "../errors.ts";
import { interactiveOptions } from "../slack-api/client.ts";
import type { Reach, SlackSettings } from "../slack-api/settings.ts";
import { isFor, letAskFirst, timeouts, type WebRoute } from "./web-route.ts";

/** A way for Slack's payloads to come in. */
interface Gateway {
  readonly receiver: Receiver;
  /** Where the app listens; undefined for Socket Mode. @throws ConfigError naming the setting that is wrong */
  open(): Promise<string | undefined>;
  /** Takes nothing in any more. What came before may still be acknowledged. */
  close(): Promise<void>;
}

const EVENTS_PATH = "/slack/events";
const HEALTH_PATH = "/health";
const CLOSING_PATIENCE = 2_000;
/** Slack closes a connection now and then, and the other one takes over. */
const CONNECTIONS = 2;

/** The gateway that the settings ask for. Over Socket Mode the `routes` are answered at `address`. */
export function createGateway(
  settings: SlackSettings,
  logger: Logger,
  address: Address,
  routes: readonly WebRoute[],
): Gateway {
  const { reach } = settings;
  if (reach.by === "http") return httpGateway(reach, logger, routes);
  const gateway = socketGateway(reach.appToken, settings, logger);
  return routes.length === 0 ? gateway : withServer(gateway, address, routes);
}

interface Address {
  readonly host: string;
  readonly port: number;
}

/** The same, with a server beside it for what is not Slack's. */
function withServer(gateway: Gateway, { host, port }: Address, routes: readonly WebRoute[]): Gateway {
  const server = createServer(timeouts, (request, response) => {
    const route = routes.find((route) => isFor(route, request));
    if (route) route.serve(request, response);
    else response.writeHead(404).end();
  });
  letAskFirst(server, routes);
  return {
    ...gateway,
    async open() {
      await new Promise<void>((resolve, reject) => {
        server.once("error", (cause: NodeJS.ErrnoException) => reject(listenError(cause, host, port)));
        server.listen(port, host, resolve);
      });
      return gateway.open().catch((error: unknown) => {
        server.close();
        throw error;
      });
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      const timer = setTimeout(() => server.closeAllConnections(), CLOSING_PATIENCE);
      await gateway.close();
      await closed;
      clearTimeout(timer);
    },
  };
}

function httpGateway(
  reach: Extract<Reach, { by: "http" }>,
  logger: Logger,
  routes: readonly WebRoute[],
): Gateway {
  const receiver = new HTTPReceiver({
    signingSecret: reach.signingSecret,
    endpoints: EVENTS_PATH,
    logger,
    customRoutes: [
      {
        path: HEALTH_PATH,
        method: "GET",
        handler: (_, response) => {
          response.writeHead(200, { "content-type": "application/json" }).end('{"status":"ok"}');
        },
      },
      ...routes.flatMap(({ path, methods, serve, isExact }) =>
        (isExact ? [path] : [`${path}/:token`, `${path}/:token/:name`]).map((each) => ({
          path: each,
          method: [...methods],
          handler: serve,
        })),
      ),
    ],
  });
  let server: Server | undefined;
  return {
    receiver,
    async open() {
      const { host, port } = reach;
      server = await receiver.start({ host, port }, timeouts).catch((cause: NodeJS.ErrnoException) => {
        throw listenError(cause, host, port);
      });
      letAskFirst(server, routes);
      const address = server.address();
      const actual = typeof address === "object" && address !== null ? address.port : port;
      return `http://${host.includes(":") ? `[${host}]` : host}:${actual}${EVENTS_PATH}`;
    },
    async close() {
      if (server === undefined) return;
      const open = server;
      server = undefined;
      const timer = setTimeout(() => open.closeAllConnections(), CLOSING_PATIENCE);
      await receiver.stop();
      clearTimeout(timer);
    },
  };
}

function listenError(cause: NodeJS.ErrnoException, host: string, port: number): Error {
  const wrong: Record<string, string> = {
    EADDRINUSE: `PORT has to be a free one, and something listens on ${port} already`,
    EACCES: `PORT has to be one that this user may listen on, which ${port} is not`,
    EADDRNOTAVAIL: `HOST has to be an address of this machine, which ${host} is not`,
    ENOTFOUND: `HOST has to be an address of this machine, which ${host} is not`,
  };
  const message = wrong[cause.code ?? ""];
  return message === undefined ? cause : new ConfigError(message);
}

function socketGateway(appToken: string, settings: SlackSettings, logger: Logger): Gateway {
  const clientOptions = {
    ...interactiveOptions(settings, logger),
    // A lost connection is sought for as long as it takes, where the library's own pauses grow to hours. Pauses grow
    // over the first ten tries.
    retryConfig: { forever: true, retries: 10, factor: 1.6, minTimeout: 500, maxTimeout: 30_000 },
  };
  const receivers = Array.from({ length: CONNECTIONS }, () => {
    // The receiver's own client, which opens the connection, takes its options from here only.
    return new SocketModeReceiver({ appToken, logger, installerOptions: { clientOptions } });
  });
  const close = async (): Promise<void> => {
    await Promise.all(
      receivers.map(({ client }) => {
        const patience = new Promise<void>((resolve) => setTimeout(resolve, CLOSING_PATIENCE).unref());
        return Promise.race([client.disconnect(), patience]);
      }),
    );
  };
  return {
    receiver: {
      init(app: App) {
        for (const receiver of receivers) receiver.init(app);
      },
      start: () => Promise.all(receivers.map((receiver) => receiver.start())),
      stop: close,
    },
    async open() {
      // Asked once by ourselves, since the library tries for ever even where the answer cannot change.
      const client = new WebClient(appToken, interactiveOptions(settings, logger));
      await client.apps.connections.open().catch((cause: unknown) => {
        throw cause instanceof WebAPIPlatformError ? socketError(cause) : cause;
      });
      await Promise.all(receivers.map((receiver) => receiver.start()));
      return undefined;
    },
    close,
  };
}

function socketError({ data }: WebAPIPlatformError): AppError {
  return new ConfigError(
    `SLACK_APP_TOKEN has to be an app-level token with connections:write of an app in Socket Mode (Slack says ${data.error})`,
  );
}
