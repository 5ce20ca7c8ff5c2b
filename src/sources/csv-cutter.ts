import type { CutRecord, Cutter } from "./source.ts";
import { maxRecordBytes } from "./source.ts";

/** A row of cells and where it ends; or that it is no row; or that more text is needed to tell. */
type Row = { readonly cells: readonly string[]; readonly end: number } | "broken" | "unfinished";

/**
 * Reads the row of CSV (RFC 4180) at `start`. `end` is behind its line break. Unless `isAll`, the text may go on.
 */
export function readRow(text: string, start: number, delimiter: string, isAll: boolean): Row {
  const cells: string[] = [];
  let at = start;
  for (;;) {
    let cell = "";
    if (text[at] === '"') {
      let close = text.indexOf('"', at + 1);
      while (close >= 0 && text[close + 1] === '"') close = text.indexOf('"', close + 2);
      if (close < 0) return isAll ? "broken" : "unfinished";
      if (close + 1 >= text.length && !isAll) return "unfinished";
      cell = text.slice(at + 1, close).replaceAll('""', '"');
      at = close + 1;
    } else {
      const from = at;
      while (at < text.length && text[at] !== delimiter && text[at] !== "\n") at++;
      if (at >= text.length && !isAll) return "unfinished";
      cell = text.slice(from, text[at - 1] === "\r" && text[at] !== delimiter ? at - 1 : at);
      if (cell.length < at - from) at--;
    }
    cells.push(cell);
    if (text[at] === delimiter) {
      at++;
      continue;
    }
    if (text[at] === "\r") {
      if (at + 1 >= text.length && !isAll) return "unfinished";
      at++;
    }
    if (at >= text.length) return { cells, end: at };
    return text[at] === "\n" ? { cells, end: at + 1 } : "broken";
  }
}

/**
 * Cuts CSV into its rows, under the names of the first one that is not empty. A cell in quotes may hold line breaks.
 * (Not csv-parse: a quote that never closes costs there the rest of the file, and lines are miscounted after CRLF in
 * quotes.) After a broken row, reading goes on with the next line.
 */
export function createCsvCutter({ delimiter }: { delimiter: string }): Cutter {
  // Broken bytes become U+FFFD, which is looked for in the end.
  const decoder = new TextDecoder();
  let text = "";
  let line = 1;
  let columns: readonly string[] | undefined;
  let isSkippingLine = false;

  const take = (cells: readonly string[], at: number, size: number, out: CutRecord[]): void => {
    if (cells.length === 1 && cells[0]?.trim() === "") return;
    if (columns === undefined) {
      columns = cells.map((cell) => cell.trim());
      return;
    }
    if (cells.length !== columns.length) {
      out.push({ line: at, broken: `${cells.length} columns instead of ${columns.length}` });
      return;
    }
    const fields: Record<string, string> = {};
    for (const [index, column] of columns.entries()) fields[column] = cells[index] ?? "";
    const isDamaged = cells.some((cell) => cell.includes("\uFFFD"));
    out.push(isDamaged ? { line: at, broken: "not valid UTF-8" } : { line: at, fields, size });
  };

  const read = (out: CutRecord[], isAll: boolean): void => {
    let at = 0;
    while (at < text.length) {
      const lineEnd = text.indexOf("\n", at);
      if (isSkippingLine) {
        if (lineEnd < 0) break;
        isSkippingLine = false;
        line++;
        at = lineEnd + 1;
        continue;
      }
      const row = readRow(text, at, delimiter, isAll);
      const size = (typeof row === "string" ? text.length : row.end) - at;
      if (row === "unfinished" && size <= maxRecordBytes) {
        text = text.slice(at);
        return;
      }
      if (typeof row === "string" || size > maxRecordBytes) {
        out.push({
          line,
          broken: row === "broken" ? "not valid CSV: a stray quote" : "row longer than 1 MB",
        });
        isSkippingLine = true;
        continue;
      }
      take(row.cells, line, size, out);
      line += countLines(text, at, row.end);
      at = row.end;
    }
    text = "";
  };

  return {
    feed(chunk, out) {
      text += decoder.decode(chunk, { stream: true });
      read(out, false);
    },
    end(out, breakOff) {
      text += decoder.decode();
      // The last row may be half of one.
      if (breakOff === undefined) read(out, true);
      else out.push({ line, broken: breakOff, isCutOff: true });
    },
  };
}

function countLines(text: string, from: number, to: number): number {
  let lines = 0;
  for (let at = text.indexOf("\n", from); at >= 0 && at < to; at = text.indexOf("\n", at + 1)) lines++;
  return lines;
}
