import { inspect } from "node:util";
import type { SMTPServerOptions } from "smtp-server";
import { expect, it, onTestFinished } from "vitest";
import { createMailer, type Mail } from "../../src/delivery/mailer.ts";
import type { DeliveryError } from "../../src/errors.ts";
import { PATIENCE } from "../helpers/patience.ts";
import { type Break, openBrokenServer, openMailbox, refusal } from "./mailbox.ts";

const mail: Mail = {
  from: { name: "", address: "usage@example.com" },
  to: "ann@example.com",
  subject: "Product usage",
  text: "28 of 41",
};

async function mailbox(options?: SMTPServerOptions) {
  const box = await openMailbox(options);
  onTestFinished(box.close);
  return box;
}

/** What the next try may make of the failure. */
const lasting: Partial<DeliveryError> = { name: "DeliveryError", fate: "not sent", retryable: false };
const passing: Partial<DeliveryError> = { name: "DeliveryError", fate: "not sent", retryable: true };
const unknown: Partial<DeliveryError> = { name: "DeliveryError", fate: "unknown", retryable: false };

type Hook = (...args: never[]) => void;
type Answer = readonly ["onMailFrom" | "onRcptTo" | "onData", number, Partial<DeliveryError>];

it.each<Answer>([
  ["onMailFrom", 451, passing],
  ["onRcptTo", 450, passing],
  ["onRcptTo", 550, lasting],
  ["onData", 452, passing],
  ["onData", 554, lasting],
])("tells what the server refuses: %s with %i", async (hook, code, fault) => {
  const refuse = (...args: unknown[]): void => {
    if (hook === "onData") (args[0] as NodeJS.ReadableStream).resume();
    (args.at(-1) as (error: Error) => void)(refusal(code, "not you"));
  };
  const { url } = await mailbox({ [hook]: refuse as Hook });
  const userMessage = expect.stringContaining(`: ${code} not you`);
  await expect(createMailer(url).send(mail)).rejects.toMatchObject({ userMessage, ...fault });
});

it.each([
  [535, lasting],
  [454, passing],
])("tells that it is not let in (%i), and never with what password", async (code, fault) => {
  const { url } = await mailbox({
    authOptional: false,
    allowInsecureAuth: true,
    onAuth: (_auth, _session, done) => done(refusal(code, "no")),
  });
  // What stands in the query is not heard.
  const address = `${url.replace("//", "//usage:s3cr%2Ft@")}?logger=true&pool=true`;
  const error = await createMailer(address)
    .send(mail)
    .catch((reason: unknown) => reason);
  expect(error).toMatchObject(fault);
  expect(inspect(error, { depth: 9, showHidden: true })).not.toMatch(/s3cr/);
});

it("does not fall back to plain text where encryption fails", async () => {
  const box = await mailbox({ disabledCommands: [] });
  await expect(createMailer(`${box.url}?ignoreTLS=true`).send(mail)).rejects.toMatchObject(passing);
  await expect(createMailer(box.url.replace("smtp:", "smtps:")).send(mail)).rejects.toMatchObject(passing);
  expect(box.mails).toEqual([]);
});

it("adds nobody to those whom it is for", async () => {
  const box = await mailbox();
  const to = "ann@example.com, bob@example.org";
  await createMailer(box.url)
    .send({ ...mail, to })
    .catch(() => undefined);
  await createMailer(box.url)
    .send({ ...mail, to: "ann@example.com\r\nRCPT TO:<bob@example.org>" })
    .catch(() => undefined);
  expect(box.mails.flatMap((each) => each.to)).not.toContain("bob@example.org");
});

it.each<readonly [Break, "gone" | "silent", boolean, Partial<DeliveryError>]>([
  ["connect", "gone", false, passing],
  ["connect", "silent", false, passing],
  ["MAIL", "gone", false, passing],
  ["MAIL", "gone", true, passing],
  ["RCPT", "silent", false, passing],
  ["DATA", "gone", false, passing],
  ["DATA", "gone", true, passing],
  ["amid", "gone", false, passing],
  ["end", "gone", false, unknown],
  ["end", "silent", false, unknown],
  ["end", "gone", true, unknown],
])("knows what may have arrived: %s, %s, pipelining %s", async (at, how, pipelines, fault) => {
  const server = await openBrokenServer(at, how, pipelines);
  // More than what a connection takes at once, so that it breaks amid the message.
  const attachments = at === "amid" ? [{ filename: "a", content: Buffer.alloc(6_000_000, 1) }] : [];
  // Short only where something is silent, since on a busy machine all that comes before may take its time.
  const [connection, answer] =
    how === "gone" ? [PATIENCE, PATIENCE] : at === "connect" ? [150, PATIENCE] : [PATIENCE, 1_500];
  const mailer = createMailer(server.url, { connection, answer });
  await expect(mailer.send({ ...mail, attachments })).rejects.toMatchObject(fault);
  await server.close();
});

it("says that nobody answers where nobody does", async () => {
  const { url, close } = await openBrokenServer("connect", "gone");
  await close();
  await expect(createMailer(url).send(mail)).rejects.toMatchObject(passing);
});
