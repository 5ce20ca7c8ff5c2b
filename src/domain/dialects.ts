import type { DayRange } from "./period.ts";

/** That events of these days were imported, or collected, in one of a source's dialects. */
export interface Told extends DayRange {
  readonly source: string;
  /** Events of one dialect cannot be matched with those of another of the same source. */
  readonly dialect: string;
}

/**
 * Which days of `next` were told before in another dialect of its source, so that their events may be counted twice: for
 * each dialect from the first such day to the last.
 */
export function findRetold(next: Told, earlier: Iterable<Told>): Told[] {
  const found = new Map<string, Told>();
  for (const { source, dialect, ...days } of earlier) {
    if (source !== next.source || dialect === next.dialect) continue;
    if (days.to < next.from || days.from > next.to) continue;
    const known = found.get(dialect);
    const from = least(known?.from, greatest(days.from, next.from));
    const to = greatest(known?.to ?? "", least(days.to, next.to));
    found.set(dialect, { source, dialect, from, to });
  }
  return [...found.values()];
}

function least(a: string | undefined, b: string): string {
  return a !== undefined && a < b ? a : b;
}

function greatest(a: string, b: string): string {
  return a > b ? a : b;
}
