import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { Socket } from "node:net";

const CHANNEL = "net.client.socket";

/**
 * Tells whoever waits for a connection to drain that it is closed, until the function that is returned is called.
 *
 * The driver (mongodb 7.9) may write to a connection that the server has just ended, as when it is restarted: in the moment
 * before node says that it is closed, such a write is refused with "wait until it drains" and without an error. The driver
 * then waits for ever, with a query or, worse, with the check whether the server is there again, so that the whole app
 * never finds it again. Woken, it sees for itself that the connection is closed.
 */
export function wakeAtClose(): () => void {
  const onSocket = (message: unknown): void => {
    const { socket } = message as { readonly socket: Socket };
    // After everybody else has heard of it.
    socket.once("close", () => setImmediate(() => socket.emit("drain")));
  };
  subscribe(CHANNEL, onSocket);
  return () => void unsubscribe(CHANNEL, onSocket);
}
