import type { Report, Row } from "../domain/report.ts";
import type { Target } from "../domain/target.ts";
import type { ArchiveDocument } from "../store/documents.ts";
import type { RunKind } from "../store/schedule-documents.ts";

/** What is sent to a target. */
export interface Parcel {
  readonly report: Report;
  /** Rows of the inactive report about the same period: who went quiet, at most a handful; none for other reports. */
  readonly quiet: readonly Row[];
  /** One sentence about those, such as "3 people went quiet"; empty where nothing is to be said. */
  readonly quietHeadline: string;
  /** In the archive, made for this run. */
  readonly files: readonly ArchiveDocument[];
  readonly schedule: {
    readonly id: string;
    /** In words: `every monday 09:00 in Europe/Oslo`. */
    readonly rule: string;
    /** A Slack user id, or somebody at a terminal. */
    readonly owner: string;
    readonly workspace: string | undefined;
  };
  /** Why it comes: by the schedule, asked for with *run now*, or as a test to whoever asked. */
  readonly kind: RunKind;
  /** The moment that the report is told for. */
  readonly slot: Date;
  /** Aborted when the run's time is over; a send that was not begun by then does not begin. */
  readonly signal: AbortSignal;
}

/** What is known of a send that arrived. */
export interface Receipt {
  /** What the other side calls it: a message's time in Slack, or an e-mail's Message-ID. */
  readonly reference: string;
  /** What is missing of it, in a sentence; undefined for a whole one. */
  readonly lacking?: string;
}

/** A way to send reports, one file each; `index.ts` has the table. */
export interface Channel {
  /** Whether names are to be left out there when the settings ask for it: others than those chosen can read it. */
  isOpen(target: Target): boolean;
  /**
   * The place that a typed word means; undefined for a word that is none of this channel's.
   * @throws UsageError with what would be right
   */
  read(word: string, options: { readonly me: string | undefined }): Promise<Target | undefined>;
  /**
   * Why the target may get reports, in words; asked when a schedule is made and again at each send.
   * @throws DeliveryError when it may not, or when that cannot be said now
   */
  check(target: Target): Promise<string>;
  /** Sends once. @throws DeliveryError, and for anything else nobody can say whether it arrived */
  send(target: Target, parcel: Parcel): Promise<Receipt>;
  /** Loads what the first send would otherwise wait for, and hold everything else up with. */
  warm?(): Promise<void>;
  close?(): Promise<void>;
}
