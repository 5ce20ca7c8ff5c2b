import type { Chart, Report, Row, Table } from "./report.ts";
import type { ReportRequest } from "./request.ts";

const SOMEBODY = "One person";

/**
 * The report without who anybody is: people are numbered in the order of the table, teams and addresses are gone. For
 * where more can read it than may know.
 */
export function maskReport(report: Report): Report {
  const { persons: _, ...rest } = report;
  const title = report.subject ? SOMEBODY : maskTeam(report.title, report.request);
  const named = report.subject?.name ?? report.subject?.user;
  return {
    ...rest,
    title,
    request: maskRequest(report.request),
    notes: report.notes.map((note) => note.replace(/\S+@\S+/g, "one of them")),
    ...(report.subject
      ? { subject: { ...report.subject, user: SOMEBODY, name: null, team: null, handle: "" } }
      : {}),
    charts: named === undefined ? report.charts : report.charts.map((chart) => maskChart(chart, named)),
    tables: Object.fromEntries(
      Object.entries(report.tables).map(([key, table]) => [
        key,
        maskTable({ ...table, title: maskTeam(table.title, report.request) }),
      ]),
    ),
  };
}

function maskRequest(request: ReportRequest): ReportRequest {
  if (request.report === "user") return { ...request, user: SOMEBODY };
  if (request.report !== "users") return request;
  const { team: _, ...rest } = request;
  return rest;
}

/** A title of one team names it last. */
function maskTeam(title: string, request: ReportRequest): string {
  if (request.report !== "users" || request.team === undefined) return title;
  return title.replace(/ of team .*$/s, " of one team");
}

/** Charts of one person begin with the name, in the title and in what says the same in words. */
function maskChart(chart: Chart, name: string): Chart {
  const without = (text: string): string =>
    text.startsWith(name) ? `${SOMEBODY}${text.slice(name.length)}` : SOMEBODY;
  return { ...chart, title: without(chart.title), summary: without(chart.summary) };
}

function maskTable(table: Table): Table {
  if (!table.columns.some(({ key }) => key === "user")) return table;
  return {
    ...table,
    columns: table.columns.filter(({ key }) => key !== "user" && key !== "team"),
    async *rows() {
      let number = 0;
      for await (const { user: _, team: __, ...row } of table.rows()) {
        number += 1;
        yield { ...row, name: `Person ${number}` } satisfies Row;
      }
    },
  };
}
