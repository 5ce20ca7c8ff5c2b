import type { Browser, Page } from "puppeteer-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Demo, startDemo } from "../../src/demo/start.ts";
import { seriousViolations } from "./axe.ts";
import {
  choose,
  clickButton,
  fill,
  launchBrowser,
  openPage,
  overhang,
  pictureWidths,
  textOf,
  typeLine,
  until,
  waitForText,
} from "./helpers.ts";

let demo: Demo;
let browser: Browser;
beforeAll(async () => {
  [demo, browser] = await Promise.all([startDemo({ port: 0, days: 65 }), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await demo?.close();
});

const messages = (page: Page): Promise<number> => page.$$eval(".message", (all) => all.length);

/** What the newest message says. */
const newest = (page: Page): Promise<string> =>
  page.$$eval(".message", (all) => (all.at(-1) as HTMLElement | undefined)?.innerText ?? "");

it("leads an admin from the overview to pages, periods, people, and the channel", async () => {
  const page = await openPage(browser, demo.page.url, "U0ADMIN");
  await typeLine(page, "/usage overview");
  await waitForText(page, "Users 1–10 of 60");

  await clickButton(page, "Next, page 2 of 6");
  await waitForText(page, "Users 11–20 of 60");
  expect(await messages(page)).toBe(1);
  await clickButton(page, "Previous, page 1 of 6");
  await waitForText(page, "Users 1–10 of 60");

  await choose(page, "Period", "Last 7 days");
  await waitForText(page, "Product usage, last 7 days");
  await choose(page, "Period", "Pick dates…");
  await waitForText(page, "Pick dates", "dialog");
  expect(await seriousViolations(page)).toEqual([]);
  const [from, to] = [10, 20].map((ago) =>
    new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10),
  );
  await fill(page, "First day", from ?? "");
  await fill(page, "Last day", to ?? "");
  await clickButton(page, "Show");
  await waitForText(page, "ends before it begins", "dialog");
  await fill(page, "First day", to ?? "");
  await fill(page, "Last day", from ?? "");
  await clickButton(page, "Show");
  await until(page, () => document.querySelector("dialog[open]") === null);
  await until(page, () => !document.body.innerText.includes("Product usage, last 7 days"));
  expect(await messages(page)).toBe(1);

  await choose(page, "Person", "Alice Ferreira-Holt");
  await waitForText(page, "alice.ferreira@example.com");
  expect(await newest(page)).toContain("Started");
  await clickButton(page, "Everybody");
  await until(page, () => document.querySelectorAll(".message").length === 3);
  await typeLine(page, "/usage overview");
  await until(page, () => document.querySelectorAll(".message").length === 4);
  await clickButton(page, "Inactive people");
  await waitForText(page, "Never signed in");
  for (const group of ["Went quiet", "Returned", "Fiadh Ó Conaráin", "Rohan Deshkulkarni"])
    expect(await newest(page)).toContain(group);
  for (const width of await pictureWidths(page)) expect(width).toBeGreaterThan(300);

  await clickButton(page, "Share to channel");
  await waitForText(page, "Shared to this channel.");
  await waitForText(page, "Shared by @Tomas Vale");
  const other = await openPage(browser, demo.page.url, "U0PERSON");
  await waitForText(other, "Shared by @Tomas Vale");
  expect(await messages(other)).toBe(1);
  expect(await textOf(other, ".message")).not.toContain("Share to channel");
  expect(demo.workspace.violations).toEqual([]);
});

it("shows a manager their people, and everyone themselves", async () => {
  const page = await openPage(browser, demo.page.url, "U0MANAGER", "C0NOBOT");
  await typeLine(page, "/usage users");
  await waitForText(page, "whose manager is priya.nandan@example.com");
  expect(await newest(page)).toContain("Mara Costigan");
  expect(await newest(page)).not.toContain("Alice Ferreira-Holt");
  await clickButton(page, "Share to channel");
  await waitForText(page, "invite me with /invite");
  await choose(page, "You are", "Zoë Ångström · member");
  await typeLine(page, "/usage users");
  await waitForText(page, "/usage me shows your own");
  await typeLine(page, "/usage me");
  await waitForText(page, "Zoë Ångström, last 30 days");
});

it.each([
  ["desktop", "U0OWNER", 1_200],
  ["phone", "U0ADMIN", 360],
])("has a Home tab that opens reports, on a %s", async (_, person, width) => {
  const page = await openPage(browser, demo.page.url, person, "home", { width, height: 800 });
  await waitForText(page, "Today so far");
  await waitForText(page, "Went quiet");
  await until(page, () => [...document.images].some((image) => image.naturalWidth > 500));
  expect(await overhang(page)).toBe(0);
  expect(await seriousViolations(page)).toEqual([]);
  await clickButton(page, "People");
  await waitForText(page, "Users 1–20 of 60", "dialog");
  expect(await seriousViolations(page)).toEqual([]);
  await clickButton(page, "Next, page 2 of 3");
  await waitForText(page, "Users 21–40 of 60", "dialog");
  await choose(page, "Person", "Mara Tolvanen");
  await waitForText(page, "mara.tolvanen@example.com", "dialog");
  expect(await overhang(page)).toBe(0);
  await page.keyboard.press("Escape");
  await waitForText(page, "Users 21–40 of 60", "dialog");
});
