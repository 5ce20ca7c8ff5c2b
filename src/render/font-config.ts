import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { threadId } from "node:worker_threads";
import { cacheFolders, firstWritable } from "./caches.ts";
import { fontPath } from "./fonts.ts";
import { escapeXml } from "./svg.ts";

let installed = false;

/**
 * Makes sharp draw with Inter on any machine, one without fonts too. Must run before the process draws its first
 * text: fontconfig reads its file once. Fonts of the system come after Inter, for the scripts that Inter lacks.
 * A `FONTCONFIG_FILE` that the operator has set is left alone.
 */
export function installFonts(): void {
  if (installed) return;
  installed = true;
  if (process.env.FONTCONFIG_FILE !== undefined) return;
  process.env.FONTCONFIG_FILE = writeFontConfig(systemFonts[process.platform] ?? []);
}

/** What a browser needs of an environment; what else there is, such as secrets, is not its business. */
const forBrowsers =
  /^(PATH|HOME|USER|LANG|LC_\w+|TZ|TMPDIR|TEMP|TMP|LD_LIBRARY_PATH|XDG_\w+|DISPLAY|SYSTEMROOT|WINDIR|USERPROFILE|(LOCAL)?APPDATA|PROGRAM\w+)$/i;
let browserFonts: string | undefined;

/**
 * The environment of a browser that prints: of fonts it finds Inter and no other, so that it prints the same on every
 * Linux machine, one without fonts too. Elsewhere browsers do not ask fontconfig.
 */
export function browserEnvironment(): Record<string, string | undefined> {
  browserFonts ??= writeFontConfig([]);
  const kept = Object.entries(process.env).filter(([name]) => forBrowsers.test(name));
  return { ...Object.fromEntries(kept), FONTCONFIG_FILE: browserFonts };
}

/**
 * A configuration with Inter before the fonts of the folders. It is one for all processes and stays, with what fontconfig
 * keeps of the fonts: a folder for each process would be left behind by all that are killed.
 */
function writeFontConfig(others: readonly string[]): string {
  const folder = firstWritable(cacheFolders().map((cache) => join(cache, "fonts"))) ?? ownFolder();
  const config = fontConfig(folder, others);
  const file = join(folder, `${createHash("sha256").update(config).digest("hex").slice(0, 16)}.conf`);
  if (!existsSync(file)) {
    // Whole or not at all: another process may be about to read it.
    const draft = `${file}.${process.pid}.${threadId}`;
    writeFileSync(draft, config);
    renameSync(draft, file);
  }
  return file;
}

/** Where nothing can be kept: a folder that goes with this process. */
function ownFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "vault-usage-fonts-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const systemFonts: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  linux: ["/usr/share/fonts", "/usr/local/share/fonts"],
  darwin: ["/System/Library/Fonts", "/Library/Fonts"],
};

function fontConfig(cache: string, others: readonly string[]): string {
  const inter = ([400, 600, 700] as const).map((weight) => dirname(fontPath(weight)));
  const folders = [...inter, ...others];
  const lines = folders.map((folder) => `<dir>${escapeXml(folder)}</dir>`);
  // The system's cache saves scanning its fonts; the first one that can be written takes ours.
  const caches = [cache, "/var/cache/fontconfig"].map(
    (folder) => `<cachedir>${escapeXml(folder)}</cachedir>`,
  );
  return `<?xml version="1.0"?>\n<fontconfig>\n${[...lines, ...caches].join("\n")}\n</fontconfig>\n`;
}
