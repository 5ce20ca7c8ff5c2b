import { spawn } from "node:child_process";
import { createReadStream, createWriteStream, existsSync } from "node:fs";
import { mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { createBrotliDecompress } from "node:zlib";
import type { Browser, LaunchOptions } from "puppeteer-core";
import { AppError } from "../errors.ts";
import { cacheFolders, firstWritable } from "./caches.ts";

export interface BrowserOptions {
  /** The Chrome or Chromium to use; without it, one that is installed, or else the one that came from npm. */
  readonly path?: string | undefined;
  /** Beside those that every browser gets. */
  readonly args?: readonly string[];
  /** Its whole environment; without it, that of this process. */
  readonly env?: Record<string, string | undefined>;
  /** Whether signals to this process close the browser and end the process; true unless somebody else sees to that. */
  readonly handleSignals?: boolean;
}

/** A renderer that died is noticed by nothing but this, in milliseconds. */
const PATIENCE = 60_000;
const chromiums = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/snap/bin/chromium"];

/**
 * Launches a headless Chromium; the caller closes it.
 * @throws AppError when there is none and the one from npm does not fit this machine
 */
export async function launchBrowser({
  path,
  args = [],
  env,
  handleSignals = true,
}: BrowserOptions = {}): Promise<Browser> {
  const { default: puppeteer } = await import("puppeteer-core");
  const chrome = await Promise.resolve(puppeteer.executablePath("chrome")).catch(() => "");
  const installed = path ?? [chrome, ...chromiums].find((place) => existsSync(place));
  const signals: LaunchOptions = {
    handleSIGINT: handleSignals,
    handleSIGTERM: handleSignals,
    handleSIGHUP: handleSignals,
  };
  return puppeteer.launch({
    ...signals,
    ...(env && { env }),
    // Its end is the browser's end: it goes with this process, even when that is killed.
    pipe: true,
    executablePath: installed ?? (await unpackedChromium()),
    headless: installed === undefined ? "shell" : true,
    protocolTimeout: PATIENCE,
    args: [
      "--disable-background-networking",
      // Letters stand where the font says, not on whole pixels.
      "--font-render-hinting=none",
      // As root, Chromium does not start with its sandbox.
      ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
      ...args,
    ],
  });
}

/** Its libraries are used only where the system lacks some. */
const starter = `#!/bin/sh
here=$(dirname "$0")
if ldd "$here/chromium" | grep -q "not found"; then export LD_LIBRARY_PATH="$here/lib"; fi
exec "$here/chromium" "$@"
`;

/** Unpacks the Chromium of `@sparticuz/chromium` where this version is not yet; takes about two seconds. */
async function unpackedChromium(): Promise<string> {
  if (process.platform !== "linux" || process.arch !== "x64")
    throw new AppError("no Chrome or Chromium was found, and the one from npm is for Linux on x64", {
      userMessage: "This needs Chrome or Chromium; none was found.",
    });
  const folder = join(dirname(fileURLToPath(import.meta.resolve("@sparticuz/chromium"))), "..");
  const { version } = JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as { version: string };
  const name = `chromium-${version}`;
  const caches = cacheFolders();
  const known = caches.map((cache) => join(cache, name, "start")).find((start) => existsSync(start));
  if (known !== undefined) return known;
  const cache = firstWritable(caches);
  if (cache === undefined)
    throw new AppError(`Chromium could not be unpacked into any of ${caches.join(", ")}`);
  // Whole or not at all: what unpacks at the same time, or was killed, has a folder of its own.
  const draft = await mkdtemp(join(cache, `${name}-`));
  try {
    await unpack(join(folder, "bin"), draft);
    await rename(draft, join(cache, name)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST") throw error;
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return join(cache, name, "start");
}

async function unpack(from: string, to: string): Promise<void> {
  const inflate = (name: string) =>
    [createReadStream(join(from, name)), createBrotliDecompress({ chunkSize: 2 ** 21 })] as const;
  const tar = spawn("tar", ["-x", "-C", to], { stdio: ["pipe", "ignore", "inherit"] });
  const untarred = new Promise<void>((resolve, reject) => {
    tar.on("error", reject);
    tar.on("close", (code) => (code === 0 ? resolve() : reject(new AppError(`tar ended with ${code}`))));
  });
  await Promise.all([
    pipeline(...inflate("chromium.br"), createWriteStream(join(to, "chromium"), { mode: 0o755 })),
    // tar stops at the archive's end mark, before its padding; whether all was well its exit status tells.
    pipeline(...inflate("al2023.tar.br"), tar.stdin).catch(() => undefined),
    untarred,
    writeFile(join(to, "start"), starter, { mode: 0o755 }),
  ]);
}
