import { addDays, type Calendar } from "./calendar.ts";
import { IDLE_GAP } from "./sessions.ts";

/** Instants from `start` up to, and without, `end`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A stretch that no session crosses, around days that changed. `to` is the last day whose sessions may change. */
export interface QuietWindow extends Span {
  readonly to: string;
}

/**
 * The stretch of one person's events around the days `from`…`to` that silence bounds on both sides, so that its
 * sessions do not depend on any event outside. When a session may run on past the last day, later days are taken in.
 * `times` are the instants, in order, of the person's events without a session id, all those within `loaded`.
 * Gives nothing when `loaded` is too narrow to tell. `knownStart` is where it begins, for whom is never silent.
 */
export function quietWindow(
  times: readonly number[],
  days: { readonly from: string; readonly to: string },
  loaded: Span,
  calendar: Calendar,
  knownStart?: number,
): QuietWindow | undefined {
  const start = knownStart ?? quietStart(times, calendar.startOf(days.from), loaded.start);
  if (start === undefined) return undefined;
  let to = days.to;
  for (;;) {
    const midnight = calendar.startOf(addDays(to, 1));
    if (midnight + IDLE_GAP >= loaded.end) return undefined;
    const after = times.findIndex((time) => time >= midnight);
    if (after < 0) return { start, end: midnight, to };
    const before = times[after - 1];
    const next = times[after] ?? midnight;
    if (before === undefined || next - before > IDLE_GAP) return { start, end: midnight, to };
    to = calendar.dayOf(next);
  }
}

/** The first instant of the run of events, without a pause, that reaches over `dayStart`; else `dayStart` itself. */
function quietStart(times: readonly number[], dayStart: number, loadedFrom: number): number | undefined {
  let i = times.findIndex((time) => time >= dayStart);
  if (i < 0) i = times.length;
  let start = dayStart;
  let next = times[i] ?? Number.POSITIVE_INFINITY;
  while (i > 0) {
    const before = times[i - 1] ?? 0;
    if (next - before > IDLE_GAP) return start;
    start = next = before;
    i -= 1;
  }
  return start - IDLE_GAP > loadedFrom ? start : undefined;
}
