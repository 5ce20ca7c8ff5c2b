import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import type { Context } from "./command.ts";
import { runCommand } from "./commands.ts";
import { createCursors } from "./cursors.ts";
import { BrokenStoreError } from "./errors.ts";
import { openStore } from "./rows.ts";
import { buildReply, createFraming, type Message, opHold, parseMessage } from "./wire.ts";

/** How long a new server waits for its first client before it goes again. */
const lonelyTimeout = 5000;

/**
 * Serves the store in `folder` at `socket` until the last client that holds it has gone; then closes the file
 * and calls `onClosed`. One thread: a command runs from its first to its last step before the next begins.
 */
export function serve(folder: string, socket: string, onClosed: () => void): { stop: () => void } {
  const store = openStore(join(folder, "store.db"));
  const context: Context = { store, cursors: createCursors(Date.now), now: Date.now };
  const connections = new Set<Socket>();
  const holders = new Set<Socket>();
  let stopped = false;

  const stop = (): void => {
    if (stopped) return;
    stopped = true;
    // First nobody new comes in, then the file is closed, and only then do those who wait for it hear of it.
    server.close();
    store.close();
    onClosed();
    for (const connection of connections) connection.end();
  };

  const answer = (connection: Socket, message: Message): void => {
    if (message.opCode === opHold) holders.add(connection);
    const reply = message.opCode === opHold ? {} : runSafely(context, message);
    if (message.silent) return;
    connection.cork();
    for (const part of buildReply(message, reply)) connection.write(part);
    connection.uncork();
  };

  const server = createServer({ allowHalfOpen: true, noDelay: true }, (connection) => {
    const cut = createFraming();
    connections.add(connection);
    connection.on("data", (chunk: Buffer) => {
      try {
        for (const bytes of cut(chunk)) if (!stopped) answer(connection, parseMessage(bytes));
      } catch {
        connection.destroy();
      }
    });
    const leave = (): void => {
      if (holders.delete(connection) && holders.size === 0) stop();
      else connection.end();
    };
    connection.on("end", leave);
    connection.on("error", () => connection.destroy());
    connection.on("close", () => {
      connections.delete(connection);
      leave();
    });
  });
  server.listen(socket);
  setTimeout(() => holders.size === 0 && stop(), lonelyTimeout).unref();
  return { stop };
}

function runSafely(context: Context, message: Message) {
  try {
    return runCommand(context, message);
  } catch (error) {
    if (error instanceof BrokenStoreError) process.exit(1);
    return {
      ok: 0,
      code: 1,
      codeName: "InternalError",
      errmsg: `the embedded store failed: ${String(error)}`,
    };
  }
}
