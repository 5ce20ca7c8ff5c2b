import type { KnownBlock } from "@slack/types";
import { createCalendar } from "../domain/calendar.ts";
import { formatInstant } from "../domain/format.ts";
import type { Chart, ChartId, Report, Row } from "../domain/report.ts";
import { capital } from "../domain/words.ts";
import { alternativeText } from "./alternative.ts";
import { answerControls, type ControlOptions, pageControls } from "./controls.ts";
import { periodText, reportNotes, reportTitle, subjectFacts } from "./facts.ts";
import { figureFields } from "./figures.ts";
import { buildGrid, mainTable, type Page } from "./grid.ts";
import {
  contextBlock,
  fieldBlocks,
  headerBlock,
  imageBlock,
  limits,
  remarkBlock,
  sectionBlock,
} from "./limits.ts";
import type { SlackMessage } from "./message.ts";
import { quietText } from "./quiet.ts";
import { listTable, plainTable, rangeText, tableBlock } from "./table.ts";
import { warningBlocks } from "./warnings.ts";

/** The parts of `limits.allText` that each kind of block gets. */
const shares = { facts: 600, headline: 800, figure: 160, missing: 600, foot: 1_000, quiet: 250 } as const;
const MOST_CHARTS = 2;

interface MessageOptions {
  readonly now: Date;
  /** What is shown of the report's main table (`pageOf`). */
  readonly page: Page;
  /** The uploaded pictures, by chart; of a chart without one the message says that it could not be shown. */
  readonly files: Partial<Readonly<Record<ChartId, string>>>;
  /** How the table is shown: as Slack's own block, in a fixed-width font, or as a line for each row. */
  readonly table?: TableForm;
  /** None for a message that is not for whoever asked alone. */
  readonly controls?: ControlOptions;
  /** Who went quiet, of the inactive report's table, and a sentence about them. */
  readonly quiet?: { readonly headline: string; readonly rows: readonly Row[] };
  /** Said at the end, in Slack's formatted text; nothing from outside may be in it. */
  readonly remark?: string;
}

type TableForm = "block" | "plain" | "list";
const tableForms = { block: tableBlock, plain: plainTable, list: listTable } as const;

/** A report as a message: the sentence, the figures, the pictures, then who, then what may be asked next. */
export function buildMessage(report: Report, options: MessageOptions): SlackMessage {
  const { now, page, files, controls, quiet, remark } = options;
  const calendar = createCalendar(report.period.timeZone);
  const told = (at: Date): string => formatInstant(at, now, calendar);
  const table = mainTable(report);
  const grid = table && buildGrid(table, page, told);
  const shown = grid && grid.rows > 0 ? tableForms[options.table ?? "block"](grid) : undefined;
  const title = reportTitle(report, 100);
  const facts = subjectFacts(report, told).join(" · ");
  const foot = capital(reportNotes(report, told).join(" · "));
  const period = periodText(report.period);
  const charts = report.charts.slice(0, MOST_CHARTS);
  const asked = controls && { ...controls.asked, page: page.page };
  const blocks: KnownBlock[] = [
    headerBlock(`${title}, ${report.period.label}`),
    contextBlock(facts === "" ? period : `${facts} · ${period}`, shares.facts),
    ...warningBlocks(report),
    ...(report.headline.trim() === "" ? [] : [sectionBlock(report.headline, shares.headline)]),
    ...fieldBlocks(figureFields(report), shares.figure),
    ...charts.map((chart) => pictureBlock(chart, files[chart.id])),
    ...(shown ? [shown.block] : []),
    ...(grid ? [contextBlock(rangeText(grid, shown?.rows ?? 0), limits.header)] : []),
    ...(asked ? pageControls(asked, page.pages) : []),
    ...(quiet === undefined || quiet.headline === ""
      ? []
      : [
          sectionBlock(quiet.headline, shares.headline),
          ...quiet.rows.map((row) => contextBlock(quietText(row, told), shares.quiet)),
        ]),
    ...(foot === "" ? [] : [contextBlock(foot, shares.foot)]),
    ...(remark === undefined ? [] : [remarkBlock(remark)]),
    ...(controls && asked ? answerControls(report, { ...controls, asked }, page.before) : []),
  ];
  const text = alternativeText(report, { title, facts, grid, foot: footWith(quiet?.headline, foot) });
  return { text: remark === undefined ? text : `${text}\n${remark}`, blocks };
}

function pictureBlock(chart: Chart, file: string | undefined): KnownBlock {
  if (file !== undefined) return imageBlock(file, chart.summary);
  return contextBlock(`The chart could not be shown. ${chart.summary}`, shares.missing);
}

function footWith(headline: string | undefined, foot: string): string {
  return [headline ?? "", foot].filter((text) => text !== "").join(" ");
}
