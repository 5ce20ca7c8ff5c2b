import type { AccountRef, EventKind, Member } from "../domain/event.ts";

/**
 * One record of an export before anything is known about it: a JSON object, a CSV row under its column names, or the parts
 * of a log's line (`SyslogLine`).
 */
export type Fields = Readonly<Record<string, unknown>>;

/** What a vault's record says about an event, before its time and its id are settled the same way for every vault. */
export interface EventDraft {
  readonly type: "event";
  /**
   * As written in the record: ISO 8601, with an offset unless a zone is said. With {@link SOURCE_ZONE} it may lack its year,
   * as `--03-02T08:01:00`.
   */
  readonly time: unknown;
  /** Where a time without an offset was written: an IANA name, or {@link SOURCE_ZONE}. */
  readonly zone?: string | undefined;
  readonly kind: EventKind;
  /** The vault's word for what happened where nobody knows what it means: such events are `other`, and are counted. */
  readonly unknown?: string | undefined;
  readonly account: AccountRef;
  readonly session?: string | undefined;
  readonly device?: string | undefined;
  /** The vendor's own id of the event, if it gives one. */
  readonly id?: string | undefined;
  /** Without an id: everything, in a fixed order, that tells this event from another. Hashed, never stored. */
  readonly trace: readonly unknown[];
  /** Records of one trace are copies of one event, not several events of one instant. */
  readonly hasCopies?: true | undefined;
}

/** The zone of the server that wrote the export, which `--source-time-zone` says. */
export const SOURCE_ZONE = "source";

/** What one record comes to; `undefined` for one that says nothing, such as a page without entries. */
export type Translation = EventDraft | { readonly type: "member"; readonly member: Member } | undefined;

/** One shape in which a vault gives out its events. */
export interface Form {
  /** How its bytes are cut into records: JSON objects (one a line, in a list, in pages), CSV rows or lines of a log. */
  readonly cut: "json" | "csv" | "lines";
  /** One of the source's `dialects`, where it has several. */
  readonly dialect?: string;
  /** Whether the record (of a CSV file: its header, every column empty; of a log: a `SyslogLine`) is of this form. */
  recognises(fields: Fields): boolean;
  /** What it takes beyond that once somebody said that the input is this source's: what looks like another's. */
  takes?(fields: Fields): boolean;
  /** Throws a {@link Rejection} for a record that cannot be used. */
  translate(fields: Fields): Translation;
}

/** A vault whose exports can be read. */
export interface Source {
  /** The name a person knows it by. */
  readonly title: string;
  /** What may be handed in, as part of a sentence. */
  readonly describe: string;
  readonly forms: readonly Form[];
  /**
   * In which ways it names events, if those of one cannot be matched with those of another, so that the same days in both are
   * counted twice: a short name each, which the store keeps, and where such events come from, as part of a sentence.
   */
  readonly dialects?: Readonly<Record<string, string>>;
}

/** Why one record cannot be used: a few plain words that never repeat a value of the record but its time. */
export class Rejection extends Error {
  override name = "Rejection";
}

/**
 * Why an input ends before its end, in a few plain words: thrown by what unpacks it. What came before is good, so the
 * reader takes it as the input's last record, which is cut off.
 */
export class BreakOff extends Error {
  override name = "BreakOff";
}

/** A record cut out of an input, or why the bytes at that line are none. `line` is where it begins, from 1. */
export type CutRecord =
  | {
      readonly line: number;
      readonly fields: Fields;
      readonly size: number;
      /** The input ends here without a line break: if the record is of no use, it broke off. */
      readonly isUnended?: boolean;
    }
  | { readonly line: number; readonly broken: string; readonly isCutOff?: boolean };

/** Cuts bytes into records as they come; the same records whatever the sizes of the chunks. */
export interface Cutter {
  /** Takes a chunk and appends to `out` what is complete. */
  feed(chunk: Uint8Array, out: CutRecord[]): void;
  /** Says that nothing follows; with a reason, that more should have. */
  end(out: CutRecord[], breakOff?: string): void;
}

/** A record, line or row above this is set aside without being held in memory. */
export const maxRecordBytes = 1024 * 1024;
