import type { AddressInfo, Socket } from "node:net";
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from "smtp-server";
import type { Failure, Faulty, Stage } from "./faults.ts";
import type { Envelope } from "./mail.ts";

/** Bytes of the largest message that is taken. */
export const largestMail = 25_000_000;

interface Taking {
  readonly port: number;
  readonly meet: Faulty;
  /** Takes a message. Gives what notes the code of the answer; undefined where the sender gets none. */
  take(raw: Buffer, envelope: Envelope): Promise<(code: number | undefined) => void>;
}

type Answer = (error?: Error | null, message?: string) => void;

/** Listens for SMTP on the loopback address, in the clear and without passwords. */
export async function listen({ port, meet, take }: Taking): Promise<{ url: string; close(): Promise<void> }> {
  const sockets = new Map<number, Socket>();

  /** Says how it ended: the code of the answer, or none. */
  function end(failure: Failure | undefined, session: SMTPServerSession, answer: Answer): number | undefined {
    const socket = sockets.get(session.remotePort);
    if (failure !== undefined && "drop" in failure) socket?.destroy();
    if (socket === undefined || socket.destroyed) return undefined;
    if (failure === undefined) answer();
    else if ("code" in failure)
      answer(Object.assign(new Error(failure.text ?? "as was asked for"), { responseCode: failure.code }));
    else return undefined;
    return failure?.code ?? 250;
  }
  const step = (at: Stage, { from, to }: Envelope): Failure | undefined => meet({ at, from, to });

  async function receive(stream: SMTPServerDataStream, session: SMTPServerSession, answer: Answer) {
    const envelope = envelopeOf(session);
    const failure = step("data", envelope);
    if (failure && "drop" in failure) return void stream.once("data", () => end(failure, session, answer));
    const raw = await collect(stream);
    // The library itself answers what is too large.
    if (raw === undefined) return answer();
    if (failure) return void end(failure, session, answer);
    const note = await take(raw, envelope);
    note(end(step("taken", envelope), session, answer));
  }

  const server = new SMTPServer({
    name: "mailbox.example.com",
    size: largestMail,
    rejectOversized: true,
    disabledCommands: ["AUTH", "STARTTLS"],
    disableReverseLookup: true,
    onMailFrom: ({ address }, session, answer) =>
      void end(step("mail", { from: address, to: [] }), session, answer),
    onRcptTo({ address }, session, answer) {
      const { from, to } = envelopeOf(session);
      end(step("rcpt", { from, to: [...to, address] }), session, answer);
    },
    onData(stream, session, answer) {
      receive(stream, session, answer).catch((error: Error) =>
        answer(Object.assign(new Error(error.message.replace(/\s+/g, " ")), { responseCode: 554 })),
      );
    },
  });
  // A connection that breaks is the sender's business.
  server.on("error", () => {});
  server.server.on("connection", (socket) => {
    const { remotePort = 0 } = socket;
    sockets.set(remotePort, socket);
    socket.once("close", () => sockets.delete(remotePort));
  });
  await new Promise<void>((resolve, reject) => {
    server.server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    url: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets.values()) socket.destroy();
      }),
  };
}

function envelopeOf({ envelope: { mailFrom, rcptTo } }: SMTPServerSession): Envelope {
  return { from: mailFrom ? mailFrom.address : "", to: rcptTo.map(({ address }) => address) };
}

/** Reads to the end; gives nothing for what is too large. */
async function collect(stream: SMTPServerDataStream): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) {
    if (stream.sizeExceeded) chunks.length = 0;
    else chunks.push(chunk);
  }
  return stream.sizeExceeded ? undefined : Buffer.concat(chunks);
}
