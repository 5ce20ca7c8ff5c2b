import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { formatDelta } from "../../src/domain/format.ts";
import { metricKeys, metrics } from "../../src/domain/metrics.ts";
import type { Report } from "../../src/domain/report.ts";
import { formatCount } from "../../src/domain/words.ts";
import type { RenderOptions } from "../../src/render/format.ts";
import { renderPdf, renderReportHtml } from "../../src/render/pdf.ts";
import { createPrinter } from "../../src/render/printer.ts";
import { PATIENCE } from "../helpers/patience.ts";
import { wildReport } from "../messages/samples.ts";
import { readPdf, solid } from "./pdf-reader.ts";
import { peopleColumns, personRow, sampleReport, tableOf } from "./pdf-samples.ts";

const printer = createPrinter({ deadline: PATIENCE });
afterAll(() => printer.close());

async function render(report: Report, options: RenderOptions = {}) {
  const chunks: Uint8Array[] = [];
  for await (const chunk of renderPdf(report, { printer, ...options })) chunks.push(chunk);
  return readPdf(Buffer.concat(chunks));
}

describe("a printed report", () => {
  it("says what the report says", async () => {
    const report = sampleReport({ people: 60 });
    const pdf = await render(report, { version: "1.2.3", statusRule: { activeDays: 31, inactiveDays: 46 } });
    const [first = ""] = pdf.pages;
    for (const text of [
      "Product usage",
      "Last 30 days · 24 Oct – 22 Nov 2026 · Europe/Oslo",
      "Compared with 24 Sep – 23 Oct 2026",
    ]) {
      expect(first).toContain(text);
    }
    expect(solid(first)).toContain(solid(report.headline));
    for (const figure of report.figures) {
      const told = `${figure.title} ${formatCount(figure.value)} ${formatDelta(figure)} from ${formatCount(figure.previous)}`;
      expect(solid(first)).toContain(solid(told));
    }
    expect(solid(first)).toContain("Active2868%Passive717%Inactive615%");
    for (let i = 0; i < 60; i++) {
      const { user, name, team, status, lastActive, ...counts } = personRow(i);
      const numbers = Object.values(counts).map((count) => formatCount(Number(count)));
      const seen = lastActive instanceof Date ? oslo(lastActive) : "never";
      const word = { active: "Active", passive: "Passive", inactive: "Inactive" }[String(status)];
      expect(pdf.solid).toContain(solid([name, user, team ?? "–", word, ...numbers, seen].join("")));
    }
    const last = solid(pdf.pages.at(-1) ?? "");
    for (const key of metricKeys) expect(last).toContain(solid(metrics[key].definition));
    for (const text of [
      "in the last 31 days",
      "more than 46 days",
      "As of 22 Nov 2026 10:15 (Europe/Oslo)",
      "Data complete up to 22 Nov 2026 09:58 (Europe/Oslo)",
      "Asked for overview last 30 days",
      "Made by Vault Usage 1.2.3",
      "2 service accounts left out",
    ]) {
      expect(last).toContain(solid(text));
    }
  });

  it("warns on its first page, and says at the end how far each vault reaches", async () => {
    const sources = [
      { source: "bitwarden", title: "Bitwarden", upTo: new Date("2026-11-22T08:58:00Z") },
      { source: "keeper", title: "Keeper", upTo: null },
    ];
    const warnings = ["Keeper: <b>nothing comes</b> since 17 Nov 2026 18:02"];
    const { pages } = await render(sampleReport({ sources, warnings, people: 60 }));
    const [first = "", last = ""] = [pages[0], pages.at(-1)];
    expect(solid(first)).toContain(solid(`Warning: ${warnings[0]}`));
    expect(first.indexOf("Warning:")).toBeLessThan(first.indexOf("28 of 41"));
    const upTo =
      "Data complete up to Bitwarden: 22 Nov 2026 09:58 (Europe/Oslo) Keeper: nothing was imported yet";
    expect(solid(last)).toContain(solid(upTo));
  });

  it("has a title, a language, tags, an outline, and pictures with their text", async () => {
    const report = sampleReport({ asOf: new Date("2026-11-22T09:05:07.890Z") });
    const pdf = await render(report);
    expect(pdf).toMatchObject({
      dates: ["D:20261122090507+00'00'", "D:20261122090507+00'00'"],
      title: "Product usage · Last 30 days · 24 Oct – 22 Nov 2026 · Europe/Oslo",
      language: "en",
      isTagged: true,
    });
    expect(pdf.headings).toEqual(
      expect.arrayContaining(["Product usage", "Figures", "People by status", "About this document"]),
    );
    for (const { title, summary } of report.charts) {
      expect(pdf.alternatives.some((text) => text.startsWith(`${title}. ${summary}`))).toBe(true);
    }
  });

  it.each(["A4", "Letter"] as const)("has its name and number on each page of %s", async (paper) => {
    const { pages } = await render(sampleReport({ people: 100 }), { paper });
    expect(pages.length).toBeGreaterThan(3);
    for (const [i, page] of pages.entries()) {
      expect(page).toContain("Product usage · Last 30 days · 24 Oct – 22 Nov 2026 · Europe/Oslo");
      expect(page).toContain(`Page ${i + 1} of ${pages.length}`);
      if (/Person \d+ person/.test(page)) expect(page).toContain("Connections Accessed");
    }
  });

  it("is cut after a thousand rows, and says so", async () => {
    const told: number[] = [];
    let closed = false;
    const endless = {
      ...tableOf("Users", peopleColumns, []),
      total: 48_210,
      async *rows() {
        try {
          for (let i = 0; ; i++) yield personRow(i);
        } finally {
          closed = true;
        }
      },
    };
    const other = tableOf("Others", peopleColumns, [personRow(1)]);
    const report = sampleReport({ charts: [], tables: { users: endless, other } });
    const onProgress = (done: number) => void told.push(done);
    // What a PDF is printed from, since such a long one takes its time.
    const html = await renderReportHtml(report, { paper: "A4", onProgress });
    const text = solid(html.replace(/<[^>]*>/g, ""));
    expect(text).toContain(solid("1,000 of 48,210 rows; the whole table is in the XLSX"));
    expect(text).toContain(solid("0 of 1 rows; the whole table is in the XLSX"));
    expect(text).toContain("person.999@example.com");
    expect(text).not.toContain("person.1000@example.com");
    expect(told.at(-1)).toBe(1_000);
    expect(closed).toBe(true);
  });

  it("shows any name as it is", async () => {
    const longest = 32_767;
    const names = [
      "<script>document.body.textContent = 'owned'</script>",
      '<meta http-equiv=refresh content="0;url=https://example.com">',
      '</style></td></table><h1>Tom & Jerry\'s "Cat"</h1>',
      "&lt;b&gt; &amp;amp;",
      "<%= 1 + 1 %> {{2}}",
      "שלום עולם",
      "First\nSecond",
      "山田太郎 王小明 김민준 आशा 🦊",
    ];
    const rows = [...names, "Ж".repeat(longest)].map((name, i) => ({
      ...personRow(i),
      name,
      team: name.slice(0, 80),
    }));
    const pdf = await render(
      sampleReport({
        charts: [],
        title: names[2] ?? "",
        headline: names[0] ?? "",
        notes: names.slice(0, 5),
        tables: { users: tableOf(names[1] ?? "", peopleColumns, rows) },
        subject: {
          user: "",
          handle: "~a",
          name: names[2] ?? "",
          team: names[1] ?? "",
          status: "active",
          lastActive: null,
        },
      }),
    );
    for (const name of names.filter((each) => !each.includes("שלום")))
      expect(pdf.solid).toContain(solid(name));
    // Which way a reader turns it back is its own affair.
    expect(pdf.solid).toMatch(/שלום|םולש/);
    expect(pdf.pages.join("").split("Ж")).toHaveLength(longest + 80 + 1);
    expect(Math.max(...pdf.boxes)).toBe(0);
  });

  it("arrives for whatever a report holds", async () => {
    const property = fc.asyncProperty(wildReport, async (report) => {
      expect((await render(report)).solid).toContain("Aboutthisdocument");
    });
    // One takes seconds; the contract's test prints another.
    await fc.assert(property, { numRuns: 1, endOnFailure: true });
  });

  it("takes a browser of its own where it is given none", async () => {
    const chunks = await Array.fromAsync(renderPdf(sampleReport({ charts: [] })));
    expect(Buffer.concat(chunks).subarray(0, 5).toString()).toBe("%PDF-");
  });
});

function oslo(at: Date): string {
  const time = Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO("Europe/Oslo");
  const month = ["Oct", "Nov"][time.month - 10];
  return `${time.day} ${month} ${time.year} ${time.toPlainTime().toString({ smallestUnit: "minute" })}`;
}
