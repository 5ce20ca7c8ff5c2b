import { type FontWeight, textWidth } from "../../src/render/fonts.ts";

/** A text of a picture where it stands, in the picture's pixels. */
export interface DrawnText {
  readonly text: string;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly texts: readonly DrawnText[];
  /** The colours of the lines, one entry a line. */
  readonly lines: readonly string[];
}

const entities: Record<string, string> = { lt: "<", gt: ">", quot: '"', "#39": "'", amp: "&" };
const unescapeXml = (text: string) => text.replace(/&(#?\w+);/g, (all, name) => entities[name] ?? all);

/** Reads our SVG back: every text with its place, through nested groups; throws where tags do not match. */
export function readPicture(svg: string): Picture {
  const open: { name: string; x: number; y: number }[] = [];
  const texts: DrawnText[] = [];
  const lines: string[] = [];
  let size: { width: number; height: number } | undefined;
  for (const [, closing, name = "", attributes = "", selfClosing, content = ""] of svg.matchAll(
    /<(\/?)([a-z]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>([^<]*)/gi,
  )) {
    if (closing) {
      if (open.pop()?.name !== name) throw new Error(`</${name}> closes nothing`);
      continue;
    }
    const attribute = (key: string) => attributes.match(new RegExp(`\\s${key}="([^"]*)"`))?.[1];
    const moved = attribute("transform")?.match(/translate\((-?[\d.e-]+),(-?[\d.e-]+)\)/);
    const outer = open.at(-1) ?? { x: 0, y: 0 };
    const x = outer.x + Number(moved?.[1] ?? 0) + Number(attribute("x") ?? 0);
    const y = outer.y + Number(moved?.[2] ?? 0) + Number(attribute("y") ?? 0);
    size ??= { width: Number(attribute("width")), height: Number(attribute("height")) };
    if (name === "text" && content !== "") {
      texts.push(placeText(unescapeXml(content), x, y, attribute));
    }
    const stroke = attribute("stroke");
    if (name === "path" && attribute("stroke-width") === "2" && stroke !== undefined) lines.push(stroke);
    if (!selfClosing) open.push({ name, x, y });
  }
  if (open.length > 0 || size === undefined) throw new Error("unclosed tags");
  return { ...size, texts, lines };
}

function placeText(
  text: string,
  x: number,
  y: number,
  attribute: (key: string) => string | undefined,
): DrawnText {
  const size = Number.parseFloat(attribute("font-size") ?? "");
  const weight = Number(attribute("font-weight") ?? 400) as FontWeight;
  const width = textWidth(text, { size, weight });
  const before = { start: 0, middle: 0.5, end: 1 }[attribute("text-anchor") ?? "start"] ?? Number.NaN;
  const left = x - before * width;
  return { text, left, right: left + width, top: y - size * 0.75, bottom: y + size * 0.2 };
}

/** Pairs of texts that lie on each other. */
export function overlaps(texts: readonly DrawnText[]): string[] {
  return texts.flatMap((a, index) =>
    texts
      .slice(index + 1)
      .filter((b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom)
      .map((b) => `${a.text} / ${b.text}`),
  );
}

/** Texts that stick out of the picture. */
export function cutTexts({ texts, width, height }: Picture): string[] {
  return texts
    .filter(({ left, right, top, bottom }) => left < 0 || right > width || top < 0 || bottom > height)
    .map(({ text }) => text);
}
