import { addDays, type Calendar } from "./calendar.ts";
import { type Counts, type EventMetricKey, eventMetrics, valueKinds, zeroCounts } from "./metrics.ts";
import { buildSessions, byTime, eventMetricKeys, type Session, type SessionEvent } from "./sessions.ts";
import { type QuietWindow, quietWindow, type Span } from "./window.ts";

/** What one person did on one day. Instants are milliseconds since the epoch, null for never. */
export interface DailyUsage {
  readonly day: string;
  readonly counts: Counts<EventMetricKey | "loginSessions">;
  lastLogin: number | null;
  lastActive: number | null;
  lastValue: number | null;
}

/** A person's derived data around the days that changed. */
export interface Recomputed {
  readonly window: QuietWindow;
  /** The first day that changed; every day from here to `window.to` is in `daily`, if anything happened on it. */
  readonly from: string;
  readonly sessions: readonly Session[];
  readonly daily: readonly DailyUsage[];
}

const metricOf = new Map<string, EventMetricKey>(eventMetrics.map(({ key, event }) => [event, key]));

/** The window of `quietWindow` for one person's events in order. */
export function windowOf(
  events: readonly SessionEvent[],
  days: { readonly from: string; readonly to: string },
  loaded: Span,
  calendar: Calendar,
  knownStart?: number,
): QuietWindow | undefined {
  const times = events.filter((event) => event.session === undefined).map((event) => event.at);
  return quietWindow(times, days, loaded, calendar, knownStart);
}

/**
 * Sessions and daily numbers of one person for the days `from` to `window.to`.
 * `events` are all those in the window and, of the sessions with an id, all there are at any time.
 */
export function recompute(
  events: readonly SessionEvent[],
  from: string,
  window: QuietWindow,
  calendar: Calendar,
): Recomputed {
  const { start, end, to } = window;
  const dayStart = calendar.startOf(from);
  const ordered = [...events].sort(byTime);
  const inferred = ordered.filter(
    (event) => event.session === undefined && event.at >= start && event.at < end,
  );
  const touched = new Set<string>();
  for (const { session, at } of ordered) {
    if (session !== undefined && at >= dayStart && at < end) touched.add(session);
  }
  const withId = ordered.filter((event) => event.session !== undefined && touched.has(event.session));
  const sessions = [...buildSessions(inferred), ...buildSessions(withId)];

  const rows = new Map<string, DailyUsage>();
  const rowOf = (at: number): DailyUsage => {
    const day = calendar.dayOf(at);
    let row = rows.get(day);
    if (!row) {
      const counts = zeroCounts([...eventMetricKeys, "loginSessions"] as const);
      row = { day, counts, lastLogin: null, lastActive: null, lastValue: null };
      rows.set(day, row);
    }
    return row;
  };
  const within = calendar.startOf(addDays(to, 1));
  for (const event of ordered) {
    if (event.at < dayStart || event.at >= within || event.kind === "login_failed") continue;
    const row = rowOf(event.at);
    row.lastActive = event.at;
    if (event.kind === "login") row.lastLogin = event.at;
    if (valueKinds.includes(event.kind)) row.lastValue = event.at;
    const metric = metricOf.get(event.kind);
    if (metric) row.counts[metric] += 1;
  }
  for (const session of sessions) {
    if (session.startedAt >= dayStart && session.startedAt < within) {
      rowOf(session.startedAt).counts.loginSessions += 1;
    }
  }
  return { window, from, sessions, daily: [...rows.values()] };
}
