import type { WebClient } from "@slack/web-api";
import { z } from "zod";
import { requireAudience } from "../commands/index.ts";
import { zoneOf } from "../commands/schedule.ts";
import { timeZoneOf } from "../domain/calendar.ts";
import { formatRule, parseRule, type Rule } from "../domain/recurrence.ts";
import { weekdays } from "../domain/recurrence-words.ts";
import { formatRequest, type ReportRequest, readRequest } from "../domain/request.ts";
import { capital, splitWords } from "../domain/words.ts";
import { buildScheduleModal, type Choice } from "../messages/schedule-modal.ts";
import { type FormatName, formatNames, formats } from "../render/formats.ts";
import { type Plan, planOf, whenEmptyWords } from "../schedules/words.ts";
import type { ScheduleDocument } from "../store/schedule-documents.ts";
import { type AnswerDeps, type Person, withViewer } from "./answer.ts";
import { emptyTitles } from "./schedule-facts.ts";

export interface FormDeps extends AnswerDeps {
  readonly client: Pick<WebClient, "views">;
}

/** What the form and its preview remember: where their answer goes, and which schedule is changed. */
export const formNote = z.object({
  /** A response URL; missing where nothing was typed or clicked in a conversation. */
  url: z.string().optional(),
  channel: z.string(),
  id: z.string().optional(),
});
export type FormNote = z.infer<typeof formNote>;

/** What a form begins with: the first words of a new schedule, or one that is to be changed. */
export type Beginning = { readonly words: string } | { readonly schedule: ScheduleDocument };

const standardReports = [
  "overview last week",
  "overview last month",
  "overview yesterday",
  "overview last 7 days",
  "users last month",
  "inactive last month",
];
const reportTitles: Readonly<Record<ReportRequest["report"], string>> = {
  overview: "Overview",
  users: "All people",
  user: "One person",
  me: "My own usage",
  inactive: "Inactive people",
};

const rules: readonly Choice[] = [
  { label: "Every day", value: "every day" },
  { label: "Every weekday, Monday to Friday", value: "every weekday" },
  ...weekdays.map((day) => ({ label: `Every ${capital(day)}`, value: `every ${day}` })),
  { label: "First day of the month", value: "every month on the 1st" },
  { label: "Last day of the month", value: "every month on the last day" },
  { label: "First day of the quarter", value: "every quarter on the first day" },
];

const usual: readonly FormatName[] = ["pdf", "xlsx", "csv"];

/** The formats to choose from: the usual ones, and those that a schedule has already. */
function choicesOf(chosen: readonly string[]) {
  const names = formatNames.filter((name) => usual.includes(name) || chosen.includes(name));
  return names
    .toSorted((a, b) => Number(!usual.includes(a)) - Number(!usual.includes(b)))
    .map((name) => ({ label: formats[name].title, value: name }));
}

/** Opens the form, in front of the modal that was clicked in, if it was. Within three seconds of the trigger. */
export async function openScheduleForm(
  deps: FormDeps,
  person: Person,
  trigger: { readonly id: string; readonly isInModal: boolean },
  beginning: Beginning,
  note: FormNote,
): Promise<void> {
  const view = await withViewer(deps, person, async (viewer) => {
    requireAudience("schedule", viewer, deps.commandDeps);
    return buildForm(deps, person, beginning, note);
  });
  const { views } = deps.client;
  await (trigger.isInModal ? views.push : views.open)({ trigger_id: trigger.id, view });
}

async function buildForm(deps: FormDeps, { userId }: Person, beginning: Beginning, note: FormNote) {
  const plan =
    "schedule" in beginning
      ? planOf(beginning.schedule)
      : { ...readBeginning(beginning.words), zone: await zoneFor(deps, userId), targets: [`@${userId}`] };
  const { request, rule, zone, targets } = plan;
  const report = formatRequest(request);
  const often = rule && oftenOf(rule);
  const isChoosable = often === undefined || often.length <= 75;
  const { ways } = await deps.commandDeps.schedules();
  return buildScheduleModal({
    title: "schedule" in beginning ? `Change ${beginning.schedule._id}` : "Schedule a report",
    reports: withFirst(standardReports, report).map((value) => ({ label: reportLabel(value), value })),
    report,
    rules: withOwn(often),
    rule: often !== undefined && isChoosable ? often : "every monday",
    words: often === undefined || isChoosable ? "" : often,
    time: rule !== undefined && rule.kind !== "cron" ? rule.time : "09:00",
    zone,
    channels: targets.flatMap((word) => (word.startsWith("#") ? [word.slice(1)] : [])),
    people: targets.flatMap((word) => (word.startsWith("@") ? [word.slice(1)] : [])),
    emails: ways.includes("email") ? targets.filter((word) => word.includes("@", 1)).join(", ") : undefined,
    formats: choicesOf("schedule" in beginning ? beginning.schedule.formats : []),
    files: "schedule" in beginning ? beginning.schedule.formats : [],
    empties: whenEmptyWords.map((value) => ({ label: emptyTitles[value], value })),
    empty: "schedule" in beginning ? beginning.schedule.whenEmpty : "say",
    note: JSON.stringify(note),
  });
}

/** `overview last week`, perhaps with when behind it: `every monday 09:00`. */
function readBeginning(words: string): Pick<Plan, "request"> & { readonly rule: Rule | undefined } {
  const all = splitWords(words);
  const start = all.findIndex((word) => word === "every" || word === "cron");
  if (start < 0) return { request: readRequest(words), rule: undefined };
  return { request: readRequest(all.slice(0, start).join(" ")), rule: parseRule(all.slice(start)) };
}

async function zoneFor({ users, commandDeps }: FormDeps, userId: string): Promise<string> {
  const own = (await users.user(userId).catch(() => undefined))?.timeZone;
  return (own === undefined ? undefined : timeZoneOf(own)) ?? zoneOf(commandDeps, {});
}

/** A rule without its time, which the form asks for apart; a cron expression says both. */
function oftenOf(rule: Rule): string {
  const words = formatRule(rule);
  return rule.kind === "cron" ? words : words.slice(0, -" 09:00".length);
}

function withOwn(often: string | undefined): readonly Choice[] {
  if (often === undefined || rules.some(({ value }) => value === often)) return rules;
  return [{ label: capital(often), value: often }, ...rules];
}

function withFirst(values: readonly string[], first: string): string[] {
  return [first, ...values.filter((value) => value !== first)];
}

/** `Overview, last week`; a request with more to it in its own words. */
function reportLabel(words: string): string {
  const request = readRequest(words);
  const { report, period } = request;
  if (words === `${report} ${period}`) return `${reportTitles[report]}, ${period}`;
  // A handle tells a reader nothing.
  return capital(words.replace(/~[\w-]{11}/, "of the one that was shown"));
}
