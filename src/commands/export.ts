import { definitionsVersion } from "../domain/metrics.ts";
import type { Report } from "../domain/report.ts";
import { formatRequest } from "../domain/request.ts";
import type { Viewer } from "../domain/viewer.ts";
import { readWord } from "../domain/words.ts";
import { UsageError } from "../errors.ts";
import { fileName } from "../render/file-name.ts";
import type { Format, RenderOptions } from "../render/format.ts";
import { type FormatName, formatOf, formats } from "../render/formats.ts";
import { archiveFile } from "../store/archive.ts";
import type { ArchiveDocument } from "../store/documents.ts";
import type { CommandDeps } from "./command.ts";
import { readVersion } from "./version.ts";

/**
 * The words of a command, and the format that stands behind them, as in `overview last month as pdf`.
 * @throws UsageError that names the nearest formats
 */
export function splitFormat(words: readonly string[]): {
  readonly words: readonly string[];
  readonly format?: FormatName;
} {
  const [as = "", name = ""] = words.slice(-2);
  // In quotes it is somebody's name.
  if (words.length < 3 || as.toLowerCase() !== "as") return { words };
  return { words: words.slice(0, -2), format: formatOf(readWord(name).text) };
}

/** Who gets a file, and whose use they may see. */
export interface FileOwner {
  readonly who: string;
  readonly workspace?: string | undefined;
  readonly sees: Viewer["sees"];
  /** The schedule that asks for it, where none of them asks by hand. */
  readonly schedule?: string | undefined;
}

/**
 * Makes a file of a report and keeps it in the archive. Where that fails, nothing of it is left.
 * @throws UsageError when the report has nothing that such a file could show
 */
export async function exportReport(
  deps: Pick<CommandDeps, "store" | "clock" | "front" | "onProgress" | "printer" | "paper" | "rule"> &
    Pick<RenderOptions, "drawPng">,
  report: Report,
  name: FormatName,
  { who, workspace, sees, schedule }: FileOwner,
): Promise<ArchiveDocument> {
  const format: Format = formats[name];
  if (!format.fits(report)) throw new UsageError(`there is nothing in this report for a ${format.title}`);
  const version = await readVersion();
  let rows = 0;
  const bytes = format.render(report, {
    version,
    printer: deps.printer,
    paper: deps.paper,
    drawPng: deps.drawPng,
    statusRule: deps.rule,
    onProgress(done, total) {
      rows = done;
      deps.onProgress({ what: `Writing ${format.title}`, done, total });
    },
  });
  return archiveFile(
    deps.store,
    {
      at: new Date(deps.clock()),
      name: fileName(report, format),
      format: name,
      mediaType: format.mediaType(report),
      request: formatRequest(report.request),
      report: report.report,
      period: report.period,
      asOf: report.asOf,
      dataUpTo: report.dataUpTo,
      definitions: definitionsVersion,
      version,
      front: deps.front,
      who,
      ...(workspace === undefined ? {} : { workspace }),
      sees,
      ...(schedule === undefined ? {} : { schedule }),
    },
    bytes,
    () => rows,
  );
}
