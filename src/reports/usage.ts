import type { Document } from "mongodb";
import { addDays } from "../domain/calendar.ts";
import { type Counts, type PersonMetricKey, personMetricKeys, zeroCounts } from "../domain/metrics.ts";
import type { DayRange } from "../domain/period.ts";
import { DOCUMENTS_AT_ONCE, type ReportContext } from "./context.ts";

/** Sums over some days. Instants are milliseconds since the epoch, null for never. */
export interface Totals {
  readonly counts: Counts<PersonMetricKey>;
  lastLogin: number | null;
  lastActive: number | null;
  lastValue: number | null;
}

type Grouping = "person" | "day";
type Instants = "lastLogin" | "lastActive" | "lastValue";
const instants: readonly Instants[] = ["lastLogin", "lastActive", "lastValue"];
type Grouped = { _id: string } & Counts<PersonMetricKey> & Record<Instants, Date | null>;

/** Which of the people: their ids, or all but the robots whom the viewer may see. */
export type Who = { readonly ids: readonly string[] } | "people";

/** The people, for the store: of a viewer who does not see everybody by their ids. */
function idsOf({ viewer, people }: ReportContext, who: Who): readonly string[] | undefined {
  if (who !== "people") return who.ids;
  if (viewer.sees === "everybody") return undefined;
  return people.flatMap((person) => (person.robot ? [] : [person._id]));
}

/** The sums of some days, by person or by day; who did nothing, and a day without anything, is missing. */
export async function totalsBy(
  grouping: Grouping,
  context: ReportContext,
  range: DayRange,
  who: Who = "people",
): Promise<Map<string, Totals>> {
  const ids = idsOf(context, who);
  if (ids?.length === 0) return new Map();
  const cut = await context.cutDay(ids);
  const robots = context.people.filter((person) => person.robot).map((person) => person._id);
  const match: Document = {};
  if (ids !== undefined) match.person = { $in: ids };
  else if (robots.length > 0) match.person = { $nin: robots };
  // Of the day that is cut at "now", and of later ones, the stored numbers know too much.
  const to = cut && cut.day <= range.to ? addDays(cut.day, -1) : range.to;
  const stages = [
    { $match: { day: { $gte: range.from, $lte: to }, ...match } },
    {
      $group: {
        _id: `$${grouping}`,
        ...Object.fromEntries(personMetricKeys.map((key) => [key, { $sum: `$${key}` }])),
        ...Object.fromEntries(instants.map((key) => [key, { $max: `$${key}` }])),
      },
    },
  ];
  const totals = new Map<string, Totals>();
  for await (const group of context.store.daily.aggregate<Grouped>(stages, {
    batchSize: DOCUMENTS_AT_ONCE,
  })) {
    const sums = emptyTotals();
    for (const key of personMetricKeys) sums.counts[key] = group[key];
    for (const key of instants) sums[key] = group[key]?.getTime() ?? null;
    totals.set(group._id, sums);
  }
  if (cut && cut.day >= range.from && cut.day <= range.to) {
    const wanted = ids && new Set(ids);
    const excluded = new Set(ids === undefined ? robots : []);
    for (const [person, usage] of cut.usage) {
      if (excluded.has(person) || wanted?.has(person) === false) continue;
      const key = grouping === "person" ? person : usage.day;
      const sums = totals.get(key) ?? emptyTotals();
      addTotals(sums, usage);
      totals.set(key, sums);
    }
  }
  return totals;
}

export function emptyTotals(): Totals {
  return { counts: zeroCounts(personMetricKeys), lastLogin: null, lastActive: null, lastValue: null };
}

export function addTotals(sums: Totals, more: Totals): void {
  for (const key of personMetricKeys) sums.counts[key] += more.counts[key];
  for (const key of instants) {
    const at = more[key];
    if (at !== null) sums[key] = Math.max(sums[key] ?? at, at);
  }
}

/** The counts of every metric over all of `totals`, which are by person. */
export function sumCounts(totals: Iterable<Totals>): Counts {
  const sums = emptyTotals();
  let latestLogins = 0;
  for (const each of totals) {
    addTotals(sums, each);
    if (each.lastLogin !== null) latestLogins += 1;
  }
  return { ...sums.counts, latestLogins };
}
