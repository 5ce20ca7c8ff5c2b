import { formatDelta } from "../domain/format.ts";
import { metricKeys, metrics } from "../domain/metrics.ts";
import { personLabel } from "../domain/person.ts";
import type { Cell, Column, Report, Row, Table } from "../domain/report.ts";
import { formatRequest } from "../domain/request.ts";
import { statuses, statusTitles } from "../domain/status.ts";
import type { RenderOptions } from "./format.ts";

/** One line about the report; `previous` and `change` are those of figures that are compared. */
export interface SummaryLine {
  readonly item: string;
  readonly value: Cell;
  readonly previous?: number;
  readonly change?: string;
}

export interface SummarySection {
  readonly title: string;
  readonly lines: readonly SummaryLine[];
}

/** All that a file has to say of itself: what was asked when, the figures, what they mean, and what to mind. */
export function buildSummary(report: Report, { version }: RenderOptions): SummarySection[] {
  return [
    { title: "Warnings", lines: numbered(report.warnings) },
    { title: "Report", lines: aboutLines(report, version) },
    { title: UP_TO, lines: sourceLines(report) },
    { title: "People", lines: peopleLines(report) },
    { title: "Figures", lines: figureLines(report) },
    {
      title: "Rows",
      lines: Object.values(report.tables).map(({ title, total }) => ({ item: title, value: total })),
    },
    { title: "Notes", lines: numbered(report.notes) },
    {
      title: "Definitions",
      lines: metricKeys.map((key) => ({ item: metrics[key].title, value: metrics[key].definition })),
    },
  ].filter(({ lines }) => lines.length > 0);
}

/** The section, or the line, that says how far the data reaches. */
export const UP_TO = "Data complete up to";
const NOTHING_YET = "nothing was imported yet";

const numbered = (texts: readonly string[]): SummaryLine[] =>
  texts.map((value, i) => ({ item: String(i + 1), value }));

/** Where there is more than one; of one the report's own lines tell. */
function sourceLines({ sources }: Report): SummaryLine[] {
  if (sources.length < 2) return [];
  return sources.map(({ title, upTo }) => ({ item: title, value: upTo ?? NOTHING_YET }));
}

function aboutLines(report: Report, version: string | undefined): SummaryLine[] {
  const { period, previousPeriod, sources, dataUpTo } = report;
  const upTo = sources[0]?.upTo ?? dataUpTo ?? NOTHING_YET;
  return [
    { item: "Title", value: report.title },
    { item: "In a sentence", value: report.headline },
    { item: "Period", value: period.label },
    { item: "From", value: period.from },
    { item: "To", value: period.to },
    { item: "Compared with", value: comparedWith(report) },
    { item: "Time zone", value: period.timeZone },
    { item: "As of", value: report.asOf },
    ...(sources.length < 2 ? [{ item: UP_TO, value: upTo }] : []),
    { item: "Asked for", value: formatRequest(report.request) },
    { item: "Made by", value: version === undefined ? "Vault Usage" : `Vault Usage ${version}` },
  ];

  function comparedWith({ compared, figures }: Report): string {
    if (figures.length === 0 || !compared) return "nothing";
    return `${previousPeriod.from} to ${previousPeriod.to}`;
  }
}

function peopleLines({ people, subject }: Report): SummaryLine[] {
  if (subject) {
    return [
      { item: "Person", value: personLabel(subject) },
      { item: "Team", value: subject.team },
      { item: "Activity status", value: statusTitles[subject.status] },
      { item: "Last active", value: subject.lastActive ?? "never" },
    ];
  }
  return people ? statuses.map((status) => ({ item: statusTitles[status], value: people[status] })) : [];
}

function figureLines({ figures, compared }: Report): SummaryLine[] {
  return figures.map((figure) => ({
    item: figure.title,
    value: figure.value,
    ...(compared && { previous: figure.previous, change: formatDelta(figure) }),
  }));
}

const columns: readonly Column[] = ["Section", "Item", "Value", "Previous", "Change"].map((title) => ({
  key: title.toLowerCase(),
  title,
  short: title,
  kind: "text",
}));

/** The summary as a table, for formats of nothing but tables. */
export function summaryTable(report: Report, options: RenderOptions): Table {
  const rows = buildSummary(report, options).flatMap(({ title, lines }) =>
    lines.map(
      ({ item, value, previous = null, change = null }): Row => ({
        section: title,
        item,
        value,
        previous,
        change,
      }),
    ),
  );
  return {
    title: "Summary",
    columns,
    total: rows.length,
    async *rows() {
      yield* rows;
    },
  };
}
