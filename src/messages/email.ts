import { type Calendar, createCalendar } from "../domain/calendar.ts";
import { formatMoment, formatSize } from "../domain/format.ts";
import { dayLabel } from "../domain/period.ts";
import type { Chart, ChartId, Report, Row } from "../domain/report.ts";
import { capital } from "../domain/words.ts";
import { peopleSentence } from "./alternative.ts";
import { announce, sentence } from "./email-subject.ts";
import {
  type EmailDocument,
  type EmailFigure,
  type EmailFileLine,
  type EmailTable,
  renderEmailHtml,
} from "./email-template.ts";
import { renderEmailText } from "./email-text.ts";
import { periodText, reportNotes, reportTitle, subjectFacts } from "./facts.ts";
import { figureRows, figureSentences } from "./figures.ts";
import { buildGrid, mainTable, pageOf } from "./grid.ts";
import { fromOutside } from "./limits.ts";
import { quietText } from "./quiet.ts";
import { rangeText, rowSentence } from "./table.ts";
import { warningTexts } from "./warnings.ts";

/** An e-mail in both forms; whoever reads one has read the other. */
export interface Email {
  readonly subject: string;
  readonly html: string;
  readonly text: string;
}

/** A file that the e-mail names: it comes along, is linked to until a moment, or neither. */
export interface EmailFile {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** In hexadecimal. */
  readonly sha256: string;
  readonly place: "attached" | "missing" | { readonly url: string; readonly until: Date };
}

export interface EmailInput {
  readonly report: Report;
  /** Rows of the inactive report about those who went quiet, and a sentence about them; empty for none. */
  readonly quiet: readonly Row[];
  readonly quietHeadline: string;
  /** The content ids of the pictures that come along; of a chart without one its summary is said. */
  readonly pictures: Partial<Readonly<Record<ChartId, string>>>;
  readonly files: readonly EmailFile[];
  /** When it comes, in words: `every monday 09:00 in Europe/Oslo`. */
  readonly rule: string;
  /** Who set it up, as readers know them. */
  readonly owner: string;
  readonly unsubscribe?: string | undefined;
  /** Why it comes: by the schedule, asked for, or as a test to whoever asked. */
  readonly kind: "slot" | "now" | "test";
}

const MOST_ROWS = 10;
const MOST_COLUMNS = 8;
const MOST_QUIET = 10;

/** A report as an e-mail: the sentence, the figures, the pictures, who, who went quiet, and the files. */
export async function buildEmail(input: EmailInput): Promise<Email> {
  const document = await buildDocument(input);
  return {
    subject: document.subject,
    html: await renderEmailHtml(document),
    text: renderEmailText(document),
  };
}

async function buildDocument(input: EmailInput): Promise<EmailDocument> {
  const { report, pictures } = input;
  const calendar = createCalendar(report.period.timeZone);
  const told = (at: Date): string => formatMoment(at, calendar);
  const sentences = figureSentences(report);
  const figures = figureRows(report).map((row, i): EmailFigure => ({ ...row, sentence: sentences[i] ?? "" }));
  const title = `${reportTitle(report, 60)}, ${fromOutside(report.period.label, 40)}`;
  const quietHeadline = sentence(input.quietHeadline);
  return {
    ...announce(report, { title, figures, isTest: input.kind === "test" }),
    title,
    period: periodText(report.period),
    facts: subjectFacts(report, told),
    warnings: warningTexts(report).map(capital),
    headline: sentence(report.headline),
    figures,
    people: peopleSentence(report),
    charts: report.charts.map(({ id, title, summary }: Chart) => ({
      title: fromOutside(title, 100),
      summary: fromOutside(summary, 1_000),
      cid: pictures[id],
    })),
    table: await tableOf(report, told),
    quiet: {
      headline: quietHeadline,
      lines: quietHeadline === "" ? [] : input.quiet.slice(0, MOST_QUIET).map((row) => quietText(row, told)),
    },
    files: input.files.map((file) => fileLine(file, calendar)),
    notes: reportNotes(report, told).map(capital),
    reason: reasonOf(input),
    unsubscribe: input.unsubscribe,
  };
}

/** The first rows of the main table. */
async function tableOf(report: Report, told: (at: Date) => string): Promise<EmailTable | undefined> {
  const table = mainTable(report);
  if (table === undefined) return undefined;
  const { rows, before } = await pageOf(report, 0);
  const grid = buildGrid(table, { rows: rows.slice(0, MOST_ROWS), before }, told);
  const columns = grid.columns.slice(0, MOST_COLUMNS);
  const numbers = Array.from({ length: grid.rows }, (_, row) => row);
  return {
    range: rangeText(grid, grid.rows),
    columns: columns.map(({ title, kind }) => ({
      title,
      // A status says by itself what it is.
      label: kind === "status" ? "" : title,
      align: kind === "count" ? "right" : "left",
    })),
    rows: numbers.map((row) =>
      columns.map(({ kind, cells }) => {
        const text = cells[row] ?? "";
        return kind === "text" ? text : text.replaceAll(" ", "\u00a0");
      }),
    ),
    sentences: numbers.map((row) => rowSentence(grid, row)),
  };
}

function fileLine({ name, size, sha256, place }: EmailFile, calendar: Calendar): EmailFileLine {
  const isLink = typeof place === "object";
  const where = isLink
    ? `too large for this e-mail; the link works until ${dayLabel(calendar.dayOf(place.until.getTime()))}`
    : place === "attached"
      ? "attached"
      : "not attached, since it is too large";
  return {
    name: fromOutside(name, 120),
    facts: `${formatSize(size)}, ${where}`,
    link: isLink ? place.url : undefined,
    sha256,
  };
}

function reasonOf({ kind, rule, owner, unsubscribe }: EmailInput): string {
  const [when, who] = [fromOutside(rule, 200), fromOutside(owner, 100)];
  if (kind === "test") return `This is a test that only you get, of a report that is to come ${when}.`;
  const why =
    kind === "now"
      ? `You get this because ${who} sent it now; it comes ${when}.`
      : `You get this ${when}, set up by ${who}.`;
  return unsubscribe === undefined ? `${why} Whoever set it up can take you off.` : why;
}
