import { distance } from "fastest-levenshtein";

/** One word of a command, or several in quotes, and where it began. */
const WORD = /"([^"]*)"|“([^”]*)”|(\S+)/g;

/** The words of a typed line; what stands in quotes is one word. */
export function splitWords(line: string): string[] {
  return [...line.matchAll(WORD)].map((match) => match[1] ?? match[2] ?? match[3] ?? "");
}

/** A word as `splitWords` will read it back. */
export function quoteWord(word: string): string {
  return /[\s“”]/.test(word) || word === "" ? `"${word.replaceAll('"', "")}"` : word;
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

/** `1 person`, `2 people`, with thousands separators. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** A count with thousands separators. */
export function formatCount(count: number): string {
  return count.toLocaleString("en-US");
}
