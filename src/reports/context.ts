import { type Calendar, createCalendar } from "../domain/calendar.ts";
import { type DailyUsage, recompute } from "../domain/daily.ts";
import { usersOf } from "../domain/person.ts";
import type { Report } from "../domain/report.ts";
import type { StatusRule } from "../domain/status.ts";
import { operator, type Viewer } from "../domain/viewer.ts";
import { NEVER, type PersonDocument } from "../store/documents.ts";
import type { Store } from "../store/open.ts";
import { loadTasks } from "../store/rollup-read.ts";
import { readCompleteness } from "./sources.ts";

const PEOPLE_AT_ONCE = 500;
/** How many documents come at once: few, so that reading many people never holds up what else the process does. */
export const DOCUMENTS_AT_ONCE = 250;

/** What a report is made from: the store, and the moment that it answers for. */
export interface ReportContext extends Pick<Report, "sources" | "warnings"> {
  readonly store: Store;
  /** Milliseconds since the epoch; what happened later does not count. */
  readonly now: number;
  readonly calendar: Calendar;
  readonly rule: StatusRule;
  /** Until when the store knows what happened, `now` at the latest; null for an empty store. */
  readonly dataUpTo: Date | null;
  /** The day of the first event; null for an empty store. */
  readonly firstDay: string | null;
  readonly viewer: Viewer;
  /** Everybody who was known at `now` and whom the viewer may see, robots too. */
  readonly people: readonly PersonDocument[];
  /** Those whom only later events name as well, for whoever asks by name. */
  readonly everybody: readonly PersonDocument[];
  /**
   * The day of `now` as it stood then, by person, when the store knows of later events; otherwise nothing, and the
   * stored numbers of that day are right. Of the robots it knows only one that is asked for alone.
   */
  cutDay(ids: readonly string[] | undefined): Promise<CutDay | undefined>;
}

export interface CutDay {
  readonly day: string;
  readonly usage: ReadonlyMap<string, DailyUsage>;
}

/**
 * Reads the store's state that every report needs. Of people it knows those whom the viewer may see: nothing that is
 * made from it tells of others. Why a vault cannot be reached it knows where it `tellsReasons`, for an admin.
 */
export async function createContext(
  store: Store,
  options: { now: number; zone: string; rule: StatusRule; viewer?: Viewer; tellsReasons?: boolean },
): Promise<ReportContext> {
  const { now, rule, viewer = operator } = options;
  const [meta, all] = await Promise.all([
    store.meta.findOne({ _id: "store" }),
    store.people.find({}, { sort: { _id: 1 }, batchSize: DOCUMENTS_AT_ONCE }).toArray(),
  ]);
  const calendar = createCalendar(meta?.timeZone ?? options.zone);
  const tellsReasons = options.tellsReasons === true && viewer.sees === "everybody";
  const completeness = await readCompleteness(store, now, calendar, tellsReasons);
  const everybody = all.filter((person) => maySee(viewer, person));
  const people = everybody.filter((person) => person.listed || person.firstAt.getTime() <= now);
  const known = meta?.dataUpTo?.getTime() ?? null;
  const firstAt = all.reduce((least, person) => Math.min(least, person.firstAt.getTime()), NEVER.getTime());
  const cuts = new Map<string, Promise<CutDay>>();
  return {
    ...completeness,
    store,
    now,
    calendar,
    rule,
    viewer,
    people,
    everybody,
    firstDay: firstAt < NEVER.getTime() ? calendar.dayOf(firstAt) : null,
    dataUpTo: known === null ? null : new Date(Math.min(known, now)),
    async cutDay(ids) {
      if (known === null || known <= now) return undefined;
      const alone = ids?.length === 1 ? ids[0] : undefined;
      const key = alone ?? "";
      const persons = everybody.filter((person) =>
        alone === undefined ? !person.robot : person._id === alone,
      );
      const cut = cuts.get(key) ?? cutDayAt(store, calendar, persons, now);
      cuts.set(key, cut);
      return cut;
    },
  };
}

function maySee({ sees, email }: Viewer, person: PersonDocument): boolean {
  if (sees === "everybody") return true;
  if (email === undefined) return false;
  const own = email.toLowerCase();
  return sees === "team" ? person.manager === own : usersOf(person).includes(own);
}

async function cutDayAt(
  store: Store,
  calendar: Calendar,
  persons: readonly PersonDocument[],
  now: number,
): Promise<CutDay> {
  const day = calendar.dayOf(now);
  const usage = new Map<string, DailyUsage>();
  for (let i = 0; i < persons.length; i += PEOPLE_AT_ONCE) {
    const tasks = persons.slice(i, i + PEOPLE_AT_ONCE).map((person) => ({ person, from: day, to: day }));
    for (const { person, events, from, window } of await loadTasks(store, calendar, tasks, now)) {
      const row = recompute(events, from, window, calendar).daily.find((each) => each.day === day);
      if (row) usage.set(person._id, row);
    }
  }
  return { day, usage };
}
