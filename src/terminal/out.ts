import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { extname } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { CommandDeps } from "../commands/command.ts";
import { exportReport, type FileOwner } from "../commands/export.ts";
import type { Reply } from "../commands/reply.ts";
import { formatSize } from "../domain/format.ts";
import { orList, plural } from "../domain/words.ts";
import { AppError, UsageError } from "../errors.ts";
import { type FormatName, formatNames, formatOf } from "../render/formats.ts";
import { openArchived } from "../store/archive.ts";
import type { ArchiveDocument } from "../store/documents.ts";
import type { Store } from "../store/open.ts";
import type { TerminalOptions } from "./options.ts";

/** What is said to whoever wants a file of what is none. */
export const NO_FILE = "--out goes with a report, or with one file of downloads";

/** The format that a file's ending names. A CSV of several tables is a zip. @throws UsageError */
function formatOfFile(file: string): FormatName {
  const ending = extname(file).slice(1).toLowerCase();
  if (ending === "zip") return "csv";
  if (ending !== "" && formatNames.includes(ending as FormatName)) return formatOf(ending);
  throw new UsageError(`--out needs a file that ends in ${orList(formatNames)}, not “${file}”`);
}

/** Writes a file of the archive; under its name there is the whole of it or nothing. */
async function writeArchived(
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

/** The file of the archive that the reply is wanted as, made if need be; undefined where it is wanted to be read. */
export async function fileOf(
  reply: Reply,
  out: string | undefined,
  deps: CommandDeps,
  owner: FileOwner,
): Promise<ArchiveDocument | undefined> {
  if (reply.type === "export") {
    if (out !== undefined && formatOfFile(out) !== reply.format)
      throw new UsageError(`--out names another format than “as ${reply.format}”`);
    return exportReport(deps, reply.report, reply.format, owner);
  }
  if (out === undefined) return undefined;
  if (reply.type === "report") return exportReport(deps, reply.report, formatOfFile(out), owner);
  const [file] = reply.type === "files" ? reply.files : [];
  if (reply.type === "files" && reply.total === 1 && file?.file) return file;
  throw new UsageError(NO_FILE);
}

/** Writes it where it is wanted, and says what it is. */
export async function saveFile(
  archived: ArchiveDocument,
  { out, json }: TerminalOptions,
  { store }: Pick<CommandDeps, "store">,
): Promise<string> {
  const file = out ?? archived.name;
  await writeArchived(store, archived, file);
  const { rows, size, sha256 } = archived;
  if (json) return JSON.stringify({ file, rows, size, sha256 });
  return `${file}: ${plural(rows, "row")}, ${formatSize(size)}, SHA-256 ${sha256}`;
}
