import { metricKeys, metrics, personMetricKeys } from "../../src/domain/metrics.ts";
import type { Column, Report, Row, Table } from "../../src/domain/report.ts";
import { statuses } from "../../src/domain/status.ts";
import { breakdown, trend, trendRows, typical } from "./chart-samples.ts";

const asOf = new Date("2026-11-22T09:15:00Z");
const HOUR = 3_600_000;

export const peopleColumns: readonly Column[] = [
  { key: "user", title: "User", short: "User", kind: "text" },
  { key: "name", title: "Name", short: "Person", kind: "text" },
  { key: "team", title: "Team", short: "Team", kind: "text" },
  { key: "status", title: "Activity Status", short: "Status", kind: "status" },
  ...personMetricKeys.map(
    (key): Column => ({ key, title: metrics[key].title, short: metrics[key].short, kind: "count" }),
  ),
  { key: "lastActive", title: "Last Active", short: "Last active", kind: "instant" },
];

export function personRow(i: number): Row {
  return {
    user: `person.${i}@example.com`,
    name: `Person ${i}`,
    team: i % 3 === 0 ? null : "Operations",
    status: statuses[i % 3] ?? null,
    ...Object.fromEntries(personMetricKeys.map((key, nth) => [key, (i * 37 + nth * 11) % 2_400])),
    lastActive: i % 5 === 0 ? null : new Date(asOf.getTime() - i * HOUR),
  };
}

export function tableOf(title: string, columns: readonly Column[], rows: readonly Row[]): Table {
  return {
    title,
    columns,
    total: rows.length,
    async *rows() {
      yield* rows;
    },
  };
}

/** An overview of so many people, with everything that an overview has; `changes` replace parts of it. */
export function sampleReport({
  people = 5,
  ...changes
}: Partial<Omit<Report, "people">> & { people?: number } = {}): Report {
  const rows = Array.from({ length: people }, (_, i) => personRow(i));
  return {
    report: "overview",
    request: { report: "overview", period: "last 30 days" },
    title: "Product usage",
    period: { from: "2026-10-24", to: "2026-11-22", timeZone: "Europe/Oslo", label: "last 30 days" },
    previousPeriod: { from: "2026-09-24", to: "2026-10-23" },
    compared: true,
    asOf,
    dataUpTo: new Date("2026-11-22T08:58:00Z"),
    sources: [{ source: "bitwarden", title: "Bitwarden", upTo: new Date("2026-11-22T08:58:00Z") }],
    warnings: [],
    headline: "28 of 41 people were active, 6 inactive. Auto-fill grew by 12 %; sign-ins fell by 3 %.",
    people: { active: 28, passive: 7, inactive: 6 },
    figures: metricKeys.map((key, i) => ({
      key,
      title: metrics[key].title,
      value: 1_204 + i * 1_111,
      previous: 1_100 + i * 1_111,
    })),
    charts: [trend(trendRows("2026-10-24", 30)), breakdown(typical)],
    tables: { users: tableOf("Users", peopleColumns, rows) },
    notes: ["2 service accounts left out"],
    ...changes,
  };
}
