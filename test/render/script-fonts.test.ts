import sharp from "sharp";
import { beforeAll, describe, expect, it } from "vitest";
import { launchBrowser } from "../../src/render/browser.ts";
import { browserEnvironment } from "../../src/render/font-config.ts";
import { FONTS_LOADED } from "../../src/render/print-page.ts";
import { createPrinter } from "../../src/render/printer.ts";
import { facesFor } from "../../src/render/script-fonts.ts";
import { PATIENCE } from "../helpers/patience.ts";
import { type ReadPdf, readPdf } from "./pdf-reader.ts";

/** A name, or what comes near one, in each script that names are promised in. */
const samples = {
  Latin: "Zoë Ångström Łukasz Nguyễn",
  Greek: "Ναταλία Παπαδοπούλου",
  Cyrillic: "Олег Шевченко Ђорђе",
  Arabic: "محمد علي",
  Persian: "پژمان گیتی چ",
  Hebrew: "אברהם לוי",
  Devanagari: "आशा शर्मा",
  Bengali: "সুমন দাস",
  Gujarati: "હેતલ પટેલ",
  Gurmukhi: "ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ",
  Tamil: "கமலா ரவி",
  Telugu: "సీత రామ",
  Kannada: "ಕಾವ್ಯ ಗೌಡ",
  Malayalam: "മീര നായർ",
  Sinhala: "සුනිල් පෙරේරා",
  Thai: "สมชาย ใจดี",
  Lao: "ສົມສັກ",
  Khmer: "សុខា ចាន់",
  Georgian: "ნინო ბერიძე",
  Armenian: "Արամ Պետրոսյան",
  Ethiopic: "አበበ ቢቂላ",
  Japanese: "山田太郎 ひらがな カタカナ",
  "Simplified Chinese": "王小明 张伟",
  "Traditional Chinese": "陳大文 張偉",
  Korean: "김민준 이서연",
  emoji: "🦊 👍🏽 🎉 ❤️",
  symbols: "№ ™ → ✓ ★ € ₹",
  // Of these the last resort has coarse pictures.
  Cherokee: "ᏣᎳᎩ",
  Mongolian: "ᠮᠣᠩᠭᠣᠯ",
  Tibetan: "བོད",
  Burmese: "မြန်မာ",
};
/** A hieroglyph, which no font here has. */
const UNKNOWN = "\u{13000}";

/** A page of one line for each text, with the faces that the text alone would have. */
async function htmlOf(texts: readonly string[]): Promise<string> {
  const styles = new Set<string>();
  const lines: string[] = [];
  for (const [i, text] of texts.entries()) {
    const { css, families } = await facesFor(text);
    // Under names of its own, lest it be drawn with what is there for another; the last resort is all or nothing.
    for (const rule of css.split("\n")) styles.add(rule.replace(/font-family:noto[\w-]+/, `$&-${i}`));
    lines.push(`<p style="font-family:${families.replace(/noto[\w-]+/g, `$&-${i}`)}">${text}</p>`);
  }
  return `<!doctype html><html lang="en"><style>${[...styles].join("\n")}
    body { margin: 0 } @media screen { body { display: none } }
    p { margin: 0; font-size: 40px; line-height: ${HEIGHT}px; height: ${HEIGHT}px; white-space: nowrap; break-after: page }
    </style><body>${lines.join("")}</body></html>`;
}

const [WIDTH, HEIGHT] = [700, 60];

describe("the fonts of a document", () => {
  const texts = [...Object.values(samples), UNKNOWN, ""];
  /** What is dark of each text, in pixels. */
  const dark = new Map<string, number>();
  let pdf: ReadPdf;
  beforeAll(async () => {
    const html = await htmlOf(texts);
    const printer = createPrinter({ deadline: PATIENCE });
    const browser = await launchBrowser({ env: browserEnvironment() });
    try {
      const page = await browser.newPage();
      await page.setContent(html, { waitUntil: "load" });
      await page.evaluate(FONTS_LOADED);
      await page.emulateMediaType("print");
      const clip = { x: 0, y: 0, width: WIDTH, height: HEIGHT * texts.length };
      const pixels = await sharp(await page.screenshot({ clip }))
        .greyscale()
        .raw()
        .toBuffer();
      for (const [i, text] of texts.entries()) {
        const line = pixels.subarray(i * WIDTH * HEIGHT, (i + 1) * WIDTH * HEIGHT);
        dark.set(text, line.filter((value) => value < 128).length);
      }
      pdf = await readPdf(await printer.print(html, { paper: "A4" }));
    } finally {
      await Promise.all([browser.close(), printer.close()]);
    }
  });

  it.each(Object.entries(samples))("draw %s", (_, text) => {
    // A line of 40 pixels' height; a hyphen has some 60.
    expect(dark.get(text)).toBeGreaterThan(60 * [...text.replace(/[\s\p{M}]/gu, "")].length);
    expect(pdf.boxes[texts.indexOf(text)]).toBe(0);
    expect(pdf.pages[texts.indexOf(text)]?.trim().length).toBeGreaterThan(0);
  });

  it("draw a box, and not nothing, for what none of them has", () => {
    expect(dark.get("")).toBe(0);
    expect(dark.get(UNKNOWN)).toBeGreaterThan(100);
    expect(pdf.boxes[texts.indexOf(UNKNOWN)]).toBe(1);
  });

  it("are no more than the text needs", async () => {
    const latin = await facesFor("Ann <ann@example.com>, Zoë – 12 %");
    expect(latin.families).toBe("Inter, sans-serif");
    expect(latin.css.length).toBeLessThan(30_000);
    const { css, families } = await facesFor("Ann 王小明");
    expect(families).toBe("Inter, noto-sans-sc, sans-serif");
    expect(css.length).toBeLessThan(400_000);
    expect((await facesFor("山田 かな")).families).toBe("Inter, noto-sans-jp, sans-serif");
  });

  it("need no escape in HTML", async () => {
    const { css, families } = await facesFor(Object.values(samples).join(" "));
    expect(css + families).not.toMatch(/[<>&"']/);
  });
});
