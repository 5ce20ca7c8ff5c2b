import { localPart, type Person, usersOf } from "./person.ts";
import { foldText } from "./words.ts";

/** Whom one may be compared with. */
type Comparable = Pick<Person, "user" | "name" | "accounts" | "aliases" | "robot">;

/** Two people who might be one. */
export interface Double<P> {
  /** The one whose name and e-mail would stay. */
  readonly lead: P;
  readonly other: P;
  /** Why, in a few words each. */
  readonly why: readonly string[];
}

/** Vaults that number their accounts have small numbers in common, which say nothing. */
const smallNumber = /^\d{1,5}$/;

/** In which ways people may be alike; each gives what has to be equal. */
const ways: readonly { readonly why: string; keysOf(person: Comparable): string[] }[] = [
  { why: "same name", keysOf: ({ name }) => (name === null ? [] : [foldText(name)]) },
  {
    why: "same e-mail before the @",
    keysOf: (person) =>
      usersOf(person).flatMap((user) => (user.includes("@") ? [foldText(localPart(user))] : [])),
  },
  {
    why: "same account id in two vaults",
    keysOf: ({ accounts }) =>
      accounts
        .map((account) => account.slice(account.indexOf("/") + 1))
        .filter((id) => !id.includes("@") && !smallNumber.test(id)),
  },
];

/**
 * People who might be one, robots left out: by name, by what stands before the `@` of their e-mails, by account id. Of
 * several who are alike each stands once, beside the first by `rank` (the least first).
 */
export function findDoubles<P extends Comparable>(
  people: readonly P[],
  rank: (person: P) => number,
): Double<P>[] {
  const ordered = people
    .filter((person) => !person.robot)
    .sort((a, b) => rank(a) - rank(b) || (a.user < b.user ? -1 : 1));
  const placeOf = new Map(ordered.map((person, place) => [person, place]));
  const found = new Map<string, { lead: P; other: P; why: string[] }>();
  for (const { why, keysOf } of ways) {
    const firsts = new Map<string, P>();
    for (const person of ordered) {
      for (const key of new Set(keysOf(person))) {
        const lead = firsts.get(key);
        if (key === "" || lead === person) continue;
        if (lead === undefined) {
          firsts.set(key, person);
          continue;
        }
        const pair = `${placeOf.get(lead)} ${placeOf.get(person)}`;
        const double = found.get(pair) ?? { lead, other: person, why: [] };
        found.set(pair, double);
        if (!double.why.includes(why)) double.why.push(why);
      }
    }
  }
  return [...found.values()];
}
