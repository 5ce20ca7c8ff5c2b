const FILE = 0x04034b50;
const HEADER = 30;

/** A file of an archive. */
export interface StoredFile {
  readonly name: string;
  readonly content: Buffer;
}

/** The files, without the folders, of a zip that was written without compression, with every size ahead of its file, as JSZip does. */
export function readStoredZip(zip: Buffer): StoredFile[] {
  const files: StoredFile[] = [];
  for (let at = 0; zip.readUInt32LE(at) === FILE; ) {
    const size = zip.readUInt32LE(at + 18);
    const nameEnd = at + HEADER + zip.readUInt16LE(at + 26);
    const start = nameEnd + zip.readUInt16LE(at + 28);
    const name = zip.toString("utf8", at + HEADER, nameEnd);
    if (!name.endsWith("/")) files.push({ name, content: zip.subarray(start, start + size) });
    at = start + size;
  }
  return files;
}
