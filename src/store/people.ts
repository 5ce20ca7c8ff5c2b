import type { Calendar } from "../domain/calendar.ts";
import { eachDay } from "../domain/calendar.ts";
import { type AccountDocument, NEVER, type PersonDocument } from "./documents.ts";
import type { Store } from "./open.ts";
import { createStaleMarks } from "./stale.ts";

const BATCH = 1_000;

function emailOf(account: AccountDocument): string | undefined {
  return account.listed?.email ?? account.said?.email?.value;
}

/** The person behind accounts that are one person's, given in the order of their keys. */
function personOf(accounts: readonly AccountDocument[]): PersonDocument {
  const [first] = accounts;
  if (!first) throw new RangeError("a person has at least one account");
  const pick = <T>(values: (T | undefined)[]): T | null =>
    values.find((value) => value !== undefined) ?? null;
  const listed = accounts.map((account) => account.listed);
  return {
    _id: first._id,
    user: emailOf(first) ?? first._id.slice(first.source.length + 1),
    name: pick([
      ...listed.map((each) => each?.name),
      ...accounts.map((account) => account.said?.name?.value),
    ]),
    team: pick(listed.map((each) => each?.team)),
    robot: accounts.every((account) => account.robot === true),
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
  return [...groups.values()].map((group) => personOf(group.sort((a, b) => (a._id < b._id ? -1 : 1))));
}

function sameFacts(a: PersonDocument, b: PersonDocument): boolean {
  const facts = (person: PersonDocument): string =>
    JSON.stringify([person.user, person.name, person.team, person.robot, person.listed]);
  return facts(a) === facts(b);
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
  for (const person of people) {
    const old = stored.get(person._id);
    gone.delete(person._id);
    if (old && old.accounts.join() === person.accounts.join()) {
      if (!sameFacts(old, person)) renamed.push(person);
    } else regrouped.push(person);
  }

  const settled = new Set([...stored.values()].flatMap((person) => person.accounts));
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
      batch.map(({ _id, user, name, team, robot, listed }) => ({
        updateOne: { filter: { _id }, update: { $set: { user, name, team, robot, listed } } },
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
