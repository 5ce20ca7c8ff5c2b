import { isUtf8 } from "node:buffer";
import type { CutRecord, Fields } from "./source.ts";
import { maxRecordBytes } from "./source.ts";

/** What is said of bytes that are no record; the parser's own words would repeat a part of them. */
export const notJson = "not valid JSON";

const tailBytes = 64;

/** Gathers the bytes of one record over the chunks that it spans; of one that is too long it only keeps the length. */
export interface RecordBytes {
  clear(): void;
  /** Takes further bytes, without a copy. */
  append(bytes: Uint8Array): void;
  isTooLong(): boolean;
  /** The last bytes so far, or nothing of a record that is too long. */
  tail(): string;
  /** The record that began in `line`, or why it is none. */
  parse(line: number): CutRecord;
}

export function createRecordBytes(): RecordBytes {
  let parts: Uint8Array[] = [];
  let size = 0;
  return {
    clear() {
      parts = [];
      size = 0;
    },
    append(bytes) {
      size += bytes.length;
      if (size > maxRecordBytes) parts = [];
      else if (bytes.length > 0) parts.push(bytes);
    },
    isTooLong: () => size > maxRecordBytes,
    tail() {
      let text = "";
      for (let at = parts.length - 1; at >= 0 && text.length < tailBytes; at--) {
        text = Buffer.from(parts[at]?.subarray(-tailBytes) ?? []).toString("latin1") + text;
      }
      return text;
    },
    parse(line) {
      const bytes = parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
      if (!isUtf8(bytes)) return { line, broken: "not valid UTF-8" };
      try {
        const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
        // It begins with a brace, so it is an object.
        return { line, fields: JSON.parse(text) as Fields, size };
      } catch {
        return { line, broken: notJson };
      }
    },
  };
}
