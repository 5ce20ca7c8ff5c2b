import { styleText } from "node:util";
import stringWidth from "fast-string-width";

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json => typeof value === "object" && value !== null;
const list = (value: unknown): readonly Json[] => (Array.isArray(value) ? value.filter(isObject) : []);

/** The text of a text object or table cell, with Slack's bold and escapes made plain. */
function textOf(value: unknown): string {
  if (!isObject(value)) return "";
  const text = String(value.text ?? "");
  if (value.type !== "mrkdwn") return text;
  return text
    .replace(/\*([^*\n]+)\*/g, (_, bold) => styleText("bold", bold))
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
}

/** How each kind of block is told in a terminal; `pathOf` gives where a picture was saved. */
const tellers: Readonly<
  Record<string, (block: Json, pathOf: (file: string) => string) => readonly string[]>
> = {
  header: (block) => [styleText("bold", textOf(block.text))],
  context: (block) => [styleText("dim", list(block.elements).map(textOf).join(" "))],
  section: (block) => [
    ...(block.text ? [textOf(block.text)] : []),
    ...list(block.fields).map((field) => textOf(field).replace("\n", "   ")),
  ],
  image: (block, pathOf) => {
    const file = isObject(block.slack_file) ? String(block.slack_file.id) : "";
    return [`${styleText("cyan", pathOf(file))}  ${styleText("dim", String(block.alt_text))}`];
  },
  table: (block) => table(Array.isArray(block.rows) ? block.rows.map(list) : [], list(block.column_settings)),
  divider: () => ["─".repeat(40)],
};

function table(rows: readonly (readonly Json[])[], settings: readonly Json[]): string[] {
  const texts = rows.map((cells) => cells.map(textOf));
  const widths = (texts[0] ?? []).map((_, i) =>
    Math.max(...texts.map((cells) => stringWidth(cells[i] ?? ""))),
  );
  return texts.map((cells, row) => {
    const line = cells
      .map((text, i) => {
        const space = " ".repeat((widths[i] ?? 0) - stringWidth(text));
        return settings[i]?.align === "right" ? space + text : text + space;
      })
      .join("  ");
    return row === 0 ? styleText("dim", line.trimEnd()) : line.trimEnd();
  });
}

/** A Slack message as lines for a terminal. */
export function showMessage(
  message: { text: string; blocks: readonly Json[] },
  pathOf: (file: string) => string,
): string {
  if (message.blocks.length === 0) return message.text;
  return message.blocks
    .map((block) => (tellers[String(block.type)]?.(block, pathOf) ?? []).join("\n"))
    .filter((text) => text !== "")
    .join("\n\n");
}
