import type { Browser, ElementHandle, Page } from "puppeteer-core";
import { onTestFinished } from "vitest";
import { launchBrowser } from "../../src/render/browser.ts";

export { launchBrowser };

/** How long something may take to be seen, in milliseconds. */
const PATIENCE = 8_000;

interface Look {
  readonly width?: number;
  readonly height?: number;
  readonly isDark?: boolean;
}

/** Opens the workspace's page as somebody, in front of a channel (or `home`, `mail`), with storage of its own. */
export async function openPage(
  browser: Browser,
  url: string,
  person: string,
  place = "C0GENERAL",
  { width = 1200, height = 900, isDark = false }: Look = {},
): Promise<Page> {
  const page = await browser.newPage();
  onTestFinished(() => page.close());
  page.setDefaultTimeout(PATIENCE);
  await page.setViewport({ width, height });
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: isDark ? "dark" : "light" }]);
  await page.goto(`${url}#/${person}/${place}`);
  await page.waitForSelector("#place-title");
  await page.bringToFront();
  return page;
}

/** Types a line into the composer and sends it. */
export async function typeLine(page: Page, line: string): Promise<void> {
  await page.locator("#composer").fill(line);
  await page.focus("#composer");
  await page.keyboard.press("Enter");
}

/** Waits until this is to be read somewhere on the page; a part of it, where one is given. */
export async function waitForText(page: Page, text: string, part = "body"): Promise<void> {
  await page.waitForFunction(
    (wanted, where) =>
      [...document.querySelectorAll<HTMLElement>(where)].some((each) =>
        each.innerText.replace(/\s+/g, " ").includes(wanted),
      ),
    {},
    text,
    part,
  );
}

/** What is to be read in a part of the page. */
export function textOf(page: Page, part: string): Promise<string> {
  return page.$eval(part, (element) => (element as HTMLElement).innerText);
}

/** Clicks the button (or link, or menu) that a screen reader calls so. */
export async function clickButton(page: Page, name: string): Promise<void> {
  await page.locator(`::-p-aria([name="${name}"])`).click();
}

/** Chooses in a menu, by its name and the option's text. */
export async function choose(page: Page, name: string, option: string): Promise<void> {
  const menu = await page.waitForSelector(`select::-p-aria([name="${name}"])`);
  const value = await menu?.evaluate(
    (select, text) => [...(select as HTMLSelectElement).options].find((each) => each.text === text)?.value,
    option,
  );
  if (menu === null || value === undefined) throw new Error(`"${name}" does not offer "${option}"`);
  await menu.select(value);
}

/** Writes into the field of this name, in place of what was there. */
export async function fill(page: Page, name: string, text: string): Promise<void> {
  const found = await page.waitForSelector(`:is(input, textarea)::-p-aria([name="${name}"])`);
  if (found === null) throw new Error(`there is no "${name}"`);
  await fillIn(found as ElementHandle<HTMLInputElement>, text);
}

/** The same for a field that is already found. How a day is typed depends on the browser's language, so it is set. */
export async function fillIn(field: ElementHandle<HTMLInputElement>, text: string): Promise<void> {
  const type = await field.evaluate((input) => input.type);
  if (!/date|time/.test(type)) return field.asLocator().fill(text);
  await field.evaluate((input, value) => {
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")?.set?.call(input, value);
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }, text);
}

/** Waits until every picture of the page is there, and gives their widths in pixels. */
export async function pictureWidths(page: Page): Promise<number[]> {
  await page.waitForFunction(() => [...document.images].every((image) => image.complete));
  return page.$$eval("img", (images) => images.map((image) => image.naturalWidth));
}

/** By how many pixels the page is wider than the window. */
export function overhang(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
}
