import { metrics, type PersonMetricKey, personMetricKeys } from "./metrics.ts";
import { foldText } from "./words.ts";

/** What a table of people may be in the order of: a metric or the last activity, greatest first, or the e-mail. */
export type UsersSort = PersonMetricKey | "lastActive" | "user";

export const usersSorts: readonly UsersSort[] = [...personMetricKeys, "lastActive", "user"];

/** What each order is called when it is offered. */
export const sortTitles: Readonly<Record<UsersSort, string>> = {
  ...(Object.fromEntries(personMetricKeys.map((key) => [key, metrics[key].short])) as Record<
    PersonMetricKey,
    string
  >),
  lastActive: "Last active",
  user: "Name",
};

const synonyms: Readonly<Partial<Record<UsersSort, readonly string[]>>> = {
  loginSessions: ["logins", "sign-ins"],
  remoteConnections: ["remote"],
  passwordsAccessed: ["accesses"],
  passwordsAutofilled: ["auto-fills"],
  lastActive: ["activity", "seen"],
  user: ["person", "e-mail"],
};

/** Letters and digits only: `Auto-filled`, `auto filled` and `autofilled` are one. */
function plain(text: string): string {
  return foldText(text).replace(/[^\p{L}\p{N}]/gu, "");
}

const names: readonly (readonly [name: string, sort: UsersSort])[] = usersSorts.flatMap((sort) => {
  const title = sort in metrics ? [metrics[sort as PersonMetricKey].title] : [];
  return [sort, sortTitles[sort], ...title, ...(synonyms[sort] ?? [])].map(
    (name) => [plain(name), sort] as const,
  );
});

/** The order that a text names, by key, title, short title or a usual synonym, in any case. */
export function sortNamed(text: string): UsersSort | undefined {
  const wanted = plain(text);
  return names.find(([name]) => name === wanted)?.[1];
}

/** The order that a text is the beginning of, if of one alone. */
export function sortBeginning(text: string): UsersSort | undefined {
  const wanted = plain(text);
  if (wanted === "") return undefined;
  const found = new Set(names.flatMap(([name, sort]) => (name.startsWith(wanted) ? [sort] : [])));
  return found.size === 1 ? [...found][0] : undefined;
}
