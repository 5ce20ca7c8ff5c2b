import type { EventKind } from "../domain/event.ts";
import type { ColumnMap, columnRoles } from "./column-map.ts";
import { emailOf } from "./fields.ts";
import { guessKind } from "./guess-kind.ts";
import { type TimeFormat, timeFormatsOf } from "./map-time.ts";
import type { Table } from "./table.ts";

/** What a column may become. */
export type ColumnRole = (typeof columnRoles)[number] | "kind" | "ignored";

/** What was seen of a column. */
export interface ColumnFacts {
  readonly name: string;
  /** The different values that are not blank, the most frequent first. */
  readonly values: readonly string[];
  /** How the values may be written if they are times. */
  readonly times: readonly TimeFormat[];
  readonly isEmail: boolean;
  /** Few words that come again and again, as kinds of events do. */
  readonly isKind: boolean;
  /** No value comes twice. */
  readonly isUnique: boolean;
}

/** More kinds of events no vault has that is worth a map. */
const mostKinds = 100;
const longestKind = 60;

/** What columns are called, by what they hold; the first that fits is taken. */
const names: readonly (readonly [role: ColumnRole, name: RegExp, fits: (facts: ColumnFacts) => boolean])[] = [
  ["at", /time|date|when|\bat$|created|occurred/, ({ times }) => times.length > 0],
  ["at", /./, ({ times }) => times.some((format) => !format.startsWith("epoch"))],
  ["kind", /action|event|activity|operation|kind|category|type/, ({ isKind }) => isKind],
  ["email", /mail|upn/, ({ isEmail }) => isEmail],
  ["user", /user ?(?:id|name)?$|^who$|actor|account|login|member|^by$|person|employee/, () => true],
  ["email", /./, ({ isEmail }) => isEmail],
  ["name", /(?:full|display|person|user|first|last)? ?name$/, ({ isEmail }) => !isEmail],
  ["id", /^(?:id|uuid|guid|(?:event|log|record|audit) ?(?:id|uuid|no|number))$/, ({ isUnique }) => isUnique],
  ["session", /session/, () => true],
  ["device", /device|client|machine|workstation|browser/, () => true],
  ["item", /item|secret|record|credential|resource|password|entry/, () => true],
  // By nothing but its words: few and often said are names of people and places, too.
  ["kind", /./, ({ isKind, values }) => isKind && values.some((value) => guessKind(value) !== "other")],
];

/** What there is to see in each column of a table, in its order. */
export function lookAt({ columns, rows }: Table): ColumnFacts[] {
  return columns.map((name, index) => {
    const cells = rows.map((row) => row[index]?.trim() ?? "").filter((cell) => cell !== "");
    const counts = new Map<string, number>();
    for (const cell of cells) counts.set(cell, (counts.get(cell) ?? 0) + 1);
    const values = [...counts].toSorted((a, b) => b[1] - a[1]).map(([value]) => value);
    const times = timeFormatsOf(cells);
    const isWord = (value: string): boolean =>
      value.length <= longestKind && /\p{L}/u.test(value) && !/[@/\\]|\d\.\d/.test(value);
    return {
      name,
      values,
      times,
      isEmail: cells.length > 0 && cells.every((cell) => emailOf(cell) !== undefined),
      isKind:
        times.length === 0 &&
        values.length > 0 &&
        values.length <= mostKinds &&
        values.every(isWord) &&
        (values.length < cells.length || values.length < 10),
      isUnique: cells.length === rows.length && values.length === cells.length,
    };
  });
}

/** What each column probably is, in their order, by its name and by what is in it; each role is given once. */
export function guessRoles(facts: readonly ColumnFacts[]): ColumnRole[] {
  const taken = new Map<ColumnRole, ColumnFacts>();
  const isFree = (column: ColumnFacts): boolean => ![...taken.values()].includes(column);
  for (const [role, name, fits] of names) {
    if (taken.has(role)) continue;
    const column = facts.find((each) => isFree(each) && name.test(wordsOf(each.name)) && fits(each));
    if (column !== undefined) taken.set(role, column);
  }
  // An account is told by something: what stands for a person otherwise has to do.
  const substitute = taken.get("email") ?? taken.get("name");
  const isInstead = !taken.has("user") && substitute !== undefined;
  return facts.map((column) => {
    if (isInstead && column === substitute) return "user";
    return [...taken].find(([, each]) => each === column)?.[0] ?? "ignored";
  });
}

/** A map that may still lack something, or say something that has to be decided by a person. */
export type DraftMap = Partial<Omit<ColumnMap, "timeFormat">> & { readonly timeFormat?: string };

/** The map that goes with such roles, one of a kind; without a word on the kinds, they are guessed. */
export function draftMap(
  facts: readonly ColumnFacts[],
  roles: readonly ColumnRole[],
  {
    timeZone,
    kinds = {},
  }: { timeZone?: string | undefined; kinds?: Readonly<Record<string, EventKind>> } = {},
): DraftMap {
  const of = (role: ColumnRole): ColumnFacts | undefined => facts[roles.indexOf(role)];
  const at = of("at");
  const kind = of("kind");
  const plain = (["email", "name", "id", "session", "device", "item"] as const).flatMap((role) => {
    const column = of(role);
    return column === undefined ? [] : [[role, column.name] as const];
  });
  const user = of("user");
  const values = kind?.values.map((value) => [value, kinds[value] ?? guessKind(value)] as const) ?? [];
  return {
    ...(at && { at: at.name }),
    ...(at && at.times.length > 0 && at.times[0] !== "ISO 8601" && { timeFormat: at.times.join(" or ") }),
    ...(at && needsZone(at) && timeZone !== undefined && { timeZone }),
    ...(user && { user: user.name }),
    ...Object.fromEntries(plain),
    ...(kind && { kind: { column: kind.name, values: Object.fromEntries(values) } }),
  };
}

/** Whether the column's times leave open where they were written. */
export function needsZone({ times, values }: ColumnFacts): boolean {
  const [format] = times;
  if (format === undefined || format.startsWith("epoch")) return false;
  return format !== "ISO 8601" || values.some((value) => !/(?:[Zz]|[+-]\d\d:?\d\d)$/.test(value));
}

function wordsOf(name: string): string {
  return name
    .replace(/(?<=\p{Ll})(?=\p{Lu})/gu, " ")
    .toLowerCase()
    .replace(/[ _.-]+/g, " ")
    .trim();
}
