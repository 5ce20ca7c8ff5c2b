import type { KnownBlock } from "@slack/types";
import { button, controlsBlock } from "./elements.ts";
import { clip, contextBlock, escapeText, fromOutside, headerBlock, limits, sectionBlock } from "./limits.ts";
import type { SlackMessage } from "./message.ts";
import { DISMISS, OPEN_FORM, runControls, scheduleRow } from "./schedule-controls.ts";
import { type RunFacts, type ScheduleFacts, targetLines, whatBlock } from "./schedules.ts";

const LINE = 600;

/** What somebody is told of a schedule that they have to know. */
export interface NoticeTold {
  readonly schedule: ScheduleFacts;
  /** Why somebody else than its owner is told, in a sentence. */
  readonly why: string | undefined;
}

/** That a run did not arrive everywhere, and what can be done about it. `paused` says why it paused itself. */
export function buildFailure(
  { schedule, why }: NoticeTold,
  run: RunFacts,
  paused: string | undefined,
): SlackMessage {
  const { mark } = schedule;
  const isInDoubt = run.canSendAgain && !run.canRetry;
  const everywhere = run.targets.some(({ isFine }) => isFine) ? " everywhere" : "";
  const title = isInDoubt ? "Did this report arrive?" : `A report did not arrive${everywhere}`;
  const isPaused = paused !== undefined || schedule.isPaused;
  const pause =
    paused === undefined
      ? []
      : [`It is paused now, for ${paused}. Editing or resuming it sets it going again.`];
  return build(title, [`${run.when}: ${run.state}`, ...targetLines(run.targets)], {
    schedule,
    why,
    after: pause,
    controls: [
      ...runControls(run),
      button("schedule_edit", "Edit…", `edit ${mark}`),
      isPaused
        ? button("schedule_resume", "Resume", `resume ${mark}`)
        : button("schedule_pause", "Pause", `pause ${mark}`),
    ],
  });
}

/** That nobody seems to read what comes. */
export function buildUnread({ schedule, why }: NoticeTold, times: number): SlackMessage {
  const { mark } = schedule;
  return build(
    "Does anybody read this?",
    [
      `It was sent ${times} times without a sign that anybody reads it: nobody fetched a file, ran or changed it.`,
    ],
    {
      schedule,
      why,
      after: [],
      controls: [
        button("schedule_keep", "Keep", `keep ${mark}`, { style: "primary" }),
        button("schedule_pause", "Pause", `pause ${mark}`),
      ],
    },
  );
}

function build(
  title: string,
  lines: readonly string[],
  more: NoticeTold & {
    readonly after: readonly string[];
    readonly controls: Parameters<typeof controlsBlock>[1];
  },
): SlackMessage {
  const { schedule, why, after, controls } = more;
  const owner = why === undefined ? [] : [fromOutside(why, 200)];
  const blocks: KnownBlock[] = [
    headerBlock(title),
    whatBlock(schedule, LINE),
    sectionBlock(lines.join("\n"), limits.section),
    ...after.map((line) => sectionBlock(line, LINE)),
    ...owner.map((line) => contextBlock(line, LINE)),
    ...controlsBlock(scheduleRow("notice", schedule.mark), controls),
  ];
  const { mark, request, when } = schedule;
  const text = [title, `${mark} · ${fromOutside(request, 150)}, ${when}`, ...lines, ...after, ...owner];
  return { text: escapeText(clip(text.join("\n"), limits.text)), blocks };
}

/** What a first start offers. */
export const OFFERED = "overview last week every monday 09:00";

/** Offers a weekly digest, once. */
export function buildOffer(): SlackMessage {
  const text =
    "Shall I post what happened in the vault every Monday at nine? You choose the channels, the people and the files.";
  return {
    text: `${text}\n/usage schedule opens the form at any time.`,
    blocks: [
      sectionBlock(text, LINE),
      ...controlsBlock("schedule_offer", [
        button(OPEN_FORM, "Set up…", OFFERED, { style: "primary" }),
        button(DISMISS, "Not now", "dismiss"),
      ]),
    ],
  };
}
