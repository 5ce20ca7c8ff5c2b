import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, ElementHandle, HTTPRequest, Page } from "puppeteer-core";
import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished } from "vitest";
import { createPage, type Page as WorkspacePage } from "../../src/demo/page/index.ts";
import { createWorkspace, type Workspace } from "../../src/demo/workspace/index.ts";
import { PATIENCE } from "../helpers/patience.ts";
import { seriousViolations } from "./axe.ts";
import { filesModal, messageBlocks, modal, nextModal } from "./element-samples.ts";
import { type FakeApp, startFakeApp } from "./fake-app.ts";
import {
  button,
  choose,
  clickButton,
  fill,
  fillIn,
  launchBrowser,
  openPage,
  overhang,
  textOf,
  waitForText,
} from "./helpers.ts";

const PERSON = "U0ADMIN";
let workspace: Workspace;
let app: FakeApp;
let site: WorkspacePage;
let browser: Browser;
beforeAll(async () => {
  workspace = await createWorkspace();
  [app, site, browser] = await Promise.all([
    startFakeApp(workspace),
    createPage({ workspace }),
    launchBrowser(),
  ]);
});
afterAll(async () => {
  await browser?.close();
  await site?.close();
  await app?.close();
  await workspace?.close();
});
beforeEach(() => {
  app.received.length = 0;
  app.answers = [];
});

/** The newest action that arrived, once there are this many interactions. */
async function action(count: number): Promise<Readonly<Record<string, unknown>> | undefined> {
  await expect.poll(() => app.received.length, { timeout: PATIENCE }).toBe(count);
  return app.received.at(-1)?.actions?.[0];
}

async function openMessage(channel = "C0GENERAL", look: Parameters<typeof openPage>[4] = {}): Promise<Page> {
  await app.call("chat.postMessage", { channel, text: "All elements", blocks: messageBlocks });
  const page = await openPage(browser, site.url, PERSON, channel, look);
  await page.waitForSelector(".block-actions");
  return page;
}

async function openModal(page: Page, view: object = modal): Promise<void> {
  await clickButton(page, "Share");
  await action(1);
  await app.call("views.open", { trigger_id: app.received[0]?.trigger_id, view });
  await page.waitForSelector("dialog.modal[open]");
}

it("tells the app of every click and choice", async () => {
  const page = await openMessage();
  expect(await textOf(page, ".message")).toContain("All *elements*");
  expect(await textOf(page, ".message")).toContain("for @Tomas Vale in #general");
  await clickButton(page, "Share");
  expect(await action(1)).toMatchObject({ action_id: "share", value: "overview", block_id: "buttons" });
  await choose(page, "Number", "Two");
  expect(await action(2)).toMatchObject({ selected_option: { value: "2" } });
  await choose(page, "Grouped", "Three");
  expect(await action(3)).toMatchObject({ action_id: "grouped", selected_option: { value: "3" } });
  await choose(page, "Somebody", "Priya Nandan");
  expect(await action(4)).toMatchObject({ selected_user: "U0MANAGER" });
  await choose(page, "Some channel", "#coffee");
  expect(await action(5)).toMatchObject({ selected_channel: "C0NOBOT" });
  await choose(page, "Some conversation", "Vault Usage");
  expect(await action(6)).toMatchObject({ selected_conversation: workspace.directMessage(PERSON) });
  await fill(page, "Some day", "2026-10-31");
  expect(await action(7)).toMatchObject({ selected_date: "2026-10-31" });
  await fill(page, "Some time", "14:30");
  expect(await action(8)).toMatchObject({ selected_time: "14:30" });
  const instant = await page.waitForSelector("input[type=datetime-local]");
  if (instant) await fillIn(instant, "2026-10-31T12:00");
  expect((await action(9))?.selected_date_time).toBeTypeOf("number");
  await page.locator("input[type=radio]").click();
  expect(await action(10)).toMatchObject({ action_id: "radio", selected_option: { value: "1" } });
  await page.locator("input[type=checkbox]").click();
  expect(await action(11)).toMatchObject({ action_id: "boxes", selected_options: [{ value: "1" }] });
  expect(await seriousViolations(page)).toEqual([]);
});

it("opens menus, and asks before what is to be confirmed", async () => {
  const page = await openMessage("C0SECURITY");
  await page.click(".overflow summary");
  await clickButton(page, "PDF");
  expect(await action(1)).toMatchObject({ action_id: "more", selected_option: { value: "pdf" } });

  await page.click(".multi summary");
  await page.locator(".multi label:nth-of-type(1) input").click();
  await page.locator(".multi label:nth-of-type(3) input").click();
  expect(app.received).toHaveLength(1);
  await page.keyboard.press("Escape");
  expect(await action(2)).toMatchObject({ selected_options: [{ value: "1" }, { value: "3" }] });

  await clickButton(page, "Delete");
  await waitForText(page, "It cannot be undone.", "dialog");
  await page.keyboard.press("Escape");
  await page.waitForSelector("dialog", { hidden: true });
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Delete");
  await clickButton(page, "Delete");
  await clickButton(page, "Do it");
  expect(await action(3)).toMatchObject({ action_id: "delete" });
});

it("sends two deliveries for a double click, and shows that the app is at work", async () => {
  const page = await openMessage();
  const share = await button(page, "Share");
  await share.click({ count: 2 });
  await action(2);
  expect(await share.evaluate((each) => each.getAttribute("aria-busy"))).toBe("true");
  app.answers = [500];
  await share.click();
  await waitForText(page, "The app did not react (dispatch_failed).", ".message");
});

it("shows edits, threads and files", async () => {
  const { ts } = await app.call("chat.postMessage", { channel: "C0SECURITY", text: "Before" });
  const page = await openPage(browser, site.url, PERSON, "C0SECURITY");
  await app.call("chat.update", { channel: "C0SECURITY", ts, text: "After" });
  await waitForText(page, "After (edited)", ".message");
  await app.call("chat.postMessage", { channel: "C0SECURITY", text: "An answer", thread_ts: ts });
  await waitForText(page, "1 reply", ".message");
  const name = "Nutzung ü<b>.csv";
  const body = "a,b\n1,2\n";
  const ticket = await app.call("files.getUploadURLExternal", { filename: name, length: body.length });
  await fetch(String(ticket.upload_url), { method: "POST", body });
  const files = [{ id: ticket.file_id, title: "The usage" }];
  await app.call("files.completeUploadExternal", { files, channel_id: "C0SECURITY" });
  await waitForText(page, "The usage", ".file");
  const link = await page.$eval(".file a", (a) => [a.getAttribute("href"), a.getAttribute("download")]);
  expect(link[1]).toBe(name);
  const response = await fetch(new URL(String(link[0]), site.url));
  expect(await response.text()).toBe(body);
  expect(response.headers.get("content-disposition")).toBe(
    "attachment; filename=\"Nutzung _<b>.csv\"; filename*=UTF-8''Nutzung%20%C3%BC%3Cb%3E.csv",
  );
  expect(response.headers.get("x-content-type-options")).toBe("nosniff");
});

it("fills in a modal, with errors at the inputs", async () => {
  const page = await openMessage();
  await openModal(page);
  expect(await page.evaluate(() => document.activeElement?.id)).toMatch(/name-block$/);
  expect(await seriousViolations(page)).toEqual([]);
  await clickButton(page, "Save");
  await waitForText(page, "Please complete this required field.", ".error");
  expect(app.received).toHaveLength(1);

  await fill(page, "Name", "Zoë");
  await fill(page, "E-mail", "nobody");
  await fill(page, "Site", "https://example.com/");
  await fill(page, "Count", "3");
  await fill(page, "Day", "2026-10-31");
  await page.click("dialog .multi summary");
  await page.locator("dialog .multi label::-p-text(Priya Nandan)").click();
  await page.keyboard.press("Escape");
  await page.locator("dialog input[type=radio]").click();
  await choose(page, "Told (optional)", "Three");
  expect(await action(2)).toMatchObject({ action_id: "told", selected_option: { value: "3" } });
  expect(app.received[1]?.view?.state.values["name-block"]?.name?.value).toBe("Zoë");
  await clickButton(page, "Save");
  await waitForText(page, "@", ".error");
  await fill(page, "E-mail", "zoe@example.com");

  app.answers = [{ response_action: "errors", errors: { "count-block": "Three is too many" } }];
  await clickButton(page, "Save");
  await waitForText(page, "Three is too many", ".error");
  await fill(page, "Count", "2");
  app.answers = [500];
  await clickButton(page, "Save");
  await waitForText(page, "We had some trouble connecting", "dialog");

  app.answers = [{ response_action: "push", view: nextModal }];
  await clickButton(page, "Save");
  await waitForText(page, "Here we are.", "dialog");
  const submitted = app.received.at(-1)?.view?.state.values ?? {};
  const values = Object.assign({}, ...Object.values(submitted));
  expect(values).toMatchObject({
    name: { value: "Zoë" },
    notes: { value: null },
    mail: { value: "zoe@example.com" },
    count: { value: "2" },
    number: { selected_option: { value: "2" } },
    user: { selected_user: null },
    users: { selected_users: ["U0MANAGER"] },
    where: { selected_conversation: "C0GENERAL" },
    day: { selected_date: "2026-10-31" },
    time: { selected_time: "09:30" },
    radio: { selected_option: { value: "1" } },
    boxes: { selected_options: [] },
    told: { selected_option: { value: "3" } },
  });
  await page.keyboard.press("Escape");
  await waitForText(page, "Ask for all", "dialog");
  expect(await page.$eval("dialog [id$=name-block]", (input) => (input as HTMLInputElement).value)).toBe(
    "Zoë",
  );

  app.answers = [{ response_action: "update", view: nextModal }];
  await clickButton(page, "Save");
  await waitForText(page, "Here we are.", "dialog");
  await clickButton(page, "Close");
  await page.waitForSelector("dialog", { hidden: true });
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Share");
});

/** Files on this disk that last as long as the test. */
async function onDisk(files: Readonly<Record<string, string>>): Promise<(name: string) => string> {
  const folder = await mkdtemp(join(tmpdir(), "chosen-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  return (name) => join(folder, name);
}

it("uploads files in a modal, on a dark phone too", async () => {
  workspace.setFileDelay(0);
  const at = await onDisk({ "people ü.csv": "a,b\n1,2\n", "more.csv": "c", "most.csv": "d", "a.pdf": "e" });
  const page = await openMessage("C0GENERAL", { width: 360, height: 780, isDark: true });
  await openModal(page, filesModal);
  const inputs = (await page.$$("dialog input[type=file]")) as ElementHandle<HTMLInputElement>[];
  const [tables, logo] = inputs;
  if (tables === undefined || logo === undefined) throw new Error("there are no file inputs");
  expect(await tables.evaluate(({ multiple, accept }) => [multiple, accept])).toEqual([true, ".csv,.xlsx"]);
  expect(await logo.evaluate(({ multiple, accept }) => [multiple, accept])).toEqual([false, ""]);
  expect(await page.evaluate(() => document.activeElement?.id)).toMatch(/tables-block$/);
  await clickButton(page, "Save");
  await waitForText(page, "Please complete this required field.", ".error");

  await tables.uploadFile(at("a.pdf"));
  await waitForText(page, "a.pdf cannot be taken here. These can: csv, xlsx.", ".error");
  await tables.uploadFile(at("people ü.csv"), at("more.csv"));
  await waitForText(page, "people ü.csv", ".chosen");
  await tables.uploadFile(at("most.csv"));
  await waitForText(page, "most.csv", ".chosen");
  await tables.uploadFile(at("most.csv"));
  await waitForText(page, "Choose no more than 3 files.", ".error");
  await clickButton(page, "Remove more.csv");
  await page.waitForSelector(".files .error", { hidden: true });
  expect(await page.evaluate(() => document.activeElement?.id)).toMatch(/tables-block$/);
  // A picker that is closed without a choice must not close the modal.
  await tables.evaluate((input) => input.dispatchEvent(new Event("cancel", { bubbles: true })));
  await logo.uploadFile(at("a.pdf"));
  await waitForText(page, "a.pdf", ".files:not(:has([multiple])) .chosen");
  const held: HTTPRequest[] = [];
  page.on("request", (request) => void held.push(request));
  await page.setRequestInterception(true);
  await logo.uploadFile(at("more.csv"));
  await waitForText(page, "Uploading more.csv", "[role=status]");
  await clickButton(page, "Save");
  await waitForText(page, "Please wait until the files are uploaded.", ".error");
  expect(held).toHaveLength(1);
  await held[0]?.continue();
  await page.setRequestInterception(false);
  await waitForText(page, "more.csv", ".files:not(:has([multiple])) .chosen");
  expect(await overhang(page)).toBe(0);
  expect(await seriousViolations(page)).toEqual([]);

  await clickButton(page, "Save");
  await page.waitForSelector("dialog", { hidden: true });
  const values = app.received.at(-1)?.view?.state.values;
  const chosen = values?.["tables-block"]?.tables?.files as readonly Readonly<Record<string, unknown>>[];
  expect(chosen).toMatchObject([
    { name: "people ü.csv", filetype: "csv", user: PERSON, size: 8 },
    { name: "most.csv", user: PERSON },
  ]);
  expect(values?.["logo-block"]?.logo).toMatchObject({ type: "file_input", files: [{ name: "more.csv" }] });
  const headers = { authorization: `Bearer ${workspace.settings.botToken}` };
  const response = await fetch(String(chosen[0]?.url_private_download), { headers });
  expect(await response.text()).toBe("a,b\n1,2\n");
});

it("shows the Home tab, and tells of clicks in it", async () => {
  const blocks = messageBlocks.filter(({ type }) => type !== "table");
  await app.call("views.publish", { user_id: PERSON, view: { type: "home", blocks } });
  const page = await openPage(browser, site.url, PERSON, "home");
  await clickButton(page, "Share");
  expect(await action(1)).toMatchObject({ action_id: "share" });
  app.answers = [500];
  await clickButton(page, "Share");
  await waitForText(page, "The app did not react (dispatch_failed).", "[role=alert]");
});
