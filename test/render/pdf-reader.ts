import { getDocumentProxy, getResolvedPDFJS } from "unpdf";

/** What a PDF says, read by a library that did not write it. */
export interface ReadPdf {
  /** The text of each page, with single spaces. */
  readonly pages: readonly string[];
  /** Of all pages, without any spaces: lines are broken anywhere. */
  readonly solid: string;
  readonly title: unknown;
  readonly language: unknown;
  /** When it was made and when it was changed, as a PDF says it. */
  readonly dates: readonly unknown[];
  readonly isTagged: boolean;
  readonly headings: readonly string[];
  /** The text alternatives of pictures. */
  readonly alternatives: readonly string[];
  /** How many glyphs of each page stand for characters that no font has: boxes. */
  readonly boxes: readonly number[];
}

interface Node {
  readonly role?: string;
  readonly alt?: string;
  readonly children?: readonly Node[];
}

export async function readPdf(bytes: Uint8Array): Promise<ReadPdf> {
  const { OPS } = await getResolvedPDFJS();
  const pdf = await getDocumentProxy(new Uint8Array(bytes));
  const info = (await pdf.getMetadata()).info as unknown as Record<string, unknown>;
  const pages: string[] = [];
  const alternatives: string[] = [];
  const boxes: number[] = [];
  for (let number = 1; number <= pdf.numPages; number++) {
    const page = await pdf.getPage(number);
    const { items } = await page.getTextContent();
    const text = items.map((item) => ("str" in item ? `${item.str}${item.hasEOL ? " " : ""}` : "")).join("");
    pages.push(text.replace(/\s+/g, " "));
    collect((await page.getStructTree()) as Node | null, alternatives);
    const { fnArray, argsArray } = await page.getOperatorList();
    const glyphs = fnArray.flatMap((operator, i) =>
      operator === OPS.showText ? glyphsOf(argsArray[i]) : [],
    );
    // Glyph 0 of a font is what it shows for what it has not.
    boxes.push(glyphs.filter((glyph) => glyph.originalCharCode === 0).length);
  }
  const outline = (await pdf.getOutline()) as readonly {
    title: string;
    items: readonly { title: string }[];
  }[];
  return {
    pages,
    solid: pages.join("").replace(/\s+/g, ""),
    title: info.Title,
    language: info.Language,
    dates: [info.CreationDate, info.ModDate],
    isTagged: (await pdf.getMarkInfo())?.Marked ?? false,
    headings: (outline ?? []).flatMap(({ title, items }) => [title, ...items.map((item) => item.title)]),
    alternatives,
    boxes,
  };
}

function collect(node: Node | null, alternatives: string[]): void {
  if (node?.alt) alternatives.push(node.alt);
  for (const child of node?.children ?? []) collect(child, alternatives);
}

function glyphsOf(args: unknown): { readonly originalCharCode?: number }[] {
  const [glyphs] = args as [unknown[]];
  return glyphs.filter((glyph) => typeof glyph === "object" && glyph !== null) as {
    originalCharCode?: number;
  }[];
}

/** The text without any white space, as `solid` has it. */
export function solid(text: string): string {
  return text.replace(/\s+/g, "");
}
