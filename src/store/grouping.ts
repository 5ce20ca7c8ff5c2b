import { DIRECTORY } from "../domain/event.ts";
import { type AccountDocument, type DecisionDocument, NEVER, type PersonDocument } from "./documents.ts";

/** The account's e-mail, in lower case: a list's word goes before that of events. */
export function emailOf(account: AccountDocument): string | undefined {
  return account.listed?.email ?? account.said?.email?.value;
}

/** What makes accounts one person before anybody decides anything: the e-mail, else nothing. */
export function groupKey(account: AccountDocument): string {
  const email = emailOf(account);
  return email === undefined ? `account ${account._id}` : `email ${email}`;
}

const isOfDirectory = (account: AccountDocument): boolean => account.source === DIRECTORY;

/** An account with what was decided of it. */
interface Decided {
  readonly account: AccountDocument;
  /** Whether it, or one with its e-mail, was put under another person's. */
  readonly isUnder: boolean;
  readonly robot: boolean | undefined;
}

/**
 * The order of one person's accounts: those first under whom others were put; by key, but those of the directory last,
 * so that what is stored under the first stays where it is when the directory comes to name the person.
 */
function byRank(a: Decided, b: Decided): number {
  return (
    Number(a.isUnder) - Number(b.isUnder) ||
    Number(isOfDirectory(a.account)) - Number(isOfDirectory(b.account)) ||
    (a.account._id < b.account._id ? -1 : 1)
  );
}

/** The person behind accounts that are one person's, given in the order of `byRank`. */
function personOf(decided: readonly Decided[], emailOfId: ReadonlyMap<string, string>): PersonDocument {
  const accounts = decided.map(({ account }) => account);
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
  const [user = first._id.slice(first.source.length + 1), ...aliases] = new Set(
    accounts.flatMap((account) => emailOf(account) ?? []),
  );
  const starts = listed.flatMap((each) => each?.started ?? []).sort();
  return {
    _id: first._id,
    user,
    ...(aliases.length > 0 && { aliases }),
    name: pick([
      ...listed.map((each) => each?.name),
      ...accounts.map((account) => account.said?.name?.value),
    ]),
    team: pick(listed.map((each) => each?.team)),
    manager: pick(listed.map((each) => each?.manager ?? emailOfId.get(each?.managerId ?? ""))),
    robot:
      decided.find(({ robot }) => robot !== undefined)?.robot ??
      (directory.some((account) => account.robot === true) ||
        (others.length > 0 && others.every((account) => account.robot === true))),
    // Of somebody with a row that says so and one that does not, the latter is the newer address.
    left: directory.length > 0 && directory.every((account) => account.listed?.left === true),
    started: starts[0] ?? null,
    accounts: accounts.map((account) => account._id),
    listed: listed.some((each) => each !== undefined),
    firstAt: NEVER,
    lastActive: null,
    lastValue: null,
  };
}

/**
 * Accounts with one e-mail are one person, and so are those of which an admin said so; an account without any is a
 * person of its own. The same people come of the same accounts and decisions, whichever came first.
 */
export function groupAccounts(
  accounts: Iterable<AccountDocument>,
  decisions: Iterable<DecisionDocument> = [],
): PersonDocument[] {
  const all = [...accounts];
  const decisionOf = new Map([...decisions].map((decision) => [decision._id, decision]));
  const keyOf = new Map(all.map((account) => [account._id, groupKey(account)]));
  const sets = createSets();
  const under = new Set<string>();
  for (const { _id, under: leaders = [] } of decisionOf.values()) {
    const key = keyOf.get(_id);
    for (const leader of leaders) {
      const other = keyOf.get(leader);
      if (key === undefined || other === undefined || key === other) continue;
      sets.join(key, other);
      under.add(key);
    }
  }
  const emailOfId = new Map<string, string>();
  const groups = new Map<string, Decided[]>();
  for (const account of all) {
    const { email, listId } = account.listed ?? {};
    if (listId !== undefined && email !== undefined) emailOfId.set(listId, email);
    const key = groupKey(account);
    const decided = { account, isUnder: under.has(key), robot: decisionOf.get(account._id)?.robot };
    const group = groups.get(sets.find(key));
    if (group) group.push(decided);
    else groups.set(sets.find(key), [decided]);
  }
  const people = [...groups.values()].map((group) => personOf(group.sort(byRank), emailOfId));
  return withManagers(people);
}

/** A manager with several e-mails is called by the first of them. */
function withManagers(people: readonly PersonDocument[]): PersonDocument[] {
  const userOf = new Map(people.flatMap(({ aliases = [], user }) => aliases.map((alias) => [alias, user])));
  if (userOf.size === 0) return [...people];
  return people.map((person) => {
    const manager = userOf.get(person.manager ?? "");
    return manager === undefined ? person : { ...person, manager };
  });
}

/** Sets of texts that are joined; each is found by the least of its members. */
function createSets(): { join(a: string, b: string): void; find(text: string): string } {
  const parents = new Map<string, string>();
  const find = (text: string): string => {
    let root = text;
    for (let next = parents.get(root); next !== undefined; next = parents.get(root)) root = next;
    return root;
  };
  return {
    find,
    join(a, b) {
      const [least, other] = [find(a), find(b)].sort();
      if (least !== undefined && other !== undefined && least !== other) parents.set(other, least);
    },
  };
}
