import type { Report } from "../domain/report.ts";
import type { ReportRequest } from "../domain/request.ts";
import type { ReportContext } from "./context.ts";
import { buildFigures, buildNotes, buildTrend, frameOf, peopleNotes, timeOf } from "./frame.ts";
import { buildHeadline } from "./headline.ts";
import { buildPeople } from "./people.ts";
import { findTeam } from "./team.ts";
import { sumCounts, totalsBy, type Who } from "./usage.ts";

/**
 * Everybody's use of the vault, or a team's: figures, trend, and the table of people, of one status and in the order
 * that the request says.
 * @throws UsageError when there is no such team
 */
export async function buildOverview(
  context: ReportContext,
  request: Extract<ReportRequest, { report: "overview" | "users" }>,
): Promise<Report> {
  const frame = frameOf(context, request);
  const { status, sort, team: wanted } = request.report === "users" ? request : {};
  const everybody = context.people.filter((person) => !person.robot);
  const team = wanted === undefined ? undefined : findTeam(everybody, wanted);
  const people = team?.people ?? everybody;
  const who: Who = team ? { ids: people.map((person) => person._id) } : "people";
  const [byPerson, byDay, before] = await Promise.all([
    totalsBy("person", context, frame.period, who),
    totalsBy("day", context, frame.period, who),
    totalsBy("person", context, frame.previousPeriod, who),
  ]);
  const { table, persons, counts, leftOut } = await buildPeople(context, frame, people, byPerson, {
    only: status,
    sort,
  });
  const title = request.report === "overview" ? "Product usage" : table.title;
  const figures = buildFigures(sumCounts(byPerson.values()), sumCounts(before.values()));
  const trend = buildTrend("Product usage", frame.period, byDay, byPerson.values(), context.calendar, {
    by: request.by,
  });
  return {
    report: request.report,
    request: team && request.report === "users" ? { ...request, team: team.name } : request,
    title: team ? `${title} of team ${team.name}` : title,
    ...timeOf(context, frame),
    headline: buildHeadline(counts, figures, frame.compared),
    people: counts,
    figures,
    charts: [trend],
    tables: { users: table },
    persons,
    notes: [...peopleNotes(context, leftOut), ...buildNotes(context, frame)],
  };
}
