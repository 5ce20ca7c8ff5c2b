import { expect, it } from "vitest";
import { maskReport } from "../../src/domain/mask.ts";
import type { Report, Row } from "../../src/domain/report.ts";
import type { ReportRequest } from "../../src/domain/request.ts";

const rows: Row[] = [
  { user: "ann@example.com", name: "Ann Ek", team: "Sales", loginSessions: 3 },
  { user: "bo@example.com", name: null, team: "Sales", loginSessions: 1 },
];

function reportOf(request: ReportRequest, more: Partial<Report>): Report {
  return {
    report: request.report,
    request,
    title: "Users of team Sales",
    period: { from: "2026-10-01", to: "2026-10-31", timeZone: "UTC", label: "October 2026" },
    previousPeriod: { from: "2026-09-01", to: "2026-09-30" },
    compared: true,
    asOf: new Date("2026-11-01T00:00:00Z"),
    dataUpTo: null,
    sources: [],
    warnings: [],
    headline: "2 of 2 people are active, 0 inactive.",
    people: { active: 2, passive: 0, inactive: 0 },
    figures: [],
    charts: [{ id: "trend", title: "Ann Ek: trend", summary: "Ann Ek: trend: no activity.", rows: [] }],
    tables: {
      users: {
        title: "Users of team Sales",
        columns: ["user", "name", "team", "loginSessions"].map((key) => ({
          key,
          title: key,
          short: key,
          kind: "text",
        })),
        total: rows.length,
        async *rows() {
          yield* rows;
        },
      },
    },
    persons: () => [{ handle: "~abcdefghijk", label: "Ann Ek" }],
    notes: ["shown for the 2 people whose manager is boss@example.com"],
    ...more,
  };
}

const PRIVATE = /Ann|Ek\b|bo@|ann@|boss|Sales|~abc/;

it.each<[string, ReportRequest, Partial<Report>]>([
  ["a team", { report: "users", period: "2026-10", team: "Sales" }, { charts: [] }],
  [
    "one person",
    { report: "user", period: "2026-10", user: "ann@example.com" },
    {
      title: "Ann Ek <ann@example.com>",
      people: null,
      subject: {
        user: "ann@example.com",
        name: "Ann Ek",
        team: "Sales",
        status: "active",
        lastActive: null,
        handle: "~abcdefghijk",
      },
      tables: {},
    },
  ],
])("tells of %s without who or which it is", async (_, request, more) => {
  const masked = maskReport(reportOf(request, more));
  const shown = await Array.fromAsync(masked.tables.users?.rows() ?? []);
  const all = JSON.stringify([masked, shown, masked.persons?.(0, 9)]);
  expect(all).not.toMatch(PRIVATE);
  expect(all).toContain("October 2026");
  expect(shown.map(({ name }) => name)).toEqual(masked.tables.users ? ["Person 1", "Person 2"] : []);
});
