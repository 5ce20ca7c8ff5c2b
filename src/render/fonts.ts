import { fileURLToPath } from "node:url";
import { type Font, openSync } from "fontkit";

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
