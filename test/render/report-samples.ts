import type { Column, Report, Row, Table } from "../../src/domain/report.ts";
import { trend, trendRows } from "./chart-samples.ts";

/** Names that have broken somebody's export before. */
export const awkwardNames = [
  '=HYPERLINK("http://x","y")',
  "+1",
  "-2+3",
  "@x",
  "＝1+1",
  " =1",
  "\u200b=1",
  "a,b",
  '"',
  "'quoted",
  "line\nbreak",
  "\ttab",
  "  spaces  ",
  "日本",
  "😀",
  "שלום עולם",
  "\u202eevil",
  "\ufeff",
  "<b>&amp;",
  "_x0041_",
  "0012",
  "1e5",
  "2026-01-01",
  "TRUE",
  "x".repeat(32_767),
  "y".repeat(40_000),
];

export const columns: readonly Column[] = [
  { key: "name", title: "Name", short: "Name", kind: "text" },
  { key: "status", title: "Activity Status", short: "Status", kind: "status" },
  { key: "count", title: "Passwords Accessed", short: "Accessed", kind: "count" },
  { key: "lastActive", title: "Last Active", short: "Last active", kind: "instant" },
];

export const asOf = new Date("2026-11-22T12:00:00Z");
/** A minute after an hour that Oslo's clocks show twice, and on. */
const FIRST = Date.parse("2026-10-25T00:01:02.003Z");

/** A row of a table of people; the same for the same number. */
export function personRow(i: number): Row {
  return {
    name: `Person ${i}`,
    status: i % 2 === 0 ? "active" : "inactive",
    count: i * 7,
    lastActive: i % 5 === 4 ? null : new Date(FIRST + i * 1_800_000),
  };
}

/** A table of rows that are made while it is read. */
export function tableOf(total: number, row: (i: number) => Row = personRow, title = "Users"): Table {
  return {
    title,
    columns,
    total,
    async *rows() {
      for (let i = 0; i < total; i++) yield row(i);
    },
  };
}

/** A report of everyday size, with the tables given. */
export function reportOf(tables: Report["tables"], more: Partial<Report> = {}): Report {
  return {
    report: "users",
    request: { report: "users", period: "last 30 days" },
    title: "Users",
    period: { from: "2026-10-24", to: "2026-11-22", timeZone: "Europe/Oslo", label: "last 30 days" },
    previousPeriod: { from: "2026-09-24", to: "2026-10-23" },
    compared: true,
    asOf,
    dataUpTo: asOf,
    sources: [{ source: "bitwarden", title: "Bitwarden", upTo: asOf }],
    warnings: [],
    headline: "28 of 41 people were active.",
    people: { active: 28, passive: 7, inactive: 6 },
    figures: [{ key: "loginSessions", title: "Login Sessions", value: 1_204, previous: 1_240 }],
    charts: [trend(trendRows("2026-10-24", 30))],
    tables,
    notes: ["2 service accounts left out"],
    ...more,
  };
}

export async function bytesOf(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(chunks));
}
