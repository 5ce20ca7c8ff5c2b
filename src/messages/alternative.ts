import { rangeLabel } from "../domain/period.ts";
import type { Report } from "../domain/report.ts";
import { formatCount } from "../domain/words.ts";
import { figureSentences } from "./figures.ts";
import type { Grid } from "./grid.ts";
import { clip, escapeText, limits } from "./limits.ts";
import { rangeText, rowSentence } from "./table.ts";
import { warningTexts } from "./warnings.ts";

const LONGEST_LINE = 500;
/** Kept free for the line that says how many rows there are, and for what follows the rows. */
const TAIL = 600;

/**
 * All that a message says, as text: what a screen reader reads and a notification shows. Slack reads it as formatted
 * text, so it is escaped.
 */
export function alternativeText(
  report: Report,
  parts: {
    readonly title: string;
    readonly facts: string;
    readonly grid: Grid | undefined;
    readonly foot: string;
  },
): string {
  const { label, timeZone } = report.period;
  const lines = [
    `${parts.title}, ${label} (${rangeLabel(report.period)}, ${timeZone})`,
    parts.facts,
    ...warningTexts(report).map((text) => `Warning: ${text}`),
    report.headline,
    peopleSentence(report),
    ...figureSentences(report),
    ...report.charts.map((chart) => chart.summary),
  ].flatMap((line) => (line === "" ? [] : [escapedLine(line)]));
  const { grid } = parts;
  if (grid) {
    const sentences: string[] = [];
    let length = lines.join("\n").length;
    for (let row = 0; row < grid.rows; row++) {
      const sentence = escapedLine(rowSentence(grid, row));
      length += sentence.length + 1;
      if (length > limits.text - TAIL) break;
      sentences.push(sentence);
    }
    lines.push(
      escapedLine(`${rangeText(grid, sentences.length)}${sentences.length > 0 ? ":" : ""}`),
      ...sentences,
    );
  }
  if (parts.foot !== "") lines.push(escapedLine(parts.foot));
  return fitted(lines);
}

/** Whole lines only, so that no escaped character is cut apart. */
function fitted(lines: readonly string[]): string {
  let text = "";
  for (const line of lines) {
    if (text.length + line.length + 1 > limits.text) return text;
    text += text === "" ? line : `\n${line}`;
  }
  return text;
}

function escapedLine(line: string): string {
  return escapeText(clip(line.replace(/\s+/g, " "), LONGEST_LINE));
}

/** `People: 28 active, 7 passive, 6 inactive`; empty for a report about one person. */
export function peopleSentence({ people }: Pick<Report, "people">): string {
  if (people === null) return "";
  const { active, passive, inactive } = people;
  return `People: ${formatCount(active)} active, ${formatCount(passive)} passive, ${formatCount(inactive)} inactive`;
}
