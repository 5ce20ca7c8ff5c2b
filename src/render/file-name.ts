import type { Report } from "../domain/report.ts";
import type { Format } from "./format.ts";

const LONGEST_PART = 40;

/** A text from outside as part of a file's name: letters a to z, digits and hyphens only, and maybe nothing at all. */
export function slug(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, LONGEST_PART)
    .replace(/^-|-$/g, "");
}

/** A name for the report's file that tells what is in it: `vault-usage-overview-2026-10-24-to-2026-11-22.csv`. */
export function fileName(report: Report, format: Pick<Format, "extension">): string {
  const { from, to } = report.period;
  const parts = ["vault-usage", report.report, ...filters(report), from, ...(to === from ? [] : ["to", to])];
  return `${parts.map(slug).filter(Boolean).join("-")}.${format.extension(report)}`;
}

/** Whom, of those a report could be about, it is about. */
function filters({ request, subject }: Report): string[] {
  if (subject) return [subject.user];
  if (request.report === "inactive" && request.days !== undefined) return [`${request.days}-days`];
  if (request.report !== "users") return [];
  return [request.status ?? "", ...(request.team === undefined ? [] : ["team", request.team])];
}
