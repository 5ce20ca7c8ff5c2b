import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import type { Browser, Page } from "puppeteer-core";
import { afterAll, describe, expect, it, onTestFinished } from "vitest";
import { AppError } from "../../src/errors.ts";
import { launchBrowser } from "../../src/render/browser.ts";
import { createPrinter, type PrinterOptions } from "../../src/render/printer.ts";
import { temporaryFolder } from "../helpers/engine.ts";
import { PATIENCE } from "../helpers/patience.ts";
import { readPdf } from "./pdf-reader.ts";

const page = (text: string): string => `<!doctype html><html lang="en"><body><p>${text}</p></body></html>`;
const shared = createPrinter({ deadline: PATIENCE });
afterAll(() => shared.close());

/** A printer whose browsers are told to `meet`, the first with 1. */
function printerThat(meet: (browser: Browser, number: number) => void, options: PrinterOptions = {}) {
  const launched: Browser[] = [];
  const printer = createPrinter({
    deadline: PATIENCE,
    ...options,
    launch: async (given) => {
      const browser = await launchBrowser(given);
      meet(browser, launched.push(browser));
      return browser;
    },
  });
  onTestFinished(() => printer.close());
  return { printer, launched };
}

const textOf = async (pdf: Promise<Uint8Array>): Promise<string> =>
  (await readPdf(await pdf)).pages.join(" ");
const isRunning = (pid: number | undefined): boolean => {
  try {
    return pid !== undefined && process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe("a printed page", () => {
  it("reaches neither network nor files, whatever it holds", async () => {
    const hits: string[] = [];
    const server = createServer((request, response) => {
      hits.push(request.url ?? "");
      response.end("body { color: red }");
    });
    server.on("upgrade", (request, socket) => {
      hits.push(request.url ?? "");
      socket.destroy();
    });
    server.on("connection", () => hits.push("connection"));
    await once(server.listen(0, "127.0.0.1"), "listening");
    onTestFinished(() => void server.close());
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const text = await textOf(shared.print(hostile(url), { paper: "A4" }));
    const refreshed = await textOf(
      shared.print(`<meta http-equiv="refresh" content="0;url=${url}/refresh">still here`, { paper: "A4" }),
    );
    await sleep(200);
    expect(hits).toEqual([]);
    expect(text).toContain("still here");
    expect(text).not.toContain("root:");
    expect(text).not.toContain("owned");
    expect(refreshed).not.toContain("color");
  });
});

/** Kills the process of a page, whose answers are then waited for in vain. */
async function crash(page: Page): Promise<void> {
  const session = await page.createCDPSession();
  await session.send("Page.crash");
}

/** Every way out of a page that there is. */
function hostile(url: string): string {
  const own = url.replace("http", "ws");
  return `<!doctype html><html><head><base href="${url}/base/">
<link rel="stylesheet" href="${url}/link"><link rel="prefetch" href="${url}/prefetch">
<link rel="preconnect" href="${url}"><link rel="dns-prefetch" href="${url}"><link rel="preload" as="image" href="${url}/preload">
<link rel="icon" href="${url}/icon"><link rel="manifest" href="${url}/manifest"><link rel="prerender" href="${url}/prerender">
<script type="speculationrules">{"prefetch":[{"source":"list","urls":["${url}/rules"]}]}</script>
<script src="${url}/script"></script>
<script>document.title = "owned"; new WebSocket("${own}/socket"); fetch("${url}/fetch"); navigator.sendBeacon("${url}/beacon");</script>
<style>@import url("${url}/import"); @import "file:///etc/passwd"; @font-face { font-family: x; src: url(${url}/font) }
body { background: url(${url}/background); font-family: x } li { list-style: url(${url}/bullet) }</style></head>
<body onload="document.body.textContent = 'owned'">still here
<img src="${url}/img" srcset="${url}/srcset 2x" onerror="document.body.textContent = 'owned'"><img src="file:///etc/passwd">
<picture><source srcset="${url}/source"><img></picture>
<iframe src="${url}/frame"></iframe><iframe src="file:///etc/passwd"></iframe><iframe srcdoc="<img src=${url}/srcdoc>"></iframe>
<iframe src="javascript:'owned'"></iframe><iframe src="data:text/html,<img src=${url}/data>"></iframe>
<object data="${url}/object"></object><object data="file:///etc/passwd"></object><embed src="${url}/embed"><embed src="file:///etc/passwd">
<video src="${url}/video" poster="${url}/poster" autoplay></video><audio src="${url}/audio" autoplay></audio>
<svg><image href="${url}/image" width="9" height="9"/><use href="${url}/use#a"/><image href="file:///etc/passwd"/>
<rect filter="url(${url}/filter#a)" fill="url(${url}/fill#a)" width="9" height="9"/><foreignObject><img src="${url}/foreign"></foreignObject></svg>
<form action="${url}/form"><input autofocus type="image" src="${url}/input"><button>go</button></form>
<a href="javascript:document.body.textContent='owned'" ping="${url}/ping">link</a><p style="background: url(${url}/style)">text</p>
<li>item</li></body></html>`;
}

describe("a printer", () => {
  it("prints two at a time, and all that are asked for", async () => {
    const { printer, launched } = printerThat(() => {});
    const warm = await printer.print(page("first"), { paper: "A4" });
    expect(warm.length).toBeGreaterThan(1_000);
    let most = 0;
    const watch = setInterval(() => {
      // The browser has one of its own from the start.
      most = Math.max(most, (launched[0]?.browserContexts().length ?? 0) - 1);
    }, 2);
    const texts = await Promise.all(
      Array.from({ length: 6 }, (_, i) => textOf(printer.print(page(`number ${i};`), { paper: "A4" }))),
    );
    clearInterval(watch);
    expect(texts.map((text) => text.trim())).toEqual(texts.map((_, i) => `number ${i};`));
    expect(most).toBe(2);
    expect(launched).toHaveLength(1);
    expect(launched[0]?.browserContexts()).toHaveLength(1);
  });

  it("prints again when the browser is killed meanwhile", async () => {
    const { printer, launched } = printerThat((browser, number) => {
      if (number === 1) browser.once("targetcreated", () => browser.process()?.kill("SIGKILL"));
    });
    expect(await textOf(printer.print(page("arrived"), { paper: "A4" }))).toContain("arrived");
    expect(launched).toHaveLength(2);
  });

  it("says so when that happens twice, and prints the next", async () => {
    const { printer, launched } = printerThat((browser, number) => {
      if (number <= 2) browser.once("targetcreated", () => browser.process()?.kill("SIGKILL"));
    });
    const error = await printer.print(page("lost"), { paper: "A4" }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({ retryable: true, userMessage: expect.stringContaining("failed twice") });
    expect(await textOf(printer.print(page("arrived"), { paper: "A4" }))).toContain("arrived");
    expect(launched).toHaveLength(3);
  });

  it("prints again when only the page dies, at once", async () => {
    let pages = 0;
    const { printer, launched } = printerThat((browser) => {
      const createContext = browser.createBrowserContext.bind(browser);
      browser.createBrowserContext = async () => {
        const context = await createContext();
        const newPage = context.newPage.bind(context);
        context.newPage = async () => {
          const page = await newPage();
          if (++pages === 1) page.setContent = () => crash(page);
          return page;
        };
        return context;
      };
    });
    const start = performance.now();
    expect(await textOf(printer.print(page("arrived"), { paper: "A4" }))).toContain("arrived");
    // Without waiting for the deadline.
    expect(performance.now() - start).toBeLessThan(PATIENCE);
    expect(pages).toBe(2);
    expect(launched).toHaveLength(1);
  });

  it("gives up after the deadline, even on a browser that hangs", async () => {
    const { printer, launched } = printerThat(
      (browser, number) => {
        if (number === 1) browser.once("targetcreated", () => browser.process()?.kill("SIGSTOP"));
      },
      { deadline: 1_500 },
    );
    await expect(printer.print(page("slow"), { paper: "A4" })).rejects.toMatchObject({
      userMessage: expect.stringContaining("not ready after 1.5 seconds"),
    });
    // On a busy machine that is too short for a good browser as well.
    const next = () => textOf(printer.print(page("arrived"), { paper: "A4" })).catch(String);
    await expect.poll(next, { timeout: PATIENCE }).toContain("arrived");
    expect(launched).toHaveLength(2);
  });

  it("can be closed while it prints, and prints no more", async () => {
    const { printer, launched } = printerThat(() => {}, { pages: 1 });
    await printer.print(page("warm"), { paper: "A4" });
    const running = [1, 2, 3].map(() => printer.print(page("x".repeat(2_000_000)), { paper: "A4" }));
    const ends = Promise.allSettled(running);
    await sleep(50);
    await printer.close();
    for (const end of await ends) expect(end).toMatchObject({ reason: { userMessage: expect.any(String) } });
    expect(isRunning(launched[0]?.process()?.pid)).toBe(false);
    await expect(printer.print(page("late"), { paper: "A4" })).rejects.toBeInstanceOf(AppError);
    await printer.close();
    expect(launched).toHaveLength(1);
  });

  it("has room for fifty in line", async () => {
    const gate = Promise.withResolvers<Browser>();
    const printer = createPrinter({ pages: 1, launch: () => gate.promise });
    const accepted = Array.from({ length: 51 }, () => printer.print(page("x"), { paper: "A4" }));
    const ends = Promise.allSettled(accepted);
    await expect(printer.print(page("x"), { paper: "A4" })).rejects.toMatchObject({
      retryable: true,
      userMessage: expect.stringContaining("Many PDFs"),
    });
    gate.reject(new AppError("no browser"));
    for (const end of await ends) expect(end).toMatchObject({ status: "rejected" });
  });

  it.each([
    ["ends by itself", "", undefined],
    ["is killed", "setInterval(() => {}, 1000);", "SIGKILL"],
  ] as const)("leaves no browser behind when the process %s", async (_, then, signal) => {
    const script = `
      import { createPrinter } from "./src/render/printer.ts";
      import { launchBrowser } from "./src/render/browser.ts";
      let pid;
      const launch = async (options) => {
        const browser = await launchBrowser(options);
        pid = browser.process().pid;
        return browser;
      };
      await createPrinter({ launch }).print("<p>x</p>", { paper: "A4" });
      console.log(pid);
      ${then}`;
    const folder = await temporaryFolder();
    const env = { ...process.env, TMPDIR: folder };
    const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
      env,
      stdio: ["ignore", "pipe", "inherit"],
    });
    onTestFinished(() => void child.kill("SIGKILL"));
    const exited = once(child, "exit");
    const [line] = await once(createInterface(child.stdout), "line");
    const pid = Number(line);
    expect(pid).toBeGreaterThan(1);
    if (signal) child.kill(signal);
    await exited;
    await expect.poll(() => isRunning(pid), { timeout: PATIENCE }).toBe(false);
    // But for the browser's own, when nobody was there to remove it.
    expect((await readdir(folder)).filter((name) => name.startsWith("vault-usage"))).toEqual([]);
  });
});
