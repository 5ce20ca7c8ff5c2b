import { distance } from "fastest-levenshtein";

/** One word of a command, or several in quotes; a straight quote within straight ones is written twice. */
const WORD = /"((?:""|[^"])*)"|“([^”]*)”|\S+/g;
const QUOTED = /^"((?:""|[^"])*)"$/;

/**
 * The words of a typed line. What stands in quotes is one word and keeps them, as straight ones, so that a name is
 * told from a keyword: `readWord` takes them off.
 */
export function splitWords(line: string): string[] {
  return [...line.matchAll(WORD)].map(([word, , curly]) => (curly === undefined ? word : quoted(curly)));
}

/** A word without its quotes, and whether it had any. */
export function readWord(word: string): { readonly text: string; readonly isQuoted: boolean } {
  const inner = QUOTED.exec(word)?.[1];
  return inner === undefined
    ? { text: word, isQuoted: false }
    : { text: inner.replaceAll('""', '"'), isQuoted: true };
}

/** A text as one word of a line, in quotes where it needs them: `readWord` of `splitWords` gives it back. */
export function quoteWord(text: string): string {
  return /[\s"“”]/.test(text) || text === "" ? quoted(text) : text;
}

/** A text as one word in quotes, whatever it is. */
export function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

/** A text for comparing: lower case, without accents and other marks. */
export function foldText(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/\p{Mark}/gu, "")
    .replace(/[‘’ʼ]/g, "'")
    .toLowerCase()
    .trim();
}

/** Those of `candidates` that look most like `text`, best first; only ones that could be a slip of the hand. */
export function nearest(text: string, candidates: Iterable<string>, most = 3): string[] {
  const folded = foldText(text).slice(0, 100);
  const scored: { candidate: string; score: number }[] = [];
  for (const candidate of new Set(candidates)) {
    const other = foldText(candidate).slice(0, 100);
    const score = distance(folded, other);
    if (score <= Math.max(2, Math.floor(Math.min(folded.length, other.length) / 2))) {
      scored.push({ candidate, score });
    }
  }
  return scored
    .sort((a, b) => a.score - b.score)
    .slice(0, most)
    .map((entry) => entry.candidate);
}

/** `a, b or c`. */
export function orList(items: readonly string[]): string {
  return items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} or ${items.at(-1)}`;
}

/** A sentence's first letter made a capital. */
export function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

/** `1 person`, `2 people`, with thousands separators. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** A count with thousands separators. */
export function formatCount(count: number): string {
  return count.toLocaleString("en-US");
}
