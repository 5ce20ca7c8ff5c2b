import { DAY } from "../domain/calendar.ts";
import type { InactiveGroup } from "../domain/inactive.ts";
import { dayLabel } from "../domain/period.ts";
import type { Column, Report } from "../domain/report.ts";
import type { ReportRequest } from "../domain/request.ts";
import { formatCount, plural } from "../domain/words.ts";
import type { PersonDocument } from "../store/documents.ts";
import type { ReportContext } from "./context.ts";
import { buildNotes, frameOf, peopleNotes, timeOf } from "./frame.ts";
import { type PersonRow, peopleTable, statusesOf } from "./people.ts";
import { findReturns } from "./returns.ts";

const columns: readonly Column[] = [
  { key: "user", title: "User", short: "User", kind: "text" },
  { key: "name", title: "Name", short: "Person", kind: "text" },
  { key: "team", title: "Team", short: "Team", kind: "text" },
  { key: "group", title: "Group", short: "Group", kind: "group" },
  { key: "quietSince", title: "Quiet Since", short: "Quiet since", kind: "instant" },
  { key: "days", title: "Days of Silence", short: "Days", kind: "count" },
  { key: "returnedAt", title: "Returned At", short: "Returned", kind: "instant" },
];

/** Somebody of the report. Instants are milliseconds since the epoch. */
interface Inactive {
  readonly person: PersonDocument;
  readonly group: InactiveGroup;
  readonly quietSince: number | null;
  readonly days: number | null;
  readonly returnedAt: number | null;
}

/**
 * Who does not use the vault, as of the period's end or now: who never did anything, then who stopped more than
 * `days` days ago (the latest first: they can still be won back), then who came back in the period after as long a
 * silence. Somebody who came back and stopped again has stopped.
 */
export async function buildInactive(
  context: ReportContext,
  request: Extract<ReportRequest, { report: "inactive" }>,
): Promise<Report> {
  const frame = frameOf(context, request);
  const silence = request.days ?? context.rule.inactiveDays;
  const known = context.people.filter((person) => !person.robot);
  const { all, counts, leftOut } = await statusesOf(context, frame, known);
  const never: Inactive[] = [];
  const quiet: Inactive[] = [];
  const others: PersonDocument[] = [];
  for (const { person, activity } of all) {
    // Nobody has to win back who left.
    if (person.left === true) continue;
    const quietSince = activity.lastActive;
    if (quietSince === null) never.push({ person, group: "never", quietSince, days: null, returnedAt: null });
    else if (frame.asOf - quietSince > silence * DAY) {
      const days = Math.floor((frame.asOf - quietSince) / DAY);
      quiet.push({ person, group: "quiet", quietSince, days, returnedAt: null });
    } else others.push(person);
  }
  const returns = await findReturns(context, frame.period, others, silence);
  const returned = others.flatMap((person): Inactive[] => {
    const back = returns.get(person._id);
    if (!back) return [];
    const days = Math.floor((back.returnedAt - back.quietSince) / DAY);
    return [{ person, group: "returned", days, ...back }];
  });
  const rows = [
    ...latestFirst(never, () => 0),
    ...latestFirst(quiet, ({ quietSince }) => quietSince ?? 0),
    ...latestFirst(returned, ({ returnedAt }) => returnedAt ?? 0),
  ].map(rowOf);
  const { table, persons } = peopleTable("Inactive people", columns, rows);
  const headline =
    known.length === 0
      ? "Nobody is known yet."
      : inactiveSentence({ never: never.length, quiet: quiet.length, returned: returned.length });
  return {
    report: "inactive",
    request,
    title:
      request.days === undefined ? table.title : `People inactive for more than ${plural(silence, "day")}`,
    ...timeOf(context, frame),
    headline,
    people: counts,
    figures: [],
    charts: [],
    tables: { people: table },
    persons,
    notes: [
      `quiet means no activity for more than ${plural(silence, "day")}`,
      ...(context.firstDay !== null && never.length > 0
        ? [`the data begins on ${dayLabel(context.firstDay)}; what was before is not known`]
        : []),
      ...peopleNotes(context, { ...leftOut, left: known.filter(({ left }) => left === true).length }),
      ...buildNotes(context, frame, false),
    ],
  };
}

function latestFirst(rows: readonly Inactive[], at: (row: Inactive) => number): Inactive[] {
  return rows.toSorted(
    (a, b) => at(b) - at(a) || (a.person.user < b.person.user ? -1 : a.person.user > b.person.user ? 1 : 0),
  );
}

function rowOf({ person, group, quietSince, days, returnedAt }: Inactive): PersonRow {
  const instant = (at: number | null): Date | null => (at === null ? null : new Date(at));
  const { user, name, team } = person;
  return {
    person,
    row: {
      user,
      name,
      team,
      group,
      quietSince: instant(quietSince),
      days,
      returnedAt: instant(returnedAt),
    },
  };
}

/** `3 people never signed in, 5 went quiet, 2 returned.` */
function inactiveSentence(counts: Readonly<Record<InactiveGroup, number>>): string {
  const told = (
    [
      ["never", "never signed in"],
      ["quiet", "went quiet"],
      ["returned", "returned"],
    ] as const
  )
    .filter(([group]) => counts[group] > 0)
    .map(([group, what], i) => {
      const count = counts[group];
      return `${i === 0 ? plural(count, "person", "people") : formatCount(count)} ${what}`;
    });
  if (counts.never + counts.quiet > 0) return `${told.join(", ")}.`;
  return told.length > 0 ? `Nobody is inactive; ${told[0]}.` : "Nobody is inactive.";
}
