import ExcelJS from "exceljs";
import type { Report } from "../domain/report.ts";
import type { RenderOptions } from "./format.ts";
import { readStoredZip, type StoredFile } from "./stored-zip.ts";
import type { WallClock } from "./wall-clock.ts";
import { cleanCell, writtenCell } from "./xlsx-cell.ts";
import type { SheetColumn, SheetTable } from "./xlsx-sheets.ts";
import { headerStyle, numberFormats } from "./xlsx-style.ts";
import { fillSummary } from "./xlsx-summary.ts";

const CREATOR = "Vault Usage";
const HEADER_HEIGHT = 20;

/** A sheet's file, its XML around the rows, and the number of each column's format. */
export interface SheetFrame {
  readonly path: string;
  readonly before: string;
  readonly after: string;
  readonly styles: readonly string[];
}

/** The files of a workbook; of those that are sheets of tables, what goes around their rows, table by table. */
export interface WorkbookFrame {
  readonly files: readonly StoredFile[];
  readonly sheets: readonly (readonly SheetFrame[])[];
}

/**
 * The workbook without the rows of its tables. exceljs writes it whole; the rows are left to others, because exceljs
 * keeps them all in memory, stops everything else while it writes them, and cannot stream a workbook with pictures.
 */
export async function buildFrame(
  report: Report,
  tables: readonly SheetTable[],
  around: { options: RenderOptions; wallClock: WallClock },
): Promise<WorkbookFrame> {
  const workbook = new ExcelJS.Workbook();
  workbook.creator = workbook.lastModifiedBy = CREATOR;
  workbook.created = workbook.modified = report.asOf;
  workbook.title = String(cleanCell(report.title, around.wallClock));
  const summary = workbook.addWorksheet("Summary", { pageSetup: { fitToPage: true, fitToHeight: 0 } });
  await fillSummary(workbook, summary, report, around);
  const paths = tables.map(({ names, columns, table }) =>
    names.map((name) => addFrame(workbook, name, columns, table.total, around.wallClock)),
  );
  const zip = await workbook.xlsx.writeBuffer({ zip: { compression: "STORE" } });
  const files = readStoredZip(Buffer.from(zip));
  const texts = new Map(files.map(({ name, content }) => [name, content]));
  const sheets = paths.map((parts) => parts.map((path) => openFrame(path, String(texts.get(path)))));
  return { files, sheets };
}

/** Adds a sheet with its header, and a row without values that has the formats; gives the name of its file. */
function addFrame(
  workbook: ExcelJS.Workbook,
  name: string,
  columns: readonly SheetColumn[],
  total: number,
  wallClock: WallClock,
): string {
  const sheet = workbook.addWorksheet(name, {
    views: [{ state: "frozen", ySplit: 1 }],
    pageSetup: { orientation: "landscape", fitToPage: true, fitToHeight: 0, printTitlesRow: "1:1" },
    headerFooter: { oddFooter: "&A&RPage &P of &N" },
  });
  sheet.columns = columns.map(({ width }) => ({ width }));
  const header = sheet.addRow(columns.map(({ title }) => writtenCell(cleanCell(title, wallClock))));
  header.height = HEADER_HEIGHT;
  for (const [i, { type }] of columns.entries()) {
    Object.assign(header.getCell(i + 1), headerStyle);
    sheet.getCell(2, i + 1).numFmt = numberFormats[type];
  }
  if (columns.length > 0) {
    sheet.autoFilter = { from: { row: 1, column: 1 }, to: { row: 1 + total, column: columns.length } };
  }
  return `xl/worksheets/sheet${sheet.id}.xml`;
}

const SAMPLE_ROW = /<row r="2".*?<\/row>/s;
const STYLE = /<c r="[A-Z]+2" s="(\d+)"/g;

function openFrame(path: string, xml: string): SheetFrame {
  const [sample = ""] = SAMPLE_ROW.exec(xml) ?? [];
  const at = sample === "" ? xml.indexOf("</sheetData>") : xml.indexOf(sample);
  return {
    path,
    // Which says where the cells end, and need not be said.
    before: xml.slice(0, at).replace(/<dimension [^>]*>/, ""),
    after: xml.slice(at + sample.length),
    styles: [...sample.matchAll(STYLE)].map(([, style = "0"]) => style),
  };
}
