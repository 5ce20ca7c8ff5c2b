import type { ActionsBlock, Button, StaticSelect } from "@slack/types";
import { type Asked, formatAsked } from "../domain/asked.ts";
import { handleOf } from "../domain/handle.ts";
import type { Report } from "../domain/report.ts";
import { formatRequest, type ReportRequest } from "../domain/request.ts";
import { capital } from "../domain/words.ts";
import { button, controlsBlock, menu } from "./elements.ts";
import { fromOutside, limits } from "./limits.ts";
import { OPEN_FORM } from "./schedule-controls.ts";

/** The names of the controls, as a click tells them; those that begin with `open` carry the words of a request. */
export const controlIds = {
  period: "period",
  back: "page_back",
  next: "page_next",
  person: "person",
  share: "share",
  export: "export",
  inactive: "open_inactive",
  everybody: "open_overview",
} as const;

/** The choice in the menu of periods that asks for two days. */
export const PICK_DATES = "pick";

const periods = [
  "today",
  "yesterday",
  "last 7 days",
  "last 30 days",
  "last 90 days",
  "this week",
  "last week",
  "this month",
  "last month",
  "this quarter",
  "last quarter",
  "this year",
  "last year",
];

/** What the controls under an answer go by. */
export interface ControlOptions {
  /** What is shown; a click is told in its terms. */
  readonly asked: Asked;
  /** Whether everybody in the place where it is shown could see it, too. */
  readonly canShare: boolean;
  /** Whether a form can be opened: for two days, or for a schedule. */
  readonly canOpenForms: boolean;
  /** The formats that it can be had in as a file. */
  readonly exports: readonly { readonly label: string; readonly value: string }[];
}

const SEPARATOR = "|";

/** The id of a row of controls: which row, and what is shown. `askedIn` reads it. */
export function rowId(row: string, asked: Asked): string {
  return `${row}${SEPARATOR}${formatAsked(asked)}`;
}

/** What was shown where a control stood, as `parseAsked` reads it. */
export function askedIn(blockId: string): string {
  return blockId.slice(blockId.indexOf(SEPARATOR) + 1);
}

const LONGEST_TEAM = 30;

/** The report's request in as few characters as name the same: an e-mail or a team may be longer than an id. */
export function compactRequest({ request, subject }: Report): ReportRequest {
  if (request.report === "user" && subject) return { ...request, user: subject.handle };
  if (request.report !== "users" || request.team === undefined) return request;
  const { team } = request;
  const isFit = team.length <= LONGEST_TEAM && team.isWellFormed();
  return isFit ? request : { ...request, team: handleOf(team) };
}

/** ‹ and ›, where the table has more than one page. */
export function pageControls(asked: Asked, pages: number): ActionsBlock[] {
  const { page } = asked;
  return controlsBlock(rowId("pages", asked), [
    page > 0
      ? button(controlIds.back, "‹ Previous", String(page - 1), {
          spoken: `Previous, page ${page} of ${pages}`,
        })
      : undefined,
    page < pages - 1
      ? button(controlIds.next, "Next ›", String(page + 1), { spoken: `Next, page ${page + 2} of ${pages}` })
      : undefined,
  ]);
}

/** The menus and buttons under an answer. `first` is the number of the first row that is shown, from 0. */
export function answerControls(
  report: Report,
  { asked, canShare, canOpenForms, exports }: ControlOptions,
  first: number,
): ActionsBlock[] {
  return controlsBlock(rowId("menus", asked), [
    periodMenu(report, canOpenForms),
    personMenu(report, first),
    ...otherReports(report),
    menu(controlIds.export, "Export", exports),
    canShare ? button(controlIds.share, "Share to channel", "share") : undefined,
    // Whoever sees more than their own use may have it sent.
    canOpenForms && report.request.report !== "me"
      ? requestButton(OPEN_FORM, "Schedule…", asked.request)
      : undefined,
  ]);
}

function periodMenu({ request, period }: Report, canOpenForms: boolean): StaticSelect | undefined {
  const choices = periods.map((value) => ({ label: capital(value), value }));
  if (!periods.includes(request.period))
    choices.unshift({ label: capital(period.label), value: request.period });
  if (canOpenForms) choices.push({ label: "Pick dates…", value: PICK_DATES });
  return menu(controlIds.period, "Period", choices, request.period);
}

/** Those of the rows that are shown come first. */
export function personMenu(report: Pick<Report, "persons">, first: number): StaticSelect | undefined {
  const people = report.persons?.(first, first + limits.options) ?? [];
  return menu(
    controlIds.person,
    "Person",
    people.map(({ handle, label }) => ({ label: fromOutside(label, limits.option), value: handle })),
  );
}

/** The reports that one asks for next. */
function otherReports({ request }: Report): (Button | undefined)[] {
  const { period } = request;
  switch (request.report) {
    case "overview":
    case "users":
      return [requestButton(controlIds.inactive, "Inactive people", { report: "inactive", period })];
    case "user":
    case "inactive":
      return [requestButton(controlIds.everybody, "Everybody", { report: "overview", period })];
    case "me":
      return [];
  }
}

/** A button that asks for a report. */
export function requestButton(id: string, text: string, request: ReportRequest): Button | undefined {
  return button(id, text, formatRequest(request));
}
