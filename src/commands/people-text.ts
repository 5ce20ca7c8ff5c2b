import type { Calendar } from "../domain/calendar.ts";
import { formatInstant, oneLine } from "../domain/format.ts";
import { dayLabel } from "../domain/period.ts";
import { personLabel } from "../domain/person.ts";
import { formatCount, plural } from "../domain/words.ts";
import { align, clip } from "../render/align.ts";
import type { Front } from "./command.ts";
import type { ListedPerson, PeopleList } from "./people-list.ts";

/** How many lines of people, and of each thing that is unclear: a message in a chat holds less. */
const most: Readonly<Record<Front, { readonly people: number; readonly unclear: number }>> = {
  terminal: { people: 50, unclear: 10 },
  slack: { people: 15, unclear: 4 },
};

/** How people are told, to whom and when. */
export interface Telling {
  readonly front: Front;
  readonly calendar: Calendar;
  readonly now: Date;
  /** What was looked for. */
  readonly word: string | undefined;
}

/** The people as lines, of one alone with the accounts, and below them what is unclear. */
export function peopleText(list: PeopleList, telling: Telling): string {
  const { people, known } = list;
  const [only] = people;
  if (known === 0) return "Nobody is known yet.";
  if (only === undefined)
    return `Nobody’s name, e-mail, team or account has “${oneLine(telling.word ?? "")}” in it.`;
  const told = people.length === 1 ? onePerson(only, telling) : lines(people, telling);
  return [told, ...unclear(list, telling)].join("\n\n");
}

function statusOf({ status, started }: ListedPerson, { calendar, now }: Telling): string {
  const isAwaited = started !== null && started > calendar.dayOf(now.getTime());
  return status === "active" && isAwaited ? `starts ${dayLabel(started)}` : status;
}

const seen = ({ lastActive }: ListedPerson, { calendar, now }: Telling): string =>
  lastActive === null ? "never" : formatInstant(lastActive, now, calendar);

const sourcesOf = ({ accounts }: ListedPerson): string => accounts.map(({ source }) => source).join(", ");

function lines(people: readonly ListedPerson[], telling: Telling): string {
  const shown = people.slice(0, most[telling.front].people);
  const text = telling.front === "terminal" ? columns(shown, telling) : sentences(shown, telling);
  const total = formatCount(people.length);
  const count =
    people.length > shown.length
      ? `1–${shown.length} of ${total}; people NAME shows one`
      : `${plural(people.length, "person", "people")}; people NAME shows one`;
  return [...text, count].join("\n");
}

function columns(people: readonly ListedPerson[], telling: Telling): string[] {
  const header = ["Person", "E-mail", "Team", "Manager", "Accounts", "Status", "Last active"];
  const rows = people.map((person) => [
    clip(oneLine(person.name ?? "")),
    oneLine(person.user),
    clip(oneLine(person.team ?? "")),
    oneLine(person.manager ?? ""),
    sourcesOf(person),
    statusOf(person, telling),
    seen(person, telling),
  ]);
  const sides = header.map(() => "left" as const);
  return align([header, ...rows], sides);
}

/** For a chat, which has no columns: who, and behind two spaces what is known of them. */
function sentences(people: readonly ListedPerson[], telling: Telling): string[] {
  return people.map((person) => {
    const label = personLabel({ ...person, name: person.name && clip(person.name) });
    return `${oneLine(label)}  ${[sourcesOf(person), ...factsOf(person, telling)].join(" · ")}`;
  });
}

function factsOf(person: ListedPerson, telling: Telling): string[] {
  const { team, manager, lastActive } = person;
  return [
    ...(team === null ? [] : [clip(oneLine(team))]),
    ...(manager === null ? [] : [`manager ${oneLine(manager)}`]),
    statusOf(person, telling),
    lastActive === null ? "never active" : `last active ${seen(person, telling)}`,
  ];
}

function onePerson(person: ListedPerson, telling: Telling): string {
  const accounts = person.accounts.map(({ account, email, merged }) => {
    const mine = merged ? `, merged; people split ${oneLine(account)} takes it away` : "";
    return `  ${oneLine(account)}  ${oneLine(email ?? "no e-mail")}${mine}`;
  });
  return [
    oneLine(personLabel(person)),
    factsOf(person, telling).join(" · "),
    "",
    "Accounts",
    ...accounts,
  ].join("\n");
}

function unclear({ doubles, unknown, managers }: PeopleList, { front }: Telling): string[] {
  const typed = front === "slack" ? "/usage " : "";
  const section = <T>(title: string, items: readonly T[], line: (item: T) => string): string[] => {
    if (items.length === 0) return [];
    const shown = items.slice(0, most[front].unclear);
    const rest = items.length - shown.length;
    const more = rest > 0 ? [`  and ${formatCount(rest)} more`] : [];
    return [[`${title} (${formatCount(items.length)})`, ...shown.map(line), ...more].join("\n")];
  };
  return [
    ...section(
      "Might be one person",
      doubles,
      ({ why, command }) => `  ${typed}${oneLine(command)}  ${why.join(", ")}`,
    ),
    ...section(
      "Events of accounts that nobody knows; a member list tells whose they are, or people merge WHO ACCOUNT",
      unknown,
      ({ account, events }) => `  ${oneLine(account)}  ${plural(events, "event")}`,
    ),
    ...section(
      "Managers whom no list names",
      [...Map.groupBy(managers, ({ manager }) => manager)],
      ([manager, [first, ...others]]) =>
        `  ${oneLine(manager)}  manager of ${oneLine(first?.user ?? "")}${others.length > 0 ? ` and ${formatCount(others.length)} more` : ""}`,
    ),
  ];
}
