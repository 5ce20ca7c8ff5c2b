/** What is used of `fontkit`, which ships no types. */
declare module "fontkit" {
  export interface Font {
    readonly unitsPerEm: number;
    /** Every code point that it has a glyph for. */
    readonly characterSet: readonly number[];
    hasGlyphForCodePoint(codePoint: number): boolean;
    glyphForCodePoint(codePoint: number): Glyph;
    layout(text: string, features: readonly string[]): { readonly glyphs: readonly Glyph[] };
    createSubset(): Subset;
  }
  export interface Glyph {
    readonly advanceWidth: number;
  }
  export interface Subset {
    includeGlyph(glyph: Glyph): void;
    encode(): Uint8Array;
  }
  export function openSync(file: string): Font;
}
