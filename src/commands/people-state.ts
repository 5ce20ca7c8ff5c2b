import { findPerson, usersOf } from "../domain/person.ts";
import { type Decisions, readDecisions } from "../store/decisions.ts";
import type { AccountDocument, PersonDocument } from "../store/documents.ts";
import { emailOf, groupKey } from "../store/grouping.ts";
import type { Store } from "../store/open.ts";

/** The people of a store, and what they are made from. */
export interface PeopleState {
  readonly people: readonly PersonDocument[];
  readonly accounts: ReadonlyMap<string, AccountDocument>;
  readonly decisions: Decisions;
}

export async function readPeople(
  store: Pick<Store, "people" | "accounts" | "decisions">,
): Promise<PeopleState> {
  const [people, accounts, decisions] = await Promise.all([
    store.people.find({}, { sort: { _id: 1 } }).toArray(),
    store.accounts.find().toArray(),
    readDecisions(store),
  ]);
  return { people, accounts: new Map(accounts.map((account) => [account._id, account])), decisions };
}

/** Somebody who was named, and which of their accounts: those with the e-mail that was, else the first's. */
export interface Meant {
  readonly person: PersonDocument;
  readonly accounts: readonly string[];
}

/**
 * The one person that the words name, as `user WHO` has it, or one of their accounts by its key or e-mail.
 * @throws UsageError when they name nobody, or more than one
 */
export function findMeant({ people, accounts }: PeopleState, words: string): Meant {
  const person = findPerson(people, words);
  const typed = words.trim().replace(/^mailto:/i, "");
  const own = person.accounts.flatMap((account) => accounts.get(account) ?? []);
  const named =
    own.find(({ _id }) => _id === typed) ?? own.find((each) => emailOf(each) === typed.toLowerCase());
  const first = named ?? own[0];
  const key = first && groupKey(first);
  return { person, accounts: own.filter((each) => groupKey(each) === key).map(({ _id }) => _id) };
}

/** What names a person and nobody else, to be typed. */
export function sureWord(people: readonly PersonDocument[], person: PersonDocument): string {
  const isShared = people.some((other) => other !== person && usersOf(other).includes(person.user));
  return isShared ? (person.accounts[0] ?? person.user) : person.user;
}
