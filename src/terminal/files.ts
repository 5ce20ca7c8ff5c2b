import stringWidth from "fast-string-width";
import type { FilesReply } from "../commands/reply.ts";
import { createCalendar, DEFAULT_ZONE } from "../domain/calendar.ts";
import { formatInstant, formatSize, oneLine } from "../domain/format.ts";
import { plural } from "../domain/words.ts";
import { formats } from "../render/formats.ts";

const titles: Readonly<Record<string, { readonly title: string }>> = formats;

/** Files of the archive as lines for a terminal. */
export function showFiles({ title, files, total, timeZone = DEFAULT_ZONE }: FilesReply, now: Date): string {
  const calendar = createCalendar(timeZone);
  const cells = files.map((file) => [
    formatInstant(file.at, now, calendar),
    oneLine(file.request),
    titles[file.format]?.title ?? file.format,
    file.file === null ? "removed" : formatSize(file.size),
    plural(file.rows, "row"),
    oneLine(file.who),
    file._id,
  ]);
  const widths = (cells[0] ?? []).map((_, i) => Math.max(...cells.map((row) => stringWidth(row[i] ?? ""))));
  const lines = cells.map((row) =>
    row
      .map((text, i) => text + " ".repeat((widths[i] ?? 0) - stringWidth(text)))
      .join("  ")
      .trimEnd(),
  );
  const [only] = files;
  const hash = files.length === 1 && only ? [`SHA-256 ${only.sha256}`] : [];
  const count = total > files.length ? [`${files.length} of ${plural(total, "file")}`] : [];
  const hint = files.length > 0 ? ["downloads ID --out FILE gets one again"] : [];
  return [
    total === 0 && title === "Files" ? "No files were made yet" : title,
    "",
    ...lines,
    "",
    ...hash,
    ...count,
    ...hint,
  ]
    .join("\n")
    .trim();
}

/** The same for a machine. Instants are UTC. */
export function filesData({ files, total }: FilesReply): object {
  return {
    total,
    files: files.map(({ _id, file, ...facts }) => ({ id: _id, isThere: file !== null, ...facts })),
  };
}
