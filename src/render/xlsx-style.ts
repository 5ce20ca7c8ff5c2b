import type { Style } from "exceljs";
import type { SheetColumn } from "./xlsx-sheets.ts";

/** How Excel shows each type of column. What is text stays text when somebody edits it. */
export const numberFormats: Readonly<Record<SheetColumn["type"], string>> = {
  text: "@",
  count: "#,##0",
  instant: "yyyy-mm-dd hh:mm",
  day: "yyyy-mm-dd",
};

/** White on blue, which is white on dark grey on paper. */
export const headerStyle = {
  font: { bold: true, color: { argb: "FFFFFFFF" } },
  fill: { type: "pattern", pattern: "solid", fgColor: { argb: "FF0072B2" } },
  alignment: { vertical: "middle" },
} as const satisfies Partial<Style>;
