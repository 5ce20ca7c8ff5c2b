import type { Browser, BrowserContext, HTTPRequest, Page } from "puppeteer-core";

/** The sizes of pages that can be printed on. */
export type Paper = "A4" | "Letter";

/** What a page may not do by its own policy; the browser's arguments and `openPage` say it again, each in its way. */
export const CONTENT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; font-src data:; img-src data:";

/** For a browser that prints: names are not looked up, and all connections end at a port where nothing listens. */
export const closedArgs: readonly string[] = [
  "--proxy-server=http://127.0.0.1:9",
  "--proxy-bypass-list=<-loopback>",
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
  "--dns-prefetch-disable",
  "--no-pings",
];

/** How long a page may take to close, in milliseconds, before its browser counts as hung. */
const CLOSING_PATIENCE = 2_000;

/**
 * Prints a document in a page of its own, which knows nothing of any other: without scripts, network and files. Rejects
 * with the signal's reason as soon as there is one, and when the page dies; a browser that hangs then is killed.
 */
export async function printPage(
  browser: Browser,
  html: string,
  { paper, signal }: { readonly paper: Paper; readonly signal: AbortSignal },
): Promise<Uint8Array> {
  const ended = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    if (signal.aborted) reject(signal.reason);
  });
  const opening = browser.createBrowserContext();
  const printed = opening.then(async (context) => {
    const page = await openPage(context);
    // Without this a page whose process was killed is waited for until the signal.
    const died = new Promise<never>((_, reject) => page.once("error", reject));
    return Promise.race([fillPage(page, html, paper), died]);
  });
  try {
    return await Promise.race([printed, ended]);
  } finally {
    printed.catch(() => undefined);
    const hung = setTimeout(() => browser.process()?.kill("SIGKILL"), CLOSING_PATIENCE);
    // Rejects too when the browser is gone, and with it the page.
    await opening.then((context) => context.close()).catch(() => undefined);
    clearTimeout(hung);
  }
}

async function openPage(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  await Promise.all([
    page.setJavaScriptEnabled(false),
    page.setOfflineMode(true),
    page.setRequestInterception(true),
  ]);
  page.on("request", (request) => void answer(request).catch(() => undefined));
  return page;
}

/** The document comes without a request; of all others only those that hold their answer themselves get it. */
function answer(request: HTTPRequest): Promise<void> {
  return request.url().startsWith("data:") ? request.continue() : request.abort();
}

/**
 * Has every font that the document holds loaded. The first text that is laid out before its font was keeps its boxes
 * for good, so a document with fonts hides itself from screens, and is laid out no sooner than for paper.
 */
export const FONTS_LOADED =
  "Promise.allSettled(Array.from(document.fonts, (face) => face.load())).then(() => undefined)";

async function fillPage(page: Page, html: string, format: Paper): Promise<Uint8Array> {
  await page.setContent(html, { waitUntil: "load", timeout: 0 });
  await page.evaluate(FONTS_LOADED);
  return page.pdf({ format, printBackground: true, tagged: true, outline: true, timeout: 0 });
}
