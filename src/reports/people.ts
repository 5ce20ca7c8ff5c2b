import { handleOf } from "../domain/handle.ts";
import type { Column, Report, Row, StatusCounts, Table } from "../domain/report.ts";
import type { UsersSort } from "../domain/sort.ts";
import { type LastActivity, type Status, statusOf, statusTitles } from "../domain/status.ts";
import type { PersonDocument } from "../store/documents.ts";
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

/** A table of people, the person of each row, and how many of all have each status. */
export interface People {
  readonly table: Table;
  readonly persons: NonNullable<Report["persons"]>;
  readonly counts: StatusCounts;
  readonly leftOut: LeftOut;
}

/** A row of a table of people, and whom it is about. */
export interface PersonRow<R extends Row = Row> {
  readonly person: PersonDocument;
  readonly row: R;
}

/** A table of the rows, and whom they are about. */
export function peopleTable(
  title: string,
  shown: readonly Column[],
  rows: readonly PersonRow[],
): Pick<People, "table" | "persons"> {
  return {
    table: tableOf(
      title,
      shown,
      rows.map(({ row }) => row),
    ),
    persons: (from, to) =>
      rows.slice(Math.max(0, from), Math.max(0, to)).map(({ person }) => ({
        handle: handleOf(person._id),
        label: person.name ?? person.user,
      })),
  };
}

/** Somebody of a report with what they did last, as of the report's moment. */
export interface Standing {
  readonly person: PersonDocument;
  readonly activity: LastActivity;
  readonly status: Status;
}

/** Who is in no count, since nothing can be expected of them. */
export interface LeftOut {
  /** People who left. */
  readonly left: number;
  /** People who have yet to start. */
  readonly awaited: number;
}

/** What is told of the people of a report. */
export interface Statuses {
  /** Those whom a table of all has. */
  readonly all: readonly Standing[];
  readonly counts: StatusCounts;
  readonly leftOut: LeftOut;
}

/** Whether somebody is counted among the people of their status. */
export function isCounted({ person, status }: Standing): boolean {
  return !(person.left === true && status === "inactive");
}

/**
 * Each person's last moments and status as of the report's moment, and how many have each status. Who has yet to start
 * and did nothing is left out. So is who left, unless they did something in the period; and inactive they never are.
 */
export async function statusesOf(
  context: ReportContext,
  frame: Frame,
  people: readonly PersonDocument[],
): Promise<Statuses> {
  const activities = await lastActivities(context, people, frame.lastAt);
  const start = context.calendar.startOf(frame.period.from);
  const lastDay = context.calendar.dayOf(frame.lastAt);
  const counts = { active: 0, passive: 0, inactive: 0 };
  const leftOut = { left: 0, awaited: 0 };
  const all: Standing[] = [];
  for (const person of people) {
    const activity = activities.get(person._id) ?? { lastActive: null, lastValue: null };
    const status = statusOf(activity, frame.asOf, context.rule);
    const standing = { person, activity, status };
    const isGone = person.left === true && (activity.lastActive ?? Number.NEGATIVE_INFINITY) < start;
    const isAwaited = activity.lastActive === null && (person.started ?? lastDay) > lastDay;
    if (isGone) leftOut.left += 1;
    else if (isAwaited) leftOut.awaited += 1;
    else {
      all.push(standing);
      if (isCounted(standing)) counts[status] += 1;
      else leftOut.left += 1;
    }
  }
  return { all, counts, leftOut };
}

type UsersRow = Row & { readonly user: string; readonly lastActive: Date | null };

/** The order of a table of people; those who are equal are in the order of their e-mails. */
function byOrder(sort: UsersSort): (a: PersonRow<UsersRow>, b: PersonRow<UsersRow>) => number {
  const value = (row: UsersRow): number =>
    sort === "lastActive" ? (row.lastActive?.getTime() ?? Number.NEGATIVE_INFINITY) : Number(row[sort]);
  return ({ row: a }, { row: b }) => {
    if (sort !== "user" && value(a) !== value(b)) return value(a) < value(b) ? 1 : -1;
    return a.user < b.user ? -1 : a.user > b.user ? 1 : 0;
  };
}

/**
 * The table of the people with their sums, the busiest first unless `sort` says otherwise, and how many have each
 * status. `only` keeps the people of one status in the table; the counts are of all.
 */
export async function buildPeople(
  context: ReportContext,
  frame: Frame,
  people: readonly PersonDocument[],
  totals: ReadonlyMap<string, Totals>,
  { only, sort = "loginSessions" }: { only?: Status | undefined; sort?: UsersSort | undefined } = {},
): Promise<People> {
  const { all, counts, leftOut } = await statusesOf(context, frame, people);
  const rows = all
    .filter((standing) => only === undefined || (standing.status === only && isCounted(standing)))
    .map(({ person, activity, status }) => {
      const { user, name, team } = person;
      const lastActive = activity.lastActive === null ? null : new Date(activity.lastActive);
      const { counts: sums } = totals.get(person._id) ?? emptyTotals();
      return { person, row: { user, name, team, status, ...sums, lastActive } };
    })
    .sort(byOrder(sort));
  return { ...peopleTable(only ? `${statusTitles[only]} users` : "Users", columns, rows), counts, leftOut };
}
