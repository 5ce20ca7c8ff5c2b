import { DAY, MINUTE } from "./calendar.ts";
import type { EventKind } from "./event.ts";
import { type Counts, type EventMetricKey, eventMetrics, zeroCounts } from "./metrics.ts";

/** A session ends after this much silence. */
export const IDLE_GAP = 30 * MINUTE;
/** A session without a vault's own id lasts no longer than this. */
export const LONGEST_SESSION = DAY / 2;

/** What sessions are made of: one person's event, of whichever account. */
export interface SessionEvent {
  readonly id: string;
  readonly at: number;
  readonly kind: EventKind;
  readonly source: string;
  readonly session?: string | undefined;
  readonly device?: string | undefined;
}

export interface Session {
  /** The vault's own id of the session, where it gives one. */
  readonly vaultId: string | undefined;
  readonly source: string;
  readonly device: string | undefined;
  readonly startedAt: number;
  /** How many sessions of the same source and device began in this very millisecond before. */
  readonly nth: number;
  lastAt: number;
  /** When somebody signed out, which is then its end. */
  logoutAt: number | undefined;
  readonly counts: Counts<EventMetricKey>;
}

const metricOf = new Map(eventMetrics.map((metric) => [metric.event as EventKind, metric.key]));

export const eventMetricKeys = eventMetrics.map((metric) => metric.key);

export function byTime(a: SessionEvent, b: SessionEvent): number {
  return a.at - b.at || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

/**
 * The sessions of one person, from that person's events in order of (time, id); DESIGN.md, "Sessions".
 * Stopping after any event gives the same sessions up to there, the last of them shorter.
 */
export function buildSessions(events: Iterable<SessionEvent>): Session[] {
  const sessions: Session[] = [];
  const withId = new Map<string, Session>();
  const inferred = new Map<string, Session>();

  const open = (event: SessionEvent, before: Session | undefined): Session => {
    const session: Session = {
      vaultId: event.session,
      source: event.source,
      device: event.device,
      startedAt: event.at,
      nth: before?.startedAt === event.at ? before.nth + 1 : 0,
      lastAt: event.at,
      logoutAt: undefined,
      counts: zeroCounts(eventMetricKeys),
    };
    sessions.push(session);
    return session;
  };

  for (const event of events) {
    if (event.kind === "login_failed") continue;
    const group = event.session === undefined ? inferred : withId;
    const key = event.session ?? groupKey(event);
    const before = group.get(key);
    let session = before;
    if (session && event.session === undefined && startsAnew(session, event)) session = undefined;
    if (!session) {
      if (event.kind === "logout") continue;
      session = open(event, before);
      group.set(key, session);
    }
    session.lastAt = event.at;
    if (event.kind === "logout") session.logoutAt = event.at;
    const metric = metricOf.get(event.kind);
    if (metric) session.counts[metric] += 1;
  }
  return sessions;
}

function groupKey(event: SessionEvent): string {
  return `${event.source}\n${event.device ?? ""}`;
}

function startsAnew(session: Session, event: SessionEvent): boolean {
  return (
    event.kind === "login" ||
    session.logoutAt !== undefined ||
    event.at - session.lastAt > IDLE_GAP ||
    event.at - session.startedAt > LONGEST_SESSION
  );
}

export type SessionEnd = "logout" | "idle" | "open";

/** How a session stands at `now`; `endedAt` is null while it is open. */
export function sessionEnd(
  session: Pick<Session, "lastAt" | "logoutAt">,
  now: number,
): { end: SessionEnd; endedAt: number | null } {
  if (session.logoutAt !== undefined) return { end: "logout", endedAt: session.logoutAt };
  if (now - session.lastAt <= IDLE_GAP) return { end: "open", endedAt: null };
  return { end: "idle", endedAt: session.lastAt };
}
