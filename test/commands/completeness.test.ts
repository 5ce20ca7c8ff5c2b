import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import ExcelJS from "exceljs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { runCommand } from "../../src/commands/index.ts";
import { answer } from "../../src/commands/report.ts";
import type { ReportRequest } from "../../src/domain/request.ts";
import type { Viewer } from "../../src/domain/viewer.ts";
import { formats } from "../../src/render/formats.ts";
import { renderJson } from "../../src/render/json.ts";
import { renderTerminal } from "../../src/render/terminal.ts";
import { temporaryFolder, testEngine } from "../helpers/engine.ts";
import { feed } from "../helpers/feeds.ts";
import { importText, line } from "../helpers/fill.ts";
import { usageMany } from "../helpers/usage.ts";
import { bytesOf } from "../render/report-samples.ts";

const NOW = Date.parse("2026-11-20T09:00:00Z");
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const REASON = "the vault refuses the client secret";

let clock = NOW;
const { engine, deps } = await testEngine(
  { REPORT_TIMEZONE: "Europe/Oslo" },
  () => clock,
  (close) => afterAll(close),
);
const { store } = engine;

/** A page of Bitwarden's events: sign-ins of one person at these moments. */
function bitwardenPage(...moments: readonly number[]): string {
  const id = "8a3f5c9e-0000-4000-8000-000000000001";
  const data = moments.map((at) => ({
    object: "event",
    type: 1000,
    userId: id,
    actingUserId: id,
    date: new Date(at).toISOString(),
  }));
  return JSON.stringify({ object: "list", data });
}

beforeAll(async () => {
  await importText(
    deps,
    "people.csv",
    "email,name,manager\nann@example.com,Ann,boss@example.com\nboss@example.com,Boss,\n",
  );
  clock = NOW - 30 * HOUR;
  await importText(deps, "events.ndjson", line("1", "ann", clock - HOUR));
  await importText(deps, "page.json", bitwardenPage(NOW - 31 * HOUR));
  clock = NOW;
  await store.feeds.insertMany([
    feed("collect bitwarden", "bitwarden", {
      upTo: new Date(NOW - 2 * MINUTE),
      heardAt: new Date(NOW - MINUTE),
      read: 1_204,
      added: 88,
      rejected: 2,
      lastFault: { at: new Date(NOW - HOUR), reason: "no time" },
      unknown: ["Frobbed"],
    }),
    feed("collect keeper", "keeper", {
      failure: { since: new Date(NOW - 3 * HOUR), at: new Date(NOW - MINUTE), reason: REASON },
    }),
    feed("syslog cyberark", "cyberark", { heardAt: new Date(NOW - HOUR), read: 12, added: 12 }),
    // What is no vault's stands in the status only.
    feed("syslog other", "other", { heardAt: new Date(NOW - HOUR), read: 3, rejected: 3 }),
  ]);
});

const overview: ReportRequest = { report: "overview", period: "last 30 days" };
const ask = (viewer: Viewer, tellsReasons = true, request: ReportRequest = overview) =>
  answer(request, deps, { viewer, tellsReasons });
const told = { now: new Date(NOW), rows: 5 };

it("says on every report how far each vault reaches, and which is silent", async () => {
  for (const words of ["overview", "users", "user ann", "inactive", "me"]) {
    const reply = await runCommand(words.split(" "), deps, {
      viewer: { sees: "everybody", email: "ann@example.com" },
    });
    if (reply.type !== "report") throw new Error(`${words} is a report`);
    const { sources, warnings, dataUpTo } = JSON.parse(await renderJson(reply.report));
    expect(dataUpTo, words).toBe("2026-11-19T02:00:00.000Z");
    expect(sources, words).toEqual([
      { source: "bitwarden", title: "Bitwarden", upTo: "2026-11-20T08:58:00.000Z" },
      { source: "cyberark", title: "CyberArk", upTo: null },
      { source: "keeper", title: "Keeper", upTo: null },
      { source: "plain", title: "plain events", upTo: "2026-11-19T02:00:00.000Z" },
    ]);
    // "me" is of oneself alone, whatever else one may see.
    const why = words === "me" ? "" : `: ${REASON}`;
    expect(warnings, words).toEqual([`Keeper: nothing comes since 20 Nov 2026 07:00${why}`]);
    expect(await renderTerminal(reply.report, told)).toMatch(
      /\n⚠ Keeper: nothing comes since 20 Nov 2026 07:00/,
    );
  }
});

it("tells the reason to nobody but admins, and not on what goes to others", async () => {
  const silent = "Keeper: nothing comes since 20 Nov 2026 07:00";
  const team = { sees: "team", email: "boss@example.com" } as const;
  const self = { sees: "self", email: "ann@example.com" } as const;
  for (const report of [
    await ask(team),
    await ask(self, true, { report: "me", period: "today" }),
    await ask({ sees: "everybody" }, false),
  ]) {
    expect(report.warnings).toEqual([silent]);
    expect(report.sources).toHaveLength(4);
  }
  expect((await ask({ sees: "everybody" })).warnings).toEqual([`${silent}: ${REASON}`]);
});

it("says it in the terminal, and in the files", async () => {
  const report = await ask({ sees: "everybody" });
  const text = await renderTerminal(report, told);
  expect(text).toContain(
    "Data complete up to: CyberArk (nothing yet), Keeper (nothing yet), plain events yesterday 03:00, Bitwarden today 09:58",
  );
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.load((await bytesOf(formats.xlsx.render(report, {}))) as unknown as ExcelJS.Buffer);
  const rows: unknown[][] = [];
  workbook.getWorksheet("Summary")?.eachRow((row) => rows.push((row.values as unknown[]).slice(1, 3)));
  const titles = rows.map(([title]) => title);
  expect(titles.indexOf("Warnings")).toBe(2);
  expect(rows[3]).toEqual(["1", `Keeper: nothing comes since 20 Nov 2026 07:00: ${REASON}`]);
  const from = titles.indexOf("Data complete up to");
  // Excel's dates have no zone: these are what the clocks in Oslo show.
  expect(rows.slice(from + 1, from + 5)).toEqual([
    ["Bitwarden", new Date("2026-11-20T09:58:00Z")],
    ["CyberArk", "nothing was imported yet"],
    ["Keeper", "nothing was imported yet"],
    ["plain events", new Date("2026-11-19T03:00:00Z")],
  ]);
  expect(titles.filter((title) => title === "Data complete up to")).toHaveLength(1);
});

it("says in the status how each source comes, and what is wrong with it", async () => {
  const reply = await runCommand(["status"], deps);
  if (reply.type !== "text") throw new Error("status is a text");
  expect(reply.text.split("\n\n")[0]).toBe(
    [
      "Data complete, vault by vault:",
      "  Bitwarden: up to today 09:58, last event yesterday 03:00, file read yesterday 04:00",
      "    collected, last heard today 09:59: 1,204 records read, 88 added, 2 rejected",
      "      last left out today 09:00: no time",
      "      kept as other, for their kind is not known: Frobbed",
      "  CyberArk: nothing yet",
      "    sent by syslog, last heard today 09:00: 12 records read, 12 added",
      "  Directory: members only, file read today 10:00",
      "  Keeper: nothing yet",
      `    ⚠ nothing comes since 20 Nov 2026 07:00: ${REASON}`,
      "    collected, not heard yet: 0 records read, 0 added",
      "  Lines of no known vault: nothing yet",
      "    sent by syslog, last heard today 09:00: 3 records read, 0 added, 3 rejected",
      "  plain events: up to yesterday 03:00, file read yesterday 04:00",
    ].join("\n"),
  );
  const data = JSON.parse(JSON.stringify(reply.data));
  expect(data.sources[0]).toEqual({
    source: "bitwarden",
    title: "Bitwarden",
    dataUpTo: "2026-11-19T02:00:00.000Z",
    upTo: "2026-11-20T08:58:00.000Z",
    importedAt: "2026-11-19T03:00:00.000Z",
    warning: null,
    feeds: [
      {
        feed: "collect bitwarden",
        upTo: "2026-11-20T08:58:00.000Z",
        heardAt: "2026-11-20T08:59:00.000Z",
        failure: null,
        read: 1_204,
        added: 88,
        rejected: 2,
        lastFault: { at: "2026-11-20T08:00:00.000Z", reason: "no time" },
        unknown: ["Frobbed"],
      },
    ],
  });
  expect(data.sources[3]).toMatchObject({
    source: "keeper",
    upTo: null,
    warning: `nothing comes since 20 Nov 2026 07:00: ${REASON}`,
    feeds: [{ failure: { since: "2026-11-20T06:00:00.000Z", reason: REASON } }],
  });
});

it("says it on the command line", async () => {
  const folder = await temporaryFolder();
  const file = join(folder, "page.json");
  await writeFile(file, bitwardenPage(NOW - HOUR));
  const as = ["--now", new Date(NOW).toISOString()];
  const [imported, json, text] = await usageMany(
    [
      ["import", file],
      ["overview", "--json", ...as],
      ["overview", ...as],
    ],
    { dataDir: join(folder, "data") },
  );
  expect(imported?.status).toBe(0);
  expect(JSON.parse(json?.stdout ?? "")).toMatchObject({
    dataUpTo: "2026-11-20T08:00:00.000Z",
    sources: [{ source: "bitwarden", title: "Bitwarden", upTo: "2026-11-20T08:00:00.000Z" }],
    warnings: [],
  });
  expect(text?.stdout).toContain("Data complete up to today 08:00 · ");
}, 60_000);
