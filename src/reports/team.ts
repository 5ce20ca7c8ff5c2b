import { handleOf, looksLikeHandle } from "../domain/handle.ts";
import { foldText, nearest, orList } from "../domain/words.ts";
import { UsageError } from "../errors.ts";
import type { PersonDocument } from "../store/documents.ts";

const LISTED = 8;

/** A team by one of its spellings, and who is in it. */
export interface Team {
  readonly name: string;
  readonly people: readonly PersonDocument[];
}

/**
 * The team of these people that the words name: by handle, by name in any case and with or without accents, or by its
 * beginning if no other team begins so. Spellings that differ in case or accents alone are one team.
 * @throws UsageError with the nearest names
 */
export function findTeam(people: readonly PersonDocument[], words: string): Team {
  const teams = new Map<string, { name: string; people: PersonDocument[] }>();
  for (const person of people) {
    if (person.team === null) continue;
    const key = foldText(person.team);
    const team = teams.get(key) ?? { name: person.team, people: [] };
    teams.set(key, team);
    team.people.push(person);
  }
  const byHandle = looksLikeHandle(words)
    ? people.find(({ team }) => team !== null && handleOf(team) === words)?.team
    : undefined;
  const wanted = foldText(byHandle ?? words);
  const exact = teams.get(wanted);
  if (exact) return exact;
  const begun = wanted === "" ? [] : [...teams].filter(([key]) => key.startsWith(wanted));
  if (begun.length === 1 && begun[0]) return begun[0][1];
  const typed = words.slice(0, 80);
  if (begun.length > 1) {
    const names = begun.map(([, { name }]) => name).sort();
    const listed = names.slice(0, LISTED);
    const rest = names.length - listed.length;
    throw new UsageError(`“${typed}” could be ${orList(rest > 0 ? [...listed, `${rest} more`] : listed)}`);
  }
  const names = [...teams.values()].map(({ name }) => name);
  const close = nearest(words, names);
  if (close.length > 0) throw new UsageError(`there is no team “${typed}”; did you mean ${orList(close)}?`);
  throw new UsageError(
    names.length > 0
      ? `there is no team “${typed}”; there are ${orList(names.sort().slice(0, LISTED))}${names.length > LISTED ? " and others" : ""}`
      : `there is no team “${typed}”: nobody’s team is known; a member list or a directory tells it`,
  );
}
