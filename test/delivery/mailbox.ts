import { createServer, type Server } from "node:net";
import { text } from "node:stream/consumers";
import { type ParsedMail, simpleParser } from "mailparser";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";

/** A mail server of this machine; what it got stands in `mails`, newest last. */
export interface Mailbox {
  readonly url: string;
  readonly mails: readonly {
    readonly raw: string;
    readonly mail: ParsedMail;
    readonly to: readonly string[];
  }[];
  close(): Promise<void>;
}

/** `options` are those of `smtp-server`: where it is to refuse something. */
export async function openMailbox(options: SMTPServerOptions = {}): Promise<Mailbox> {
  const mails: Mailbox["mails"][number][] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    disableReverseLookup: true,
    closeTimeout: 10,
    async onData(stream, { envelope }, done) {
      const raw = await text(stream);
      mails.push({ raw, mail: await simpleParser(raw), to: envelope.rcptTo.map(({ address }) => address) });
      done();
    },
    ...options,
  });
  server.on("error", () => {});
  const address = await listening(server.listen(0, "127.0.0.1") as Server);
  return {
    url: `smtp://${address}`,
    mails,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** A failure that `smtp-server` answers with this code. */
export function refusal(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode });
}

/** Where a server breaks off: at a command, amid the message, or once it has all of it. */
export type Break = "connect" | "MAIL" | "RCPT" | "DATA" | "amid" | "end";

/**
 * A server that understands just enough to be sent a message, and then is gone, or says nothing more. Where `pipelines`
 * is set, it takes several commands at once.
 */
export async function openBrokenServer(
  at: Break,
  how: "gone" | "silent",
  pipelines = false,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    let left = "";
    let isMessage = false;
    const stop = (): void => {
      socket.removeAllListeners("data");
      if (how === "gone") socket.destroy();
      else socket.pause();
    };
    if (at === "connect") return stop();
    socket.write("220 test ESMTP\r\n");
    socket.on("data", (chunk) => {
      left += chunk;
      if (isMessage) {
        if (at === "amid" || left.endsWith("\r\n.\r\n")) stop();
        return;
      }
      for (let end = left.indexOf("\r\n"); end >= 0 && !isMessage; end = left.indexOf("\r\n")) {
        const [verb = ""] = left.slice(0, end).split(" ");
        left = left.slice(end + 2);
        if (verb === at) return stop();
        isMessage = verb === "DATA";
        socket.write(
          verb === "EHLO" && pipelines
            ? "250-test\r\n250 PIPELINING\r\n"
            : isMessage
              ? "354 go on\r\n"
              : "250 fine\r\n",
        );
      }
    });
  });
  const address = await listening(server.listen(0, "127.0.0.1"));
  return {
    url: `smtp://${address}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

async function listening(server: Server): Promise<string> {
  if (!server.listening) await new Promise((resolve) => server.once("listening", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("it does not listen");
  return `127.0.0.1:${address.port}`;
}
