import { type Double, findDoubles } from "../domain/doubles.ts";
import { DIRECTORY } from "../domain/event.ts";
import { type Person, usersOf } from "../domain/person.ts";
import { foldText, quoteWord } from "../domain/words.ts";
import type { PersonDocument } from "../store/documents.ts";
import { sourceOf } from "../store/facts.ts";
import { emailOf, groupKey } from "../store/grouping.ts";
import type { Store } from "../store/open.ts";
import { type PeopleState, sureWord } from "./people-state.ts";

const ACCOUNTS_AT_ONCE = 1_000;

/** What a person is, beside what they do: there, gone, or no person at all. */
export type Being = "active" | "left" | "robot";

/** One of the people; what `people --json` prints. Instants are UTC. */
export interface ListedPerson extends Pick<Person, "user" | "name" | "team" | "manager" | "started"> {
  /** Further e-mails of theirs. */
  readonly aliases: readonly string[];
  readonly status: Being;
  readonly lastActive: Date | null;
  readonly accounts: readonly {
    readonly account: string;
    readonly source: string;
    readonly email: string | null;
    /** Whether it is theirs because an admin said so. */
    readonly merged: boolean;
  }[];
}

/** People, and what is unclear about them. */
export interface PeopleList {
  /** How many there are in all, whatever was looked for. */
  readonly known: number;
  readonly people: readonly ListedPerson[];
  /** Two who might be one, and what would make them so. */
  readonly doubles: readonly {
    readonly users: readonly [string, string];
    readonly why: readonly string[];
    readonly command: string;
  }[];
  /** Accounts of which nobody knows whose they are, the busiest first. */
  readonly unknown: readonly { readonly account: string; readonly events: number }[];
  /** People whose manager is nobody here; of some only the list's own id of the manager is known. */
  readonly managers: readonly { readonly user: string; readonly manager: string }[];
}

/** The people whom a word names in any way, or everybody, by e-mail; `lastActive` is by person id. */
export async function listPeople(
  store: Pick<Store, "events">,
  state: PeopleState,
  lastActive: (person: PersonDocument) => number | null,
  word?: string,
): Promise<PeopleList> {
  const all = [...state.people].sort((a, b) => (a.user < b.user ? -1 : a.user > b.user ? 1 : 0));
  const found = word === undefined ? all : all.filter((person) => isMeant(person, foldText(word)));
  const shown = new Set(found);
  const strangers = found.filter((person) => isStranger(person, state));
  const counts = await countEvents(
    store,
    strangers.flatMap(({ accounts }) => accounts),
  );
  return {
    known: all.length,
    people: found.map((person) => listed(person, state, lastActive(person))),
    doubles: findDoubles(all, rank)
      .filter(({ lead, other }) => shown.has(lead) || shown.has(other))
      .map((double) => told(double, all)),
    unknown: [...counts]
      .map(([account, events]) => ({ account, events }))
      .sort((a, b) => b.events - a.events || (a.account < b.account ? -1 : 1)),
    managers: missingManagers(found, state),
  };
}

/** Whether a folded word is a part of anything that names the person, their team or an account. */
function isMeant(person: PersonDocument, word: string): boolean {
  return [...usersOf(person), person.name, person.team, ...person.accounts].some(
    (text) => text !== null && foldText(text).includes(word),
  );
}

function listed(person: PersonDocument, { accounts }: PeopleState, at: number | null): ListedPerson {
  const { user, name, team, manager = null, started = null, aliases = [] } = person;
  const own = person.accounts.flatMap((account) => accounts.get(account) ?? []);
  const [first] = own;
  return {
    user,
    name,
    team,
    manager,
    started,
    aliases,
    status: person.robot ? "robot" : person.left === true ? "left" : "active",
    lastActive: at === null ? null : new Date(at),
    accounts: own.map((account) => ({
      account: account._id,
      source: account.source,
      email: emailOf(account) ?? null,
      merged: first !== undefined && groupKey(account) !== groupKey(first),
    })),
  };
}

/** Whose name and e-mail stays: whom the directory has, then who has an e-mail, then the others. */
function rank({ accounts, user }: PersonDocument): number {
  if (accounts.some((account) => sourceOf(account) === DIRECTORY)) return 0;
  return user.includes("@") ? 1 : 2;
}

function told(
  { lead, other, why }: Double<PersonDocument>,
  all: readonly PersonDocument[],
): PeopleList["doubles"][number] {
  const users = [sureWord(all, lead), sureWord(all, other)] as const;
  return { users, why, command: `people merge ${users.map(quoteWord).join(" ")}` };
}

/** Some account or person that nobody knows anything of but that it did something. */
function isStranger(person: PersonDocument, { accounts }: PeopleState): boolean {
  if (person.listed || person.robot || person.name !== null) return false;
  return person.accounts.every((account) => {
    const known = accounts.get(account);
    return known === undefined || emailOf(known) === undefined;
  });
}

async function countEvents(
  { events }: Pick<Store, "events">,
  accounts: readonly string[],
): Promise<Map<string, number>> {
  const counts = new Map(accounts.map((account) => [account, 0]));
  for (let i = 0; i < accounts.length; i += ACCOUNTS_AT_ONCE) {
    const groups = events.aggregate<{ _id: string; count: number }>([
      { $match: { account: { $in: accounts.slice(i, i + ACCOUNTS_AT_ONCE) } } },
      { $group: { _id: "$account", count: { $sum: 1 } } },
    ]);
    for await (const { _id, count } of groups) counts.set(_id, count);
  }
  return counts;
}

function missingManagers(
  found: readonly PersonDocument[],
  { people, accounts }: PeopleState,
): PeopleList["managers"] {
  const known = new Set(people.flatMap(usersOf));
  return found.flatMap((person) => {
    if (person.robot || person.left === true) return [];
    const manager = person.manager ?? managerId(person, accounts);
    return manager === undefined || known.has(manager) ? [] : [{ user: person.user, manager }];
  });
}

/** What a list calls a manager whom it does not tell. */
function managerId(person: PersonDocument, accounts: PeopleState["accounts"]): string | undefined {
  for (const account of person.accounts) {
    const { managerId: id } = accounts.get(account)?.listed ?? {};
    if (id !== undefined) return id;
  }
  return undefined;
}
