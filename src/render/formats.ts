import type { Report } from "../domain/report.ts";
import { nearest, orList } from "../domain/words.ts";
import { UsageError } from "../errors.ts";
import type { Format, RenderOptions } from "./format.ts";

type Render = (report: Report, options: RenderOptions) => AsyncIterable<Uint8Array>;

/** Loads what writes a format when the first file of it is asked for: some of it takes longer than a whole report. */
function lazily(load: () => Promise<Render>): Format["render"] {
  return async function* render(report, options = {}) {
    yield* (await load())(report, options);
  };
}

const hasSeveralTables = ({ tables }: Report): boolean => Object.keys(tables).length > 1;
const hasCharts = ({ charts }: Report): boolean => charts.length > 0;
const always = (): boolean => true;

/** Every format that a report can be had in; the keys are what `--out` and buttons name them by. */
export const formats = {
  csv: {
    title: "CSV",
    fits: always,
    mediaType: (report) => (hasSeveralTables(report) ? "application/zip" : "text/csv; charset=utf-8"),
    extension: (report) => (hasSeveralTables(report) ? "zip" : "csv"),
    render: lazily(async () => (await import("./csv.ts")).renderCsv),
  },
  xlsx: {
    title: "Excel",
    fits: always,
    mediaType: () => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    extension: () => "xlsx",
    render: lazily(async () => (await import("./xlsx.ts")).renderXlsx),
  },
  pdf: {
    title: "PDF",
    fits: always,
    mediaType: () => "application/pdf",
    extension: () => "pdf",
    render: lazily(async () => (await import("./pdf.ts")).renderPdf),
  },
  png: {
    title: "PNG picture",
    fits: hasCharts,
    mediaType: () => "image/png",
    extension: () => "png",
    render: lazily(async () => (await import("./picture.ts")).renderPng),
  },
  svg: {
    title: "SVG picture",
    fits: hasCharts,
    mediaType: () => "image/svg+xml",
    extension: () => "svg",
    render: lazily(async () => (await import("./picture.ts")).renderSvg),
  },
} as const satisfies Record<string, Format>;

export type FormatName = keyof typeof formats;
export const formatNames = Object.keys(formats) as FormatName[];

/** @throws UsageError that names the nearest formats */
export function formatOf(name: string): FormatName {
  const wanted = name.toLowerCase();
  const found = formatNames.find((each) => each === wanted);
  if (found) return found;
  const close = nearest(wanted, formatNames);
  const hint = close.length > 0 ? `did you mean ${orList(close)}?` : `there are ${orList(formatNames)}`;
  throw new UsageError(`“${name.slice(0, 40)}” is no format; ${hint}`);
}
