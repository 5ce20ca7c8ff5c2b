import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { extname } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { formatOf } from "../commands/export.ts";
import { orList } from "../domain/words.ts";
import { AppError, UsageError } from "../errors.ts";
import { type FormatName, formatNames } from "../render/formats.ts";
import { openArchived } from "../store/archive.ts";
import type { ArchiveDocument } from "../store/documents.ts";
import type { Store } from "../store/open.ts";

/** The format that a file's ending names. A CSV of several tables is a zip. @throws UsageError */
export function formatOfFile(file: string): FormatName {
  const ending = extname(file).slice(1).toLowerCase();
  if (ending === "zip") return "csv";
  if (ending !== "" && formatNames.includes(ending as FormatName)) return formatOf(ending);
  throw new UsageError(`--out needs a file that ends in ${orList(formatNames)}, not “${file}”`);
}

/** Writes a file of the archive; under its name there is the whole of it or nothing. */
export async function writeArchived(
  store: Pick<Store, "archive" | "db">,
  archived: ArchiveDocument,
  file: string,
): Promise<void> {
  const part = `${file}.${process.pid}.part`;
  try {
    const bytes = openArchived(store, archived) ?? Readable.from([]);
    await pipeline(bytes, createWriteStream(part));
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true });
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new AppError("no file", { cause: error, userMessage: `${file} cannot be written (${code})` });
  }
}
