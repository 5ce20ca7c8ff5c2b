import type { Workbook, Worksheet } from "exceljs";
import type { Report } from "../domain/report.ts";
import { renderChartPng } from "./charts.ts";
import type { RenderOptions } from "./format.ts";
import { buildSummary } from "./summary.ts";
import type { WallClock } from "./wall-clock.ts";
import { cleanCell, writtenCell } from "./xlsx-cell.ts";
import { headerStyle, numberFormats } from "./xlsx-style.ts";

/** Heights in points; a picture's pixel is three quarters of one. */
const [LINE_HEIGHT, TITLE_HEIGHT] = [15, 24];
const LINE_PIXELS = 20;

/** Fills the sheet *Summary*: what the report is about, its figures and charts, and how to read them. */
export async function fillSummary(
  workbook: Workbook,
  sheet: Worksheet,
  report: Report,
  { options, wallClock }: { options: RenderOptions; wallClock: WallClock },
): Promise<void> {
  const clean = (value: unknown) => writtenCell(cleanCell(value, wallClock));
  const add = (...cells: unknown[]) => sheet.addRow(cells.map(clean));
  sheet.columns = [{ width: 24 }, { width: 22 }, { width: 16 }, { width: 12 }, { width: 50 }];
  const title = add(report.title);
  title.font = { bold: true, size: 16 };
  title.height = TITLE_HEIGHT;
  add(report.headline);
  for (const section of buildSummary(report, options)) {
    if (section.title === "Definitions") await addCharts(workbook, sheet, report, { clean, options });
    add();
    const isCompared = section.lines.some(({ change }) => change !== undefined);
    const header = add(
      section.title,
      ...(isCompared ? ["This period", "Period before", "Change"] : ["", "", ""]),
    );
    header.eachCell((cell) => Object.assign(cell, headerStyle));
    for (const { item, value, previous, change } of section.lines) {
      const row = add(item, value, previous, change);
      const cell = row.getCell(2);
      cell.alignment = { horizontal: isCompared ? "right" : "left" };
      cell.numFmt = value instanceof Date ? numberFormats.instant : numberFormats.count;
      row.getCell(3).numFmt = numberFormats.count;
      row.getCell(4).alignment = { horizontal: "right" };
      row.height = LINE_HEIGHT;
    }
  }
}

/** Each chart below what it shows in words, for who cannot see it. */
async function addCharts(
  workbook: Workbook,
  sheet: Worksheet,
  { charts, period, asOf }: Report,
  { clean, options }: { clean: (value: unknown) => unknown; options: RenderOptions },
): Promise<void> {
  const draw = options.drawPng ?? renderChartPng;
  for (const chart of charts) {
    const png = Buffer.from(await draw(chart, { period, asOf }));
    // Drawn with twice the pixels, for sharp screens.
    const [width, height] = [png.readUInt32BE(16) / 2, png.readUInt32BE(20) / 2];
    sheet.addRow([]);
    sheet.addRow([clean(chart.summary)]);
    const image = workbook.addImage({ base64: png.toString("base64"), extension: "png" });
    sheet.addImage(image, { tl: { col: 0, row: sheet.rowCount }, ext: { width, height }, editAs: "oneCell" });
    for (let line = 0; line < Math.ceil(height / LINE_PIXELS); line++)
      sheet.addRow([null]).height = LINE_HEIGHT;
  }
}
