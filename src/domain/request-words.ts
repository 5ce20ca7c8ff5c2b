import { UsageError } from "../errors.ts";
import { type BucketUnit, bucketUnits } from "./buckets.ts";
import { looksLikePeriod, normalizePeriod, periodExamples } from "./period.ts";
import type { ReportName } from "./request.ts";
import { sortBeginning, sortNamed, sortTitles, type UsersSort } from "./sort.ts";
import { type Status, statuses } from "./status.ts";
import { nearest, orList, readWord } from "./words.ts";

/** What the words behind a report's name may say. */
interface Parts {
  readonly period: string;
  readonly by: BucketUnit;
  readonly status: Status;
  readonly sort: UsersSort;
  readonly team: string;
  readonly user: string;
  readonly days: number;
}

type Part = keyof Parts;
type Word = ReturnType<typeof readWord>;
/** What some words say, and how many of them say it. */
type Reading<P extends Part = Part> = { readonly value: Parts[P]; readonly length: number };
/** Reads one part from the beginning of the words, if they begin with it. */
type Readers = {
  readonly [P in Part]: (words: readonly Word[], report: ReportName) => Reading<P> | undefined;
};

/** Which parts each report takes, in the order in which they are looked for; whatever else is said is the user. */
const taken: Readonly<Record<ReportName, readonly Part[]>> = {
  overview: ["period", "by"],
  users: ["status", "sort", "team", "period", "by"],
  user: ["user", "period", "by"],
  me: ["period", "by"],
  inactive: ["days", "period"],
};

const LONGEST_SILENCE = 3_660;
const LONGEST_PERIOD = 3;
const LONGEST_SORT = 3;
const periodWords = ["today", "yesterday", "last", "this", "since"];
const keywords = [...periodWords, ...statuses, "by", "sort", "team"];

/** Whether a text, as one word without quotes, is read as a name and nothing else. */
export function isPlainWord(text: string): boolean {
  return /^[^\s\d"“”][^\s"“”]*$/.test(text) && !keywords.includes(text.toLowerCase());
}

/**
 * What the words behind a report's name say, in any order. `form` is how it is asked for.
 * @throws UsageError with what would be right
 */
export function readParts(report: ReportName, given: readonly string[], form: string): Partial<Parts> {
  const words = given.map(readWord);
  const parts: Partial<Record<Part, unknown>> = {};
  const names: string[] = [];
  for (let at = 0; at < words.length; ) {
    const rest = words.slice(at);
    const found = readPart(report, rest);
    if (!found) {
      if (report !== "user" || looksMeant(rest)) throw notUnderstood(report, rest, form);
      names.push(rest[0]?.text ?? "");
      at += 1;
      continue;
    }
    const { part, reading } = found;
    if (part === "user") names.push(String(reading.value));
    else if (part in parts) {
      const again = textOf(rest.slice(0, reading.length));
      throw new UsageError(`“${again.slice(0, 80)}” is one too many: ${form}`);
    }
    parts[part] = reading.value;
    at += reading.length;
  }
  if (names.length > 0) parts.user = names.join(" ");
  return parts as Partial<Parts>;
}

function readPart(
  report: ReportName,
  words: readonly Word[],
): { readonly part: Part; readonly reading: Reading } | undefined {
  for (const part of taken[report]) {
    const reading = readers[part](words, report);
    if (reading) return { part, reading };
  }
  return undefined;
}

const textOf = (words: readonly Word[]): string => words.map(({ text }) => text).join(" ");
const keywordOf = ({ text, isQuoted }: Word): string => (isQuoted ? "" : text.toLowerCase());

const readers: Readers = {
  period(words) {
    for (let length = Math.min(LONGEST_PERIOD, words.length); length > 0; length--) {
      const text = textOf(words.slice(0, length));
      if (looksLikePeriod(text)) return { value: normalizePeriod(text), length };
    }
    return undefined;
  },
  by([first, second]) {
    if (!first || !second || keywordOf(first) !== "by") return undefined;
    const unit = bucketUnits.find((each) => each === keywordOf(second));
    return unit && { value: unit, length: 2 };
  },
  status([first]) {
    const status = statuses.find((each) => first && each === keywordOf(first));
    return status && { value: status, length: 1 };
  },
  sort([first, ...rest]) {
    if (!first || keywordOf(first) !== "sort") return undefined;
    const before = rest[0] && keywordOf(rest[0]) === "by" ? 1 : 0;
    const words = rest.slice(before);
    for (const find of [sortNamed, sortBeginning]) {
      for (let length = Math.min(LONGEST_SORT, words.length); length > 0; length--) {
        const value = find(textOf(words.slice(0, length)));
        if (value && !readers.period(words, "users")) return { value, length: length + 1 + before };
      }
    }
    const titles = Object.values(sortTitles).map((title) => title.toLowerCase());
    const close = [2, 1].flatMap((length) => nearest(textOf(words.slice(0, length)), titles));
    const typed = words[0] && !readers.period(words, "users") ? words[0].text : "";
    throw new UsageError(
      typed === "" || close.length === 0
        ? `sort needs to know by what: ${orList(titles)}`
        : `“${typed.slice(0, 40)}” is nothing to sort by; did you mean ${orList([...new Set(close)])}?`,
    );
  },
  team([first, ...rest], report) {
    if (!first || keywordOf(first) !== "team") return undefined;
    const [name] = rest;
    // A shell takes the quotes off, but leaves the words together.
    if (name && (name.isQuoted || /\s/.test(name.text))) return { value: name.text, length: 2 };
    // The first word may be a status, as that of a team “Active Directory”.
    const isNext = (part: Part, i: number): boolean =>
      !(part === "status" && i === 0) &&
      !(part === "team" && i === 0 && rest.length === 1) &&
      readers[part](rest.slice(i), report) !== undefined;
    let length = 0;
    while (length < rest.length && !taken.users.some((part) => isNext(part, length))) length++;
    if (length === 0) throw new UsageError("team needs a name behind it, as in: users team Sales");
    return { value: textOf(rest.slice(0, length)), length: length + 1 };
  },
  user([first]) {
    return first?.isQuoted ? { value: first.text, length: 1 } : undefined;
  },
  days(words) {
    const [, count, rest] = /^(\d{1,9}) (days?)\b/i.exec(textOf(words.slice(0, 2))) ?? [];
    if (count === undefined || !words[0] || keywordOf(words[0]) === "") return undefined;
    const days = Number(count);
    if (days < 1 || days > LONGEST_SILENCE) {
      throw new UsageError(`a silence has to be of 1 to ${LONGEST_SILENCE} days, not ${days}`);
    }
    return { value: days, length: words[0].text.includes(rest ?? " ") ? 1 : 2 };
  },
};

/** Whether words in the place of a name are rather a slip in another part. */
function looksMeant([first, second]: readonly Word[]): boolean {
  if (!first || first.isQuoted) return false;
  if (keywordOf(first) === "by" && second) return nearest(second.text, bucketUnits).length > 0;
  return periodWords.includes(keywordOf(first)) || /^\d{4}\b/.test(first.text);
}

/** Names what would be right instead of the words, if that can be guessed. */
function notUnderstood(report: ReportName, words: readonly Word[], form: string): UsageError {
  const number = /\d+/.exec(textOf(words.slice(0, 2)))?.[0] ?? "7";
  const periods = periodPhrases(number);
  const phrases = taken[report].flatMap((part): readonly string[] => {
    if (part === "period") return periods;
    if (part === "by") return bucketUnits.map((unit) => `by ${unit}`);
    if (part === "status") return statuses;
    if (part === "days") return [`${number} days`];
    return part === "user" ? [] : [part];
  });
  for (let length = Math.min(LONGEST_PERIOD, words.length); length > 0; length--) {
    const text = textOf(words.slice(0, length));
    const size = text.split(/\s+/).length;
    const close = nearest(
      text,
      phrases.filter((phrase) => phrase.split(" ").length === size),
    );
    if (close.length > 0)
      return new UsageError(`“${text}” ${whatNot(close)}; did you mean ${orList(close)}?`);
  }
  const text = textOf(words).slice(0, 80);
  if (report === "inactive" && /^\d+$/.test(words[0]?.text ?? "")) {
    return new UsageError(`“${text}” is not understood; did you mean ${number} days?`);
  }
  const onlyPeriods = taken[report].every((part) => part !== "sort" && part !== "days");
  return new UsageError(
    onlyPeriods
      ? `“${text}” is no period; try one of: ${periodExamples}`
      : `“${text}” is not understood; right would be: ${form}`,
  );

  function whatNot(close: readonly string[]): string {
    if (close.every((phrase) => periods.includes(phrase))) return "is no period";
    return close.every((phrase) => statuses.some((status) => status === phrase))
      ? "is no status"
      : "is not understood";
  }
}

function periodPhrases(number: string): string[] {
  const phrases = ["today", "yesterday", "last 7 days", "last 30 days", "last 4 weeks"];
  for (const unit of ["day", "week", "month"]) phrases.push(`last ${number} ${unit}s`);
  for (const which of ["this", "last"])
    for (const unit of ["week", "month", "quarter", "year"]) phrases.push(`${which} ${unit}`);
  return phrases;
}
