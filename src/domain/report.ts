import type { BucketUnit } from "./buckets.ts";
import type { MetricKey } from "./metrics.ts";
import type { DayRange, ResolvedPeriod } from "./period.ts";
import type { ReportRequest } from "./request.ts";
import type { Status } from "./status.ts";

/** A number, with the same number of the period before. */
export interface Figure {
  readonly key: MetricKey;
  readonly title: string;
  readonly value: number;
  readonly previous: number;
}

/** What a cell may hold. An instant is a `Date`. */
export type Cell = string | number | boolean | Date | null;
export type Row = Readonly<Record<string, Cell>>;

/** How a column is to be read, which a renderer turns into alignment and format. */
export type ColumnKind = "text" | "count" | "instant" | "status" | "end" | "group";

export interface Column {
  readonly key: string;
  readonly title: string;
  readonly short: string;
  readonly kind: ColumnKind;
}

/** A table; `rows()` may be called again and streams from the start each time. */
export interface Table {
  readonly title: string;
  readonly columns: readonly Column[];
  /** How many rows `rows()` gives. */
  readonly total: number;
  rows(): AsyncIterable<Row>;
}

/** The charts there are, each a file `charts/<id>.vl.json`. */
export type ChartId = "trend" | "breakdown";

/** Rows for one chart, as `--json` prints them; `summary` is its text alternative. */
export interface Chart {
  readonly id: ChartId;
  readonly title: string;
  readonly summary: string;
  readonly rows: readonly Row[];
  /** The metrics to draw, where that is not all of them. */
  readonly metrics?: readonly MetricKey[];
  /** What one point of a trend stands for, where the request says so; the rows are one a day all the same. */
  readonly by?: BucketUnit;
}

/** How many people have each status at the moment the report is about. */
export type StatusCounts = Readonly<Record<Status, number>>;

/** Somebody whom a row of a table is about. */
export interface RowPerson {
  /** What `findPerson` finds them by for sure; `handleOf` of an account. */
  readonly handle: string;
  /** The name, else the e-mail or account id. */
  readonly label: string;
}

/** The one person that a report is about. */
export interface Subject {
  readonly user: string;
  /** What `findPerson` finds them by for sure; `handleOf` of an account. */
  readonly handle: string;
  readonly name: string | null;
  readonly team: string | null;
  readonly status: Status;
  readonly lastActive: Date | null;
}

/** How far the data of one vault reaches. */
export interface ReportSource {
  readonly source: string;
  /** The name that a person knows it by. */
  readonly title: string;
  /** Up to when everything is known that happened there, "now" at the latest; null while nothing is. */
  readonly upTo: Date | null;
}

/** Everything a renderer knows. Plain data, but for the tables' iterators. */
export interface Report {
  readonly report: ReportRequest["report"];
  /** What was asked for; whom or which team it names, it names for sure. */
  readonly request: ReportRequest;
  readonly title: string;
  readonly period: ResolvedPeriod;
  readonly previousPeriod: DayRange;
  /** Whether the store reaches back into the previous period; if not, there is nothing to compare with. */
  readonly compared: boolean;
  /** The moment statuses and open sessions are told for. */
  readonly asOf: Date;
  /** The last event that the store holds (at or before "now"), null for an empty store. */
  readonly dataUpTo: Date | null;
  /** The vaults that the store has events of, or is to get some of, by title. */
  readonly sources: readonly ReportSource[];
  /** Which sources are silent, a sentence each without its end; whole moments, in the zone of the period. */
  readonly warnings: readonly string[];
  /** One or two sentences written from the numbers. */
  readonly headline: string;
  /** Null for a report about one person, who is then the `subject`. */
  readonly people: StatusCounts | null;
  readonly subject?: Subject;
  readonly figures: readonly Figure[];
  readonly charts: readonly Chart[];
  readonly tables: Readonly<Record<string, Table>>;
  /** Whom the rows `from` (0-based) up to, and without, `to` of the first table are about, where it is of people. */
  readonly persons?: (from: number, to: number) => readonly RowPerson[];
  readonly notes: readonly string[];
}
