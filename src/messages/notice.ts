import type { KnownBlock, RichTextBlock } from "@slack/types";
import { clip, contextBlock, escapeText, limits, sectionBlock } from "./limits.ts";
import type { SlackMessage } from "./message.ts";

const GAP = /\s{2,}/;

/** A text of several paragraphs; lines of two columns, as in a help, become the words and what they do. */
export function buildText(text: string): SlackMessage {
  const shown = clip(text.toWellFormed(), limits.text);
  const paragraphs = shown.split(/\n{2,}/).filter((paragraph) => paragraph.trim() !== "");
  const blocks = paragraphs.map((paragraph): KnownBlock => {
    const lines = paragraph.split("\n");
    return lines.some((line) => GAP.test(line.trim())) ? listBlock(lines) : sectionBlock(paragraph);
  });
  return { text: escapeText(shown), blocks: blocks.slice(0, 40) };
}

/** Words stand in code, with what they do behind them or, indented, on the next line. */
function listBlock(lines: readonly string[]): RichTextBlock {
  const isContinued = (line = ""): boolean => /^\s{2}/.test(line) && !GAP.test(line.trim());
  const elements = lines.flatMap((line, i) => {
    const [words = "", ...rest] = line.trim().split(GAP);
    const isCode = rest.length > 0 || (!isContinued(line) && isContinued(lines[i + 1]));
    return [
      { type: "text" as const, text: words || " ", ...(isCode ? { style: { code: true } } : {}) },
      { type: "text" as const, text: `  ${rest.join(" ")}\n` },
    ];
  });
  return { type: "rich_text", elements: [{ type: "rich_text_section", elements }] };
}

/** What went wrong, in words that a person may read and that say what would be right. */
export function buildErrorMessage(userMessage: string): SlackMessage {
  const message = userMessage.trim() || "Something went wrong.";
  const sentence = clip(`${message.charAt(0).toUpperCase()}${message.slice(1)}`, limits.section);
  const hint = "/usage help shows what can be typed.";
  return {
    text: `${escapeText(clip(sentence, limits.text - 100))}\n${hint}`,
    blocks: [sectionBlock(sentence), contextBlock(hint, 100)],
  };
}
