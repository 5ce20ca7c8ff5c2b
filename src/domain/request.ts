import { UsageError } from "../errors.ts";
import type { BucketUnit } from "./buckets.ts";
import { defaultPeriod } from "./period.ts";
import { isPlainWord, readParts } from "./request-words.ts";
import type { UsersSort } from "./sort.ts";
import type { Status } from "./status.ts";
import type { Audience } from "./viewer.ts";
import { quoted, splitWords } from "./words.ts";

/**
 * Which report, for which period, with which filters: typed as words, carried by buttons, kept by schedules and
 * archived files. `period` stays in words ("last 7 days"), so that it means the days around the moment it is asked.
 * `by` is what one point of the trend stands for; `user` and `team` may be handles (`handleOf`).
 */
export type ReportRequest =
  | { readonly report: "overview"; readonly period: string; readonly by?: BucketUnit }
  | {
      readonly report: "users";
      readonly period: string;
      readonly by?: BucketUnit;
      readonly status?: Status;
      readonly sort?: UsersSort;
      readonly team?: string;
    }
  | { readonly report: "user"; readonly period: string; readonly by?: BucketUnit; readonly user: string }
  /** The report about whoever asks. */
  | { readonly report: "me"; readonly period: string; readonly by?: BucketUnit }
  /** `days` is how long a silence has to be; without it, what the settings say makes somebody inactive. */
  | { readonly report: "inactive"; readonly period: string; readonly days?: number };

export type ReportName = ReportRequest["report"];

/** How a report is asked for. */
export interface ReportForm {
  /** What may be typed. */
  readonly words: string;
  readonly help: string;
  readonly examples: readonly string[];

  readonly audience: Audience;
}

/** How each report is asked for; help texts and error messages are written from it. */
export const reportForms = {
  overview: {
    words: "overview [PERIOD] [by day|week|month]",
    help: "figures, trend and the most active people",
    examples: ["overview", "overview last month", "overview 2026-Q3 by week"],
    audience: "managers",
  },
  users: {
    words: "users [active|passive|inactive] [sort METRIC] [team NAME] [PERIOD] [by day|week|month]",
    help: "the table of people",
    examples: ["users inactive", "users sort accessed last week", "users team Sales sort last active"],
    audience: "managers",
  },
  user: {
    words: "user WHO [PERIOD] [by day|week|month]",
    help: "one person: what they did, and their sessions",
    examples: ["user ann", "user ann@example.com last week", 'user "Last Man" 2026'],
    audience: "managers",
  },
  me: {
    words: "me [PERIOD] [by day|week|month]",
    help: "your own use of the vault",
    examples: ["me", "me last week"],
    audience: "everyone",
  },
  inactive: {
    words: "inactive [N days] [PERIOD]",
    help: "who never signed in, who stopped, and who came back",
    examples: ["inactive", "inactive 60 days last month"],
    audience: "managers",
  },
} as const satisfies Record<ReportName, ReportForm>;

/**
 * The request that the words behind a report's name make, as `splitWords` or a shell gives them.
 * @throws UsageError with what would be right
 */
export function parseRequest(report: ReportName, words: readonly string[]): ReportRequest {
  const {
    period = defaultPeriod,
    by,
    status,
    sort,
    team,
    user,
    days,
  } = readParts(report, words, reportForms[report].words);
  const shown = { period, ...(by && { by }) };
  switch (report) {
    case "users":
      return {
        report,
        ...shown,
        ...(status && { status }),
        ...(sort && { sort }),
        ...(team !== undefined && { team }),
      };
    case "user":
      if (user !== undefined) return { report, ...shown, user };
      throw new UsageError("user needs to know who: an e-mail, a name or its beginning, as in: user ann");
    case "inactive":
      return { report, period, ...(days !== undefined && { days }) };
    default:
      return { report, ...shown };
  }
}

/**
 * The request of a whole line, report's name first; the inverse of `formatRequest`.
 * @throws UsageError with what would be right
 */
export function readRequest(line: string): ReportRequest {
  const [name = "", ...words] = splitWords(line);
  if (Object.hasOwn(reportForms, name)) return parseRequest(name as ReportName, words);
  throw new UsageError(`there is no report “${name.slice(0, 40)}”`);
}

/** One line that `readRequest` reads back to the same request. */
export function formatRequest(request: ReportRequest): string {
  const words: string[] = [request.report];
  const word = (text: string): string => (isPlainWord(text) ? text : quoted(text));
  if (request.report === "user") words.push(word(request.user));
  if (request.report === "users") {
    if (request.status) words.push(request.status);
    if (request.sort) words.push("sort", request.sort);
    if (request.team !== undefined) words.push("team", word(request.team));
  }
  if (request.report === "inactive" && request.days !== undefined) words.push(`${request.days} days`);
  words.push(request.period);
  if (request.report !== "inactive" && request.by) words.push("by", request.by);
  return words.join(" ");
}
