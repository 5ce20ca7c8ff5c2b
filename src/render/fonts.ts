import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Font, openSync } from "fontkit";
import { escapeXml } from "./svg.ts";

export type FontWeight = 400 | 600 | 700;
export interface TextStyle {
  /** Pixels. */
  readonly size: number;
  readonly weight: FontWeight;
}

const fontFiles: Record<FontWeight, string> = {
  400: "400Regular/Inter_400Regular.ttf",
  600: "600SemiBold/Inter_600SemiBold.ttf",
  700: "700Bold/Inter_700Bold.ttf",
};

/** What a browser may take where it has no Inter; a PNG always has it. */
export const FONT_FAMILY = "Inter, Helvetica Neue, Arial, sans-serif";

/** For a character that Inter lacks the font is not known; a wide emoji is the worst that can come. */
const UNKNOWN_ADVANCE = 1.35;

/** The absolute path of a TrueType file of Inter. */
export function fontPath(weight: FontWeight): string {
  return fileURLToPath(import.meta.resolve(`@expo-google-fonts/inter/${fontFiles[weight]}`));
}

const fonts = new Map<FontWeight, { font: Font; advances: Map<number, number> }>();

/** The width of a text in Inter, in pixels: the sum of its advances. Fonts are read on first use. */
export function textWidth(text: string, { size, weight }: TextStyle): number {
  const known = interFont(weight);
  let width = 0;
  for (const character of text) {
    const codePoint = character.codePointAt(0) ?? 0;
    let advance = known.advances.get(codePoint);
    if (advance === undefined) {
      advance = measure(known.font, codePoint);
      known.advances.set(codePoint, advance);
    }
    width += advance;
  }
  return width * size;
}

function interFont(weight: FontWeight): { font: Font; advances: Map<number, number> } {
  let known = fonts.get(weight);
  if (known === undefined) {
    known = { font: openSync(fontPath(weight)), advances: new Map() };
    fonts.set(weight, known);
  }
  return known;
}

function measure(font: Font, codePoint: number): number {
  if (/^[\p{M}\p{Cf}]$/u.test(String.fromCodePoint(codePoint))) return 0;
  if (!font.hasGlyphForCodePoint(codePoint)) return UNKNOWN_ADVANCE;
  return font.glyphForCodePoint(codePoint).advanceWidth / font.unitsPerEm;
}

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

/** The text, or as many of its whole characters as fit into `width` pixels with an ellipsis. */
export function ellipsize(text: string, width: number, style: TextStyle): string {
  if (textWidth(text, style) <= width) return text;
  let room = width - textWidth("…", style);
  let kept = "";
  for (const { segment } of graphemes.segment(text)) {
    room -= textWidth(segment, style);
    if (room < 0) break;
    kept += segment;
  }
  return `${kept.trimEnd()}…`;
}

/** A count with thousands separators, or in short (`1.2M`) where that does not fit into `width` pixels. */
export function formatCount(count: number, width: number, style: TextStyle): string {
  const full = count.toLocaleString("en");
  if (textWidth(full, style) <= width) return full;
  return count.toLocaleString("en", { notation: "compact", maximumFractionDigits: 1 }).replace("K", "k");
}

/** Whether Inter has a glyph for a character. */
export function isInInter(codePoint: number): boolean {
  return interFont(400).font.hasGlyphForCodePoint(codePoint);
}

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

/** A configuration with Inter before the fonts of the folders, in a folder that goes with this process. */
function writeFontConfig(others: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), "vault-usage-fonts-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "fonts.conf");
  writeFileSync(file, fontConfig(folder, others));
  return file;
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
