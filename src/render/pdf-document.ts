import { formatDelta } from "../domain/format.ts";
import { metrics } from "../domain/metrics.ts";
import { rangeLabel } from "../domain/period.ts";
import { personLabel } from "../domain/person.ts";
import type { Figure, Report } from "../domain/report.ts";
import { type Status, statuses, statusTitles } from "../domain/status.ts";
import { capital, formatCount } from "../domain/words.ts";
import { writableText } from "./cell-text.ts";
import { renderChartSvg } from "./charts.ts";
import { buildDefinitions, type Definition } from "./definitions.ts";
import type { RenderOptions } from "./format.ts";
import { type PrintedTable, printTables } from "./pdf-table.ts";
import { type CellWriter, createCellWriter } from "./pdf-text.ts";
import { buildSummary, type SummaryLine, UP_TO } from "./summary.ts";

/** All that the template of a printed report shows, as texts. */
export interface PdfDocument {
  readonly title: string;
  /** The period and its zone, and what it is compared with. */
  readonly period: string;
  readonly comparison: string;
  /** The facts of the one person that the report is about. */
  readonly subject: { readonly status: Status; readonly facts: readonly string[] } | null;
  /** What is to be known before the numbers. */
  readonly warnings: readonly string[];
  readonly headline: string;
  readonly figures: readonly PrintedFigure[];
  readonly people: readonly PrintedStatus[];
  /** SVG, drawn here. */
  readonly charts: readonly string[];
  readonly tables: readonly PrintedTable[];
  readonly notes: readonly string[];
  readonly definitions: readonly Definition[];
  readonly provenance: readonly { readonly item: string; readonly value: string }[];
}

export interface PrintedFigure {
  readonly title: string;
  readonly value: string;
  /** Empty where there is nothing to compare with. */
  readonly change: string;
  readonly before: string;
}

export interface PrintedStatus {
  readonly status: Status;
  readonly title: string;
  readonly count: string;
  readonly share: string;
}

/** Reads the report's rows, as many as print takes. */
export async function buildPdfDocument(report: Report, options: RenderOptions): Promise<PdfDocument> {
  const { period, previousPeriod, asOf } = report;
  const write = createCellWriter(period.timeZone);
  const charts: string[] = [];
  for (const chart of report.charts) charts.push(await renderChartSvg(chart, { period, asOf }));
  const range = rangeLabel(period);
  const label = period.label === range ? [] : [capital(period.label)];
  return {
    title: writableText(titleOf(report)),
    period: [...label, range, period.timeZone].join(" · "),
    comparison:
      report.compared && report.figures.length > 0 ? `Compared with ${rangeLabel(previousPeriod)}` : "",
    subject: subjectOf(report, write),
    warnings: report.warnings.map((warning) => capital(writableText(warning))),
    headline: writableText(report.headline).replaceAll(" %", "\u00a0%"),
    figures: printFigures(report),
    people: printPeople(report),
    charts,
    tables: await printTables(Object.values(report.tables), write, options.onProgress),
    notes: report.notes.map((note) => capital(writableText(note))),
    definitions: buildDefinitions(options.statusRule),
    provenance: provenanceOf(report, options, write),
  };
}

/** Of a report about one person the name alone, since the address stands below. */
function titleOf({ title, subject }: Report): string {
  return subject && title === personLabel(subject) ? (subject.name ?? title) : title;
}

function subjectOf({ subject }: Report, write: CellWriter): PdfDocument["subject"] {
  if (!subject) return null;
  const { status, name, user, team, lastActive } = subject;
  const facts = [
    statusTitles[status],
    lastActive ? `last active ${write(lastActive)}` : "never active",
    name === null || name === user ? [] : user,
    team ?? [],
  ];
  return { status, facts: facts.flat().map(writableText) };
}

/** A metric that counts people says nothing of one person. */
function printFigures({ figures, subject, compared }: Report): PrintedFigure[] {
  return figures
    .filter(({ key }) => subject === undefined || metrics[key].perPerson)
    .map((figure) => ({
      title: writableText(figure.title),
      value: formatCount(figure.value),
      ...(compared ? changeOf(figure) : { change: "", before: "" }),
    }));
}

function changeOf(figure: Figure): Pick<PrintedFigure, "change" | "before"> {
  const { value, previous } = figure;
  if (value === previous) return { change: "", before: "unchanged" };
  return {
    change: formatDelta(figure),
    before: previous === 0 ? "none before" : `from ${formatCount(previous)}`,
  };
}

function printPeople({ people }: Report): PrintedStatus[] {
  if (!people) return [];
  const all = statuses.reduce((sum, status) => sum + people[status], 0);
  return statuses.map((status) => ({
    status,
    title: statusTitles[status],
    count: formatCount(people[status]),
    share: all === 0 ? "" : `${Math.round((people[status] / all) * 100)} %`,
  }));
}

/** What the document's beginning says already. */
const saidBefore = ["Title", "In a sentence"];

function provenanceOf(report: Report, options: RenderOptions, write: CellWriter): PdfDocument["provenance"] {
  const summary = buildSummary(report, options);
  const linesOf = (wanted: string) => summary.find(({ title }) => title === wanted)?.lines ?? [];
  const inZone = ({ value }: SummaryLine): string =>
    `${write(value)}${value instanceof Date ? ` (${report.period.timeZone})` : ""}`;
  const sources = linesOf(UP_TO).map((line) => `${line.item}: ${inZone(line)}`);
  return linesOf("Report")
    .filter(({ item }) => !saidBefore.includes(item))
    .flatMap((line) => {
      const { item } = line;
      const more = item === "As of" && sources.length > 0 ? [{ item: UP_TO, value: sources.join("\n") }] : [];
      return [{ item, value: inZone(line) }, ...more];
    });
}
