import type { Report } from "../domain/report.ts";

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

/** What a command answers; a front end decides how it looks. */
export type Reply =
  | { readonly type: "report"; readonly report: Report }
  | {
      readonly type: "text";
      readonly text: string;
      /** The same for a machine, where that is more than the text: what `--json` prints. */
      readonly data?: unknown;
    }
  | {
      readonly type: "imports";
      readonly imports: readonly ImportResult[];
      /** The same for a reader, a line for each. */
      readonly text: string;
      /** A line for each record that was left out, as far as they are told. */
      readonly faults: readonly string[];
      /** A line for each input that was refused or broke off. */
      readonly failures: readonly string[];
    };
