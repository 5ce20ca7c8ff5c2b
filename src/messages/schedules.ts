import type { ContextBlock, KnownBlock, RichTextBlock } from "@slack/types";
import { capital, plural } from "../domain/words.ts";
import { controlsBlock } from "./elements.ts";
import { clip, contextBlock, escapeText, fromOutside, limits, sectionBlock } from "./limits.ts";
import type { SlackMessage } from "./message.ts";
import { runControls, scheduleControls, scheduleRow } from "./schedule-controls.ts";

/** One run, as a message tells it; `mark` is its id. */
export interface RunFacts {
  readonly mark: string;
  /** When, on the schedule's own clock, and why, if not by the schedule. */
  readonly when: string;
  /** How it went, in a few words. */
  readonly state: string;
  /** What became of each target, in a sentence. */
  readonly targets: readonly { readonly name: string; readonly told: string; readonly isFine: boolean }[];
  readonly canRetry: boolean;
  readonly canSendAgain: boolean;
}

/** One schedule, as a message tells it; `mark` is its id. */
export interface ScheduleFacts {
  readonly mark: string;
  /** The words of its request. */
  readonly request: string;
  readonly when: string;
  /** The names of its targets. */
  readonly targets: readonly string[];
  /** Its files and what it does with nothing to report, in words. */
  readonly extras: string;
  /** A Slack user id, or somebody at a terminal. */
  readonly owner: string;
  readonly state: string;
  readonly isPaused: boolean;
  readonly last?: RunFacts;
}

/** What a message tells of schedules. */
export interface SchedulesTold {
  readonly title: string;
  readonly schedules: readonly ScheduleFacts[];
  /** What the one that it is about is going to do, a line each. */
  readonly plans?: readonly string[];
  /** Of the one schedule that it is about: its runs, the newest first. */
  readonly runs?: readonly RunFacts[];
}

/** As many as the blocks of a message allow. */
export const MOST_SCHEDULES = 12;
const MOST_RUNS = 10;
/** What all but the controls of the schedules, or of the runs, may hold together. */
const ROOM = { schedules: 5_400, runs: 7_500 } as const;
const LINE = 300;
const SLACK_ID = /^[UW][A-Z0-9]{2,20}$/;

/** Schedules with what can be done to each, or the runs of one. */
export function buildSchedules({ title, schedules, plans = [], runs }: SchedulesTold): SlackMessage {
  const shown = schedules.slice(0, MOST_SCHEDULES);
  const place = schedules.length === 1 ? "one" : "list";
  const room = Math.min(2_000, Math.floor(ROOM.schedules / Math.max(1, shown.length)));
  const more =
    schedules.length > shown.length
      ? [
          `The newest ${shown.length} of ${plural(schedules.length, "schedule")}; /usage schedules ID shows one of the others.`,
        ]
      : [];
  const blocks: KnownBlock[] = [
    sectionBlock(title, LINE),
    ...shown.flatMap((facts): KnownBlock[] => [
      whatBlock(facts, Math.floor(room * 0.5)),
      stateBlock(facts, Math.floor(room * 0.2)),
      ...(runs === undefined && facts.last
        ? [contextBlock(lastText(facts.last), Math.floor(room * 0.3))]
        : []),
      ...(plans.length > 0 && place === "one" ? [contextBlock(plans.join("\n"), 1_800)] : []),
      ...(runs === undefined ? scheduleControls(place, facts) : []),
    ]),
    ...(runs === undefined ? [] : runBlocks(runs.slice(0, MOST_RUNS))),
    ...more.map((line) => contextBlock(line, LINE)),
  ];
  const lines = [
    title,
    ...shown.map((facts) => scheduleText(facts, runs === undefined)),
    ...plans,
    ...(runs ?? []).slice(0, MOST_RUNS).map(runText),
    ...more,
  ];
  return { text: alternative(lines, shown), blocks };
}

/** The lines as Slack's formatted text: nothing from outside is read as a mention, and people of Slack's own are. */
function alternative(lines: readonly string[], shown: readonly ScheduleFacts[]): string {
  const text = escapeText(clip(lines.join("\n"), limits.text - 100));
  const owner = shown[0]?.owner ?? "";
  return shown.length === 1 && SLACK_ID.test(owner) ? `${text}\nSet up by <@${owner}>` : text;
}

/** What is sent, when and where, the first of it in bold. */
export function whatBlock(facts: ScheduleFacts, most: number): RichTextBlock {
  const [head, ...rest] = whatLines(facts);
  const behind = clip(rest.join("\n"), Math.max(20, most - 90));
  return {
    type: "rich_text",
    elements: [
      {
        type: "rich_text_section",
        elements: [
          { type: "text", text: clip(head, 90), style: { bold: true } },
          { type: "text", text: `\n${behind}` },
        ],
      },
    ],
  };
}

function whatLines({ mark, request, when, targets, extras }: ScheduleFacts): [string, ...string[]] {
  const to = targets.map((name) => fromOutside(name, 80)).join(", ");
  return [`${mark} · ${fromOutside(request, 120)}`, when, `to ${to}${extras === "" ? "" : ` · ${extras}`}`];
}

function stateBlock({ state, owner }: ScheduleFacts, most: number): ContextBlock {
  const told = capital(state);
  if (!SLACK_ID.test(owner)) return contextBlock(`${told} · by ${fromOutside(owner, 40)}`, most);
  const block = contextBlock(told, most);
  return { ...block, elements: [...block.elements, { type: "mrkdwn", text: `by <@${owner}>` }] };
}

/** How the last run went; targets only where something is wrong. */
function lastText({ when, state, targets }: RunFacts): string {
  return [`Last: ${when}, ${state}`, ...targetLines(targets.filter(({ isFine }) => !isFine))].join("\n");
}

/** A line for each target: where, and what became of it. */
export function targetLines(targets: RunFacts["targets"]): string[] {
  return targets.map(
    ({ name, told, isFine }) => `${isFine ? "✓" : "✕"} ${fromOutside(name, 60)}: ${fromOutside(told, 300)}`,
  );
}

function runBlocks(runs: readonly RunFacts[]): KnownBlock[] {
  const room = Math.floor(ROOM.runs / Math.max(1, runs.length));
  return runs.flatMap((run): KnownBlock[] => [
    sectionBlock(`${run.when} · ${run.state}`, 150),
    ...(run.targets.length > 0 ? [contextBlock(targetLines(run.targets).join("\n"), room - 150)] : []),
    ...controlsBlock(scheduleRow("runs", run.mark), runControls(run)),
  ]);
}

function scheduleText(facts: ScheduleFacts, withLast: boolean): string {
  const by = SLACK_ID.test(facts.owner) ? "" : `; by ${fromOutside(facts.owner, 40)}`;
  const last = withLast && facts.last ? `\n${lastText(facts.last)}` : "";
  return `${whatLines(facts).join("; ")}; ${facts.state}${by}${last}`;
}

function runText({ when, state, targets }: RunFacts): string {
  return [`${when}: ${state}`, ...targetLines(targets)].join("\n");
}
