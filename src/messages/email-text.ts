import stringWidth from "fast-string-width";
import type { EmailDocument } from "./email-template.ts";

const WIDTH = 76;

/** The document as plain text of lines of at most 76 columns, but for words that are longer, such as links. */
export function renderEmailText(document: EmailDocument): string {
  const { table, quiet, unsubscribe } = document;
  const parts: readonly (readonly string[])[] = [
    [document.title, document.facts.join(" · "), document.period],
    document.warnings.map((text) => `Warning: ${text}`),
    [document.headline],
    [...document.figures.map(({ sentence }) => sentence), document.people],
    ...document.charts.map(({ title, summary }) => [title, summary]),
    table ? [`${table.range}${table.sentences.length > 0 ? ":" : ""}`, ...listed(table.sentences)] : [],
    quiet.headline === "" ? [] : [`Went quiet: ${quiet.headline}`, ...quiet.lines],
    document.files.length === 0 ? [] : ["Files:", ...document.files.flatMap(fileLines)],
    document.notes.length === 0 ? [] : ["Notes:", ...listed(document.notes)],
    // A line of its own that mail programs know as the beginning of what is not the message itself.
    ["-- ", document.reason, ...(unsubscribe === undefined ? [] : [`Unsubscribe: ${unsubscribe}`])],
  ];
  const texts = parts.map((lines) =>
    lines
      .filter((line) => line !== "")
      .map(wrapLine)
      .join("\n"),
  );
  return `${texts.filter((text) => text !== "").join("\n\n")}\n`;
}

const listed = (texts: readonly string[]): string[] => texts.map((text) => `- ${text}`);

function fileLines({ name, facts, sha256, link }: EmailDocument["files"][number]): string[] {
  return [`- ${name} (${facts})`, `  SHA-256 ${sha256}`, ...(link === undefined ? [] : [`  ${link}`])];
}

/** What follows the first line of an item stands under its text. */
function wrapLine(line: string): string {
  const [mark = ""] = /^(?:[-○] | +)/.exec(line) ?? [];
  const lines: string[] = [];
  let start = mark;
  let words: string[] = [];
  for (const word of line.slice(mark.length).split(" ")) {
    if (words.length > 0 && stringWidth(`${start}${words.join(" ")} ${word}`) > WIDTH) {
      lines.push(start + words.join(" "));
      start = " ".repeat(mark.length);
      words = [];
    }
    words.push(word);
  }
  return [...lines, start + words.join(" ")].join("\n");
}
