import { timeZoneOf } from "../domain/calendar.ts";
import { formatRule, parseRule, type Rule } from "../domain/recurrence.ts";
import {
  formatRequest,
  parseRequest,
  type ReportName,
  type ReportRequest,
  readRequest,
  reportForms,
} from "../domain/request.ts";
import { nearest, orList, quoteWord, readWord } from "../domain/words.ts";
import { UsageError } from "../errors.ts";
import { type FormatName, formatNames, formatOf } from "../render/formats.ts";
import type { ScheduleDocument, WhenEmpty } from "../store/schedule-documents.ts";

/** What a schedule is made from, before its targets are looked up. */
export interface Plan {
  readonly request: ReportRequest;
  readonly rule: Rule;
  /** IANA name. */
  readonly zone: string;
  /** As they were typed; none means whoever typed it. */
  readonly targets: readonly string[];
  readonly formats: readonly FormatName[];
  readonly whenEmpty: WhenEmpty;
}

export const planWords =
  "REPORT … every …|cron … [in ZONE] to TARGET… [as FORMAT,…] [if empty skip|say|send]";

export const whenEmptyWords: readonly WhenEmpty[] = ["skip", "say", "send"];

const EXAMPLE = "overview last week every monday 09:00 to #security as pdf";
/** How many targets a schedule may have. */
export const MOST_TARGETS = 20;
const starters = ["every", "cron"];
const parts = ["in", "to", "as", "if"] as const;
type Part = (typeof parts)[number];

const isKeyword = (word: string | undefined, keywords: readonly string[]): boolean =>
  word !== undefined && keywords.includes(word.toLowerCase());

/**
 * The plan that typed words make, as `splitWords` or a shell gives them; `zone` is meant where none is named.
 * @throws UsageError with what would be right
 */
export function parsePlan(words: readonly string[], { zone }: { readonly zone: string }): Plan {
  const start = words.findIndex((word) => isKeyword(word, starters));
  if (start < 0) throw new UsageError(`a schedule needs to know when, as in: ${EXAMPLE}`);
  const report = readReport(words.slice(0, start));
  const rest = words.slice(start);
  const end = rest.findIndex((word) => isKeyword(word, parts));
  const rule = parseRule(end < 0 ? rest : rest.slice(0, end));
  const given = readParts(end < 0 ? [] : rest.slice(end));
  return {
    request: report,
    rule,
    zone: given.in === undefined ? zone : readZone(given.in),
    targets: readTargets(given.to ?? []),
    formats: readFormats(given.as ?? []),
    whenEmpty: given.if === undefined ? "say" : readWhenEmpty(given.if),
  };
}

/** One line that `parsePlan` reads back to the same plan, whatever zone it takes for granted. */
export function formatPlan({ request, rule, zone, targets, formats, whenEmpty }: Plan): string {
  return [
    formatRequest(request),
    formatRule(rule),
    `in ${zone}`,
    ...(targets.length > 0 ? [`to ${targets.map(quoteWord).join(" ")}`] : []),
    ...(formats.length > 0 ? [`as ${formats.join(",")}`] : []),
    `if empty ${whenEmpty}`,
  ].join(" ");
}

/** @throws UsageError that names the reports */
function readReport([name = "", ...words]: readonly string[]): ReportRequest {
  const known = Object.keys(reportForms) as ReportName[];
  const found = known.find((each) => each === name.toLowerCase());
  if (found) return parseRequest(found, words);
  const close = nearest(name, known);
  const hint = close.length > 0 ? `did you mean ${orList(close)}?` : `there are ${orList(known)}`;
  throw new UsageError(
    name === ""
      ? `a schedule begins with a report, as in: ${EXAMPLE}`
      : `there is no report “${name.slice(0, 40)}”; ${hint}`,
  );
}

function readParts(words: readonly string[]): Partial<Record<Part, string[]>> {
  const given: Partial<Record<Part, string[]>> = {};
  let current: string[] = [];
  for (const word of words) {
    const part = parts.find((each) => each === word.toLowerCase());
    if (part === undefined) {
      current.push(readWord(word).text);
      continue;
    }
    if (given[part]) throw new UsageError(`“${part}” stands there twice`);
    current = given[part] = [];
  }
  for (const part of parts) {
    if (given[part]?.length === 0)
      throw new UsageError(`“${part}” needs something behind it, as in: ${EXAMPLE}`);
  }
  return given;
}

/** The IANA name of a zone in any case. @throws UsageError with the nearest ones */
export function readZone(words: readonly string[]): string {
  const typed = words.join("_");
  const zone = timeZoneOf(typed);
  if (zone !== undefined) return zone;
  const zones = Intl.supportedValuesOf("timeZone");
  // People know the city.
  const cities = zones.filter((each) => each.toLowerCase().endsWith(`/${typed.toLowerCase()}`));
  const close = cities.length > 0 ? cities : nearest(typed, zones);
  const hint = close.length > 0 ? `did you mean ${orList(close)}?` : "as in Europe/Oslo";
  throw new UsageError(`“${words.join(" ").slice(0, 60)}” is no time zone; ${hint}`);
}

function readTargets(words: readonly string[]): string[] {
  const found = words
    .flatMap((word) => word.split(","))
    .filter((word) => word !== "" && word.toLowerCase() !== "and");
  const targets = [...new Set(found)];
  if (targets.length > MOST_TARGETS) throw new UsageError(`a schedule has at most ${MOST_TARGETS} targets`);
  return targets;
}

function readFormats(words: readonly string[]): FormatName[] {
  const names = words.flatMap((word) => word.split(",")).filter((word) => word !== "" && word !== "and");
  const wanted = names.map(formatOf);
  // In the order of the table, each once.
  return formatNames.filter((name) => wanted.includes(name));
}

function readWhenEmpty(words: readonly string[]): WhenEmpty {
  const [empty, what = ""] = words.map((word) => word.toLowerCase());
  const found = whenEmptyWords.find((each) => each === what);
  if (empty === "empty" && found && words.length === 2) return found;
  throw new UsageError(`“if” takes what to do with nothing to report: if empty ${orList(whenEmptyWords)}`);
}

/** The plan that a schedule was made from. */
export function planOf(schedule: ScheduleDocument): Plan {
  const { request, rule, zone, targets, formats: names, whenEmpty } = schedule;
  return {
    request: readRequest(request),
    rule,
    zone,
    targets: targets.map(({ channel, to }) =>
      channel === "slack" ? `${/^[UW]/.test(to) ? "@" : "#"}${to}` : to,
    ),
    formats: names as FormatName[],
    whenEmpty,
  };
}

/** A schedule in the words that make it, with targets as people call them. */
export function wordsOf(schedule: ScheduleDocument): string {
  return formatPlan({ ...planOf(schedule), targets: schedule.targets.map(({ name }) => name) });
}
