import type { IncomingMessage } from "node:http";

const MOST_BYTES = 20_000_000;
const PATIENCE = 2_000;

/**
 * Passes over what is still to come of a body, up to a bound. A connection that is closed while the other side still
 * sends is reset, and with it goes the answer that it has not read yet.
 */
export function leaveBody(request: IncomingMessage): Promise<void> {
  if (request.complete || request.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    let left = MOST_BYTES;
    const timer = setTimeout(resolve, PATIENCE);
    const end = (): void => {
      clearTimeout(timer);
      resolve();
    };
    request.on("data", (chunk: Buffer) => {
      left -= chunk.length;
      if (left < 0) end();
    });
    request.once("end", end);
    request.once("close", end);
    request.once("error", end);
    request.resume();
  });
}
