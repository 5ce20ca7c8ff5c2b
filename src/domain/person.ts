import { UsageError } from "../errors.ts";
import { handleOf, looksLikeHandle } from "./handle.ts";
import { foldText, nearest, orList } from "./words.ts";

/** Somebody with one or more accounts in the vaults; accounts with one e-mail are one person. */
export interface Person {
  /** The least of the person's account keys; what derived data is stored under. */
  readonly id: string;
  /** How reports name the person for a machine: the lower-cased e-mail, else the vault's account id. */
  readonly user: string;
  readonly name: string | null;
  readonly team: string | null;
  /** The lower-cased e-mail of the person's manager, as the directory has it. */
  readonly manager: string | null;
  /** True when all of the accounts are service accounts, or an admin said so. */
  readonly robot: boolean;
  /** Whether the directory says that they are there no more. */
  readonly left: boolean;
  /** The first day on which they are there, as the directory has it. */
  readonly started: string | null;
  /** Their other e-mails, in lower case, where accounts with several were made one person; else missing. */
  readonly aliases?: readonly string[];
  readonly accounts: readonly string[];
}

/** `Ann Ek <ann@example.com>`, or what there is of it. */
export function personLabel(person: Pick<Person, "user" | "name">): string {
  return person.name === null || person.name === person.user
    ? person.user
    : `${person.name} <${person.user}>`;
}

/** What stands before the `@` of an e-mail; of an id, all of it. */
export function localPart(user: string): string {
  const at = user.indexOf("@");
  return at < 0 ? user : user.slice(0, at);
}

/** What a person may be named by. */
export type Named = Pick<Person, "user" | "name" | "accounts" | "aliases">;

/** What a person is called for a machine: the e-mails, or the account's id. */
export function usersOf({ user, aliases = [] }: Pick<Person, "user" | "aliases">): string[] {
  return [user, ...aliases];
}

/** Ways in which words may name a person, the surest first. */
const ways: readonly ((person: Named, words: string, typed: string) => boolean)[] = [
  (person, _, typed) => person.user === typed || person.accounts.includes(typed),
  (person, _, typed) => usersOf(person).includes(typed.toLowerCase()),
  (person, words) => usersOf(person).some((user) => foldText(user) === words),
  (person, words) =>
    usersOf(person).some((user) => foldText(localPart(user)) === words) ||
    foldText(person.name ?? "") === words,
  (person, words) => {
    const name = foldText(person.name ?? "");
    return name.startsWith(words) || name.split(/\s+/).some((word) => word.startsWith(words));
  },
  (person, words) => usersOf(person).some((user) => foldText(user).startsWith(words)),
];

/** Whether a handle is that of one of the person's accounts. */
function hasHandle({ accounts }: Named, handle: string): boolean {
  return accounts.some((account) => handleOf(account) === handle);
}

const LISTED = 8;

/**
 * The one person that the words name: the handle of an account, an e-mail, the part before its `@`, a name or its
 * beginning.
 * @throws UsageError that lists the candidates when there are several, and the nearest names when there is none
 */
export function findPerson<P extends Named>(people: readonly P[], words: string): P {
  const meant = looksLikeHandle(words) ? people.filter((person) => hasHandle(person, words)) : [];
  if (meant.length === 1 && meant[0]) return meant[0];
  const typed = words.trim().replace(/^mailto:/i, "");
  const folded = foldText(words.replace(/^mailto:/i, "").replace(/^@/, ""));
  for (const way of folded === "" ? [] : ways) {
    const found = people.filter((person) => way(person, folded, typed));
    if (found.length === 1 && found[0]) return found[0];
    if (found.length > 1) {
      const labels = found.map(personLabel);
      // Who has no e-mail is told apart by the account.
      const isShared = (label: string): boolean => labels.indexOf(label) !== labels.lastIndexOf(label);
      const listed = found
        .slice(0, LISTED)
        .map((person) =>
          isShared(personLabel(person)) ? (person.accounts[0] ?? person.user) : personLabel(person),
        );
      const rest = found.length - listed.length;
      throw new UsageError(
        `“${words}” could be ${orList(rest > 0 ? [...listed, `${rest} more`] : listed)}; say which by e-mail`,
      );
    }
  }
  const names = people.flatMap((person) => [
    ...(person.name === null ? [] : [person.name, ...person.name.split(/\s+/)]),
    person.user,
    localPart(person.user),
  ]);
  const close = new Set(nearest(words, names, 6));
  const candidates = people
    .filter((person) =>
      [person.name, person.user, localPart(person.user), ...(person.name?.split(/\s+/) ?? [])].some(
        (name) => name !== null && close.has(name),
      ),
    )
    .slice(0, 3);
  throw new UsageError(
    candidates.length > 0
      ? `nobody is called “${words}”; did you mean ${orList(candidates.map(personLabel))}?`
      : `nobody is called “${words}”; “users” lists everybody`,
  );
}
