import { rename, rm, writeFile } from "node:fs/promises";
import { extname } from "node:path";
import type { Reply } from "../commands/reply.ts";
import { orList } from "../domain/words.ts";
import { AppError, UsageError } from "../errors.ts";
import { type PictureFormat, pictureFormats } from "../render/picture-formats.ts";

/** What is said to whoever wants a picture of what has none. */
export const NO_CHARTS = "--out goes with a report that has charts: overview, users, user or me";

function formatOf(file: string): PictureFormat {
  const ending = extname(file).slice(1).toLowerCase();
  const format = pictureFormats.find((each) => each === ending);
  if (format) return format;
  throw new UsageError(`--out needs a file that ends in ${orList(pictureFormats)}, not “${file}”`);
}

/** @throws UsageError when no format has the file's ending */
export function checkOut(file: string): void {
  formatOf(file);
}

/** Writes the reply's charts; under the file's name there is the whole of it or nothing. */
export async function writeOut(file: string, reply: Reply): Promise<void> {
  if (reply.type !== "report" || reply.report.charts.length === 0) throw new UsageError(NO_CHARTS);
  // Loaded only here: drawing takes longer to load than a report to make.
  const { renderPicture } = await import("../render/picture.ts");
  const bytes = await renderPicture(reply.report, formatOf(file));
  const part = `${file}.${process.pid}.part`;
  try {
    await writeFile(part, bytes);
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true });
    const { code } = error as NodeJS.ErrnoException;
    throw new AppError("no file", { cause: error, userMessage: `${file} cannot be written (${code})` });
  }
}
