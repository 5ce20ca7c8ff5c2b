import type { Filter } from "mongodb";
import { recompute } from "../domain/daily.ts";
import type { EventMetricKey } from "../domain/metrics.ts";
import { metrics } from "../domain/metrics.ts";
import type { Column, Row, Table } from "../domain/report.ts";
import { sessionEnd } from "../domain/sessions.ts";
import type { PersonDocument, SessionDocument } from "../store/documents.ts";
import { loadTasks } from "../store/rollup-read.ts";
import { sessionDocument } from "../store/rollup-write.ts";
import type { ReportContext } from "./context.ts";
import type { Frame } from "./frame.ts";

/** In the order of the original report. */
const sessionMetrics = [
  "passwordsAccessed",
  "passwordsAutofilled",
  "accountsAdded",
  "remoteConnections",
] as const satisfies EventMetricKey[];

const columns: readonly Column[] = [
  { key: "startedAt", title: "Session Initiated At", short: "Started", kind: "instant" },
  { key: "endedAt", title: "Session Ended At", short: "Ended", kind: "instant" },
  { key: "end", title: "Ended By", short: "Ended by", kind: "end" },
  ...sessionMetrics.map(
    (key): Column => ({ key, title: metrics[key].title, short: metrics[key].short, kind: "count" }),
  ),
];

/** The person's sessions that started in the period, newest first, as they stood at the report's "now". */
export async function buildSessionTable(
  context: ReportContext,
  frame: Frame,
  person: PersonDocument,
): Promise<Table> {
  const { store, calendar, now } = context;
  const from = new Date(calendar.startOf(frame.period.from));
  const filter: Filter<SessionDocument> = {
    person: person._id,
    startedAt: { $gte: from, $lte: new Date(frame.lastAt) },
  };
  const shortened = await sessionsAcross(context, person);
  return {
    title: "Sessions",
    columns,
    total: await store.sessions.countDocuments(filter),
    async *rows() {
      const cursor = store.sessions.find(filter, { sort: { startedAt: -1, _id: -1 }, batchSize: 1_000 });
      for await (const session of cursor) yield sessionRow(shortened.get(session._id) ?? session, now);
    },
  };
}

function sessionRow(session: SessionDocument, now: number): Row {
  const logoutAt = session.logoutAt?.getTime();
  const { end, endedAt } = sessionEnd({ lastAt: session.lastAt.getTime(), logoutAt }, now);
  return {
    startedAt: session.startedAt,
    endedAt: endedAt === null ? null : new Date(endedAt),
    end,
    ...Object.fromEntries(sessionMetrics.map((key) => [key, session[key]])),
  };
}

/** The sessions that went on after "now", as they were then, by id. */
async function sessionsAcross(
  { store, calendar, now }: ReportContext,
  person: PersonDocument,
): Promise<Map<string, SessionDocument>> {
  const instant = new Date(now);
  const across = await store.sessions
    .find({ person: person._id, startedAt: { $lte: instant }, lastAt: { $gt: instant } })
    .toArray();
  const found = new Map<string, SessionDocument>();
  const days = across.map((session) => session.startDay).sort();
  if (days[0] === undefined) return found;
  const task = { person, from: days[0], to: calendar.dayOf(now) };
  for (const { events, from, window } of await loadTasks(store, calendar, [task], now)) {
    for (const session of recompute(events, from, window, calendar).sessions) {
      const document = sessionDocument(person._id, session, calendar);
      found.set(document._id, document);
    }
  }
  return found;
}
