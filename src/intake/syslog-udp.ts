import { createSocket, type Socket } from "node:dgram";
import { isIPv6 } from "node:net";
import type { Gather } from "./gather.ts";
import type { IntakeLimits } from "./limits.ts";
import type { createLineReader, ReadLine } from "./line-reader.ts";

/** Asked of the system for bursts; it gives what it has. */
const RECEIVE_BUFFER = 4_000_000;

export interface DatagramDeps {
  readonly gather: Gather;
  readonly limits: Pick<IntakeLimits["syslog"], "programs">;
  newReader(): ReturnType<typeof createLineReader>;
  mayCome(address: string | undefined): boolean;
  onRefused(why: string): void;
}

/** Reads one message a datagram; what comes while there is no room is dropped, and counted. Not bound yet. */
export function createDatagramSocket(deps: DatagramDeps, host: string): Socket {
  const { gather, limits, mayCome, onRefused } = deps;
  /** Of each sending program, by its address and port, the latest last. */
  const readers = new Map<string, ReturnType<typeof createLineReader>>();
  const readerOf = (program: string): ReturnType<typeof createLineReader> => {
    const reader = readers.get(program) ?? deps.newReader();
    readers.delete(program);
    readers.set(program, reader);
    const [oldest] = readers.keys();
    if (readers.size > limits.programs && oldest !== undefined) readers.delete(oldest);
    return reader;
  };

  const socket = createSocket({ type: isIPv6(host) ? "udp6" : "udp4" });
  socket.on("listening", () => {
    try {
      socket.setRecvBufferSize(RECEIVE_BUFFER);
    } catch {
      // Some systems refuse more than they have; then theirs has to do.
    }
  });
  socket.on("message", (bytes, { address, port }) => {
    if (!mayCome(address)) return onRefused("SYSLOG_ALLOW does not name them");
    const line: ReadLine | undefined = readerOf(`${address} ${port}`).read(bytes);
    if (line === undefined) return;
    if (gather.isFull()) gather.drop(line);
    else gather.add(line);
  });
  return socket;
}
