import type { Report } from "../domain/report.ts";
import type { FormatName } from "../render/formats.ts";
import type { Preview } from "../schedules/preview.ts";
import type { RunView, ScheduleView } from "../schedules/views.ts";
import type { ColumnFacts } from "../sources/guess-map.ts";
import type { ArchiveDocument } from "../store/documents.ts";
import type { ScheduleDocument } from "../store/schedule-documents.ts";

/** What one import did, as `import --json` prints it. */
export interface ImportResult {
  readonly source: string;
  readonly read: number;
  readonly added: number;
  readonly duplicates: number;
  readonly rejected: number;
  readonly people: number;
  /** First and last event, UTC; null when there was none. */
  readonly from: string | null;
  readonly to: string | null;
}

/** A CSV that no source knows. */
export interface UnknownCsv {
  readonly name: string;
  /** What there is in its columns; people's data, so only for the terminal of whoever handed it in. */
  readonly facts: readonly ColumnFacts[];
  /** How many rows were looked at. */
  readonly rows: number;
  /** Where its times were written, if that was said: an IANA name. */
  readonly timeZone: string | undefined;
}

/** Files of the archive, the newest first. */
export interface FilesReply {
  readonly type: "files";
  /** Says what these are. */
  readonly title: string;
  readonly files: readonly ArchiveDocument[];
  /** How many there are in all. */
  readonly total: number;
  /** The reporting zone; undefined for an empty store. */
  readonly timeZone: string | undefined;
  /** What was looked for, where it was looked for by its bytes. */
  readonly sha256?: string;
}

/** Schedules with their latest runs, the newest first. */
export interface SchedulesReply {
  readonly type: "schedules";
  /** What was done, in a sentence; for a list, what it is. */
  readonly title: string;
  readonly schedules: readonly ScheduleView[];
  /** Of the one schedule that it is about, where that was asked: its runs, the newest first. */
  readonly runs?: readonly RunView[];
  /** Whether what was to be done now did not reach all targets. */
  readonly hasFailed?: boolean;
  /** Of the one that was just set up or changed: what it is going to do. */
  readonly seen?: Preview;
  /** The same for a reader. */
  readonly text: string;
  /** The same for a machine. */
  readonly data: unknown;
}

/** What a command answers; a front end decides how it looks. */
export type Reply =
  | { readonly type: "report"; readonly report: Report }
  /** A report that is wanted as a file; the front end makes it, since it knows where to. */
  | { readonly type: "export"; readonly report: Report; readonly format: FormatName }
  | FilesReply
  /** Something has to be filled in first. */
  | { readonly type: "form"; readonly form: "verify" }
  /** A schedule has to be filled in: a new one, or one to be changed. */
  | { readonly type: "form"; readonly form: "schedule"; readonly schedule: ScheduleDocument | undefined }
  | SchedulesReply
  | {
      readonly type: "text";
      readonly text: string;
      /** The same for a machine, where that is more than the text: what `--json` prints. */
      readonly data?: unknown;
      /** Lines beside: what the text warns of, and what could not be done. */
      readonly problems?: { readonly warnings: readonly string[]; readonly failures: readonly string[] };
    }
  | {
      readonly type: "imports";
      readonly imports: readonly ImportResult[];
      /** The same for a reader, a line for each. */
      readonly text: string;
      /** Lines of the text on what may now be counted twice. */
      readonly warnings: readonly string[];
      /** A line for each record that was left out, as far as they are told. */
      readonly faults: readonly string[];
      /** A line for each input that was refused or broke off. */
      readonly failures: readonly string[];
      /** Of a dry run: CSV files that no source knows, for which a column map can be made. */
      readonly tables?: readonly UnknownCsv[];
    };
