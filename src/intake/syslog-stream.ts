import type { Socket } from "node:net";
import { createFraming } from "./framing.ts";
import type { Gather } from "./gather.ts";
import type { IntakeLimits } from "./limits.ts";
import type { createLineReader } from "./line-reader.ts";

const PROBED_AFTER = 60_000;

/** A sender's connection. */
export interface Connection {
  /** Ends it if a line in it began long ago. */
  check(now: number): void;
  /** Reads no further than what has come already, which the gatherer then has. */
  stop(): void;
}

/** Reads lines from a connection for as long as there is room for what they hold. */
export function readStream(
  socket: Socket,
  {
    reader,
    gather,
    limits,
  }: {
    readonly reader: ReturnType<typeof createLineReader>;
    readonly gather: Gather;
    readonly limits: IntakeLimits["syslog"];
  },
): Connection {
  let beganAt: number | undefined;
  let isStopped = false;
  const framing = createFraming(limits.longestLine, {
    onMessage(bytes) {
      // What is cut next has begun later.
      beganAt = undefined;
      const line = reader.read(bytes);
      if (line !== undefined) gather.add(line);
    },
    onBroken: (reason) => gather.add(reader.reject(reason)),
  });
  const end = (): void => {
    if (framing.isInside()) gather.add(reader.reject("a line that broke off"));
    socket.destroy();
  };

  socket.setKeepAlive(true, PROBED_AFTER);
  socket.setTimeout(limits.silence, () => socket.destroy());
  const take = (chunk: Buffer): void => {
    framing.feed(chunk);
    beganAt = framing.isInside() ? (beganAt ?? performance.now()) : undefined;
    if (!gather.isFull() || isStopped) return;
    socket.pause();
    void gather.room().then(() => !isStopped && socket.resume());
  };
  socket.on("data", take);
  // In good order, so that the last line is whole even where no line break follows it.
  socket.on("end", () => framing.end());
  socket.on("error", () => end());
  return {
    check(now) {
      if (beganAt !== undefined && !socket.isPaused() && now - beganAt > limits.unfinished) end();
    },
    stop() {
      isStopped = true;
      socket.pause();
      for (let rest = socket.read(); rest !== null; rest = socket.read()) take(rest as Buffer);
      socket.destroySoon();
    },
  };
}
