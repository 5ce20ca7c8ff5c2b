import type { Report } from "../domain/report.ts";
import type { ReportRequest } from "../domain/request.ts";
import type { ReportContext } from "./context.ts";
import { buildFigures, buildNotes, buildTrend, frameOf, robotNotes } from "./frame.ts";
import { buildHeadline } from "./headline.ts";
import { buildPeople } from "./people.ts";
import { sumCounts, totalsBy } from "./usage.ts";

/** Everybody's use of the vault: figures, trend, and the table of people, of one status if the request says so. */
export async function buildOverview(
  context: ReportContext,
  request: Extract<ReportRequest, { report: "overview" | "users" }>,
): Promise<Report> {
  const frame = frameOf(context, request.period);
  const [byPerson, byDay, before] = await Promise.all([
    totalsBy("person", context, frame.period),
    totalsBy("day", context, frame.period),
    totalsBy("person", context, frame.previousPeriod),
  ]);
  const status = request.report === "users" ? request.status : undefined;
  const { table, counts } = await buildPeople(context, frame, byPerson, status);
  const title = request.report === "overview" ? "Product usage" : table.title;
  const figures = buildFigures(sumCounts(byPerson.values()), sumCounts(before.values()));
  return {
    report: request.report,
    request,
    title,
    period: frame.period,
    previousPeriod: frame.previousPeriod,
    compared: frame.compared,
    asOf: new Date(frame.asOf),
    dataUpTo: context.dataUpTo,
    headline: buildHeadline(counts, figures, frame.compared),
    people: counts,
    figures,
    charts: [buildTrend("Product usage", frame.period, byDay, byPerson.values(), context.calendar)],
    tables: { users: table },
    notes: [...robotNotes(context), ...buildNotes(context, frame)],
  };
}
