/** Characters that are looked at for it, and that it has at most. */
const LOOKED_AT = 50_000;
const LONGEST = 160;

const unseen = /<!--[\s\S]*?-->|<(head|style|script|title)\b[\s\S]*?<\/\1\s*>|<[^>]*>/gi;
const entities: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: "\u00a0",
  shy: "\u00ad",
  zwnj: "\u200c",
  middot: "·",
  ndash: "–",
  mdash: "—",
  hellip: "…",
};
/** With these a mail fills up its preheader, so that nothing else follows it in the list. */
const fillers = /(?:\s|\u00ad|\u034f|\u200b|\u200c|\ufeff){2,}|\s/g;

/** What a list shows of a mail after its subject: the HTML's first text, which is the preheader, or the plain text's. */
export function previewOf(html: string | undefined, text: string | undefined): string {
  const plain = html === undefined ? (text ?? "").slice(0, LOOKED_AT) : textIn(html.slice(0, LOOKED_AT));
  const line = plain.replace(fillers, " ").trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST).toWellFormed().trimEnd()}…` : line;
}

function textIn(html: string): string {
  return html
    .replace(unseen, " ")
    .replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w{1,10}));/gi, (whole, decimal, hexadecimal, name) => {
      if (name !== undefined) return entities[name] ?? whole;
      const code = decimal === undefined ? Number.parseInt(hexadecimal, 16) : Number(decimal);
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    });
}
