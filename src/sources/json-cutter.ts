import { beginEntries, createAround, type Entries } from "./json-around.ts";
import * as json from "./json-bytes.ts";
import { createRecordBytes, notJson } from "./json-record.ts";
import type { CutRecord, Cutter } from "./source.ts";

/**
 * Cuts JSON into its records: objects one after another or one a line, in lists, and in pages (objects whose `data`,
 * `items`, `people`, `body`, `events` or `Resources` is a list of objects, or that have a map to objects: `data` from
 * `"Event1"`, `"Event2"`, …, `Users` from numbers), however they are nested and laid out. It finds where objects begin and
 * end and leaves what is inside to `JSON.parse`, so a list of any size is read with one record in memory.
 *
 * With `lineByLine` no record goes on over the end of a line, so a line that is broken in any way costs itself only.
 * Without, a broken record ends at the next that begins in the same column, if that is indented; else with the input.
 */
export function createJsonCutter({ lineByLine }: { lineByLine: boolean }): Cutter {
  const bytes = createRecordBytes();
  let state: "between" | "key" | "record" | "page end" | "junk" | "lost" = "between";
  let line = 1;
  /** Of the first byte in the line that is no space; only counted up to there. */
  let column = 0;
  let isLineStart = true;
  const around = createAround();
  /** How much of that was open already where the line began. */
  let openBefore = 0;
  let pageLine = 1;
  /** The last record, until it is clear that nothing follows it but what may. */
  let held: CutRecord | undefined;
  /** The last thing said was that something broke off, so the missing end of what is around needs no mention. */
  let isBreakTold = false;

  // Of the record, page end or junk being read:
  let startLine = 1;
  let startColumn = -1;
  const inside: json.Inside = { depth: 0, isInString: false, isEscaped: false };
  let mayBePage = false;
  /** The record's own fields are not indented, so the column of a brace says nothing. */
  let isFlat = false;

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
    json.enterBracket(inside);
    mayBePage = false;
    isFlat = false;
  };
  const giveUp = (out: CutRecord[], reason: string): void => {
    reject(out, startLine, bytes.isTooLong() ? `${lineByLine ? "line" : "record"} longer than 1 MB` : reason);
    bytes.clear();
    isBreakTold = true;
  };
  const mayBecomePage = (entries: Entries): boolean =>
    // Line by line, a page may begin where the one before it broke off.
    (!around.isInPage() || (lineByLine && startColumn >= 0)) && beginEntries(entries, bytes.tail());
  const becomePage = (entries: Entries, out: CutRecord[]): void => {
    if (around.isInPage()) {
      // Only line by line: the page before never ended.
      if (!isBreakTold) reject(out, pageLine, "the page breaks off");
      around.leavePage();
    }
    around.enterPage(entries);
    pageLine = startLine;
    isBreakTold = false;
    bytes.clear();
    enter("record");
  };

  const between = (byte: number, out: CutRecord[]): void => {
    const left = around.leaveEntries(byte);
    if (byte === json.openBrace) {
      release(out);
      enter("record");
    } else if (byte === json.openBracket && around.enterList()) {
      release(out);
      if (around.depth() === 1) isBreakTold = false;
    } else if (byte === json.comma) {
      release(out);
    } else if (byte === json.quote && around.isInMap()) {
      enter("key");
      inside.isInString = true;
    } else if (left !== undefined) {
      release(out);
      if (left === "of page") enter("page end");
    } else {
      // What follows a record on its line spoils that record, so that a broken line is counted once.
      const spoilt = held;
      held = undefined;
      reject(out, spoilt?.line ?? line, spoilt === undefined ? "not a JSON object" : notJson);
      enter("junk");
      inside.isInString = byte === json.quote;
    }
  };
  /** Line by line, junk is the rest of the line, unless it is an entry of a list in that line. */
  const endsJunk = (byte: number): boolean =>
    (!lineByLine || around.depth() > openBefore) &&
    (byte === json.comma || byte === json.closeBracket || byte === json.openBrace);
  const endLine = (out: CutRecord[]): void => {
    if (state === "between") release(out);
    else if (state === "junk") state = "between";
    else if (state === "page end") inside.isInString = false;
    else if (state === "key" && inside.isInString) {
      reject(out, startLine, notJson);
      state = "between";
    } else if (state === "record" && (inside.isInString || (lineByLine && !mayBePage))) {
      giveUp(out, notJson);
      state = lineByLine ? "between" : "lost";
    }
    line++;
    column = 0;
    isLineStart = true;
    openBefore = around.depth();
  };
  /** Whether a brace at the beginning of a line is the next record, whatever seems to be open. */
  const isNext = (): boolean =>
    lineByLine
      ? state === "page end"
      : (state === "record" || state === "lost") && startColumn > 0 && column === startColumn && !isFlat;

  return {
    feed(chunk, out) {
      let from = 0;
      for (let i = 0; i < chunk.length; i++) {
        const byte = chunk[i] ?? 0;
        if (byte === json.newline) {
          if (state === "record" && (lineByLine || inside.isInString)) {
            bytes.append(new Uint8Array(chunk.subarray(from, i)));
            from = i;
          }
          endLine(out);
          continue;
        }
        if (inside.isInString && state !== "between" && state !== "lost") {
          i = json.followString(inside, chunk, i);
          continue;
        }
        if (byte === 0x20 || byte === 0x09 || byte === 0x0d) {
          if (isLineStart) column++;
          continue;
        }
        if (state === "between" && json.isMarkByte(byte)) continue;
        if (isLineStart && byte === json.openBrace && isNext()) {
          if (state === "record") giveUp(out, notJson);
          else if (state === "page end") {
            reject(out, pageLine, "the page breaks off");
            around.leavePage();
          }
          state = "between";
        }
        if (state === "record") {
          if (isLineStart && byte === json.quote && column <= startColumn) isFlat = true;
          if (mayBePage && byte === json.openBrace) {
            becomePage("list", out);
            from = i;
          } else if (json.closes(inside, byte)) {
            bytes.append(chunk.subarray(from, i + 1));
            state = "between";
            if (bytes.isTooLong()) giveUp(out, notJson);
            else held = bytes.parse(startLine);
            isBreakTold = false;
            bytes.clear();
          } else if (byte === json.openBracket && inside.depth === 2) {
            bytes.append(new Uint8Array(chunk.subarray(from, i)));
            from = i;
            mayBePage = mayBecomePage("list");
          } else if (byte === json.openBrace && inside.depth === 3) {
            bytes.append(new Uint8Array(chunk.subarray(from, i)));
            from = i;
            if (mayBecomePage("map")) becomePage("map", out);
          } else {
            mayBePage = false;
            if (!inside.isInString) i = json.endOfPlain(chunk, i + 1) - 1;
          }
        } else if (state === "page end") {
          if (json.closes(inside, byte)) {
            around.leavePage();
            state = "between";
          }
        } else if (state !== "lost") {
          if (state === "key" && byte === json.colon) continue;
          if (state === "key" || (state === "junk" && endsJunk(byte))) state = "between";
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
    end(out, breakOff) {
      const told = out.length;
      if (state === "record") giveUp(out, breakOff ?? "the input ends in the middle of a record");
      else if (breakOff !== undefined) reject(out, line, breakOff);
      else if ((around.depth() > 0 || state === "page end") && !isBreakTold && state !== "lost") {
        reject(out, line, "the input ends in the middle of a list");
      } else release(out);
      for (let i = told; i < out.length; i++) {
        const record = out[i];
        if (record && "broken" in record) out[i] = { ...record, isCutOff: true };
      }
    },
  };
}
