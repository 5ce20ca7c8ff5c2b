import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser, Frame, Page as Tab } from "puppeteer-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createMailbox, type Mailbox } from "../../src/demo/mailbox/index.ts";
import { createPage, type Page } from "../../src/demo/page/index.ts";
import { createWorkspace, type Workspace } from "../../src/demo/workspace/index.ts";
import { seriousViolations } from "./axe.ts";
import {
  button,
  clickButton,
  launchBrowser,
  openPage,
  overhang,
  textOf,
  until,
  waitForText,
} from "./helpers.ts";
import { hostileMail, reportMail, sendMail } from "./sample-mails.ts";

let workspace: Workspace;
let mailbox: Mailbox;
let page: Page;
let browser: Browser;
let report: Awaited<ReturnType<typeof reportMail>>;
/** A server outside; what it was asked for. */
let outside: Server;
const asked: string[] = [];
beforeAll(async () => {
  workspace = await createWorkspace();
  outside = createServer(({ url = "" }, response) => {
    asked.push(url);
    response.end();
  }).listen(0);
  [mailbox, browser, report] = await Promise.all([createMailbox(), launchBrowser(), reportMail()]);
  page = await createPage({ workspace, mailbox });
});
afterAll(async () => {
  await browser?.close();
  await page?.close();
  await mailbox?.close();
  await workspace?.close();
  outside?.close();
});

/** Sends a mail to Tomas Vale and gives its id. */
async function deliver(mail: Parameters<typeof sendMail>[1] = report): Promise<string> {
  await sendMail(mailbox.smtpUrl, mail);
  return mailbox.mails()[0]?.id ?? "";
}
const open = (place: string, look?: Parameters<typeof openPage>[4]) =>
  openPage(browser, page.url, "U0ADMIN", place, look);
/** The frame of the mail that is open, with what it shows. */
async function frameOf(tab: Tab): Promise<Frame> {
  const frame = await (await tab.waitForSelector(".frame iframe"))?.contentFrame();
  if (frame == null) throw new Error("there is no frame");
  await frame.waitForSelector("body");
  return frame;
}
const pixels = (frame: Frame) =>
  frame.$eval("img", async (image) => {
    while (!image.complete) await new Promise((resolve) => setTimeout(resolve, 10));
    return image.naturalWidth;
  });

it("shows a mail as it comes, and what is in it", async () => {
  const tab = await open("C0GENERAL");
  const id = await deliver();
  await waitForText(tab, "1 new", ".sidebar .wide");
  await waitForText(tab, "New e-mail from Vault Usage: Product usage, last 30 days", "[aria-live]");
  await clickButton(tab, "Mailbox 1 new");
  await tab.waitForSelector(".mails .preview");
  expect(await textOf(tab, ".mails .preview")).toMatch(
    /^Auto-fill grew by 12 %; sign-ins fell by 3 %\. 24 Oct/,
  );
  expect(await tab.$eval(".mails svg", (clip) => clip.getAttribute("aria-label"))).toBe("2 attachments");
  await tab.click(".mails a");
  await waitForText(tab, "Vault Usage <usage@example.com>", ".mail-head");
  expect(await textOf(tab, ".sidebar .wide")).not.toContain("new");
  expect(tab.url()).toContain(`#/U0ADMIN/mail/${id}`);
  const frame = await frameOf(tab);
  expect(await pixels(frame)).toBe(1040);
  expect(await frame.$eval("body", (body) => body.ownerDocument.compatMode)).toBe("CSS1Compat");

  const unsubscribe = await button(tab, "Unsubscribe");
  expect(await unsubscribe.evaluate((link) => (link as HTMLAnchorElement).href)).toBe(
    "https://usage.example.com/stop?t=1",
  );
  await clickButton(tab, "Details");
  expect(await textOf(tab, ".mail-head pre")).toContain("List-Unsubscribe: <mailto:stop@example.com>");

  await tab.locator("label ::-p-text(Show pictures)").click();
  await tab.waitForSelector('iframe[src$="?pictures=off"]');
  expect(await pixels(await frameOf(tab))).toBe(0);
  await tab.locator("label ::-p-text(Plain text)").click();
  await waitForText(tab, "6 inactive.", ".mail-text");
  expect(await tab.$eval(".mail-text a", (link) => link.getAttribute("href"))).toBe(
    "https://usage.example.com/report?id=1",
  );
  await tab.goBack();
  await waitForText(tab, "Choose an e-mail");
  await tab.reload();
  await waitForText(tab, "Product usage", ".mails");
  expect(await tab.$(".mails .unread")).toBeNull();
});

it("gives attachments to be saved, and each person only their own", async () => {
  const id = await deliver();
  const tab = await open(`mail/${id}`);
  await waitForText(tab, "Product usage 2026-11-22.csv", ".attachments");
  expect(await tab.$$(".attachments .file")).toHaveLength(2);
  const [pdf, csv] = await tab.$$eval(".attachments a", (links) => links.map(({ href }) => href));
  const get = (path = "") =>
    tab.evaluate(async (address) => {
      const response = await fetch(address);
      const names = [
        "content-type",
        "content-disposition",
        "x-content-type-options",
        "content-security-policy",
      ];
      return [
        response.status,
        await response.text(),
        ...names.map((name) => response.headers.get(name)),
      ] as const;
    }, path);
  const name = "Product usage 2026-11-22.csv";
  expect(await get(csv)).toMatchObject([
    ...[200, "person,sessions\nZoë Ångström,41\n", "application/octet-stream"],
    ...[`attachment; filename="${name}"; filename*=UTF-8''${encodeURIComponent(name)}`, "nosniff"],
    expect.stringContaining("default-src 'none'"),
  ]);
  expect((await get(pdf))[2]).toBe("application/octet-stream");
  expect((await get(`/mail/U0ADMIN/${id}/0`)).slice(2, 4)).toMatchObject([
    "image/png",
    expect.stringContaining("inline;"),
  ]);
  expect((await get(`/mail/U0ADMIN/${id}`)).at(-1)).toMatch(/sandbox allow-popups.*$/);
  for (const path of [
    `U0OWNER/${id}`,
    `U0OWNER/${id}/details`,
    `U0OWNER/${id}/1`,
    `U0ADMIN/${id}/9`,
    "U0ADMIN/x",
  ])
    expect((await get(`/mail/${path}`))[0], path).toBe(404);
  expect((await get(`/mail/UNOBODY/${id}`))[0]).toBe(400);
});

it("lets a hostile mail do nothing and load nothing", async () => {
  const { port } = outside.address() as AddressInfo;
  const id = await deliver(hostileMail(`http://127.0.0.1:${port}`));
  const tab = await open(`mail/${id}`, { width: 360, height: 780 });
  const frame = await frameOf(tab);
  await frame.waitForSelector("#title");
  expect(await textOf(tab, "#mail-subject")).toMatch(/^Überfällig.*مرحبا/);
  expect(await overhang(tab)).toBe(0);
  await frame.$eval("#submit", (send) => (send as HTMLButtonElement).click());
  await frame.$eval("#script", (link) => (link as HTMLAnchorElement).click());
  await tab.waitForNetworkIdle({ idleTime: 300 });
  expect(await tab.evaluate(() => "hacked" in window)).toBe(false);
  expect(tab.url()).toContain(`/mail/${id}`);
  expect(await frame.$("#title")).not.toBeNull();
  expect(asked).toEqual([]);
  // Only where one clicks to go outside, it is gone to, in a tab of its own.
  await frame.click("#outward");
  const target = await browser.waitForTarget((each) => each.url().endsWith("/outward"));
  const other = await target.page();
  expect(await other?.evaluate(() => [opener, document.referrer])).toEqual([null, ""]);
  await other?.close();
  expect(asked).toContain("/outward");
  expect(tab.url()).toContain(`/mail/${id}`);
});

it("is accessible in light and dark, and fits a phone", async () => {
  const id = await deliver();
  await deliver({ subject: "Unread", text: "Not yet" });
  const tab = await open(`mail/${id}`);
  await frameOf(tab);
  await clickButton(tab, "Details");
  expect(await seriousViolations(tab)).toEqual([]);
  await tab.emulateMediaFeatures([
    { name: "prefers-color-scheme", value: "dark" },
    // No colour is on its way to another.
    { name: "prefers-reduced-motion", value: "reduce" },
  ]);
  expect(await seriousViolations(tab)).toEqual([]);
  await tab.setViewport({ width: 360, height: 780 });
  await clickButton(tab, "‹ All e-mails");
  expect(await seriousViolations(tab)).toEqual([]);
  await tab.focus(`.mails [data-id="${id}"]`);
  await tab.keyboard.press("Enter");
  await frameOf(tab);
  const focused = () => tab.evaluate(() => document.activeElement?.id || document.activeElement?.className);
  expect(await focused()).toBe("mail-subject");
  expect(await overhang(tab)).toBe(0);
  await clickButton(tab, "‹ All e-mails");
  await until(tab, (wanted: string) => (document.activeElement as HTMLElement).dataset.id === wanted, id);
});
