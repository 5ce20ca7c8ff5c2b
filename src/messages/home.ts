import type { HomeView, KnownBlock } from "@slack/types";
import type { Asked } from "../domain/asked.ts";
import { createCalendar } from "../domain/calendar.ts";
import { formatInstant } from "../domain/format.ts";
import type { Report, Row } from "../domain/report.ts";
import { capital, plural } from "../domain/words.ts";
import { controlIds, personMenu, requestButton, rowId } from "./controls.ts";
import { button, controlsBlock } from "./elements.ts";
import { upToText } from "./facts.ts";
import { figureFields } from "./figures.ts";
import {
  contextBlock,
  fieldBlocks,
  fromOutside,
  headerBlock,
  imageBlock,
  limits,
  sectionBlock,
} from "./limits.ts";
import { quietText } from "./quiet.ts";
import { OPEN_FORM, OPEN_LIST } from "./schedule-controls.ts";
import { warningBlocks } from "./warnings.ts";

const FIGURE = 160;
const LINE = 800;

/** What the Home tab of an admin or a manager shows. */
export interface HomeParts {
  readonly now: Date;
  readonly today: Report;
  /** The last thirty days, whose trend is drawn. */
  readonly month: Report;
  /** Who is inactive, and those of them to name: rows of its table. */
  readonly inactive: Report;
  readonly quiet: readonly Row[];
  /** The uploaded picture of the trend; undefined until there is one. */
  readonly picture: string | undefined;
  readonly schedules: HomeSchedules;
}

/** What is sent by itself: how many there are, what comes next, and what does not come any more, a line each. */
export interface HomeSchedules {
  readonly count: number;
  readonly next: readonly string[];
  readonly paused: readonly string[];
}

/** Today's figures, the trend, who went quiet, what is sent by itself, and where to go from there. */
export function buildHome(parts: HomeParts): HomeView {
  const { now, today, month, inactive, quiet, picture, schedules } = parts;
  const at = now.getTime();
  const calendar = createCalendar(month.period.timeZone);
  const told = (when: Date): string => formatInstant(when, now, calendar);
  const upTo = capital(upToText(month, told)) || "No data yet";
  const [trend] = month.charts;
  const asked = (report: Report): Asked => ({ request: report.request, at, page: 0 });
  const { period } = month.request;
  return view([
    ...warningBlocks(month),
    headerBlock("Today so far"),
    contextBlock([upTo, month.period.timeZone, ...today.notes.slice(0, 3)].join(" · "), LINE),
    ...fieldBlocks(figureFields({ ...today, compared: false, charts: [] }), FIGURE),
    headerBlock("Last 30 days"),
    sectionBlock(month.headline, LINE),
    ...(trend && picture !== undefined ? [imageBlock(picture, trend.summary)] : []),
    ...controlsBlock(rowId("home", asked(month)), [
      requestButton("open_overview", "Overview", month.request),
      requestButton("open_users", "People", { report: "users", period }),
      requestButton(controlIds.inactive, "Inactive people", { report: "inactive", period }),
      requestButton("open_me", "My own usage", { report: "me", period }),
    ]),
    headerBlock("Went quiet"),
    sectionBlock(inactive.headline, LINE),
    ...quiet.map((row) => contextBlock(quietText(row, told), LINE)),
    ...controlsBlock(rowId("quiet", asked(inactive)), [personMenu(inactive, 0)]),
    ...scheduleBlocks(schedules),
  ]);
}

function scheduleBlocks({ count, next, paused }: HomeSchedules): KnownBlock[] {
  const total = count === 0 ? "Nothing is sent by itself yet." : `${plural(count, "schedule")}.`;
  const told = (mark: string, line: string): string => `${mark} ${fromOutside(line, 300)}`;
  return [
    headerBlock("Schedules"),
    sectionBlock(total, LINE),
    ...next.map((line) => contextBlock(told("Next:", line), LINE)),
    ...paused.map((line) => contextBlock(told("❚❚", line), LINE)),
    ...controlsBlock("schedule_home", [
      count > 0 ? button(OPEN_LIST, "Schedules", "list") : undefined,
      button(OPEN_FORM, "Schedule a report…", "overview last week"),
    ]),
  ];
}

/** The Home tab of somebody who may see only their own use; without a report it says why. */
export function buildOwnHome(
  own: { report: Report; picture: string | undefined } | string,
  now: Date,
): HomeView {
  if (typeof own === "string") return view([headerBlock("Your own usage"), sectionBlock(own, LINE)]);
  const { report, picture } = own;
  const [, trend] = report.charts;
  const asked: Asked = { request: report.request, at: now.getTime(), page: 0 };
  const calendar = createCalendar(report.period.timeZone);
  const upTo = capital(upToText(report, (when) => formatInstant(when, now, calendar)));
  return view([
    ...warningBlocks(report),
    headerBlock("Your own usage, last 30 days"),
    ...(report.headline === "" ? [] : [sectionBlock(report.headline, LINE)]),
    ...fieldBlocks(figureFields(report), FIGURE),
    ...(trend && picture !== undefined ? [imageBlock(picture, trend.summary)] : []),
    ...controlsBlock(rowId("home", asked), [requestButton("open_me", "More", report.request)]),
    ...(upTo === "" ? [] : [contextBlock(upTo, LINE)]),
    contextBlock(
      "Who uses the vault as a whole is shown to its admins, and to managers for their teams.",
      200,
    ),
  ]);
}

/** Stands there the first time, until there is more. */
export const emptyHome: HomeView = view([headerBlock("Vault usage"), sectionBlock("Counting…")]);

function view(blocks: readonly KnownBlock[]): HomeView {
  return { type: "home", blocks: blocks.slice(0, limits.viewBlocks) };
}
