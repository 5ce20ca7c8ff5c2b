import type { Browser, ElementHandle, EvaluateFunc, HandleFor, Page } from "puppeteer-core";
import { onTestFinished } from "vitest";
import { launchBrowser } from "../../src/render/browser.ts";
import { PATIENCE } from "../helpers/patience.ts";

export { launchBrowser };

/** Milliseconds between two looks at a page: a look at each frame would keep it from what it has to do. */
const BETWEEN_LOOKS = 50;

/** Waits until `look` finds something in the page, and gives it. */
export function until<Params extends unknown[], Func extends EvaluateFunc<Params>>(
  page: Page,
  look: Func,
  ...args: Params
): Promise<HandleFor<Awaited<ReturnType<Func>>>> {
  return page.waitForFunction<Params, Func>(look, { polling: BETWEEN_LOOKS }, ...args);
}

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
  await until(
    page,
    (wanted: string, where: string) =>
      [...document.querySelectorAll<HTMLElement>(where)].some((each) =>
        each.innerText.replace(/\s+/g, " ").includes(wanted),
      ),
    text,
    part,
  );
}

/** What is to be read in a part of the page. */
export function textOf(page: Page, part: string): Promise<string> {
  return page.$eval(part, (element) => (element as HTMLElement).innerText);
}

/** The elements of a kind that can be used now and are called so, by their label or by what stands on them. */
async function named<T extends Element = HTMLElement>(
  page: Page,
  kind: string,
  name: string,
): Promise<ElementHandle<T>[]> {
  const list = await until(
    page,
    (selector: string, wanted: string) => {
      const behind = document.querySelector("dialog[open]") !== null;
      const nameOf = (element: HTMLElement): string => {
        const labels = [...((element as HTMLInputElement).labels ?? [])].map((label) => label.innerText);
        if (element.ariaLabel !== null || labels.length > 0) return element.ariaLabel ?? labels.join(" ");
        const unsaid = [...element.querySelectorAll<HTMLElement>("[aria-hidden=true]")];
        return unsaid.reduce((text, part) => text.replace(part.innerText, ""), element.innerText);
      };
      const found = [...document.querySelectorAll<HTMLElement>(selector)]
        .filter((element) => element.checkVisibility() && (!behind || element.closest("dialog") !== null))
        .filter((element) => nameOf(element).replace(/\s+/g, " ").trim() === wanted);
      return found.length > 0 && found;
    },
    kind,
    name,
  );
  const handles = [...(await list.getProperties()).values()];
  return handles.flatMap((handle) => (handle.asElement() as ElementHandle<T> | null) ?? []);
}

async function newest<T extends Element>(page: Page, kind: string, name: string): Promise<ElementHandle<T>> {
  const found = (await named<T>(page, kind, name)).at(-1);
  if (found === undefined) throw new Error(`there is no "${name}"`);
  return found;
}

/** The newest button, link or menu of this name. */
export const button = (page: Page, name: string): Promise<ElementHandle<HTMLElement>> =>
  newest(page, "button, a, summary", name);

/** Clicks the newest button, link or menu of this name. */
export async function clickButton(page: Page, name: string): Promise<void> {
  await (await button(page, name)).click();
}

/** Chooses in the newest menu of this name, by the option's text. */
export async function choose(page: Page, name: string, option: string): Promise<void> {
  const menu = await newest<HTMLSelectElement>(page, "select", name);
  const value = await menu.evaluate(
    (select, text) => [...select.options].find((each) => each.text === text)?.value,
    option,
  );
  if (value === undefined) throw new Error(`"${name}" does not offer "${option}"`);
  await menu.select(value);
}

/** Writes into the field of this name, in place of what was there. */
export async function fill(page: Page, name: string, text: string): Promise<void> {
  await fillIn(await newest<HTMLInputElement>(page, "input, textarea", name), text);
}

/** The same for a field that is already found. It is set at once: how a day is typed depends on the language. */
export async function fillIn(field: ElementHandle<HTMLInputElement>, text: string): Promise<void> {
  await field.evaluate((input, value) => {
    // Past React's own setter, so that it sees a change.
    Object.getOwnPropertyDescriptor(Object.getPrototypeOf(input), "value")?.set?.call(input, value);
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }, text);
}

/** Waits until every picture of the page is there, and gives their widths in pixels. */
export async function pictureWidths(page: Page): Promise<number[]> {
  await until(page, () => [...document.images].every((image) => image.complete));
  return page.$$eval("img", (images) => images.map((image) => image.naturalWidth));
}

/** By how many pixels the page is wider than the window. */
export function overhang(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
}
