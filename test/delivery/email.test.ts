import { createHash } from "node:crypto";
import { beforeAll, expect, it, onTestFinished } from "vitest";
import { exportReport } from "../../src/commands/export.ts";
import { runCommand } from "../../src/commands/index.ts";
import type { Parcel } from "../../src/delivery/channel.ts";
import { createEmailChannel, type EmailDeps } from "../../src/delivery/email.ts";
import { createLinks } from "../../src/delivery/links.ts";
import { createUnsubscribeLinks } from "../../src/delivery/unsubscribe.ts";
import type { Report } from "../../src/domain/report.ts";
import type { Target } from "../../src/domain/target.ts";
import { UsageError } from "../../src/errors.ts";
import { renderChartPng } from "../../src/render/charts.ts";
import type { Store } from "../../src/store/open.ts";
import { atEndOfFile, testEngine } from "../helpers/engine.ts";
import { importText } from "../helpers/fill.ts";
import { wildNames } from "../slack/pair.ts";
import { openMailbox } from "./mailbox.ts";

const NOW = Date.parse("2026-11-20T10:00:00Z");
const DAY = 86_400_000;
const SETTINGS = { baseUrl: "https://usage.example.com", secret: "a secret of thirty-two characters" };
const ANN: Target = { channel: "email", to: "ann@example.com", name: "ann@example.com" };
const names = [
  ...wildNames,
  "<script>alert(1)</script>",
  "{{x}} <%= x %>",
  "Eve\r\nBcc: all@example.com",
  "🦊 李伟",
];
const wide = { largestMail: 10_000_000 };

const later = atEndOfFile();
let store: Store;
let parcel: Parcel;
let png: Buffer;

beforeAll(async () => {
  const { engine, deps } = await testEngine({}, () => NOW, later);
  store = engine.store;
  const lines = names.flatMap((name, person) =>
    [1, 2, 9].map((day) =>
      JSON.stringify({
        id: `${person}-${day}`,
        at: new Date(NOW - day * DAY - person * 60_000).toISOString(),
        user: { id: `u${person}`, email: `p${person}@example.com`, name },
        kind: day === 2 ? "login" : "password_accessed",
      }),
    ),
  );
  await importText(deps, "events.jsonl", lines.join("\n"));
  const reply = await runCommand(["overview", "last", "7", "days"], deps);
  if (reply.type !== "report") throw new Error("no report");
  const report: Report = reply.report;
  const [chart] = report.charts;
  if (chart === undefined) throw new Error("no chart");
  png = await renderChartPng(chart, report);
  const owner = { who: "U0ADMIN", sees: "everybody" } as const;
  const files = [];
  for (const format of ["csv", "xlsx"] as const) files.push(await exportReport(deps, report, format, owner));
  parcel = {
    report,
    quiet: [{ user: "p9@example.com", name: "<b>Gone</b>", quietSince: new Date(NOW - 60 * DAY), days: 60 }],
    quietHeadline: "1 person went quiet.",
    files,
    schedule: { id: "s1", rule: "every monday 09:00 in Europe/Oslo", owner: "U0ADMIN", workspace: "T0" },
    kind: "slot",
    slot: new Date(NOW),
    signal: new AbortController().signal,
  };
});

function channel(smtpUrl: string, more: Partial<EmailDeps> = {}) {
  return createEmailChannel({
    smtpUrl,
    from: "Usage, Vault <usage@example.com>",
    allowedDomains: ["example.com", "xn--exmple-cua.com"],
    ...wide,
    store,
    links: createLinks(SETTINGS),
    unsubscribe: createUnsubscribeLinks(SETTINGS),
    isUnsubscribed: async () => false,
    drawPng: async () => png,
    clock: () => NOW,
    logger: { warn() {} },
    ...more,
  });
}

async function mailbox() {
  const box = await openMailbox();
  onTestFinished(box.close);
  return box;
}

const sha256 = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

it("sends one message with both texts, the picture and the files", async () => {
  const box = await mailbox();
  const receipt = await channel(box.url).send(ANN, parcel);
  const [got] = box.mails;
  if (got === undefined) throw new Error("no mail");
  const { mail, raw, to } = got;
  expect(to).toEqual(["ann@example.com"]);
  expect(receipt).toEqual({ reference: mail.messageId });
  expect(mail.messageId).toMatch(/^<[\w-]+@example\.com>$/);
  expect(mail.from?.value).toEqual([{ name: "Usage, Vault", address: "usage@example.com" }]);
  expect(mail.subject).toMatch(/^Product usage, last 7 days: 8 of 8 active, \d+ login sessions/);
  expect(mail.date).toEqual(new Date(NOW));
  // The tree: the texts, one of which has the picture, and then the files.
  expect([...raw.matchAll(/^Content-Type:\s+([\w/]+)/gm)].map(([, type]) => type)).toEqual([
    "multipart/mixed",
    "multipart/alternative",
    "text/plain",
    "multipart/related",
    "text/html",
    "image/png",
    "text/csv",
    "application/vnd",
  ]);
  const [picture, ...files] = mail.attachments;
  expect(picture).toMatchObject({ contentDisposition: "inline", related: true });
  expect(picture?.content.equals(png)).toBe(true);
  expect(files.map(({ filename, content }) => [filename, sha256(content)])).toEqual(
    parcel.files.map(({ name, sha256: hash }) => [name, hash]),
  );
  for (const file of parcel.files) expect(mail.text).toContain(`SHA-256 ${file.sha256}`);
  // simpleParser has put the picture in the place of its cid.
  expect(raw.toLowerCase()).toContain(`content-id: <${picture?.cid}>`);
  expect(mail.html).toContain('src="data:image/png;base64,');
  expect(mail.headers.get("auto-submitted")).toBe("auto-generated");
  expect(mail.headers.get("x-auto-response-suppress")).toBe("All");
  expect(raw).toMatch(/^List-ID: "Vault Usage" <s1\.vault-usage\.example\.com>/m);
  expect(raw).toMatch(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click\r?$/m);
  const list = mail.headers.get("list") as unknown as { unsubscribe: { url: string } };
  const link = list.unsubscribe.url;
  expect(mail.text).toContain(link);
  expect(mail.html).toContain(link);
  const claims = createUnsubscribeLinks(SETTINGS).read(link.split("/").at(-1) ?? "", NOW);
  expect(claims).toEqual({ schedule: "s1", email: "ann@example.com", until: NOW + 400 * DAY });
});

it("takes names for names", async () => {
  const box = await mailbox();
  const title = "Usage\r\nBcc: all@example.com\u202e <b>";
  await channel(box.url).send(ANN, { ...parcel, report: { ...parcel.report, title } });
  const [{ mail, to } = { mail: undefined, to: [] }] = box.mails;
  expect(to).toEqual(["ann@example.com"]);
  expect(mail?.bcc).toBeUndefined();
  expect(mail?.subject).toMatch(/^Usage Bcc: all@example\.com\s+<b>, last 7 days: /);
  const html = String(mail?.html);
  for (const name of [
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "{{x}} &lt;%= x %&gt;",
    "Eve Bcc: all@example.com",
  ])
    expect(html).toContain(name);
  expect(html).toContain("&lt;b&gt;Gone&lt;/b&gt;: quiet for 60 days");
  expect(html).toContain("\u2068שלום עולם\u2069");
  expect(html).toContain("🦊 李伟");
  expect(html).not.toMatch(/<script|<b>|<%|https?:\/\/(?!usage\.example\.com|www\.w3\.org\/1999)/);
  expect(mail?.text).toContain("<script>alert(1)</script>");
});

it("links to what does not fit, and says where no link would work", async () => {
  const box = await mailbox();
  const [csv, xlsx] = parcel.files;
  const some = {
    ...parcel,
    files: parcel.files.map((file) => (file === csv ? { ...file, size: 9_000_000 } : file)),
  };
  await channel(box.url).send(ANN, some);
  const [{ mail } = { mail: undefined }] = box.mails;
  expect(mail?.attachments.map(({ filename }) => filename).at(-1)).toBe(xlsx?.name);
  expect(mail?.attachments).toHaveLength(2);
  const [, token = ""] = /\/files\/([^/]+)\/vault-usage-overview/.exec(mail?.text ?? "") ?? [];
  expect(createLinks(SETTINGS).read(token, NOW)).toEqual({
    file: csv?._id,
    who: "ann@example.com",
    until: NOW + 30 * DAY,
  });
  expect(mail?.text).toContain("the link works until 20 Dec 2026");
  const alone = { links: undefined, unsubscribe: undefined, largestMail: 1_000 };
  const noPicture = { drawPng: () => Promise.reject(new Error("no thread")) };
  const { lacking } = await channel(box.url, { ...alone, ...noPicture }).send(ANN, {
    ...parcel,
    report: { ...parcel.report },
  });
  expect(lacking).toBe(
    "1 chart could not be drawn. 2 files did not fit; links to them take PUBLIC_URL and LINK_SECRET.",
  );
  const second = box.mails[1];
  expect(second?.mail.attachments).toEqual([]);
  expect(second?.mail.html).toContain(parcel.report.charts[0]?.summary);
  expect(second?.raw).toMatch(/^List-Unsubscribe: <mailto:usage@example\.com\?subject=unsubscribe>/m);
  expect(second?.raw).not.toContain("List-Unsubscribe-Post");
  expect(second?.mail.text).toMatch(/Whoever\s+set it up can take you off\./);
});

it("writes to allowed domains only, in one spelling", async () => {
  const { read, check } = channel("smtp://127.0.0.1:9");
  const me = { me: undefined };
  expect(await read("Ann.O'Hara+x@Example.COM", me)).toMatchObject({ to: "ann.o'hara+x@example.com" });
  expect(await read("a@exämple.com", me)).toMatchObject({ to: "a@xn--exmple-cua.com" });
  for (const other of ["#security", "@ann", "me", "@ann@example.com"])
    expect(await read(other, me)).toBeUndefined();
  for (const bad of [
    "a@b@example.com",
    "a,b@example.com",
    "a b@example.com",
    "<a@example.com>",
    '"a"@example.com',
    "a%b.org@example.com",
    "b.org!a@example.com",
    "a..b@example.com",
    ".a@example.com",
    "a@example.com\r\nRCPT TO:<b@other.org>",
    "a@exa%6dple.com",
    "a@127.0.0.1",
    "a@example.com.",
    `${"a".repeat(65)}@example.com`,
    "ä@example.com",
  ])
    await expect(read(bad, me), bad).rejects.toThrow(UsageError);
  await expect(read("a@sub.example.com", me)).rejects.toThrow(
    "e-mails go to example.com or xn--exmple-cua.com only",
  );
  expect(await check(ANN)).toBe("example.com is among MAIL_ALLOWED_DOMAINS");
  await expect(check({ ...ANN, to: "ann@example.org" })).rejects.toMatchObject({ retryable: false });
});

it("does not begin where it may not, or need not", async () => {
  const box = await mailbox();
  const outside = channel(box.url).send({ ...ANN, to: "ann@example.org" }, parcel);
  await expect(outside).rejects.toMatchObject({ name: "DeliveryError", fate: "not sent", retryable: false });
  const left = channel(box.url, { isUnsubscribed: async (id, to) => id === "s1" && to === ANN.to });
  await expect(left.send(ANN, parcel)).rejects.toMatchObject({ fate: "unwanted" });
  const late = channel(box.url).send(ANN, { ...parcel, signal: AbortSignal.abort() });
  await expect(late).rejects.toMatchObject({ name: "DeliveryError", fate: "not sent", retryable: true });
  const away = channel(box.url, { isUnsubscribed: () => Promise.reject(new Error("no store")) });
  await expect(away.send(ANN, parcel)).rejects.toMatchObject({ fate: "not sent", retryable: true });
  expect(box.mails).toEqual([]);
});
