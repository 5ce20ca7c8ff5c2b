import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser } from "../../src/render/browser.ts";
import { browserEnvironment } from "../../src/render/fonts.ts";
import { FONTS_LOADED } from "../../src/render/print-page.ts";
import { createPrinter } from "../../src/render/printer.ts";
import { facesFor } from "../../src/render/script-fonts.ts";
import { readPdf } from "./pdf-reader.ts";

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

const printer = createPrinter();
afterAll(() => printer.close());

async function htmlOf(text: string): Promise<string> {
  const { css, families } = await facesFor(text);
  return `<!doctype html><html lang="en"><style>${css} @media screen { body { display: none } }</style><body style="margin: 0; font: 40px/60px ${families}">${text}</body></html>`;
}

const print = async (text: string) => readPdf(await printer.print(await htmlOf(text), { paper: "A4" }));

describe("the fonts of a document", () => {
  /** A part of the same picture for each text, as one number a pixel. */
  const pictures = new Map<string, Buffer>();
  beforeAll(async () => {
    const browser = await launchBrowser({ env: browserEnvironment() });
    try {
      const page = await browser.newPage();
      for (const text of [...Object.values(samples), UNKNOWN, ""]) {
        await page.emulateMediaType("screen");
        await page.setContent(await htmlOf(text), { waitUntil: "load" });
        await page.evaluate(FONTS_LOADED);
        await page.emulateMediaType("print");
        const clip = { x: 0, y: 0, width: 700, height: 60 };
        const png = await page.screenshot({ clip });
        pictures.set(text, await sharp(png).greyscale().raw().toBuffer());
      }
    } finally {
      await browser.close();
    }
  });

  it.each(Object.entries(samples))("draw %s", async (_, text) => {
    const dark = pictures.get(text)?.filter((value) => value < 128).length ?? 0;
    // A line of 40 pixels' height; a hyphen has some 60.
    expect(dark).toBeGreaterThan(60 * [...text.replace(/[\s\p{M}]/gu, "")].length);
    const { boxes, solid } = await print(text);
    expect(boxes).toBe(0);
    expect(solid.length).toBeGreaterThan(0);
  });

  it("draw a box, and not nothing, for what none of them has", async () => {
    expect(pictures.get("")?.filter((value) => value < 128)).toHaveLength(0);
    expect(pictures.get(UNKNOWN)?.filter((value) => value < 128).length).toBeGreaterThan(100);
    expect((await print(UNKNOWN)).boxes).toBe(1);
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
