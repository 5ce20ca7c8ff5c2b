import type { Calendar } from "../domain/calendar.ts";
import { eachDay } from "../domain/calendar.ts";
import { DIRECTORY } from "../domain/event.ts";
import { type AccountDocument, NEVER, type PersonDocument } from "./documents.ts";
import type { Store } from "./open.ts";
import { createStaleMarks } from "./stale.ts";

const BATCH = 1_000;

function emailOf(account: AccountDocument): string | undefined {
  return account.listed?.email ?? account.said?.email?.value;
}

const isOfDirectory = (account: AccountDocument): boolean => account.source === DIRECTORY;

/**
 * The order of one person's accounts: by key, but those of the directory last, so that what is stored under the first
 * stays where it is when the directory comes to name the person.
 */
function byKey(a: AccountDocument, b: AccountDocument): number {
  return Number(isOfDirectory(a)) - Number(isOfDirectory(b)) || (a._id < b._id ? -1 : 1);
}

/** The person behind accounts that are one person's, given in the order of `byKey`. */
function personOf(accounts: readonly AccountDocument[]): PersonDocument {
  const [first] = accounts;
  if (!first) throw new RangeError("a person has at least one account");
  const pick = <T>(values: (T | undefined)[]): T | null =>
    values.find((value) => value !== undefined) ?? null;
  // The directory's word goes before that of other lists: it is the organisation's own.
  const [others, directory] = [
    accounts.filter((account) => !isOfDirectory(account)),
    accounts.filter(isOfDirectory),
  ];
  const listed = [...directory, ...others].map((account) => account.listed);
  return {
    _id: first._id,
    user: emailOf(first) ?? first._id.slice(first.source.length + 1),
    name: pick([
      ...listed.map((each) => each?.name),
      ...accounts.map((account) => account.said?.name?.value),
    ]),
    team: pick(listed.map((each) => each?.team)),
    manager: pick(listed.map((each) => each?.manager)),
    robot:
      directory.some((account) => account.robot === true) ||
      (others.length > 0 && others.every((account) => account.robot === true)),
    accounts: accounts.map((account) => account._id),
    listed: listed.some((each) => each !== undefined),
    firstAt: NEVER,
    lastActive: null,
    lastValue: null,
  };
}

/** Accounts with one e-mail are one person; an account without any is a person of its own. */
export function groupAccounts(accounts: Iterable<AccountDocument>): PersonDocument[] {
  const groups = new Map<string, AccountDocument[]>();
  for (const account of accounts) {
    const email = emailOf(account);
    const key = email === undefined ? `account ${account._id}` : `email ${email}`;
    const group = groups.get(key);
    if (group) group.push(account);
    else groups.set(key, [account]);
  }
  return [...groups.values()].map((group) => personOf(group.sort(byKey)));
}

function sameFacts(a: PersonDocument, b: PersonDocument): boolean {
  const facts = (person: PersonDocument): string =>
    JSON.stringify([
      person.user,
      person.name,
      person.team,
      person.manager ?? null,
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
  const accounts = await store.accounts.find().toArray();
  const stored = new Map((await store.people.find().toArray()).map((person) => [person._id, person]));
  const people = groupAccounts(accounts);

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
      batch.map(({ _id, user, name, team, manager = null, robot, listed, accounts }) => ({
        updateOne: {
          filter: { _id },
          update: { $set: { user, name, team, manager, robot, listed, accounts } },
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
