import { expect, it } from "vitest";
import type { Report } from "../../src/domain/report.ts";
import { pageOf } from "../../src/messages/grid.ts";
import { buildMessage } from "../../src/messages/report.ts";

const now = new Date("2026-11-22T09:00:00Z");
const noRows = { rows: [], page: 0, pages: 1, before: 0 };

function report(more: Partial<Report> = {}, people = 30): Report {
  return {
    report: "overview",
    request: { report: "overview", period: "last 30 days" },
    title: "Product usage",
    period: { from: "2026-10-24", to: "2026-11-22", timeZone: "Europe/Oslo", label: "last 30 days" },
    previousPeriod: { from: "2026-09-24", to: "2026-10-23" },
    compared: true,
    asOf: now,
    dataUpTo: new Date("2026-11-22T08:58:00Z"),
    sources: [],
    warnings: [],
    headline: "28 of 41 people are active, 6 inactive.",
    people: { active: 28, passive: 7, inactive: 6 },
    figures: [
      { key: "loginSessions", title: "Login Sessions", value: 1_204, previous: 1_240 },
      { key: "latestLogins", title: "Latest Logins", value: 35, previous: 0 },
    ],
    charts: [{ id: "trend", title: "Trend", summary: "Line chart: no activity.", rows: [] }],
    tables: {
      users: {
        title: "Users",
        columns: [
          { key: "user", title: "User", short: "User", kind: "text" },
          { key: "name", title: "Name", short: "Person", kind: "text" },
          { key: "team", title: "Team", short: "Team", kind: "text" },
          { key: "loginSessions", title: "Login Sessions", short: "Sessions", kind: "count" },
          { key: "lastActive", title: "Last Active", short: "Last active", kind: "instant" },
        ],
        total: people,
        async *rows() {
          for (let i = 0; i < people; i++) {
            const name = i < 2 ? "Ann Ek" : i === 2 ? null : `Person ${i}`;
            yield { user: `p${i}@example.com`, name, team: null, loginSessions: 1_000 - i, lastActive: null };
          }
        },
      },
    },
    notes: ["2 service accounts left out"],
    ...more,
  };
}

it("says who in a table without empty columns, names before addresses", async () => {
  const overview = report();
  const page = await pageOf(overview, 0);
  const { text, blocks } = buildMessage(overview, { now, page, files: { trend: "F1" } });
  const table = blocks.find((block) => block.type === "table");
  const cells = table?.rows.map((row) => row.map((cell) => ("text" in cell ? cell.text : "")));
  expect(cells?.slice(0, 5)).toEqual([
    ["Person", "Sessions", "Last active"],
    ["Ann Ek (p0@example.com)", "1,000", "never"],
    ["Ann Ek (p1@example.com)", "999", "never"],
    ["p2@example.com", "998", "never"],
    ["Person 3", "997", "never"],
  ]);
  expect(text).toContain("Login Sessions: 1,204 (down 3 % from 1,240)");
  expect(text).toContain("Latest Logins: 35 (new, none before)");
  expect(text).toContain("People: 28 active, 7 passive, 6 inactive");
  expect(text).toContain("Users 1–10 of 30:\nAnn Ek (p0@example.com): Sessions 1,000, Last active never");
  expect(text).toContain("Data complete up to today 09:58 · 2 service accounts left out");
  expect(JSON.stringify(blocks)).toContain("24 Oct – 22 Nov 2026 · Europe/Oslo");
});

it("warns of what is silent before any number, and of many shortly", async () => {
  const warnings = ["A", "B", "C", "D", "E", "F"].map((name) => `${name}: no event since 17 Nov 2026 18:02`);
  const sources = [
    { source: "a", title: "A", upTo: new Date("2026-11-17T17:02:00Z") },
    { source: "b", title: "B", upTo: new Date("2026-11-22T08:58:00Z") },
  ];
  const { text, blocks } = buildMessage(report({ warnings, sources }), { now, page: noRows, files: {} });
  expect(blocks.map(({ type }) => type).slice(0, 4)).toEqual(["header", "context", "section", "section"]);
  expect(blocks[2]).toMatchObject({
    text: {
      text: [...warnings.slice(0, 4), "the same of 2 more sources"].map((each) => `⚠ ${each}`).join("\n"),
    },
  });
  expect(text.indexOf(`Warning: ${warnings[0]}\n`)).toBeLessThan(text.indexOf("28 of 41"));
  expect(text).toContain("Warning: the same of 2 more sources\n");
  expect(text).toContain(
    "Data complete up to: A Tue 17 Nov 18:02, B today 09:58 · 2 service accounts left out",
  );
  const { blocks: calm } = buildMessage(report(), { now, page: noRows, files: {} });
  expect(JSON.stringify(calm)).not.toContain("⚠");
});

it("shows of one person who it is, and no metric that counts people", async () => {
  const subject = {
    user: "zoe@example.com",
    name: "Zoë",
    team: "Ops",
    status: "active",
    lastActive: now,
    handle: "~abcdefghijk",
  } as const;
  const { text, blocks } = buildMessage(report({ subject, people: null }), { now, page: noRows, files: {} });
  const shown = JSON.stringify(blocks);
  expect(shown).toContain("Zoë, last 30 days");
  expect(shown).toContain("zoe@example.com · ● Active · Ops · last active today 10:00");
  expect(shown + text).not.toContain("Latest Logins");
  expect(shown).toContain("The chart could not be shown. Line chart: no activity.");
});

it("tells no change where there is nothing to compare with", async () => {
  const { text, blocks } = buildMessage(report({ compared: false }), { now, page: noRows, files: {} });
  expect(text).toContain("Login Sessions: 1,204\n");
  expect(JSON.stringify(blocks) + text).not.toMatch(/▼|down|new/);
});

it("draws no days to come into a trend", async () => {
  const rows = Array.from({ length: 8 }, (_, i) => ({
    day: `2026-11-${19 + i}`,
    loginSessions: i < 4 ? i + 1 : 0,
  }));
  const trend = { id: "trend", title: "Trend", summary: "", rows } as const;
  const { blocks } = buildMessage(report({ charts: [trend] }), { now, page: noRows, files: {} });
  expect(JSON.stringify(blocks)).toMatch(/\*Login Sessions\*\\n[^"]*\u2003▂▄▆█"/);
});

it("shows fewer rows, and says how many, where they would be too long", async () => {
  const columns = Array.from({ length: 15 }, (_, i) => ({
    key: `c${i}`,
    title: "Long",
    short: "Long",
    kind: "text" as const,
  }));
  const row = Object.fromEntries(columns.map(({ key }) => [key, "x".repeat(40)]));
  const rows = Array.from({ length: 40 }, () => row);
  const long = { title: "Things", columns, total: 400, async *rows() {} };
  const { blocks } = buildMessage(report({ tables: { long } }), {
    now,
    page: { ...noRows, rows },
    files: {},
  });
  const table = blocks.find((block) => block.type === "table");
  expect(table?.rows).toHaveLength(17);
  expect(JSON.stringify(blocks)).toContain("Things 1–16 of 400");
});
