/**
 * The text as XML may hold it: on one line, without control characters, halves of characters, and the marks that
 * turn the direction of all that follows (a name in a right-to-left script needs none of them).
 */
export function cleanText(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\u{202A}-\u{202E}\u{2066}-\u{2069}\u{FFFE}\u{FFFF}]/gu, "")
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, " ")
    .trim();
}

/** The text without emoji, which only some machines can draw. */
export function withoutEmoji(text: string): string {
  return text
    .replace(/\p{RGI_Emoji}/gv, "")
    .replace(/ {2,}/g, " ")
    .replace(/ (?=[,.;])/g, "")
    .trim();
}

const entities: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

export function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

/** What Vega writes for a screen only: empty frames, marks for pointers, and roles inside what is one picture. */
const idle =
  /<path class="(?:back|fore)ground"(?![^>]*\s(?:fill|stroke)=)[^>]*\/>|\s(?:class|role|aria-[a-z]+|pointer-events)="[^"]*"|\sopacity="1"/g;

/** A third less SVG from Vega, which looks the same and is drawn faster. */
export function slimSvg(svg: string): string {
  return svg.replace(idle, "");
}
