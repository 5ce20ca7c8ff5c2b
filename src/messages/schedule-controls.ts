import type { ActionsBlock } from "@slack/types";
import { button, controlsBlock, overflow } from "./elements.ts";
import type { RunFacts, ScheduleFacts } from "./schedules.ts";

/** Where a control stands, so that a click knows what to put in the place of it: a list, one schedule, its runs, a notice. */
export type SchedulePlace = "list" | "one" | "runs" | "notice";

/** What the names of all controls of schedules begin with; their values are the words behind `schedules`. */
export const SCHEDULE_ACTION = "schedule_";
/** Opens the form; its value is the beginning of the words of a schedule. */
export const OPEN_FORM = "schedule_form";
/** Opens the list. */
export const OPEN_LIST = "schedule_list";
/** Takes away an offer. */
export const DISMISS = "schedule_dismiss";

/** The id of a row of controls; `placeIn` reads it. */
export const scheduleRow = (place: SchedulePlace, mark: string): string =>
  `${SCHEDULE_ACTION}${place}|${mark}`;

/** Where a control stood, by the id of its row. */
export function placeIn(blockId: string): SchedulePlace | undefined {
  const [, place] = /^schedule_(list|one|runs|notice)\|/.exec(blockId) ?? [];
  return place as SchedulePlace | undefined;
}

/** What can be done to a schedule. */
export function scheduleControls(
  place: SchedulePlace,
  { mark, isPaused }: Pick<ScheduleFacts, "mark" | "isPaused">,
): ActionsBlock[] {
  return controlsBlock(scheduleRow(place, mark), [
    button("schedule_run", "Run now", `run ${mark}`, {
      spoken: `Run ${mark} now`,
      asks: {
        title: `Run ${mark} now?`,
        text: "It goes to all of its targets, as of now.",
        yes: "Run now",
      },
    }),
    overflow("schedule_more", [
      isPaused ? { label: "Resume", value: `resume ${mark}` } : { label: "Pause", value: `pause ${mark}` },
      { label: "Edit…", value: `edit ${mark}` },
      { label: "Send me a test", value: `test ${mark}` },
      { label: "History", value: `history ${mark}` },
    ]),
    button("schedule_delete", "Delete", `delete ${mark} yes`, {
      style: "danger",
      spoken: `Delete ${mark}`,
      asks: {
        title: `Delete ${mark}?`,
        text: "It is sent no more. What it sent stays on record.",
        yes: "Delete",
        isDanger: true,
      },
    }),
  ]);
}

/** What can be done about a run that did not arrive everywhere. */
export function runControls({
  mark,
  canRetry,
  canSendAgain,
}: Pick<RunFacts, "mark" | "canRetry" | "canSendAgain">) {
  return [
    canRetry ? button("schedule_retry", "Retry", `retry ${mark}`) : undefined,
    canSendAgain
      ? button("schedule_resend", "Send again", `resend ${mark}`, {
          asks: {
            title: "Send again?",
            text: "Nobody can say whether it arrived, so it may arrive twice.",
            yes: "Send again",
          },
        })
      : undefined,
  ];
}
