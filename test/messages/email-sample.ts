import { eachDay } from "../../src/domain/calendar.ts";
import type { MetricKey } from "../../src/domain/metrics.ts";
import type { ColumnKind, Report } from "../../src/domain/report.ts";
import type { EmailInput } from "../../src/messages/email.ts";

const now = new Date("2026-11-23T08:00:00Z");
const DAY = 86_400_000;
const days = { from: "2026-10-24", to: "2026-11-22" };
const names = [
  "Zoë Ångström",
  "<b>Ann</b> & <script>alert(1)</script>",
  "שלום עולם",
  "Tomás Vale",
  "Somebody with a rather long name that goes on and on",
  "N".repeat(60),
  "{{x}} <%= x %>",
  "Li Wei 李伟",
];

const figures: readonly (readonly [key: MetricKey, value: number, previous: number])[] = [
  ["loginSessions", 1_204, 1_240],
  ["remoteConnections", 88, 62],
  ["passwordsAccessed", 497, 497],
  ["passwordsAutofilled", 722, 645],
  ["accountsAdded", 259, 0],
  ["latestLogins", 35, 34],
];

const columns: readonly (readonly [key: string, short: string, kind: ColumnKind])[] = [
  ["user", "User", "text"],
  ["name", "Person", "text"],
  ["status", "Status", "status"],
  ["loginSessions", "Sessions", "count"],
  ["passwordsAccessed", "Accessed", "count"],
  ["passwordsAutofilled", "Auto-filled", "count"],
  ["remoteConnections", "Connections", "count"],
  ["accountsAdded", "Added", "count"],
  ["lastActive", "Last active", "instant"],
  ["team", "Team", "text"],
];

/** A report of a team of 41, some of whom have names that would do harm in a careless e-mail. */
export const sampleReport: Report = {
  report: "overview",
  request: { report: "overview", period: "last 30 days" },
  title: "Product usage",
  period: { ...days, timeZone: "Europe/Oslo", label: "last 30 days" },
  previousPeriod: { from: "2026-09-24", to: "2026-10-23" },
  compared: true,
  asOf: now,
  dataUpTo: new Date("2026-11-23T07:58:00Z"),
  sources: [
    { source: "bitwarden", title: "Bitwarden", upTo: new Date("2026-11-23T07:58:00Z") },
    { source: "keeper", title: "Keeper", upTo: new Date("2026-11-17T17:02:00Z") },
  ],
  warnings: ["Keeper: no event since 17 Nov 2026 18:02, which is longer than usual"],
  headline: "28 of 41 people are active, 6 inactive. Auto-fills grew by 12 %; login sessions fell by 3 %.",
  people: { active: 28, passive: 7, inactive: 6 },
  figures: figures.map(([key, value, previous]) => ({ key, title: key, value, previous })),
  charts: [
    {
      id: "trend",
      title: "Daily usage",
      summary: "Line chart of six metrics over 30 days; login sessions were highest on 12 Nov with 62.",
      rows: eachDay(days).map((day, i) => ({ day, loginSessions: 30 + (i % 9), passwordsAccessed: i })),
    },
  ],
  tables: {
    users: {
      title: "Users",
      columns: columns.map(([key, short, kind]) => ({ key, title: short, short, kind })),
      total: 41,
      async *rows() {
        for (let i = 0; i < 41; i++) {
          yield {
            user: `p${i}@example.com`,
            name: names[i] ?? `Person ${i}`,
            status: (["active", "passive", "inactive"] as const)[i % 3] ?? "active",
            loginSessions: 41 - i,
            passwordsAccessed: 1_012 + i,
            passwordsAutofilled: 88 * i,
            remoteConnections: i % 4,
            accountsAdded: i,
            lastActive: i === 9 ? null : new Date(now.getTime() - i * 40_000_000),
            team: "Operations",
          };
        }
      },
    },
  },
  notes: ["2 service accounts left out"],
};

export const sampleEmail: EmailInput = {
  report: sampleReport,
  quiet: names.slice(0, 3).map((name, i) => ({
    user: `p${i}@example.com`,
    name,
    days: 52 + i,
    quietSince: new Date(now.getTime() - (52 + i) * DAY - 3_600_000),
  })),
  quietHeadline: "3 people went quiet.",
  pictures: { trend: "trend.1@example.com" },
  files: [
    { name: "overview.pdf", size: 214_400, sha256: "ab12".repeat(16), place: "attached" },
    {
      name: "users.xlsx",
      size: 21_400_000,
      sha256: "cd34".repeat(16),
      place: {
        url: "https://usage.example.com/files/abc.def/users.xlsx",
        until: new Date(now.getTime() + 30 * DAY),
      },
    },
  ],
  rule: "every monday 09:00 in Europe/Oslo",
  owner: "Ann Ek",
  unsubscribe: "https://usage.example.com/unsubscribe/abc.def",
  kind: "slot",
};
