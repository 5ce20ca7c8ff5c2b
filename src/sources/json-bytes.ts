// The bytes that JSON is made of.
export const quote = 0x22;
export const backslash = 0x5c;
export const comma = 0x2c;
export const colon = 0x3a;
export const newline = 0x0a;
export const openBrace = 0x7b;
export const closeBrace = 0x7d;
export const openBracket = 0x5b;
export const closeBracket = 0x5d;

const hasMeaning = new Uint8Array(256);
for (const byte of [quote, newline, openBrace, closeBrace, openBracket, closeBracket]) hasMeaning[byte] = 1;

/** How deep inside of brackets and strings a reader is. */
export interface Inside {
  depth: number;
  isInString: boolean;
  isEscaped: boolean;
}

/** Behind an opening bracket. */
export function enterBracket(inside: Inside): void {
  inside.depth = 1;
  inside.isInString = false;
  inside.isEscaped = false;
}

/** Follows a byte outside of strings; true at the bracket that closes what was entered. */
export function closes(inside: Inside, byte: number): boolean {
  if (byte === quote) inside.isInString = true;
  else if (byte === openBrace || byte === openBracket) inside.depth++;
  else if (byte === closeBrace || byte === closeBracket) inside.depth--;
  return inside.depth === 0;
}

/** Follows the byte at `from` in a string and as many as mean nothing; gives the place of the last. */
export function followString(inside: Inside, chunk: Uint8Array, from: number): number {
  const byte = chunk[from];
  if (inside.isEscaped) inside.isEscaped = false;
  else if (byte === backslash) inside.isEscaped = true;
  else if (byte === quote) inside.isInString = false;
  else return endOfText(chunk, from + 1) - 1;
  return from;
}

function endOfText(chunk: Uint8Array, from: number): number {
  let at = from;
  while (at < chunk.length) {
    const byte = chunk[at];
    if (byte === quote || byte === backslash || byte === newline) break;
    at++;
  }
  return at;
}

/** Where the next byte is that means something outside of strings. */
export function endOfPlain(chunk: Uint8Array, from: number): number {
  let at = from;
  while (at < chunk.length && hasMeaning[chunk[at] ?? 0] === 0) at++;
  return at;
}

/** A part of the byte order mark of UTF-8, which stands in the middle where files were put together. */
export function isMarkByte(byte: number): boolean {
  return byte === 0xef || byte === 0xbb || byte === 0xbf;
}
