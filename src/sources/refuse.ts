import { SourceError } from "../errors.ts";

/** First bytes of what people hand in by mistake, and what to do about it. */
const magics: readonly (readonly [bytes: string, what: string])[] = [
  // Of these one layer has been unpacked already.
  ["\x1f\x8b", "it is packed twice, with gzip inside, unpack it first"],
  ["PK\x03\x04", "it is a zip archive or a workbook inside of another, unpack it first or save it as CSV"],
  ["BZh", "it is compressed with bzip2, unpack it first"],
  ["7z\xbc\xaf", "it is a 7z archive, unpack it first"],
  ["\x28\xb5\x2f\xfd", "it is compressed with zstd, unpack it first"],
  ["\x89PNG", "it is a picture"],
  ["\xff\xd8\xff", "it is a picture"],
  ["GIF8", "it is a picture"],
  ["%PDF", "it is a PDF"],
  ["SQLite format 3", "it is a database"],
  ["\xff\xfe", "it is UTF-16 text, save it as UTF-8 first"],
  ["\xfe\xff", "it is UTF-16 text, save it as UTF-8 first"],
];

/** Throws a {@link SourceError} for an input that, by its first bytes, is no text that an export could be. */
export function refuseWhatIsNoText(head: Uint8Array, name: string, right: string): void {
  const start = Buffer.from(head.subarray(0, 512)).toString("latin1");
  const refuse = (what: string): never => {
    throw new SourceError(`${name} is no vault export: ${what}; right would be ${right}`);
  };
  if (head.length === 0) refuse("it is empty");
  for (const [bytes, what] of magics) if (start.startsWith(bytes)) refuse(what);
  if (start.slice(257, 262) === "ustar") refuse("it is a tar archive, unpack it first");
  if (head.includes(0)) refuse("it is binary");
  if (start.trim() === "" && Buffer.from(head).toString("latin1").trim() === "") refuse("it has only blanks");
  if (/^\s*<(?:[!?]|[a-z]+[\s>])/i.test(start)) refuse("it is a web page or XML");
}
