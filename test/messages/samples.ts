import fc from "fast-check";
import { eachDay } from "../../src/domain/calendar.ts";
import { handleOf } from "../../src/domain/handle.ts";
import { type MetricKey, metricKeys, metrics } from "../../src/domain/metrics.ts";
import type { Cell, Column, ColumnKind, Report, Row, Table } from "../../src/domain/report.ts";
import type { ReportRequest } from "../../src/domain/request.ts";
import { statuses } from "../../src/domain/status.ts";

/** Texts that have broken somebody's messages before, and any others. */
export const wildText = fc.oneof(
  fc.constantFrom(
    "",
    " ",
    "\u200b",
    "\ud83d",
    "<!channel>",
    "<!here|x> & <@U1>",
    "@channel",
    "*bold* _it_ `code` ~no~",
    ":smile:",
    "שלום עולם",
    "\u202eevil\u2066",
    "a\u0300".repeat(400),
    "👨‍👩‍👧‍👦".repeat(200),
    "&".repeat(5_000),
    "x".repeat(300),
    "line\nbreak\ttab\0",
  ),
  fc.string({ unit: "binary", maxLength: 400 }),
  fc.string({ unit: "grapheme", maxLength: 400 }),
);

const instant = fc.date({
  min: new Date("2001-01-01"),
  max: new Date("2099-01-01"),
  noInvalidDate: true,
});
const count = fc.nat({ max: 2_000_000_000 });

const cells: Record<ColumnKind, fc.Arbitrary<Cell>> = {
  text: fc.option(wildText),
  count: fc.option(count),
  instant: fc.option(instant),
  status: fc.option(fc.oneof(fc.constantFrom(...statuses), wildText)),
  end: fc.constantFrom("logout", "idle", "open"),
  group: fc.oneof(fc.constantFrom("never", "quiet", "returned"), wildText),
};

const kind = fc.constantFrom<ColumnKind>("text", "count", "instant", "status", "end");
const columns = fc.oneof(
  fc.constant<Column[]>([
    { key: "user", title: "User", short: "User", kind: "text" },
    { key: "name", title: "Name", short: "Person", kind: "text" },
    { key: "status", title: "Status", short: "Status", kind: "status" },
    { key: "lastActive", title: "Last Active", short: "Last active", kind: "instant" },
  ]),
  fc
    .array(fc.record({ title: wildText, short: wildText, kind }), { minLength: 1, maxLength: 30 })
    .map((list) => list.map((column, i): Column => ({ ...column, key: `c${i}` }))),
);

const table: fc.Arbitrary<Table> = columns.chain((list) =>
  fc
    .record({
      title: wildText,
      total: fc.nat(1_000_000),
      rows: fc.array(fc.record(Object.fromEntries(list.map(({ key, kind }) => [key, cells[kind]]))), {
        maxLength: 120,
        size: "+1",
      }),
    })
    .map(({ title, total, rows }) => ({
      title,
      columns: list,
      total,
      async *rows() {
        yield* rows as Row[];
      },
    })),
);

const figure = fc.record({ key: fc.constantFrom<MetricKey>(...metricKeys), value: count, previous: count });

const longText = fc.oneof(wildText, fc.constant("x".repeat(300)));
const period = fc.constantFrom("last 7 days", "2026-10-01..2026-10-07", "this quarter", "since 2026-10-01");

/** Whatever may be asked for, with names from outside. */
export const wildRequest: fc.Arbitrary<ReportRequest> = fc.oneof(
  fc.record({ report: fc.constant("overview" as const), period }),
  fc.record(
    {
      report: fc.constant("users" as const),
      period,
      by: fc.constantFrom("day", "week", "month"),
      status: fc.constantFrom(...statuses),
      sort: fc.constantFrom("passwordsAutofilled", "lastActive", "user"),
      team: longText.filter((text) => text.trim() !== ""),
    },
    { requiredKeys: ["report", "period"] },
  ),
  fc.record({ report: fc.constant("me" as const), period }),
  fc.record(
    { report: fc.constant("inactive" as const), period, days: fc.integer({ min: 1, max: 3_660 }) },
    { requiredKeys: ["report", "period"] },
  ),
);

/** Reports with everything that a report could hold at its worst. */
export const wildReport: fc.Arbitrary<Report> = fc
  .record({
    title: wildText,
    headline: wildText,
    summary: wildText,
    notes: fc.array(wildText, { maxLength: 30 }),
    figures: fc.array(figure, { maxLength: 40 }),
    people: fc.option(fc.record({ active: count, passive: count, inactive: count })),
    subject: fc.option(
      fc.record({
        user: wildText,
        name: fc.option(wildText),
        team: fc.option(wildText),
        status: fc.constantFrom(...statuses),
        lastActive: fc.option(instant),
        handle: fc.constant("~abcdefghijk"),
      }),
    ),
    dataUpTo: fc.option(instant),
    sources: fc.array(fc.record({ source: wildText, title: wildText, upTo: fc.option(instant) }), {
      maxLength: 15,
    }),
    warnings: fc.array(wildText, { maxLength: 15 }),
    compared: fc.boolean(),
    table: fc.option(table),
    request: wildRequest,
    persons: fc.array(longText, { maxLength: 130 }),
    timeZone: fc.constantFrom("UTC", "Europe/Oslo", "America/St_Johns"),
  })
  .map(({ table, summary, subject, figures, timeZone, request, persons, ...rest }) => ({
    ...rest,
    // A report about one person is asked for by whatever names that person.
    report: subject ? "user" : request.report,
    request: subject ? { report: "user", period: request.period, user: subject.user } : request,
    persons: (from: number, to: number) =>
      persons.slice(from, to).map((label, i) => ({ label, handle: handleOf(String(i)) })),
    period: { from: "2026-10-01", to: "2026-10-07", timeZone, label: "last 7 days" },
    previousPeriod: { from: "2026-09-24", to: "2026-09-30" },
    asOf: new Date("2026-10-07T12:00:00Z"),
    ...(subject ? { subject } : {}),
    figures: figures.map((each) => ({ ...each, title: metrics[each.key].title })),
    charts: (["trend", "breakdown"] as const).map((id) => ({
      id,
      title: "Trend",
      summary,
      rows: eachDay({ from: "2026-10-01", to: "2026-10-07" }).map((day, i) => ({
        day,
        loginSessions: i * 3,
      })),
    })),
    tables: table ? { users: table } : {},
  }));
