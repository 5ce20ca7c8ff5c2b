import { createRecordBytes, notJson } from "./json-record.ts";
import type { CutRecord, Cutter } from "./source.ts";

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const newline = 0x0a;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;

/** How the list of a page's entries begins. */
const listStart = /[{,]\s*"(?:data|items)"\s*:\s*$/;
/** Lists of lists deeper than this are no export. */
const maxAround = 16;

/**
 * Cuts JSON into its records: objects one after another or one a line, in lists, and in pages (objects whose `data`
 * or `items` is a list of objects), however they are nested and laid out. It finds where objects begin and end and
 * leaves what is inside to `JSON.parse`, so a list of any size is read with one record in memory.
 *
 * With `lineByLine` no record goes on over the end of a line, so a line that is broken in any way costs itself only.
 * Without, a broken record ends at the next that begins in the same column, if that is indented; else with the input.
 */
export function createJsonCutter({ lineByLine }: { lineByLine: boolean }): Cutter {
  const bytes = createRecordBytes();
  let state: "between" | "record" | "page end" | "junk" | "lost" = "between";
  let line = 1;
  /** Of the first byte in the line that is no space; only counted up to there. */
  let column = 0;
  let isLineStart = true;
  /** What is open around the records, outermost first. */
  let around: ("list" | "page")[] = [];
  let pageLine = 1;
  /** The last record, until it is clear that nothing follows it but what may. */
  let held: CutRecord | undefined;
  /** The last thing said was that something broke off, so the missing end of what is around needs no mention. */
  let isBreakTold = false;

  // Of the record, page end or junk being read:
  let startLine = 1;
  let startColumn = -1;
  let depth = 0;
  let isInString = false;
  let isEscaped = false;
  let mayBePage = false;

  const release = (out: CutRecord[]): void => {
    if (held !== undefined) out.push(held);
    held = undefined;
  };
  const reject = (out: CutRecord[], at: number, broken: string): void => {
    release(out);
    out.push({ line: at, broken });
  };
  const enter = (next: typeof state): void => {
    state = next;
    startLine = line;
    startColumn = isLineStart ? column : -1;
    depth = 1;
    isInString = false;
    isEscaped = false;
    mayBePage = false;
  };
  const giveUp = (out: CutRecord[], reason: string): void => {
    reject(out, startLine, bytes.isTooLong() ? `${lineByLine ? "line" : "record"} longer than 1 MB` : reason);
    bytes.clear();
    isBreakTold = true;
  };
  const mayBecomePage = (): boolean =>
    // Line by line, a page may begin where the one before it broke off.
    (!around.includes("page") || (lineByLine && startColumn >= 0)) && listStart.test(bytes.tail());
  const becomePage = (out: CutRecord[]): void => {
    if (around.includes("page")) {
      // Only line by line: the page before never ended.
      if (!isBreakTold) reject(out, pageLine, "the page breaks off");
      around = [];
    }
    around.push("page", "list");
    pageLine = startLine;
    isBreakTold = false;
    bytes.clear();
    enter("record");
  };

  const between = (byte: number, out: CutRecord[]): void => {
    if (byte === openBrace) {
      release(out);
      enter("record");
    } else if (byte === openBracket && around.length < maxAround) {
      release(out);
      if (around.length === 0) isBreakTold = false;
      around.push("list");
    } else if (byte === comma) {
      release(out);
    } else if (byte === closeBracket && around.at(-1) === "list") {
      release(out);
      around.pop();
      if (around.at(-1) === "page") enter("page end");
    } else {
      // What follows a record on its line spoils that record, so that a broken line is counted once.
      const spoilt = held;
      held = undefined;
      reject(out, spoilt?.line ?? line, spoilt === undefined ? "not a JSON object" : notJson);
      enter("junk");
      isInString = byte === quote;
    }
  };
  /** Follows strings and brackets; true at the bracket that closes what was entered. */
  const closes = (byte: number): boolean => {
    if (byte === quote) {
      isInString = true;
    } else if (byte === openBrace || byte === openBracket) {
      depth++;
    } else if (byte === closeBrace || byte === closeBracket) {
      depth--;
    }
    return depth === 0;
  };
  const endLine = (out: CutRecord[]): void => {
    if (state === "between") release(out);
    else if (state === "junk") state = "between";
    else if (state === "page end") isInString = false;
    else if (state === "record" && (isInString || (lineByLine && !mayBePage))) {
      giveUp(out, notJson);
      state = lineByLine ? "between" : "lost";
    }
    line++;
    column = 0;
    isLineStart = true;
  };
  /** Whether a brace at the beginning of a line is the next record, whatever seems to be open. */
  const isNext = (): boolean =>
    lineByLine
      ? state === "page end"
      : (state === "record" || state === "lost") && startColumn > 0 && column === startColumn && !mayBePage;

  return {
    feed(chunk, out) {
      let from = 0;
      for (let i = 0; i < chunk.length; i++) {
        const byte = chunk[i] ?? 0;
        if (byte === newline) {
          if (state === "record" && (lineByLine || isInString)) {
            bytes.append(chunk.subarray(from, i));
            from = i;
          }
          endLine(out);
          continue;
        }
        if (isInString && state !== "between" && state !== "lost") {
          if (isEscaped) isEscaped = false;
          else if (byte === backslash) isEscaped = true;
          else if (byte === quote) isInString = false;
          else i = endOfText(chunk, i + 1) - 1;
          continue;
        }
        if (byte === 0x20 || byte === 0x09 || byte === 0x0d) {
          if (isLineStart) column++;
          continue;
        }
        if (isLineStart && byte === openBrace && isNext()) {
          if (state === "page end") reject(out, pageLine, "the page breaks off");
          else if (state === "record") giveUp(out, notJson);
          if (state === "page end") around = [];
          state = "between";
        }
        if (state === "record") {
          if (mayBePage && byte === openBrace) {
            becomePage(out);
            from = i;
          } else if (closes(byte)) {
            bytes.append(chunk.subarray(from, i + 1));
            state = "between";
            if (bytes.isTooLong()) giveUp(out, notJson);
            else held = bytes.parse(startLine);
            isBreakTold = false;
            bytes.clear();
          } else if (byte === openBracket && depth === 2) {
            bytes.append(new Uint8Array(chunk.subarray(from, i)));
            from = i;
            mayBePage = mayBecomePage();
          } else {
            mayBePage = false;
            i = endOfPlain(chunk, i + 1) - 1;
          }
        } else if (state === "page end") {
          if (closes(byte)) {
            around.pop();
            state = "between";
          }
        } else if (state !== "lost") {
          const endsJunk = !lineByLine && (byte === comma || byte === closeBracket || byte === openBrace);
          if (state === "junk" && endsJunk) state = "between";
          if (state === "between") {
            between(byte, out);
            from = i;
          }
        }
        isLineStart = false;
      }
      // A copy, as the chunk's owner may fill it again.
      if (state === "record") bytes.append(new Uint8Array(chunk.subarray(from)));
    },
    end(out) {
      if (state === "record") giveUp(out, "the input ends in the middle of a record");
      else if ((around.length > 0 || state === "page end") && !isBreakTold && state !== "lost") {
        reject(out, line, "the input ends in the middle of a list");
      } else release(out);
    },
  };
}

/** Where the next byte is that means something in a string: its end, an escape, or a line's end. */
function endOfText(chunk: Uint8Array, from: number): number {
  let at = from;
  while (at < chunk.length) {
    const byte = chunk[at];
    if (byte === quote || byte === backslash || byte === newline) break;
    at++;
  }
  return at;
}

const hasMeaning = new Uint8Array(256);
for (const byte of [quote, newline, openBrace, closeBrace, openBracket, closeBracket]) hasMeaning[byte] = 1;

/** Where the next byte is that means something outside of strings. */
function endOfPlain(chunk: Uint8Array, from: number): number {
  let at = from;
  while (at < chunk.length && hasMeaning[chunk[at] ?? 0] === 0) at++;
  return at;
}
