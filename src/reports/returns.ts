import { addDays, daysBetween } from "../domain/calendar.ts";
import type { DayRange } from "../domain/period.ts";
import type { PersonDocument } from "../store/documents.ts";
import { dailyId } from "../store/rollup-write.ts";
import type { CutDay, ReportContext } from "./context.ts";

/** So many people's days are held at once. */
const PEOPLE_AT_ONCE = 250;
const ACCOUNTS_AT_ONCE = 1_000;

/** Somebody who came back. Instants are milliseconds since the epoch. */
export interface Return {
  /** The last activity before the silence. */
  readonly quietSince: number;
  /** The first activity after it. */
  readonly returnedAt: number;
}

/** The days at both ends of a silence; the first is null where it lies further back than was looked. */
interface Silence {
  readonly before: string | null;
  readonly after: string;
}

/**
 * Who of the people came back in the period: was active on a day of it after more than `silence` days without any
 * activity, for each the latest such return, by person id. A first activity is no return.
 */
export async function findReturns(
  context: ReportContext,
  period: DayRange,
  people: readonly PersonDocument[],
  silence: number,
): Promise<Map<string, Return>> {
  const { calendar } = context;
  const start = calendar.startOf(period.from);
  // Whose first event is not longer ago than the silence has to be cannot have come back after one.
  const candidates = people.filter(
    ({ firstAt, lastActive }) =>
      lastActive !== null &&
      lastActive.getTime() >= start &&
      daysBetween(calendar.dayOf(firstAt.getTime()), period.to) > silence,
  );
  const found = new Map<string, Return>();
  if (candidates.length === 0) return found;
  const cut = await context.cutDay(candidates.map((person) => person._id));
  for (let i = 0; i < candidates.length; i += PEOPLE_AT_ONCE) {
    const batch = candidates.slice(i, i + PEOPLE_AT_ONCE);
    const silences = await findSilences(context, period, batch, silence, cut);
    for (const [person, back] of await timesOf(context, period, batch, silences, silence)) {
      found.set(person, back);
    }
  }
  return found;
}

/** The latest silence of each that ended in the period, by person id. */
async function findSilences(
  { store }: ReportContext,
  period: DayRange,
  people: readonly PersonDocument[],
  silence: number,
  cut: CutDay | undefined,
): Promise<Map<string, Silence>> {
  // Of the day that is cut at "now", and of later ones, the stored rows know too much.
  const to = cut && cut.day <= period.to ? addDays(cut.day, -1) : period.to;
  const match = {
    person: { $in: people.map((person) => person._id) },
    day: { $gte: addDays(period.from, -silence), $lte: to },
  };
  const stages = [{ $match: match }, { $group: { _id: "$person", days: { $push: "$day" } } }];
  const daysOf = new Map<string, string[]>();
  for await (const { _id, days } of store.daily.aggregate<{ _id: string; days: string[] }>(stages)) {
    daysOf.set(_id, days.sort());
  }
  const found = new Map<string, Silence>();
  for (const { _id } of people) {
    const days = daysOf.get(_id) ?? [];
    if (cut && cut.day <= period.to && cut.usage.has(_id)) days.push(cut.day);
    for (let i = days.length - 1; i >= 0; i--) {
      const [before = null, after = ""] = [days[i - 1], days[i]];
      if (after < period.from) break;
      if (before !== null && daysBetween(before, after) <= silence) continue;
      found.set(_id, { before, after });
      break;
    }
  }
  return found;
}

/** When exactly each silence began and ended; who was never active before it is left out. */
async function timesOf(
  context: ReportContext,
  period: DayRange,
  people: readonly PersonDocument[],
  silences: ReadonlyMap<string, Silence>,
  silence: number,
): Promise<Map<string, Return>> {
  const { store } = context;
  const quietSince = new Map<string, number>();
  const ids = [...silences].flatMap(([person, { before }]) =>
    before === null ? [] : [dailyId(before, person)],
  );
  if (ids.length > 0) {
    const projection = { person: 1, lastActive: 1 };
    for await (const day of store.daily.find({ _id: { $in: ids } }, { projection })) {
      if (day.lastActive) quietSince.set(day.person, day.lastActive.getTime());
    }
  }
  const open = [...silences].flatMap(([person, { before }]) => (before === null ? [person] : []));
  if (open.length > 0) {
    const earlier = store.daily.aggregate<{ _id: string; at: Date | null }>([
      { $match: { person: { $in: open }, day: { $lt: addDays(period.from, -silence) } } },
      { $group: { _id: "$person", at: { $max: "$lastActive" } } },
    ]);
    for await (const { _id, at } of earlier) if (at) quietSince.set(_id, at.getTime());
  }
  const returned = people.filter((person) => quietSince.has(person._id));
  const returnedAt = await firstActivities(context, returned, silences);
  const found = new Map<string, Return>();
  for (const { _id } of returned) {
    const [since, at] = [quietSince.get(_id), returnedAt.get(_id)];
    if (since !== undefined && at !== undefined) found.set(_id, { quietSince: since, returnedAt: at });
  }
  return found;
}

/** The first activity of each on the day of the return: that of a day is not kept, so the events are asked. */
async function firstActivities(
  { store, calendar, now }: ReportContext,
  people: readonly PersonDocument[],
  silences: ReadonlyMap<string, Silence>,
): Promise<Map<string, number>> {
  const first = new Map<string, number>();
  for (const [day, returned] of Map.groupBy(people, (person) => silences.get(person._id)?.after ?? "")) {
    const personOf = new Map(returned.flatMap(({ _id, accounts }) => accounts.map((each) => [each, _id])));
    const accounts = [...personOf.keys()];
    const at = {
      $gte: new Date(calendar.startOf(day)),
      $lte: new Date(Math.min(calendar.endOf(day), now)),
    };
    for (let i = 0; i < accounts.length; i += ACCOUNTS_AT_ONCE) {
      const account = { $in: accounts.slice(i, i + ACCOUNTS_AT_ONCE) };
      const groups = store.events.aggregate<{ _id: string; at: Date }>([
        { $match: { account, at, kind: { $ne: "login_failed" } } },
        { $group: { _id: "$account", at: { $min: "$at" } } },
      ]);
      for await (const { _id, at } of groups) {
        const person = personOf.get(_id) ?? "";
        first.set(person, Math.min(first.get(person) ?? at.getTime(), at.getTime()));
      }
    }
  }
  return first;
}
