import { createHash } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:net";
import nodemailer, { type SendMailOptions } from "nodemailer";
import { expect, it, onTestFinished } from "vitest";
import {
  createMailbox,
  largestMail,
  type Mailbox,
  type MailboxOptions,
} from "../../src/demo/mailbox/index.ts";
import { PATIENCE } from "../helpers/patience.ts";

async function start(options?: MailboxOptions, whenFinished = onTestFinished): Promise<Mailbox> {
  const mailbox = await createMailbox(options);
  whenFinished(() => mailbox.close());
  return mailbox;
}

const zoe = "zoe.angstrom@example.com";
const alice = "Alice.Ferreira@example.com";
const from = "Vault Usage <usage@example.com>";
const small = { from, to: zoe, subject: "Hello", text: "Hello Zoë" };

/** Sends over the socket; waits so many milliseconds for an answer. */
const send = ({ smtpUrl }: Mailbox, mail: SendMailOptions = small, socketTimeout = PATIENCE) =>
  nodemailer.createTransport({ url: smtpUrl, socketTimeout }).sendMail(mail);
/** How long the answer is waited for that does not come. All that come before have to come within that. */
const IN_VAIN = 2_000;

const chart = Buffer.from("89504e470d0a1a0a", "hex");
const workbook = Buffer.from(Array.from({ length: 70_000 }, (_, index) => index % 251));
const html = `<!doctype html><html><head><title>no</title><style>p { color: red }</style></head><body>
  <div style="display:none">28 of 41 were active &amp; well&#46;&#847;&zwnj;&nbsp;&#847;&zwnj;</div>
  <p>Figures</p><img src="cid:chart@usage" alt="Trend"></body></html>`;

it("gives a mail's parts as they were sent", async () => {
  const mailbox = await start({ now: () => 1_795_000_000_000 });
  const told: string[] = [];
  mailbox.on("change", ({ subject }) => told.push(subject));
  const { messageId } = await send(mailbox, {
    ...small,
    to: [{ name: "Zoë Ångström", address: zoe }, alice],
    subject: "Bruk i november – 使用状況",
    text: "Tall: 28 av 41",
    html,
    headers: { "List-Unsubscribe": "<https://usage.example.com/stop>" },
    attachments: [
      { filename: "chart.png", content: chart, cid: "chart@usage" },
      { filename: "Bruk «november».xlsx", content: workbook },
    ],
  });
  const [mail, ...others] = mailbox.mails();
  expect(others).toEqual([]);
  expect(mail).toMatchObject({
    receivedAt: 1_795_000_000_000,
    envelope: { from: "usage@example.com", to: [zoe, alice] },
    from: { name: "Vault Usage", address: "usage@example.com" },
    to: [
      { name: "Zoë Ångström", address: zoe },
      { name: "", address: alice },
    ],
    messageId,
    subject: "Bruk i november – 使用状況",
    text: "Tall: 28 av 41",
    html: expect.stringContaining("cid:chart@usage"),
    preview: "28 of 41 were active & well. Figures",
  });
  expect(mail?.headers).toContain("List-Unsubscribe: <https://usage.example.com/stop>");
  const sha256 = (content: Buffer) => createHash("sha256").update(content).digest("hex");
  expect(mail?.attachments).toMatchObject([
    {
      name: "chart.png",
      type: "image/png",
      size: 8,
      sha256: sha256(chart),
      cid: "chart@usage",
      inline: true,
    },
    { name: "Bruk «november».xlsx", size: 70_000, sha256: sha256(workbook), inline: false },
  ]);
  expect(mail?.attachments[1]?.content.equals(workbook)).toBe(true);
  expect(mailbox.find(mail?.id ?? "")).toBe(mail);
  expect(told).toEqual([mail?.subject]);
});

it("goes by the envelope, whatever the case", async () => {
  const mailbox = await start();
  await send(mailbox, { ...small, subject: "To one" });
  await send(mailbox, { ...small, subject: "To both", envelope: { from: zoe, to: [zoe, alice] } });
  const subjects = (address?: string) => mailbox.mails(address).map(({ subject }) => subject);
  expect(subjects()).toEqual(["To both", "To one"]);
  expect(subjects(zoe.toUpperCase())).toEqual(["To both", "To one"]);
  expect(subjects(alice.toLowerCase())).toEqual(["To both"]);
  expect(subjects("nobody@example.com")).toEqual([]);
});

it("waits for a mail", async () => {
  const mailbox = await start();
  const waiting = mailbox.waitForMail(({ subject }) => subject === "Late");
  await send(mailbox, { ...small, subject: "Late" });
  expect((await waiting).preview).toBe("Hello Zoë");
  await expect(mailbox.waitForMail(({ subject }) => subject === "Never", 20)).rejects.toThrow("in vain");
});

it.concurrent.for([
  ["refused at MAIL", { at: "mail", code: 451 }, { responseCode: 451 }],
  ["refused at RCPT", { at: "rcpt", code: 550, text: "no such mailbox" }, { responseCode: 550 }],
  ["refused after DATA", { at: "data", code: 452 }, { responseCode: 452 }],
  ["dropped at MAIL", { at: "mail", drop: true }, { code: "ECONNECTION" }],
  ["dropped within DATA", { at: "data", drop: true }, {}],
  ["not answered at MAIL", { at: "mail", hang: true }, { code: "ETIMEDOUT" }],
  ["not answered after DATA", { at: "data", hang: true }, { code: "ETIMEDOUT" }],
] as const)("takes nothing when %s, and then the next", async ([_, fault, error], context) => {
  const mailbox = await start({}, context.onTestFinished);
  mailbox.fail(fault);
  await expect(send(mailbox, small, IN_VAIN)).rejects.toMatchObject(error);
  expect(mailbox.mails()).toEqual([]);
  expect(mailbox.received).toEqual([]);
  await send(mailbox);
  expect(mailbox.received).toMatchObject([{ answer: 250, envelope: { to: [zoe] } }]);
});

it.concurrent.for([
  [{ at: "taken", drop: true }, undefined],
  [{ at: "taken", hang: true }, undefined],
  [{ at: "taken", code: 451 }, 451],
] as const)(
  "keeps what was taken though the sender does not learn it: %o",
  async ([fault, answer], context) => {
    const mailbox = await start({}, context.onTestFinished);
    mailbox.fail(fault);
    await expect(send(mailbox, small, IN_VAIN)).rejects.toThrow();
    expect(mailbox.received.map((receipt) => receipt.answer)).toEqual([answer]);
    expect(mailbox.received[0]?.id).toBe(mailbox.mails(zoe)[0]?.id);
  },
);

it("meets the faults of a function, for one recipient of two", async () => {
  const mailbox = await start({
    faults: ({ at, to }) => (at === "rcpt" && to.at(-1) === alice ? { code: 550 } : undefined),
  });
  const { rejected } = await send(mailbox, { ...small, to: [zoe, alice] });
  expect(rejected).toEqual([alice]);
  expect(mailbox.mails()[0]?.envelope.to).toEqual([zoe]);
  mailbox.fail({ at: "mail", code: 421 }, 5);
  await expect(send(mailbox)).rejects.toThrow();
  mailbox.clearFaults();
  await send(mailbox);
  expect(() => mailbox.fail({ at: "mail", code: 250 })).toThrow(RangeError);
});

it("is bounded", async () => {
  const mailbox = await start({ keep: 20 });
  const transport = nodemailer.createTransport({ url: mailbox.smtpUrl, pool: true });
  for (let count = 1; count <= 23; count++) await transport.sendMail({ ...small, subject: `${count}` });
  transport.close();
  const subjects = mailbox.mails().map(({ subject }) => subject);
  expect(subjects).toHaveLength(20);
  expect([subjects[0], subjects.at(-1)]).toEqual(["23", "4"]);
  expect(mailbox.received).toHaveLength(23);
  const raw = Buffer.alloc(largestMail + 1, `Subject: x\r\n\r\n${"x".repeat(1_000)}\r\n`);
  await expect(send(mailbox, { envelope: { from: zoe, to: zoe }, raw })).rejects.toMatchObject({
    responseCode: 552,
  });
  expect(mailbox.received).toHaveLength(23);
});

it("stands what is no mail, and ends though somebody hangs on", async () => {
  const mailbox = await createMailbox();
  const socket = connect(Number(new URL(mailbox.smtpUrl).port), "127.0.0.1");
  socket.on("error", () => {});
  await once(socket, "data");
  const lines = ["EHLO me", "MAIL FROM:<>", `RCPT TO:<${zoe}>`, "DATA"];
  for (const line of lines) socket.write(`${line}\r\n`);
  socket.write("\x00\xff: =?x?q?\r\nContent-Type: multipart/mixed; boundary=\r\n\r\n--\r\n.\r\n");
  const mail = await mailbox.waitForMail(() => true);
  expect(mail).toMatchObject({ from: { address: "" }, subject: "", to: [{ address: zoe }] });
  await mailbox.close();
});
