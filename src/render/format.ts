import type { Chart, Report } from "../domain/report.ts";
import type { StatusRule } from "../domain/status.ts";
import type { Progress } from "./batches.ts";
import type { ChartOptions } from "./charts.ts";
import type { Paper, Printer } from "./printer.ts";

/** What a file is made with beside the report. */
export interface RenderOptions {
  /** Of this app, as files say it. */
  readonly version?: string;
  /** Prints PDFs; without it, each file of that kind takes a browser of its own. */
  readonly printer?: Printer;
  /** Of pages; A4 without it. */
  readonly paper?: Paper;
  /** What the statuses were told by; without it, a document defines them without their numbers of days. */
  readonly statusRule?: StatusRule;
  /** Draws a chart as PNG, where that is not to be done in this thread. */
  readonly drawPng?: ((chart: Chart, options: ChartOptions) => Promise<Uint8Array>) | undefined;
  /** Told of every batch of rows; the last time with as many as were written. */
  readonly onProgress?: Progress;
}

/** A kind of file that a report can be had as. */
export interface Format {
  /** For buttons and help texts. */
  readonly title: string;
  /** Whether there is anything in the report that such a file could show. */
  fits(report: Report): boolean;
  /** As HTTP says it. */
  mediaType(report: Report): string;
  /** The end of the file's name, without a dot. */
  extension(report: Report): string;
  /**
   * The file as it grows: its rows are asked for as it is read, and their source is closed when whoever reads it stops.
   * It throws what the rows throw.
   */
  render(report: Report, options?: RenderOptions): AsyncGenerator<Uint8Array, void>;
}
