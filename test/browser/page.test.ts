import { request } from "node:http";
import type { Browser } from "puppeteer-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Demo, startDemo } from "../../src/demo/start.ts";
import { seriousViolations } from "./axe.ts";
import {
  choose,
  clickButton,
  launchBrowser,
  openPage,
  overhang,
  pictureWidths,
  textOf,
  typeLine,
  waitForText,
} from "./helpers.ts";

let demo: Demo;
let browser: Browser;
beforeAll(async () => {
  [demo, browser] = await Promise.all([startDemo({ port: 0, days: 8 }), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await demo?.close();
});

describe("the workspace in a browser", () => {
  it("answers a command with figures, a picture and a table", async () => {
    const page = await openPage(browser, demo.page.url, "U0ADMIN");
    await typeLine(page, "/usage overview");
    await waitForText(page, "Passwords Auto-filled");
    expect(await textOf(page, ".message")).toMatch(/Only visible to you[\s\S]*Product usage, last 30 days/);
    const widths = await pictureWidths(page);
    expect(widths.length).toBeGreaterThan(0);
    for (const width of widths) expect(width).toBeGreaterThan(500);
    expect(await page.$$eval(".block-table tbody tr", (rows) => rows.length)).toBe(10);
    expect(await textOf(page, ".block-table thead")).toContain("Person");
    expect(await page.$eval("[aria-live]", (live) => live.textContent)).toContain("Login Sessions: ");
    expect(demo.workspace.violations).toEqual([]);
  });

  it("shows each person what is theirs", async () => {
    const page = await openPage(browser, demo.page.url, "U0PERSON");
    await typeLine(page, "/usage overview");
    await waitForText(page, "is shown to its admins", ".message");
    expect(await page.$(".block-table")).toBeNull();
    const ids = demo.workspace.files().map(({ id }) => id);
    expect(ids.length).toBeGreaterThan(0);
    const status = (person: string) =>
      page.evaluate((path) => fetch(path).then((response) => response.status), `/file/${person}/${ids[0]}`);
    expect(await status("U0ADMIN")).toBe(200);
    expect(await status("U0PERSON")).toBe(404);

    await choose(page, "You are", "Ingrid Solem · owner");
    await waitForText(page, "leads", ".sidebar");
    expect(await textOf(page, ".log")).toContain("Nothing has been said");
    expect(await textOf(page, ".sidebar")).toContain("board");
  });

  it("says what Slack says", async () => {
    const page = await openPage(browser, demo.page.url, "U0MANAGER");
    await typeLine(page, "/lunch");
    await waitForText(page, "/lunch is not a valid command", "[role=alert]");
    await typeLine(page, "Good *morning* <b>");
    await waitForText(page, "Good morning <b>", ".message");
    await page.goto(`${demo.page.url}#/U0MANAGER/C0OLD`);
    await waitForText(page, "has been archived");
    expect(await page.$("#composer")).toBeNull();
  });

  it("works with the keyboard alone", async () => {
    const page = await openPage(browser, demo.page.url, "U0OWNER", "C0GENERAL");
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Skip to the content");
    await page.keyboard.press("Enter");
    for (let tabs = 0; tabs < 20; tabs++) {
      if (await page.evaluate(() => document.activeElement?.id === "composer")) break;
      await page.keyboard.press("Tab");
    }
    await page.keyboard.type("/usage h");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    expect(await page.$eval("#composer", (box) => (box as HTMLTextAreaElement).value)).toBe("/usage help");
    await page.keyboard.press("Enter");
    await waitForText(page, "/usage overview", ".message");
    await page.keyboard.press("ArrowUp");
    expect(await page.$eval("#composer", (box) => (box as HTMLTextAreaElement).value)).toBe("/usage help");
  });

  it("opens the Home tab, the messages and the mailbox", async () => {
    // Admins have been offered a digest, so that they have messages.
    const page = await openPage(browser, demo.page.url, "U0MANAGER", "C0GENERAL");
    await clickButton(page, "Home");
    await waitForText(page, "Home tab", ".place-head");
    await clickButton(page, "Messages");
    await waitForText(page, "/usage help", ".examples");
    await clickButton(page, "Mailbox");
    await waitForText(page, "No e-mail yet");
  });

  it.each([
    ["light", false],
    ["dark", true],
  ])("is accessible in %s", async (_, isDark) => {
    const page = await openPage(browser, demo.page.url, "U0ADMIN", "C0GENERAL", { isDark });
    await page.waitForSelector(".block-table");
    expect(await seriousViolations(page)).toEqual([]);
    await page.goto(`${demo.page.url}#/U0ADMIN/mail`);
    await waitForText(page, "No e-mail yet");
    expect(await seriousViolations(page)).toEqual([]);
  });

  it("fits a phone", async () => {
    const page = await openPage(browser, demo.page.url, "U0ADMIN", "C0GENERAL", { width: 360, height: 780 });
    await page.waitForSelector(".block-table");
    expect(await overhang(page)).toBe(0);
    const box = await page.$eval(".block-table", ({ scrollWidth, clientWidth }) => scrollWidth - clientWidth);
    expect(box).toBeGreaterThan(0);
    await page.click(".drawer summary");
    await page.locator(".drawer a ::-p-text(Mailbox)").click();
    await waitForText(page, "No e-mail yet");
    expect(await overhang(page)).toBe(0);
    expect(await seriousViolations(page)).toEqual([]);
  });
});

describe("the page's server", () => {
  const act = JSON.stringify({ act: "home", as: "U0ADMIN" });
  const json = { "content-type": "application/json" };

  function ask(method: string, path: string, headers: Record<string, string>, body = ""): Promise<number> {
    return new Promise((resolve, reject) => {
      const sent = request(new URL(path, demo.page.url), { method, headers }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      });
      sent.on("error", reject);
      sent.end(body);
    });
  }

  it("refuses other names and other pages", async () => {
    const { origin, port } = new URL(demo.page.url);
    expect(await ask("GET", "/", {})).toBe(200);
    expect(await ask("GET", "/", { host: `localhost:${port}` })).toBe(200);
    expect(await ask("GET", "/", { host: `evil.example:${port}` })).toBe(403);
    expect(await ask("GET", "/", { host: "127.0.0.1" })).toBe(403);
    expect(await ask("GET", "/scene?as=U0ADMIN", { "sec-fetch-site": "cross-site" })).toBe(403);
    expect(await ask("POST", "/act", { ...json, origin }, act)).toBe(200);
    expect(await ask("POST", "/act", json, act)).toBe(403);
    expect(await ask("POST", "/act", { ...json, origin: "http://evil.example" }, act)).toBe(403);
    expect(await ask("POST", "/act", { ...json, origin: "null" }, act)).toBe(403);
    expect(await ask("POST", "/act", { origin, "content-type": "text/plain" }, act)).toBe(403);
    expect(await ask("POST", "/act", { ...json, origin, "sec-fetch-site": "same-site" }, act)).toBe(403);
    expect(await ask("POST", "/act", { ...json, origin }, "{")).toBe(400);
    expect(await ask("POST", "/act", { ...json, origin }, '{"act":"fly","as":"U0ADMIN"}')).toBe(400);
    expect(await ask("GET", "/scene?as=UNOBODY", {})).toBe(400);
    expect(await ask("GET", "/%", {})).toBe(400);
  });
});
