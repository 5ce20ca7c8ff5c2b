import { maskReport } from "../domain/mask.ts";
import type { Report, Row } from "../domain/report.ts";
import { type ReportRequest, readRequest } from "../domain/request.ts";
import type { Viewer } from "../domain/viewer.ts";
import type { FormatName } from "../render/formats.ts";
import type { ArchiveDocument } from "../store/documents.ts";
import type { RunDocument } from "../store/schedule-documents.ts";
import type { Contents, RunDeps } from "./deps.ts";

const MOST_QUIET = 5;

/** Whether there is nothing to tell: no figure is more than zero, or, of a report without figures, no row is there. */
export function isEmptyReport({ figures, tables }: Pick<Report, "figures" | "tables">): boolean {
  if (figures.length > 0) return figures.every(({ value }) => value === 0);
  return Object.values(tables).every(({ total }) => total === 0);
}

/** What a run sends, made once and at need; `open` is for targets where names may have to be left out. */
export interface Making {
  /** Whether the schedule wants nothing sent, since there is nothing to report. */
  readonly isSkipped: boolean;
  contents(open: boolean): Promise<Contents>;
}

/**
 * Makes what a run sends: the report as its owner may see it at this moment, told for the slot. Files are in the
 * archive from then on, and made once for a run, however often it is begun.
 * @throws AccessError when the owner may not see it any more, or what went wrong in any of its queries
 */
export async function makeContents(deps: RunDeps, run: RunDocument): Promise<Making> {
  const { plan } = run;
  const viewer = await deps.viewerOf(plan.owner);
  const request = readRequest(plan.request);
  const now = run.slot.getTime();
  const report = await deps.answer(request, { viewer, now });
  const isEmpty = isEmptyReport(report);
  // Where a source is silent, that there was nothing may be its fault, which somebody has to hear of.
  const isSilent = report.warnings.length > 0;
  const tellsNothing = isEmpty && (plan.whenEmpty === "say" || (plan.whenEmpty === "skip" && isSilent));
  const quiet = request.report === "overview" ? await findQuiet(deps, request, viewer, now) : undefined;
  const made = new Map<boolean, Promise<Contents>>();

  async function make(isMasked: boolean): Promise<Contents> {
    const shown = isMasked ? maskReport(report) : report;
    const files = tellsNothing ? [] : await filesOf(deps, run, shown, viewer.sees, isMasked);
    return {
      report: tellsNothing ? bare(shown) : shown,
      quiet: tellsNothing || isMasked ? [] : (quiet?.rows ?? []),
      quietHeadline: tellsNothing ? "" : (quiet?.headline ?? ""),
      files,
      schedule: {
        id: run.schedule,
        rule: plan.when,
        owner: plan.owner.who,
        workspace: plan.owner.workspace,
      },
      kind: run.kind,
      slot: run.slot,
    };
  }

  return {
    isSkipped: isEmpty && !isSilent && plan.whenEmpty === "skip" && run.kind === "slot",
    contents(open) {
      const isMasked = open && deps.maskNames;
      const making = made.get(isMasked) ?? make(isMasked);
      made.set(isMasked, making);
      return making;
    },
  };
}

/** A report that says that there is nothing to say. */
function bare(report: Report): Report {
  const headline = `No activity, ${report.period.label}: there is nothing to report.`;
  const { persons: _, ...rest } = report;
  return { ...rest, headline, figures: [], charts: [], tables: {} };
}

async function findQuiet(
  deps: RunDeps,
  { period }: ReportRequest,
  viewer: Viewer,
  now: number,
): Promise<{ readonly rows: readonly Row[]; readonly headline: string }> {
  const { headline, tables } = await deps.answer({ report: "inactive", period }, { viewer, now });
  const rows: Row[] = [];
  for await (const row of Object.values(tables)[0]?.rows() ?? []) {
    if (row.group === "quiet") rows.push(row);
    if (rows.length >= MOST_QUIET) break;
  }
  return { rows, headline };
}

/** The files of a run: those that an earlier beginning made, or new ones. */
async function filesOf(
  deps: RunDeps,
  run: RunDocument,
  report: Report,
  sees: Viewer["sees"],
  isMasked: boolean,
): Promise<ArchiveDocument[]> {
  const variant = isMasked ? "masked" : "full";
  const known = run.files[variant];
  if (known !== undefined) {
    const found = await deps.store.archive.find({ _id: { $in: known } }).toArray();
    const inOrder = known.flatMap((id) => found.find(({ _id, file }) => _id === id && file !== null) ?? []);
    // Whoever may see less by now gets less.
    if (inOrder.length === known.length && inOrder.every((file) => file.sees === sees)) return inOrder;
  }
  const files: ArchiveDocument[] = [];
  for (const format of run.plan.formats)
    files.push(await deps.makeFile(report, format as FormatName, run, sees));
  const ids = files.map(({ _id }) => _id);
  await deps.store.runs.updateOne({ _id: run._id }, { $set: { [`files.${variant}`]: ids } });
  return files;
}
