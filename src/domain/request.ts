import { UsageError } from "../errors.ts";
import { defaultPeriod, looksLikePeriod, normalizePeriod, periodExamples } from "./period.ts";
import { type Status, statuses } from "./status.ts";
import { nearest, orList, quoteWord } from "./words.ts";

/**
 * Which report, for which period, with which filters: typed as words, carried by buttons, kept by schedules and
 * archived files. `period` stays in words ("last 7 days"), so that it means the days around the moment it is asked.
 */
export type ReportRequest =
  | { readonly report: "overview"; readonly period: string }
  | { readonly report: "users"; readonly period: string; readonly status?: Status }
  | { readonly report: "user"; readonly period: string; readonly user: string };

export type ReportName = ReportRequest["report"];

/** How each report is asked for; help texts and error messages are written from it. */
export const reportForms = {
  overview: { words: "overview [PERIOD]", help: "figures, trend and the most active people" },
  users: { words: "users [active|passive|inactive] [PERIOD]", help: "the table of people" },
  user: { words: "user WHO [PERIOD]", help: "one person: what they did, and their sessions" },
} as const satisfies Record<ReportName, { words: string; help: string }>;

const periodWords = ["today", "yesterday", "last", "this", "since"];

/**
 * Splits the words behind a report's name into a subject and a period, which stands last.
 * @throws UsageError when the end looks meant as a period and is none
 */
function splitPeriod(words: readonly string[]): { subject: string[]; period: string } {
  for (let i = 0; i < words.length; i++) {
    const tail = words.slice(i).join(" ");
    if (looksLikePeriod(tail)) return { subject: words.slice(0, i), period: normalizePeriod(tail) };
  }
  const start = words.findIndex((word) => periodWords.includes(word.toLowerCase()) || /^\d{4}\b/.test(word));
  if (start >= 0) throw notAPeriod(words.slice(start).join(" "));
  return { subject: [...words], period: defaultPeriod };
}

function notAPeriod(text: string): UsageError {
  const known = ["today", "yesterday", "last 7 days", "last 30 days", "last 4 weeks"];
  for (const which of ["this", "last"])
    for (const unit of ["week", "month", "quarter", "year"]) known.push(`${which} ${unit}`);
  const close = nearest(text, known);
  const hint = close.length > 0 ? `did you mean ${orList(close)}?` : `try one of: ${periodExamples}`;
  return new UsageError(`“${text.slice(0, 80)}” is no period; ${hint}`);
}

/**
 * The request that the words behind a report's name make.
 * @throws UsageError with what would be right
 */
export function parseRequest(report: ReportName, words: readonly string[]): ReportRequest {
  const { subject, period } = splitPeriod(words);
  if (report === "user") {
    const user = subject.join(" ").trim();
    if (user === "")
      throw new UsageError("user needs to know who: an e-mail, a name or its beginning, as in: user ann");
    return { report, period, user };
  }
  if (subject.length === 0) return { report, period };
  if (report === "users" && subject.length === 1) {
    const status = statuses.find((each) => each === subject[0]?.toLowerCase());
    if (status) return { report, period, status };
    const close = nearest(subject[0] ?? "", statuses);
    if (close.length > 0)
      throw new UsageError(`“${subject[0]}” is no status; did you mean ${orList(close)}?`);
  }
  throw notAPeriod(subject.join(" "));
}

/** The words that `parseRequest` reads back to the same request, report's name first. */
export function formatRequest(request: ReportRequest): string {
  const words: string[] = [request.report];
  if (request.report === "user") words.push(quoteWord(request.user));
  if (request.report === "users" && request.status) words.push(request.status);
  words.push(request.period);
  return words.join(" ");
}
