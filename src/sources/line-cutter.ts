import { isUtf8 } from "node:buffer";
import type { CutRecord, Cutter } from "./source.ts";
import { maxRecordBytes } from "./source.ts";
import { parseSyslog } from "./syslog.ts";

const newline = 0x0a;
const carriageReturn = 0x0d;
const space = 0x20;
const openAngle = 0x3c;
const zero = 0x30;
/** How much behind a counted frame tells whether its count was right: another count, a blank and a bracket. */
const lookahead = 9;

/**
 * Cuts text into its lines, each read by {@link parseSyslog}. A line may be a counted frame (RFC 6587: `123 <110>1 …`),
 * as a file has that was written from a TCP stream: these may hold line breaks and follow each other without one. A
 * count that leads to no end of a record is overlooked, and the line is read as such.
 *
 * Whether the last line is whole if no line break ends it, nobody can tell: it is read, and should it be of no use, it
 * counts as broken off.
 */
export function createLineCutter(): Cutter {
  /** What has come and is not cut yet, copied. */
  let parts: Uint8Array[] = [];
  let held = 0;
  /** So many bytes are needed before anything can be said of what is held; 0: a line break. */
  let needed = 0;
  let line = 1;
  let isSkippingLine = false;

  const hold = (bytes: Uint8Array): void => {
    parts = bytes.length > 0 ? [new Uint8Array(bytes)] : [];
    held = bytes.length;
  };

  const cut = (bytes: Buffer, isAll: boolean, out: CutRecord[]): void => {
    let at = 0;
    needed = 0;
    while (at < bytes.length) {
      const frame = frameAt(bytes, at);
      if (frame !== undefined) {
        if (!isAll && bytes.length < frame.end + lookahead) {
          needed = frame.end + lookahead - at;
          hold(bytes.subarray(at));
          return;
        }
        if (isFrame(bytes, frame)) {
          const content = bytes.subarray(frame.start, frame.end);
          if (frame.end > bytes.length) {
            out.push({ line, broken: "the input ends in the middle of a record", isCutOff: true });
          } else take(content, line, true, out);
          line += countLines(content);
          at = frame.end;
          if (bytes[at] === carriageReturn) at++;
          if (bytes[at] === newline) {
            at++;
            line++;
          }
          continue;
        }
      }
      const end = bytes.indexOf(newline, at);
      const length = (end < 0 ? bytes.length : end) - at;
      if (length > maxRecordBytes) {
        out.push({ line, broken: "line longer than 1 MB" });
        isSkippingLine = end < 0;
      } else if (end < 0 && !isAll) {
        hold(bytes.subarray(at));
        return;
      } else take(bytes.subarray(at, at + length), line, end >= 0, out);
      line++;
      at += length + 1;
    }
    hold(bytes.subarray(bytes.length));
  };

  return {
    feed(chunk, out) {
      let bytes = chunk;
      if (isSkippingLine) {
        const end = bytes.indexOf(newline);
        if (end < 0) return;
        isSkippingLine = false;
        bytes = bytes.subarray(end + 1);
      }
      const isEnough =
        needed > 0
          ? held + bytes.length >= needed
          : bytes.includes(newline) || held + bytes.length > maxRecordBytes;
      if (isEnough) cut(Buffer.concat([...parts, bytes]), false, out);
      else {
        // A copy, as the chunk's owner may fill it again.
        parts.push(new Uint8Array(bytes));
        held += bytes.length;
      }
    },
    end(out, breakOff) {
      // The last line may be half of one.
      if (breakOff !== undefined) out.push({ line, broken: breakOff, isCutOff: true });
      else if (!isSkippingLine) cut(Buffer.concat(parts), true, out);
    },
  };
}

interface Frame {
  readonly start: number;
  readonly end: number;
}

/** The frame whose count stands at `at`, if one does; its end may lie beyond what is there. */
function frameAt(bytes: Uint8Array, at: number): Frame | undefined {
  let length = 0;
  let place = at;
  for (; place < at + 7; place++) {
    const digit = (bytes[place] ?? 0) - zero;
    if (digit < 0 || digit > 9 || (digit === 0 && place === at)) break;
    length = length * 10 + digit;
  }
  if (place === at || bytes[place] !== space || bytes[place + 1] !== openAngle || length > maxRecordBytes) {
    return undefined;
  }
  return { start: place + 1, end: place + 1 + length };
}

/** Whether a record ends where the frame does. */
function isFrame(bytes: Uint8Array, { start, end }: Frame): boolean {
  if (end > bytes.length) {
    const lineEnd = bytes.indexOf(newline, start);
    return lineEnd < 0 || lineEnd === bytes.length - 1;
  }
  if (end === bytes.length || bytes[end] === newline) return true;
  if (bytes[end] === carriageReturn && bytes[end + 1] === newline) return true;
  return frameAt(bytes, end) !== undefined;
}

function take(bytes: Buffer, line: number, isEnded: boolean, out: CutRecord[]): void {
  let end = bytes.length;
  while (end > 0 && (bytes[end - 1] === carriageReturn || bytes[end - 1] === newline)) end--;
  const content = bytes.subarray(0, end);
  if (!isUtf8(content)) {
    out.push({ line, broken: "not valid UTF-8" });
    return;
  }
  const text = content.toString("utf8");
  if (text.trim() === "") return;
  out.push({ line, fields: parseSyslog(text), size: end, ...(!isEnded && { isUnended: true }) });
}

function countLines(bytes: Uint8Array): number {
  let lines = 0;
  for (let at = bytes.indexOf(newline); at >= 0; at = bytes.indexOf(newline, at + 1)) lines++;
  return lines;
}
