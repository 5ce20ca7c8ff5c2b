import type { SchedulesReply } from "../commands/reply.ts";
import { deliveryText, runText, slotText, stateText } from "../commands/schedule-text.ts";
import { plural } from "../domain/words.ts";
import type { PreviewTold } from "../messages/schedule-preview.ts";
import type { RunFacts, ScheduleFacts, SchedulesTold } from "../messages/schedules.ts";
import { type FormatName, formats } from "../render/formats.ts";
import type { Preview } from "../schedules/preview.ts";
import { whenOf } from "../schedules/schedule.ts";
import type { Agenda, RunView, ScheduleView } from "../schedules/views.ts";
import type { DeliveryDocument, ScheduleDocument, WhenEmpty } from "../store/schedule-documents.ts";

/** What each choice for a report that has nothing to tell means. */
export const emptyTitles: Readonly<Record<WhenEmpty, string>> = {
  skip: "Send nothing",
  say: "Say so in one sentence",
  send: "Send it all the same",
};

const kinds = { slot: "", now: " by hand", test: " as a test" } as const;

function extrasOf(names: readonly string[], whenEmpty: WhenEmpty): string {
  const files = names.map((name) => formats[name as FormatName].title).join(", ");
  const empty = whenEmpty === "say" ? "" : `if empty: ${emptyTitles[whenEmpty].toLowerCase()}`;
  return [files === "" ? "" : `with ${files}`, empty].filter((text) => text !== "").join(" · ");
}

/** A schedule as messages tell it. */
export function scheduleFacts({ schedule, last }: ScheduleView, now: Date): ScheduleFacts {
  return {
    mark: schedule._id,
    request: schedule.request,
    when: whenOf(schedule),
    targets: schedule.targets.map(({ name }) => name),
    extras: extrasOf(schedule.formats, schedule.whenEmpty),
    owner: schedule.owner.who,
    state: stateText(schedule),
    isPaused: schedule.state === "paused",
    ...(last === undefined ? {} : { last: runFacts(schedule, last, now) }),
  };
}

/** A run as messages tell it. */
export function runFacts({ zone }: Pick<ScheduleDocument, "zone">, view: RunView, now: Date): RunFacts {
  const { run, deliveries } = view;
  const has = (state: DeliveryDocument["state"]): boolean =>
    run.state === "done" && deliveries.some((delivery) => delivery.state === state);
  return {
    mark: run._id,
    when: `${slotText(run.slot, zone)}${kinds[run.kind]}`,
    state: runText(view),
    targets: deliveries.map((delivery) => {
      const { state, lacking, files, target } = delivery;
      const count = files.length > 0 ? `, with ${plural(files.length, "file")}` : "";
      return {
        name: target.name,
        told: `${deliveryText(delivery, now, zone)}${count}`,
        isFine: state !== "failed" && state !== "unknown" && lacking === null,
      };
    }),
    canRetry: has("failed"),
    canSendAgain: has("unknown"),
  };
}

/** What a command says of schedules, as messages tell it. */
export function schedulesTold({ title, schedules, runs, seen }: SchedulesReply, now: Date): SchedulesTold {
  const [about] = schedules;
  return {
    title,
    schedules: schedules.map((view) => scheduleFacts(view, now)),
    ...(runs && about ? { runs: runs.map((view) => runFacts(about.schedule, view, now)) } : {}),
    ...(seen ? { plans: planLines(seen) } : {}),
  };
}

function planLines({ targets, next, plan }: Preview): string[] {
  // The first of them is its state.
  const slots = next.slice(1).map((slot) => slotText(slot, plan.zone));
  return [
    ...targets.map(({ target, why }) => `${target.name}: ${why}`),
    `Then: ${slots.join(", ")} (${plan.zone})`,
  ];
}

/** What a plan would do, as the preview tells it; `when` is its rule in words. */
export function previewTold(seen: Preview): PreviewTold {
  const { plan, targets, next, title, rows, isEmpty } = seen;
  const size = `${plural(rows, "row")} as of now`;
  return {
    title,
    size: isEmpty ? `${size}; there is nothing to report at this moment` : size,
    when: whenOf(plan),
    next: next.map((slot, i) => `${i === 0 ? "Next" : "Then"} ${slotText(slot, plan.zone)}`),
    targets: targets.map(({ target, why, isAllowed }) => ({ name: target.name, why, isAllowed })),
    extras: extrasOf(plan.formats, plan.whenEmpty),
  };
}

/** What comes next and what is paused, as the Home tab tells it. */
export function agendaTold({ count, next, paused }: Agenda) {
  const what = ({ _id, request, targets }: ScheduleDocument): string =>
    `${_id} · ${request} to ${targets.map(({ name }) => name).join(", ")}`;
  return {
    count,
    next: next.map((each) => `${slotText(each.next ?? 0, each.zone)} (${each.zone}) · ${what(each)}`),
    paused: paused.map((each) => `${what(each)}: ${stateText(each)}`),
  };
}
