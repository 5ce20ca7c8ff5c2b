import type { Browser } from "puppeteer-core";
import { AppError } from "../errors.ts";
import { launchBrowser } from "./browser.ts";
import { browserEnvironment } from "./font-config.ts";
import { createLine } from "./line.ts";
import { closedArgs, type Paper, printPage } from "./print-page.ts";

export type { Paper } from "./print-page.ts";

/** Prints HTML on paper of a size, as a PDF. */
export interface Printer {
  /** @throws AppError, with a message for whoever waits for the PDF */
  print(html: string, options: { readonly paper: Paper }): Promise<Uint8Array>;
  /** Ends the browser; what is being printed then, or waits to be, rejects. */
  close(): Promise<void>;
}

export interface PrinterOptions {
  /** The Chrome or Chromium to use; without it, whichever `launchBrowser` finds. */
  readonly path?: string | undefined;
  /** How many are printed at once. */
  readonly pages?: number;
  /** How many milliseconds one PDF may take, the browser's start not counted. */
  readonly deadline?: number;
  readonly launch?: typeof launchBrowser;
}

const MOST_WAITING = 50;
const CLOSING_PATIENCE = 5_000;
/** Once more, since a browser or page that was killed says nothing about the document. */
const ATTEMPTS = 2;

/**
 * A browser that stays warm between prints, started with the first of them and again when it died. While nothing is
 * printed it does not keep this process alive, and it ends with it.
 */
export function createPrinter({
  path,
  pages = 2,
  deadline = 15_000,
  launch = launchBrowser,
}: PrinterOptions = {}): Printer {
  const line = createLine({ inside: pages, waiting: MOST_WAITING, refuse: busy });
  const closing = new AbortController();
  let current: Promise<Browser> | undefined;
  let printing = 0;

  const started = (): Promise<Browser> => {
    if (current) return current;
    const mine = launch({ path, args: closedArgs, env: browserEnvironment(), handleSignals: false });
    const forget = (): void => {
      if (current === mine) current = undefined;
    };
    current = mine;
    mine.then((browser) => {
      browser.once("disconnected", forget);
      if (!browser.connected) forget();
    }, forget);
    return mine;
  };

  /** Lets this process wait for the browser, or no more. */
  const hold = async (held: boolean): Promise<void> => {
    printing += held ? 1 : -1;
    const browser = await current?.catch(() => undefined);
    if (browser) keepAlive(browser, printing > 0);
  };

  const attempt = async (html: string, paper: Paper): Promise<Uint8Array> => {
    closing.signal.throwIfAborted();
    const browser = await started();
    keepAlive(browser, true);
    const patience = AbortSignal.timeout(deadline);
    const signal = AbortSignal.any([closing.signal, patience]);
    return printPage(browser, html, { paper, signal }).catch((error) => {
      throw patience.aborted && !closing.signal.aborted ? tooSlow(deadline) : error;
    });
  };

  return {
    async print(html, { paper }) {
      closing.signal.throwIfAborted();
      await line.enter();
      await hold(true);
      try {
        for (let tries = 1; ; tries++) {
          try {
            return await attempt(html, paper);
          } catch (error) {
            closing.signal.throwIfAborted();
            if (error instanceof AppError) throw error;
            if (tries === ATTEMPTS) throw broken(error);
          }
        }
      } finally {
        await hold(false);
        line.leave();
      }
    },
    async close() {
      if (!closing.signal.aborted) {
        closing.abort(closed());
        line.disperse(closed());
      }
      const browser = await current?.catch(() => undefined);
      if (browser) await endBrowser(browser);
    },
  };
}

/** A process and its pipes count each for itself. */
function keepAlive(browser: Browser, kept: boolean): void {
  const child = browser.process();
  for (const part of [child, ...(child?.stdio ?? [])]) {
    const counted = part as { ref?(): void; unref?(): void } | null | undefined;
    if (kept) counted?.ref?.();
    else counted?.unref?.();
  }
}

async function endBrowser(browser: Browser): Promise<void> {
  keepAlive(browser, true);
  const timer = setTimeout(() => browser.process()?.kill("SIGKILL"), CLOSING_PATIENCE);
  try {
    await browser.close();
  } finally {
    clearTimeout(timer);
  }
}

function busy(): AppError {
  return new AppError("too many PDFs wait to be printed", {
    retryable: true,
    userMessage: "Many PDFs are being made at this moment; please try again in a minute.",
  });
}

function tooSlow(deadline: number): AppError {
  const seconds = `${deadline / 1_000} seconds`;
  return new AppError(`a PDF was not printed in ${seconds}`, {
    retryable: true,
    userMessage: `The PDF was not ready after ${seconds}; please ask for a shorter period, or for the XLSX.`,
  });
}

function broken(cause: unknown): AppError {
  return new AppError(`a PDF could not be printed in ${ATTEMPTS} attempts`, {
    cause,
    retryable: true,
    userMessage: "The PDF could not be made, for the browser that prints it failed twice; please try again.",
  });
}

function closed(): AppError {
  return new AppError("the printer was closed", {
    retryable: true,
    userMessage: "The PDF was not made, for the app is being restarted; please try again in a minute.",
  });
}
