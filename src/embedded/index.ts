import { type ChildProcess, spawn } from "node:child_process";
import { connect, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { AppError } from "../errors.ts";
import { type Location, locateStore } from "./location.ts";

const serverScript = fileURLToPath(new URL("./server-main.ts", import.meta.url));
/** Exit statuses of the server: another has the store; what it said is for people to read. */
const [exitTaken, exitTold] = [3, 4];
const startTimeout = 15_000;
/** Between two attempts to start a server, so that many processes do not start many. */
const restartAfter = 250;

/** The message "I am here": sixteen bytes, answered in kind (see `opHold`). */
const hold = Buffer.alloc(16);
hold.writeInt32LE(16, 0);
hold.writeInt32LE(0x444c4f48, 12);

/** A connection that keeps the server alive; undefined where no server answers. */
function joinServer(path: string): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once("connect", () => socket.write(hold));
    socket.once("data", () => resolve(socket));
    socket.once("error", () => resolve(undefined));
    socket.once("close", () => resolve(undefined));
  });
}

/** A server of its own session: Ctrl-C in the terminal and the end of this process do not reach it. */
function startServer({ folder, socket }: Location): {
  child: ChildProcess;
  failure: () => string | undefined;
} {
  const { NODE_OPTIONS: _options, ...env } = process.env;
  // A small nursery for young objects halves the memory of a process that mostly passes bytes through.
  const args = [
    "--disable-warning=ExperimentalWarning",
    "--max-semi-space-size=4",
    serverScript,
    folder,
    socket,
  ];
  const child = spawn(process.execPath, args, {
    cwd: folder,
    detached: true,
    env,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  let failed = false;
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  child.once("error", (error) => {
    said += error.message;
    failed = true;
  });
  child.once("close", (code) => {
    failed = code !== 0 && code !== exitTaken && code !== null;
  });
  child.unref();
  return { child, failure: () => (failed ? said.trim() || "it ended at once" : undefined) };
}

/** Joins the server, after starting one if there is none; of several that start at once the lock lets one live. */
async function joinOrStart(location: Location): Promise<Socket> {
  const deadline = performance.now() + startTimeout;
  let started: ReturnType<typeof startServer> | undefined;
  let startedAt = Number.NEGATIVE_INFINITY;
  try {
    for (;;) {
      const socket = await joinServer(location.socket);
      if (socket !== undefined) return socket;
      const failure = started?.failure();
      if (failure !== undefined || performance.now() > deadline) {
        const told = started?.child.exitCode === exitTold ? failure : undefined;
        throw new AppError(
          `the embedded store in ${location.folder} does not start: ${failure ?? "no answer"}`,
          { userMessage: told ?? `The store in ${location.folder} cannot be opened` },
        );
      }
      const running =
        started !== undefined && started.child.exitCode === null && started.child.signalCode === null;
      if (!running && performance.now() > startedAt + restartAfter) {
        started = startServer(location);
        startedAt = performance.now();
      }
      await delay(10);
    }
  } finally {
    started?.child.stderr?.destroy();
  }
}

/**
 * Joins the store in `dataDir`, starting its server when there is none; the URI is for the official driver.
 *
 * The server is a process of its own and lives until the last opener has closed or died. Should it die first,
 * each opener notices, and one of them starts the next at the same address; the driver reconnects by itself
 * (only a write that was on its way is answered with a network error). `close` resolves when, if this was the
 * last opener, the files are closed.
 */
export async function openEmbedded({
  dataDir,
  logger = () => {},
}: {
  dataDir: string;
  logger?: (line: string) => void;
}): Promise<{ uri: string; close(): Promise<void> }> {
  const location = locateStore(dataDir);
  let closing = false;
  let current: Socket;

  const watch = (socket: Socket): void => {
    current = socket;
    socket.unref();
    socket.resume();
    socket.once("close", () => {
      if (closing) return;
      logger("the embedded store's server has ended; joining or starting the next");
      rejoin = joinOrStart(location).then(watch, (error: unknown) => logger(String(error)));
    });
  };
  let rejoin: Promise<void> = Promise.resolve();
  watch(await joinOrStart(location));

  return {
    uri: `mongodb://${encodeURIComponent(location.socket)}/?directConnection=true`,
    async close() {
      if (closing) return;
      closing = true;
      await rejoin;
      if (current.closed) return;
      const closed = new Promise((resolve) => current.once("close", resolve));
      current.ref();
      current.end();
      await closed;
    },
  };
}
