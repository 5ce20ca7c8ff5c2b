import { handleOf } from "../domain/handle.ts";
import { metrics, personMetricKeys } from "../domain/metrics.ts";
import { dayLabel } from "../domain/period.ts";
import { findPerson, personLabel } from "../domain/person.ts";
import type { Chart, Report } from "../domain/report.ts";
import type { ReportRequest } from "../domain/request.ts";
import { statusOf } from "../domain/status.ts";
import { formatCount } from "../domain/words.ts";
import { UsageError } from "../errors.ts";
import type { PersonDocument } from "../store/documents.ts";
import { lastActivities } from "./activity.ts";
import type { ReportContext } from "./context.ts";
import { buildFigures, buildNotes, buildTrend, frameOf, timeOf } from "./frame.ts";
import { buildHeadline } from "./headline.ts";
import { buildSessionTable } from "./sessions.ts";
import { sumCounts, type Totals, totalsBy } from "./usage.ts";

/**
 * One person: figures, breakdown, trend and sessions. Of a context that knows only whoever asks, `me` is they.
 * @throws UsageError when the request names nobody, or more than one
 */
export async function buildUser(
  context: ReportContext,
  request: Extract<ReportRequest, { report: "user" | "me" }>,
): Promise<Report> {
  const frame = frameOf(context, request);
  const person = request.report === "me" ? onlyOne(context) : findPerson(context.everybody, request.user);
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
  else if (person.left === true) notes.unshift("the directory says that this person left");
  else if ((person.started ?? "") > context.calendar.dayOf(frame.lastAt))
    notes.unshift(`this person starts on ${dayLabel(person.started ?? "")}`);
  return {
    report: request.report,
    request: request.report === "me" ? request : { ...request, user: sureName(context, person) },
    title: personLabel(person),
    ...timeOf(context, frame),
    headline: buildHeadline(null, figures, frame.compared),
    subject: {
      user: person.user,
      handle: handleOf(person._id),
      name: person.name,
      team: person.team,
      status,
      lastActive: activity.lastActive === null ? null : new Date(activity.lastActive),
    },
    people: null,
    figures,
    charts: [
      buildBreakdown(name, byPerson.get(person._id)),
      buildTrend(`${name}: trend`, frame.period, byDay, byPerson.values(), context.calendar, {
        keys: personMetricKeys,
        by: request.by,
      }),
    ],
    tables: { sessions },
    notes,
  };
}

/** @throws UsageError when the context does not know exactly one person, so that nobody is shown another's use */
function onlyOne({ everybody }: ReportContext): PersonDocument {
  const [person, ...others] = everybody;
  if (person && others.length === 0) return person;
  throw new UsageError("it is not known who you are in the vault");
}

/** What names the person and nobody else: the e-mail or id, unless two vaults have the same id for two people. */
function sureName({ everybody }: ReportContext, person: PersonDocument): string {
  const isShared = everybody.some(({ _id, user }) => user === person.user && _id !== person._id);
  return isShared ? handleOf(person._id) : person.user;
}

function buildBreakdown(name: string, totals: Totals | undefined): Chart {
  const rows = personMetricKeys.map((metric) => ({ metric, count: totals?.counts[metric] ?? 0 }));
  const told = rows.map(({ metric, count }) => `${metrics[metric].title} ${formatCount(count)}`);
  const title = `${name}: activity`;
  return { id: "breakdown", title, summary: `${title}: ${told.join(", ")}.`, rows };
}
