import type { Column, StatusCounts, Table } from "../domain/report.ts";
import { type Status, statusOf, statusTitles } from "../domain/status.ts";
import { lastActivities } from "./activity.ts";
import type { ReportContext } from "./context.ts";
import { type Frame, metricColumns, tableOf } from "./frame.ts";
import { emptyTotals, type Totals } from "./usage.ts";

const columns: readonly Column[] = [
  { key: "user", title: "User", short: "User", kind: "text" },
  { key: "name", title: "Name", short: "Person", kind: "text" },
  { key: "team", title: "Team", short: "Team", kind: "text" },
  { key: "status", title: "Activity Status", short: "Status", kind: "status" },
  ...metricColumns,
  { key: "lastActive", title: "Last Active", short: "Last active", kind: "instant" },
];

/**
 * The table of people with their sums, the busiest first, and how many have each status. `only` keeps the people of
 * one status in the table; the counts are of everybody.
 */
export async function buildPeople(
  context: ReportContext,
  frame: Frame,
  totals: ReadonlyMap<string, Totals>,
  only?: Status,
): Promise<{ table: Table; counts: StatusCounts }> {
  const people = context.people.filter((person) => !person.robot);
  const activities = await lastActivities(context, people, frame.lastAt);
  const counts = { active: 0, passive: 0, inactive: 0 };
  const rows = people.map((person) => {
    const activity = activities.get(person._id) ?? { lastActive: null, lastValue: null };
    const status = statusOf(activity, frame.asOf, context.rule);
    counts[status] += 1;
    return {
      user: person.user,
      name: person.name,
      team: person.team,
      status,
      ...(totals.get(person._id) ?? emptyTotals()).counts,
      lastActive: activity.lastActive === null ? null : new Date(activity.lastActive),
    };
  });
  const shown = rows
    .filter((row) => only === undefined || row.status === only)
    .sort((a, b) => b.loginSessions - a.loginSessions || (a.user < b.user ? -1 : 1));
  return { table: tableOf(only ? `${statusTitles[only]} users` : "Users", columns, shown), counts };
}
