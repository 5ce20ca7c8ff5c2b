import { crc32, inflateRawSync } from "node:zlib";

/** The files of a zip, checked against their sums; by its directory, as spreadsheet programs read it. */
export function unzip(zip: Buffer): Map<string, Buffer> {
  const end = zip.lastIndexOf(Buffer.from("PK\u0005\u0006", "latin1"));
  const files = new Map<string, Buffer>();
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    const [sum, packed, size] = [16, 20, 24].map((offset) => zip.readUInt32LE(at + offset));
    const [nameLength = 0, extra = 0, comment = 0] = [28, 30, 32].map((offset) =>
      zip.readUInt16LE(at + offset),
    );
    const name = zip.toString("utf8", at + 46, at + 46 + nameLength);
    const header = zip.readUInt32LE(at + 42);
    const start = header + 30 + zip.readUInt16LE(header + 26) + zip.readUInt16LE(header + 28);
    const content = inflateRawSync(zip.subarray(start, start + (packed ?? 0)));
    if (content.length !== size || crc32(content) !== sum) throw new Error(`${name} is broken`);
    files.set(name, content);
    at += 46 + nameLength + extra + comment;
  }
  return files;
}

const entities: Record<string, string> = { lt: "<", gt: ">", quot: '"', "#39": "'", amp: "&", apos: "'" };
const unescapeXml = (text: string) => text.replace(/&(#?\w+);/g, (all, name) => entities[name] ?? all);

/** A cell as its XML has it: texts as texts, numbers as they are written. */
export type ReadCell = { readonly text: string } | { readonly number: string };

/** The cells that a sheet's rows of a table have, by column letter, below the header. */
export function readRows(xml: string): Record<string, ReadCell>[] {
  const rows = [...xml.matchAll(/<row r="(\d+)"[^>]*>(.*?)<\/row>/gs)];
  rows.forEach(([, number], i) => {
    if (number !== String(i + 1)) throw new Error(`row ${number} is in the place of ${i + 1}`);
  });
  return rows.slice(1).map(([, number, cells = ""]) => {
    const read: Record<string, ReadCell> = {};
    for (const [, letters = "", row, inner = ""] of cells.matchAll(
      /<c r="([A-Z]+)(\d+)"[^>]*?(?:\/>|>(.*?)<\/c>)/gs,
    )) {
      if (row !== number) throw new Error(`a cell of row ${row} in row ${number}`);
      const [, value] = /<v>(.*?)<\/v>/s.exec(inner) ?? [];
      const [, text = ""] = /<is><t[^>]*>(.*?)<\/t><\/is>/s.exec(inner) ?? [];
      read[letters] = value === undefined ? { text: unescapeXml(text) } : { number: value };
    }
    return read;
  });
}
