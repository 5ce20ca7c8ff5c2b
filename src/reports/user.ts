import { metrics, personMetricKeys } from "../domain/metrics.ts";
import { findPerson, personLabel } from "../domain/person.ts";
import type { Chart, Report } from "../domain/report.ts";
import type { ReportRequest } from "../domain/request.ts";
import { statusOf } from "../domain/status.ts";
import { formatCount } from "../domain/words.ts";
import { lastActivities } from "./activity.ts";
import type { ReportContext } from "./context.ts";
import { buildFigures, buildNotes, buildTrend, frameOf } from "./frame.ts";
import { buildHeadline } from "./headline.ts";
import { buildSessionTable } from "./sessions.ts";
import { sumCounts, type Totals, totalsBy } from "./usage.ts";

/**
 * One person: figures, breakdown, trend and sessions.
 * @throws UsageError when the request names nobody, or more than one
 */
export async function buildUser(
  context: ReportContext,
  request: Extract<ReportRequest, { report: "user" }>,
): Promise<Report> {
  const frame = frameOf(context, request.period);
  const person = findPerson(
    context.everybody.map((document) => ({ ...document, id: document._id })),
    request.user,
  );
  const name = person.name ?? person.user;
  const who = { ids: [person._id] };
  const [byDay, byPerson, before, activities, sessions] = await Promise.all([
    totalsBy("day", context, frame.period, who),
    totalsBy("person", context, frame.period, who),
    totalsBy("person", context, frame.previousPeriod, who),
    lastActivities(context, [person], frame.lastAt),
    buildSessionTable(context, frame, person),
  ]);
  const activity = activities.get(person._id) ?? { lastActive: null, lastValue: null };
  const status = statusOf(activity, frame.asOf, context.rule);
  const figures = buildFigures(sumCounts(byPerson.values()), sumCounts(before.values()));
  const notes = buildNotes(context, frame);
  if (person.robot) notes.unshift("this is a service account; other reports leave it out");
  return {
    report: "user",
    request: { ...request, user: person.user },
    title: personLabel(person),
    period: frame.period,
    previousPeriod: frame.previousPeriod,
    compared: frame.compared,
    asOf: new Date(frame.asOf),
    dataUpTo: context.dataUpTo,
    headline: buildHeadline(null, figures, frame.compared),
    subject: {
      user: person.user,
      name: person.name,
      team: person.team,
      status,
      lastActive: activity.lastActive === null ? null : new Date(activity.lastActive),
    },
    people: null,
    figures,
    charts: [
      buildBreakdown(name, byPerson.get(person._id)),
      buildTrend(
        `${name}: trend`,
        frame.period,
        byDay,
        byPerson.values(),
        context.calendar,
        personMetricKeys,
      ),
    ],
    tables: { sessions },
    notes,
  };
}

function buildBreakdown(name: string, totals: Totals | undefined): Chart {
  const rows = personMetricKeys.map((metric) => ({ metric, count: totals?.counts[metric] ?? 0 }));
  const told = rows.map(({ metric, count }) => `${metrics[metric].title} ${formatCount(count)}`);
  const title = `${name}: activity`;
  return { id: "breakdown", title, summary: `${title}: ${told.join(", ")}.`, rows };
}
