import type { Report, Row, Table } from "../domain/report.ts";

async function collect(table: Table): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const row of table.rows()) rows.push(row);
  return rows;
}

/** The report as the command line's `--json` promises it. Instants are UTC with milliseconds. */
export async function renderJson(report: Report): Promise<string> {
  const tables: Record<string, Row[]> = {};
  for (const [name, table] of Object.entries(report.tables)) tables[name] = await collect(table);
  return JSON.stringify({
    report: report.report,
    request: report.request,
    title: report.title,
    headline: report.headline,
    period: report.period,
    previousPeriod: report.previousPeriod,
    asOf: report.asOf,
    dataUpTo: report.dataUpTo,
    sources: report.sources,
    warnings: report.warnings,
    ...(report.subject ? { subject: report.subject } : {}),
    ...(report.people ? { people: report.people } : {}),
    figures: report.figures,
    charts: Object.fromEntries(report.charts.map((chart) => [chart.id, chart.rows])),
    tables,
    notes: report.notes,
  });
}
