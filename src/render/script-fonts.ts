import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { openSync } from "fontkit";
import { figureFont } from "./figure-font.ts";
import { fontPath, isInInter } from "./fonts.ts";

/** What a document needs to show some text. */
export interface FontFaces {
  /** `@font-face` rules that hold their fonts themselves. Neither has a character that HTML would escape. */
  readonly css: string;
  /** The value of `font-family`; before it, `Figures` has digits of one width. */
  readonly families: string;
}

/** Packages whose fonts are cut into files by characters, which `unicode.json` names; Inter stands before them. */
const scripts = [
  "noto-emoji",
  ...[
    "arabic",
    "armenian",
    "bengali",
    "devanagari",
    "ethiopic",
    "georgian",
    "gujarati",
    "gurmukhi",
    "hebrew",
  ],
  ...["kannada", "khmer", "lao", "malayalam", "sinhala", "tamil", "telugu", "thai"],
].map((name) => (name.startsWith("noto-") ? name : `noto-sans-${name}`));
/** One character may look different in each of these; with kana, a document's are taken for Japanese. */
const han = ["noto-sans-sc", "noto-sans-tc", "noto-sans-jp"];
const hanWithKana = han.toReversed();
const hangul = ["noto-sans-kr"];

/** Coarse, but it has a glyph for nearly every character of the Basic Multilingual Plane and some beyond. */
const lastResort = "unifontex";
const lastResortFile = "@fontsource/unifontex/files/unifontex-latin-400-normal.woff2";

/** Inter is better at these. */
const notTheirs = /latin|greek|cyrillic|vietnamese|math|symbols/;

/** The faces for all of a text's characters: Inter, of each other script only the parts that the text needs. */
export async function facesFor(text: string): Promise<FontFaces> {
  const missing = new Set<number>();
  for (const [character] of text.matchAll(/[^\0-\x7f\p{C}\p{Z}\p{Variation_Selector}]/gu)) {
    const codePoint = character.codePointAt(0) ?? 0;
    if (!missing.has(codePoint) && !isInInter(codePoint)) missing.add(codePoint);
  }
  const rules = [...figureFaces(), ...(await interFaces())];
  const families = ["Inter"];
  const order = [...scripts, ...(/[\u3040-\u30ff]/.test(text) ? hanWithKana : han), ...hangul];
  for (const name of order) {
    if (missing.size === 0) break;
    const parts = (await partsOf(name)).filter((part) => takeCovered(missing, part));
    if (parts.length === 0) continue;
    families.push(name);
    for (const { file, range } of parts) rules.push(await face(name, file, { weight: "100 900", range }));
  }
  if (missing.size > 0) {
    families.push(lastResort);
    rules.push(await face(lastResort, pathOf(lastResortFile)));
  }
  return { css: rules.join("\n"), families: [...families, "sans-serif"].join(", ") };
}

/** A file of a font with the characters that it is for. */
interface Part {
  readonly file: string;
  /** As CSS says it. */
  readonly range: string;
}

const known = new Map<string, Promise<readonly Part[]>>();

function partsOf(name: string): Promise<readonly Part[]> {
  let parts = known.get(name);
  if (parts === undefined) {
    parts = readParts(name);
    known.set(name, parts);
  }
  return parts;
}

async function readParts(name: string): Promise<readonly Part[]> {
  const packageName = `@fontsource-variable/${name}`;
  const ranges: Record<string, string> = JSON.parse(
    await readFile(pathOf(`${packageName}/unicode.json`), "utf8"),
  );
  return Object.entries(ranges)
    .filter(([part]) => !notTheirs.test(part))
    .map(([part, range]) => ({
      // Numbered parts stand in brackets.
      file: pathOf(`${packageName}/files/${name}-${part.replace(/[[\]]/g, "")}-wght-normal.woff2`),
      range,
    }));
}

/** Takes out of `missing` what a part has; false when that is nothing. */
function takeCovered(missing: Set<number>, { file, range }: Part): boolean {
  const claimed = [...missing].filter((codePoint) => isInRange(range, codePoint));
  if (claimed.length === 0) return false;
  // A font has not all characters that its range names.
  const covered = claimed.filter((codePoint) => charactersOf(file).has(codePoint));
  for (const codePoint of covered) missing.delete(codePoint);
  return covered.length > 0;
}

const bounds = new Map<string, readonly (readonly [number, number])[]>();

/** `range` is CSS's `U+600-6FF,U+200C`. */
function isInRange(range: string, codePoint: number): boolean {
  let pairs = bounds.get(range);
  if (pairs === undefined) {
    pairs = range.split(",").map((part) => {
      const [from = "", to = from] = part.trim().slice(2).split("-");
      return [Number.parseInt(from, 16), Number.parseInt(to, 16)] as const;
    });
    bounds.set(range, pairs);
  }
  return pairs.some(([from, to]) => codePoint >= from && codePoint <= to);
}

const characters = new Map<string, ReadonlySet<number>>();

function charactersOf(file: string): ReadonlySet<number> {
  let set = characters.get(file);
  if (set === undefined) {
    set = new Set(openSync(file).characterSet);
    characters.set(file, set);
  }
  return set;
}

const weights = [400, 600, 700] as const;
let figures: string[] | undefined;

/** Digits of one width; see `figureFont`. */
function figureFaces(): string[] {
  figures ??= weights.map((weight) =>
    faceRule("Figures", "ttf", figureFont(weight).toString("base64"), { weight: String(weight) }),
  );
  return figures;
}

/** On Linux the browser finds Inter by its environment, which costs nothing; elsewhere it is handed over. */
async function interFaces(): Promise<string[]> {
  if (process.platform === "linux") return [];
  return Promise.all(weights.map((weight) => face("Inter", fontPath(weight), { weight: String(weight) })));
}

interface FaceOptions {
  readonly weight?: string;
  readonly range?: string;
}

async function face(family: string, file: string, options: FaceOptions = {}): Promise<string> {
  const kind = file.endsWith(".ttf") ? "ttf" : "woff2";
  return faceRule(family, kind, await readFile(file, "base64"), options);
}

function faceRule(family: string, kind: "ttf" | "woff2", base64: string, options: FaceOptions): string {
  const { weight, range } = options;
  const parts = [
    `font-family:${family}`,
    `src:url(data:font/${kind};base64,${base64})`,
    ...(weight === undefined ? [] : [`font-weight:${weight}`]),
    ...(range === undefined ? [] : [`unicode-range:${range}`]),
  ];
  return `@font-face{${parts.join(";")}}`;
}

function pathOf(specifier: string): string {
  return fileURLToPath(import.meta.resolve(specifier));
}
