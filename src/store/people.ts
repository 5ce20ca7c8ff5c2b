import type { Calendar } from "../domain/calendar.ts";
import { eachDay } from "../domain/calendar.ts";
import { NEVER, type PersonDocument } from "./documents.ts";
import { groupAccounts } from "./grouping.ts";
import type { Store } from "./open.ts";
import { createStaleMarks } from "./stale.ts";

const BATCH = 1_000;

function sameFacts(a: PersonDocument, b: PersonDocument): boolean {
  const facts = (person: PersonDocument): string =>
    JSON.stringify([
      person.user,
      person.name,
      person.team,
      person.manager ?? null,
      person.left ?? false,
      person.started ?? null,
      person.aliases ?? [],
      person.robot,
      person.listed,
      person.accounts,
    ]);
  return facts(a) === facts(b);
}

/**
 * Whether a person has all of the accounts as before, and of others only such as nobody had. What was derived stays
 * right then: the days of a new account's events are marked stale already, by whatever stored them.
 */
function onlyGrew(old: PersonDocument, person: PersonDocument, settled: ReadonlySet<string>): boolean {
  const before = new Set(old.accounts);
  const kept = person.accounts.filter((account) => before.has(account));
  return (
    kept.length === before.size &&
    person.accounts.every((account) => before.has(account) || !settled.has(account))
  );
}

/**
 * Brings the people in line with the accounts. Where accounts moved between people, what was derived for those
 * people is dropped and all of their days are marked stale.
 */
export async function resolvePeople(store: Store, calendar: Calendar): Promise<void> {
  const [accounts, decisions] = await Promise.all([
    store.accounts.find().toArray(),
    store.decisions.find().toArray(),
  ]);
  const stored = new Map((await store.people.find().toArray()).map((person) => [person._id, person]));
  const people = groupAccounts(accounts, decisions);

  const regrouped: PersonDocument[] = [];
  const renamed: PersonDocument[] = [];
  const gone = new Map(stored);
  const settled = new Set([...stored.values()].flatMap((person) => person.accounts));
  for (const person of people) {
    const old = stored.get(person._id);
    gone.delete(person._id);
    if (old && onlyGrew(old, person, settled)) {
      if (!sameFacts(old, person)) renamed.push(person);
    } else regrouped.push(person);
  }

  const changed = [...regrouped.filter((person) => stored.has(person._id)), ...gone.values()];
  const moved = new Set([
    ...regrouped.flatMap((person) => person.accounts.filter((account) => settled.has(account))),
    ...changed.flatMap((person) => stored.get(person._id)?.accounts ?? []),
  ]);
  await markAllDays(store, [...moved], calendar);
  const dropped = changed.map((person) => person._id);
  await inBatches(dropped, (ids) => store.sessions.deleteMany({ person: { $in: ids } }));
  await inBatches(dropped, (ids) => store.daily.deleteMany({ person: { $in: ids } }));

  await inBatches(renamed, (batch) =>
    store.people.bulkWrite(
      batch.map(({ _id, firstAt: _, lastActive: __, lastValue: ___, ...facts }) => ({
        updateOne: {
          filter: { _id },
          update: { $set: facts, ...(facts.aliases ? {} : { $unset: { aliases: "" } }) },
        },
      })),
    ),
  );
  await inBatches(regrouped, (batch) =>
    store.people.bulkWrite(
      batch.map(({ _id, ...replacement }) => ({
        replaceOne: { filter: { _id }, replacement, upsert: true },
      })),
    ),
  );
  await inBatches([...gone.keys()], (ids) => store.people.deleteMany({ _id: { $in: ids } }));
}

/**
 * Drops what was derived for the people behind some accounts and marks all of their days: for when an event of theirs
 * moves, so that what was counted on its old day has to go.
 */
export async function dropDerived(
  store: Store,
  accounts: readonly string[],
  calendar: Calendar,
): Promise<void> {
  const people = await store.people.find({ accounts: { $in: [...accounts] } }).toArray();
  await markAllDays(
    store,
    people.flatMap((person) => person.accounts),
    calendar,
  );
  const ids = people.map((person) => person._id);
  await store.sessions.deleteMany({ person: { $in: ids } });
  await store.daily.deleteMany({ person: { $in: ids } });
  const nothing = { firstAt: NEVER, lastActive: null, lastValue: null };
  await store.people.updateMany({ _id: { $in: ids } }, { $set: nothing });
}

async function inBatches<T>(items: readonly T[], work: (batch: T[]) => Promise<unknown>): Promise<void> {
  for (let i = 0; i < items.length; i += BATCH) await work(items.slice(i, i + BATCH));
}

async function markAllDays(store: Store, accounts: readonly string[], calendar: Calendar): Promise<void> {
  const marks = createStaleMarks(store);
  for (const account of accounts) {
    const [first, last] = await Promise.all([
      store.events.findOne({ account }, { sort: { at: 1 }, projection: { at: 1 } }),
      store.events.findOne({ account }, { sort: { at: -1 }, projection: { at: 1 } }),
    ]);
    if (!first || !last) continue;
    const range = { from: calendar.dayOf(first.at.getTime()), to: calendar.dayOf(last.at.getTime()) };
    for (const day of eachDay(range)) marks.add(account, day);
  }
  await marks.write();
}
