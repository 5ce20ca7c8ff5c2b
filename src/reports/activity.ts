import { addDays } from "../domain/calendar.ts";
import type { LastActivity } from "../domain/status.ts";
import type { PersonDocument } from "../store/documents.ts";
import type { ReportContext } from "./context.ts";
import { totalsBy } from "./usage.ts";

const FIRST_DAY = "0000-01-01";

/**
 * Each person's last moments at or before `until`, by person id. Those who have done nothing since need no look at
 * their days; of the others the latest days are asked first, since most people's answer lies there.
 */
export async function lastActivities(
  context: ReportContext,
  people: readonly PersonDocument[],
  until: number,
): Promise<Map<string, LastActivity>> {
  const found = new Map<string, LastActivity>();
  let open: PersonDocument[] = [];
  for (const person of people) {
    if ((person.lastActive?.getTime() ?? 0) > until) open.push(person);
    else {
      found.set(person._id, {
        lastActive: person.lastActive?.getTime() ?? null,
        lastValue: person.lastValue?.getTime() ?? null,
      });
    }
  }
  const day = context.calendar.dayOf(until);
  const recent = addDays(day, -context.rule.inactiveDays - 1);
  for (const range of [
    { from: recent, to: day },
    { from: FIRST_DAY, to: addDays(recent, -1) },
  ]) {
    if (open.length === 0) break;
    const totals = await totalsBy("person", context, range, { ids: open.map((person) => person._id) });
    open = open.filter((person) => {
      const total = totals.get(person._id);
      const before = found.get(person._id);
      const lastActive = before?.lastActive ?? total?.lastActive ?? null;
      const lastValue = before?.lastValue ?? total?.lastValue ?? null;
      found.set(person._id, { lastActive, lastValue });
      // A value action older than the window changes no status.
      return lastActive === null;
    });
  }
  return found;
}
