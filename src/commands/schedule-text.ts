import { createCalendar } from "../domain/calendar.ts";
import { formatInstant, formatTime, oneLine } from "../domain/format.ts";
import { dayLabel } from "../domain/period.ts";
import { plural } from "../domain/words.ts";
import { outcomeOf } from "../schedules/policy.ts";
import type { Preview } from "../schedules/preview.ts";
import { whenOf } from "../schedules/schedule.ts";
import type { RunView, ScheduleView } from "../schedules/views.ts";
import { wordsOf } from "../schedules/words.ts";
import type { DeliveryDocument, ScheduleDocument } from "../store/schedule-documents.ts";

/** A moment of a schedule, on its own clock: `Mon 30 Nov 2026 09:00`. */
export function slotText(at: number | Date, zone: string): string {
  const calendar = createCalendar(zone);
  const date = new Date(at);
  const day = calendar.dayOf(date.getTime());
  const weekday = new Intl.DateTimeFormat("en", { weekday: "short", timeZone: zone }).format(date);
  return `${weekday} ${dayLabel(day)} ${formatTime(date, calendar)}`;
}

/** What a plan does, in lines: to whom and why they may get it, what, and when next. */
export function describePreview({ plan, targets, next, title, rows, isEmpty }: Preview): string[] {
  return [
    ...targets.map(({ target, why }) => `  to    ${oneLine(target.name)}: ${why}`),
    `  what  ${title}, ${plural(rows, "row")} as of now${isEmpty ? "; there is nothing to report at this moment" : ""}`,
    ...next.map((slot, i) => `  ${i === 0 ? "next" : "then"}  ${slotText(slot, plan.zone)} (${plan.zone})`),
  ];
}

/** A schedule that was just set up. */
export function describeNew(title: string, schedule: ScheduleDocument, seen: Preview): string {
  return [title, `  ${wordsOf(schedule)}`, ...describePreview(seen)].join("\n");
}

/** What state a schedule is in, in a few words. */
export function stateText({ state, pausedWhy, next, zone }: ScheduleDocument): string {
  if (state === "paused") return pausedWhy === null ? "paused" : `paused, for ${pausedWhy}`;
  return next === null ? state : `next ${slotText(next, zone)}`;
}

const outcomes = {
  sent: "sent",
  partial: "sent in part",
  failed: "failed",
  skipped: "skipped",
} as const;

/** How a run went, in a few words. */
export function runText({ run, deliveries }: RunView): string {
  if (run.state === "missed") return "missed";
  if (run.state === "open") return "under way";
  return outcomes[outcomeOf(deliveries)];
}

/** What became of one target, in a few words; its times are those of the zone, which is said if it is UTC. */
export function deliveryText(
  { state, reason, lacking, attempts, retryAt, endedAt }: DeliveryDocument,
  now: Date,
  zone = "UTC",
): string {
  const calendar = createCalendar(zone);
  const told = (at: Date): string => `${formatInstant(at, now, calendar)}${zone === "UTC" ? " UTC" : ""}`;
  const why = reason === null ? "" : `: ${reason}`;
  if (state === "pending" && attempts > 0) return `waits until ${told(retryAt)}${why}`;
  if (state === "sent")
    return `sent ${endedAt === null ? "" : told(endedAt)}${lacking === null ? "" : `, but ${lacking}`}`;
  return `${state}${why}`;
}

/** Schedules as lines for a reader. */
export function describeSchedules(title: string, views: readonly ScheduleView[]): string {
  const lines = views.flatMap(({ schedule, last }) => [
    `${schedule._id}  ${wordsOf(schedule)}`,
    `      ${whenOf(schedule)}, by ${oneLine(schedule.owner.who)}; ${stateText(schedule)}` +
      (last === undefined ? "" : `; last ${slotText(last.run.slot, schedule.zone)} ${runText(last)}`),
  ]);
  return [title, "", ...lines].join("\n").trim();
}

/** The runs of one schedule as lines for a reader. */
export function describeRuns(schedule: ScheduleDocument, runs: readonly RunView[], now: Date): string {
  return runs
    .flatMap((view) => [
      `${slotText(view.run.slot, schedule.zone)}  ${view.run.kind === "slot" ? "" : `${view.run.kind}, `}${runText(view)}`,
      ...view.deliveries.map((each) => `    ${oneLine(each.target.name)}: ${deliveryText(each, now)}`),
    ])
    .join("\n");
}

/** A schedule for a machine. Instants are UTC. */
export function scheduleData({ schedule, last }: ScheduleView): object {
  const { _id: id, targets, owner, rule: _, ...facts } = schedule;
  return {
    id,
    words: wordsOf(schedule),
    when: whenOf(schedule),
    ...facts,
    targets,
    owner,
    last: last === undefined ? null : runData(last),
  };
}

/** A run with its deliveries for a machine. */
export function runData({ run, deliveries }: RunView): object {
  const { _id: id, kind, slot, state } = run;
  return {
    run: id,
    kind,
    slot,
    state,
    deliveries: deliveries.map((each) => ({
      target: each.target.name,
      channel: each.target.channel,
      state: each.state,
      attempts: each.attempts,
      endedAt: each.endedAt,
      reference: each.reference,
      reason: each.reason,
      lacking: each.lacking,
      files: each.files,
    })),
  };
}
