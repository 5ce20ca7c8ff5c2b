import type {
  ContextBlock,
  HeaderBlock,
  ImageBlock,
  PlainTextElement,
  RichTextBlock,
  SectionBlock,
} from "@slack/types";
import { oneLine } from "../domain/format.ts";

/**
 * Slack's limits, in characters unless said otherwise; where Slack's pages differ, the stricter one. `allText` is what
 * all blocks but the table hold together, which Slack limits without saying so (bolt-js 2509).
 */
export const limits = {
  text: 3_500,
  allText: 10_000,
  header: 150,
  section: 3_000,
  field: 2_000,
  fields: 10,
  contextElements: 10,
  altText: 2_000,
  run: 3_000,
  tableText: 10_000,
  tableRows: 100,
  tableColumns: 20,
  blockId: 255,
  controls: 25,
  options: 100,
  overflow: 5,
  /** An option's text and its value, and a button's text. */
  option: 75,
  buttonValue: 2_000,
  modalTitle: 24,
  metadata: 3_000,
  viewBlocks: 100,
} as const;

/** What stands where there is nothing, since Slack refuses empty texts and cells. */
export const NOTHING = "–";

const segments = new Intl.Segmenter();
const RIGHT_TO_LEFT =
  /[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u;

/** A text's length as Slack keeps it: `&`, `<` and `>` are longer there. */
export function sentLength(text: string): number {
  let length = text.length;
  for (const character of text) {
    if (character === "&") length += 4;
    else if (character === "<" || character === ">") length += 3;
  }
  return length;
}

/** The text, or its beginning and `…`, never longer than `most`; what looks like one character is not cut apart. */
export function clip(text: string, most: number): string {
  if (sentLength(text) <= most) return text;
  let length = 1;
  for (const { segment, index } of segments.segment(text.slice(0, most))) {
    length += sentLength(segment);
    if (length > most) return `${text.slice(0, index)}…`;
  }
  return `${text.slice(0, most - 1)}…`;
}

/**
 * A text from outside, such as a name, to stand among others: on one line, never empty, at most `most` long, and set
 * apart where its direction could reorder its neighbours.
 */
export function fromOutside(text: string, most: number): string {
  const line = oneLine(text.toWellFormed());
  if (!VISIBLE.test(line)) return NOTHING;
  return RIGHT_TO_LEFT.test(line) ? `\u2068${clip(line, most - 2)}\u2069` : clip(line, most);
}

/** Shown as it is: no formatting, no mentions, no emoji codes. */
export function plainText(text: string, most: number): PlainTextElement {
  const whole = text.toWellFormed();
  return { type: "plain_text", text: VISIBLE.test(whole) ? clip(whole, most) : NOTHING, emoji: false };
}

export function headerBlock(text: string): HeaderBlock {
  return { type: "header", text: plainText(text, limits.header) };
}

export function sectionBlock(text: string, most: number = limits.section): SectionBlock {
  return { type: "section", text: plainText(text, most) };
}

/** Texts in two columns; `formatted` is mrkdwn, so nothing from outside may be in it. */
export function fieldBlocks(formatted: readonly string[], most: number): SectionBlock[] {
  const blocks: SectionBlock[] = [];
  for (let i = 0; i < formatted.length; i += limits.fields) {
    const fields = formatted
      .slice(i, i + limits.fields)
      .map((text) => ({ type: "mrkdwn" as const, text: clip(text, most) }));
    blocks.push({ type: "section", fields });
  }
  return blocks;
}

/** A small grey line. */
export function contextBlock(text: string, most: number): ContextBlock {
  return { type: "context", elements: [plainText(text, most)] };
}

/** A small grey line in Slack's formatted text, such as a mention; nothing from outside may be in it. */
export function remarkBlock(formatted: string): ContextBlock {
  return { type: "context", elements: [{ type: "mrkdwn", text: formatted }] };
}

/** A picture that was uploaded; `fileId` has to be ready, or Slack refuses the message. */
export function imageBlock(fileId: string, altText: string): ImageBlock {
  const { text } = plainText(oneLine(altText), limits.altText);
  return { type: "image", slack_file: { id: fileId }, alt_text: text };
}

/** Lines in a fixed-width font. */
export function preformattedBlock(lines: readonly string[]): RichTextBlock {
  const elements = lines.map((line, i) => ({
    type: "text" as const,
    text: `${clip(line.toWellFormed(), limits.run - 1) || " "}${i < lines.length - 1 ? "\n" : ""}`,
  }));
  return { type: "rich_text", elements: [{ type: "rich_text_preformatted", elements }] };
}

/** For Slack's formatted text: nothing in it is read as a mention or a link. */
export function escapeText(text: string): string {
  return (
    text
      .toWellFormed()
      .replaceAll("&", "&amp;")
      .replaceAll("<", "&lt;")
      .replaceAll(">", "&gt;")
      // Apps may be set to find mentions in bare words, too.
      .replace(/@(?=channel|here|everyone)/gi, "@\u2060")
  );
}
