import { buildBuckets } from "../domain/buckets.ts";
import { createCalendar } from "../domain/calendar.ts";
import { completenessText } from "../domain/completeness.ts";
import {
  elapsedTrend,
  formatDelta,
  formatInstant,
  oneLine,
  sparkline,
  trendSparkline,
} from "../domain/format.ts";
import { type InactiveGroup, inactiveGroupTitles } from "../domain/inactive.ts";
import { type MetricKey, metrics } from "../domain/metrics.ts";
import { rangeLabel } from "../domain/period.ts";
import type { Column, Report, Row, Table } from "../domain/report.ts";
import { statusMarks, statusTitles } from "../domain/status.ts";
import { capital, formatCount, plural } from "../domain/words.ts";
import { align, clip } from "./align.ts";

const MOST_BARS = 62;

/** A report as lines for a terminal; of each table the first `rows` rows. */
export async function renderTerminal(report: Report, options: { now: Date; rows: number }): Promise<string> {
  const calendar = createCalendar(report.period.timeZone);
  const instant = (at: Date): string => formatInstant(at, options.now, calendar);
  const lines = [
    `${oneLine(report.title)}, ${report.period.label}   ${rangeLabel(report.period)} · ${report.period.timeZone}`,
  ];
  if (report.subject) {
    const { status, team, lastActive } = report.subject;
    const facts = [
      `${statusMarks[status]} ${statusTitles[status]}`,
      team === null ? [] : oneLine(team),
      lastActive ? `last active ${instant(lastActive)}` : "never active",
    ];
    lines.push(facts.flat().join(" · "));
  }
  lines.push(...report.warnings.map((warning) => `⚠ ${oneLine(warning)}`));
  if (report.headline) lines.push(report.headline);
  if (report.figures.length > 0) lines.push("", ...figureLines(report));
  for (const table of Object.values(report.tables)) {
    lines.push("", ...(await tableLines(table, options.rows, instant)));
  }
  const upTo = completenessText(report, instant);
  const notes = [...(upTo === "" ? [] : [upTo]), ...report.notes].join(" · ");
  if (notes) lines.push("", capital(notes));
  return lines.join("\n");
}

function figureLines(report: Report): string[] {
  const spark = sparklines(report);
  const cells = report.figures
    .filter((figure) => report.people !== null || metrics[figure.key].perPerson)
    .map((figure) => [
      figure.title,
      formatCount(figure.value),
      report.compared ? formatDelta(figure) : "",
      spark(figure.key),
    ]);
  return align(cells, ["left", "right", "right", "left"]);
}

/** A bar for each bucket that the request asks for, as long as they fit on a line; else the usual few. */
function sparklines(report: Report): (key: MetricKey) => string {
  const trend = elapsedTrend(report);
  const by = report.charts.find((chart) => chart.id === "trend")?.by;
  const buckets = by && buildBuckets(trend, by);
  if (buckets === undefined || buckets.length > MOST_BARS) return (key) => trendSparkline(trend, key);
  return (key) => sparkline(buckets.map(({ counts }) => counts[key]));
}

async function tableLines(table: Table, most: number, instant: (at: Date) => string): Promise<string[]> {
  if (table.total === 0) return [`${table.title}: none`];
  const rows: Row[] = [];
  for await (const row of table.rows()) {
    if (rows.length >= most) break;
    rows.push(row);
  }
  const columns = table.columns.filter((column) => rows.some((row) => row[column.key] !== null));
  const cells = [
    columns.map((column) => column.short),
    ...rows.map((row) => columns.map((column) => cellText(row, column, instant))),
  ];
  const lines = align(
    cells,
    columns.map((column) => (column.kind === "count" ? "right" : "left")),
  );
  if (rows.length < table.total) lines.push(`1–${rows.length} of ${plural(table.total, "row")}`);
  return lines;
}

function cellText(row: Row, column: Column, instant: (at: Date) => string): string {
  const cell = row[column.key] ?? null;
  if (column.kind === "instant")
    return cell instanceof Date ? instant(cell) : column.key === "lastActive" ? "never" : "";
  if (column.kind === "status" && typeof cell === "string" && cell in statusTitles) {
    const status = cell as keyof typeof statusTitles;
    return `${statusMarks[status]} ${statusTitles[status]}`;
  }
  if (column.kind === "group" && typeof cell === "string" && cell in inactiveGroupTitles) {
    return inactiveGroupTitles[cell as InactiveGroup];
  }
  if (typeof cell === "number") return formatCount(cell);
  return clip(cell === null ? "" : oneLine(String(cell)));
}
