import { Readable } from "node:stream";
import type { NodemailerError, SendMailOptions } from "nodemailer";
import { DeliveryError } from "../errors.ts";
import { fromOutside } from "../messages/limits.ts";

/** A message to one address; the rest as the library has it. */
export interface Mail extends Omit<SendMailOptions, "to" | "envelope"> {
  readonly from: { readonly name: string; readonly address: string };
  readonly to: string;
}

/** Milliseconds. */
export interface MailPatience {
  /** For connecting, and then for the greeting. */
  readonly connection: number;
  /** For each answer. A server may take long to look through what it got before it says that it has it. */
  readonly answer: number;
}

const PATIENCE: MailPatience = { connection: 20_000, answer: 120_000 };

/** Hands messages to the mail server. */
export interface Mailer {
  /** Sends once. @throws DeliveryError */
  send(mail: Mail): Promise<void>;
  /** Loads the library. */
  warm(): Promise<void>;
}

/**
 * A connection for each message. The library's pool puts a message whose connection closed before it was begun in its
 * queue again by itself, up to five times: whether and when to try again is for the schedule's ledger alone to say.
 */
export function createMailer(smtpUrl: string, patience: MailPatience = PATIENCE): Mailer {
  const server = serverOf(smtpUrl);
  return {
    async warm() {
      await import("nodemailer");
    },
    async send({ to, ...mail }) {
      const { createTransport } = await import("nodemailer");
      const transport = createTransport({
        ...server,
        connectionTimeout: patience.connection,
        greetingTimeout: patience.connection,
        dnsTimeout: patience.connection,
        socketTimeout: patience.answer,
        disableFileAccess: true,
        disableUrlAccess: true,
      });
      let isHandedOver = false;
      // Of a connection that is lost the library says the same before, amid and after the message. The server may act
      // on it only once it has its end (RFC 5321, 4.1.1.4), which goes out after this stream's, and nothing of it is
      // read before the server has asked for it.
      transport.use("stream", ({ message }, done) => {
        message?.processFunc((input) =>
          Readable.from(
            (async function* () {
              yield* input;
              isHandedOver = true;
            })(),
          ),
        );
        done();
      });
      try {
        // To one address alone, so that no part of it can be rejected while the rest is sent. Not as text, which the
        // library reads as a list.
        const recipient = { name: "", address: to };
        await transport.sendMail({ ...mail, to: recipient, envelope: { from: mail.from, to: recipient } });
      } catch (error) {
        throw mailFault(error as NodemailerError, to, isHandedOver);
      }
    },
  };
}

/** Only what a URL says of a server: its query could turn off the encryption, or the library's checks. */
function serverOf(smtpUrl: string) {
  const { protocol, hostname, port, username, password } = new URL(smtpUrl);
  const isHere = ["localhost", "127.0.0.1", "[::1]"].includes(hostname);
  const auth = { user: decodeURIComponent(username), pass: decodeURIComponent(password) };
  return {
    host: hostname.replace(/^\[|\]$/g, ""),
    ...(port === "" ? {} : { port: Number(port) }),
    // Otherwise by STARTTLS, where the server offers it.
    secure: protocol === "smtps:",
    // A password is not for everybody on the way.
    requireTLS: username !== "" && !isHere,
    ...(username === "" ? {} : { auth }),
  };
}

/** What is wrong with the settings or the message, and will be the next time, too. */
const lasting = ["EAUTH", "ENOAUTH", "EENVELOPE", "EMESSAGE", "ECONFIG"];

/** What to make of a send that failed. `isHandedOver` where the server may have had all of the message. */
function mailFault(error: NodemailerError, to: string, isHandedOver: boolean): DeliveryError {
  const { code = "", response = "", responseCode = 0, permanent } = error;
  const said = response === "" ? "" : `: ${fromOutside(response, 200)}`;
  const fault = (userMessage: string, fate: "not sent" | "unknown", retryable: boolean): DeliveryError =>
    new DeliveryError(`no e-mail to ${to}: ${error.message}`, { cause: error, userMessage, fate, retryable });
  if (responseCode >= 400) {
    if (code === "EAUTH") return fault(`The mail server does not let us in${said}`, "not sent", !permanent);
    return permanent
      ? fault(`The mail server refused the e-mail to ${to}${said}`, "not sent", false)
      : fault(`The mail server does not take the e-mail to ${to} now${said}`, "not sent", true);
  }
  if (isHandedOver) {
    const what = `The mail server did not say whether it took the e-mail to ${to}; it may have arrived.`;
    return fault(what, "unknown", false);
  }
  if (lasting.includes(code))
    return fault(`The e-mail to ${to} could not be sent${said}.`, "not sent", false);
  return fault("The mail server could not be reached, or broke off.", "not sent", true);
}
