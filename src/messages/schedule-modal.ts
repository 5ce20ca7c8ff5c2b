import type { InputBlock, KnownBlock, ModalView, PlainTextOption } from "@slack/types";
import { fromOutside, limits } from "./limits.ts";
import { modal, modalIds, plain } from "./modal.ts";

/** The inputs of the form; block and element have the same name. */
export const scheduleInputs = {
  report: "report",
  rule: "rule",
  words: "words",
  time: "time",
  zone: "zone",
  channels: "channels",
  people: "people",
  emails: "emails",
  files: "files",
  empty: "empty",
} as const;

export type ScheduleInput = keyof typeof scheduleInputs;

/** Something to choose. */
export interface Choice {
  readonly label: string;
  readonly value: string;
}

/** What the form begins with. */
export interface ScheduleForm {
  readonly title: string;
  readonly reports: readonly Choice[];
  readonly report: string;
  readonly rules: readonly Choice[];
  readonly rule: string;
  /** A rule that is none of those. */
  readonly words: string;
  /** `HH:MM`. */
  readonly time: string;
  readonly zone: string;
  /** Slack ids. */
  readonly channels: readonly string[];
  readonly people: readonly string[];
  /** With commas between; undefined where e-mails are not set up. */
  readonly emails: string | undefined;
  readonly formats: readonly Choice[];
  readonly files: readonly string[];
  readonly empties: readonly Choice[];
  readonly empty: string;
  /** Comes back with the submission. */
  readonly note: string;
}

/** Characters that the e-mails of one schedule may have. */
const MOST_EMAILS = 1_500;
const MOST_TARGETS = 20;

/** Asks for all that a schedule is made from. */
export function buildScheduleModal(form: ScheduleForm): ModalView {
  const { emails } = form;
  const blocks: KnownBlock[] = [
    input("report", "Report", select("report", form.reports, form.report)),
    input("rule", "How often", select("rule", form.rules, form.rule)),
    input("time", "At", { type: "timepicker", action_id: "time", initial_time: form.time }),
    input(
      "words",
      "Or in words, instead of the above",
      typed("words", form.words, 200, "every month on the 15th"),
      {
        optional: true,
        hint: 'As in: every monday and thursday, every month on the last weekday, cron "0 9 * * 1-5".',
      },
    ),
    input("zone", "Time zone", typed("zone", form.zone, 60, "Europe/Oslo")),
    input(
      "channels",
      "To channels",
      {
        type: "multi_conversations_select",
        action_id: "channels",
        placeholder: plain("Choose channels that the app is in"),
        max_selected_items: MOST_TARGETS,
        filter: {
          include: ["public", "private"],
          exclude_bot_users: true,
          exclude_external_shared_channels: true,
        },
        ...(form.channels.length > 0 ? { initial_conversations: [...form.channels] } : {}),
      },
      { optional: true },
    ),
    input(
      "people",
      "To people",
      {
        type: "multi_users_select",
        action_id: "people",
        placeholder: plain("Choose people"),
        max_selected_items: MOST_TARGETS,
        ...(form.people.length > 0 ? { initial_users: [...form.people] } : {}),
      },
      { optional: true },
    ),
    ...(emails === undefined
      ? []
      : [
          input("emails", "To e-mails", typed("emails", emails, MOST_EMAILS, "boss@example.com"), {
            optional: true,
            hint: "With commas between.",
          }),
        ]),
    input("files", "With files", checkboxes("files", form.formats, form.files), { optional: true }),
    input("empty", "When there is nothing to report", select("empty", form.empties, form.empty)),
  ];
  return {
    ...modal(modalIds.schedule, form.title, blocks),
    submit: plain("Preview"),
    close: plain("Cancel"),
    private_metadata: form.note,
  };
}

function input(
  id: ScheduleInput,
  label: string,
  element: InputBlock["element"],
  more: { readonly optional?: boolean; readonly hint?: string } = {},
): InputBlock {
  return {
    type: "input",
    block_id: id,
    label: plain(label),
    element,
    ...(more.optional ? { optional: true } : {}),
    ...(more.hint === undefined ? {} : { hint: plain(more.hint) }),
  };
}

function typed(id: ScheduleInput, value: string, most: number, example: string): InputBlock["element"] {
  return {
    type: "plain_text_input",
    action_id: id,
    max_length: most,
    placeholder: plain(example),
    ...(value === "" ? {} : { initial_value: value.slice(0, most) }),
  };
}

function optionsOf(choices: readonly Choice[]): PlainTextOption[] {
  return choices
    .filter(({ value }) => value.length <= limits.option)
    .map(({ label, value }) => ({ text: plain(fromOutside(label, limits.option)), value }));
}

function select(id: ScheduleInput, choices: readonly Choice[], chosen: string): InputBlock["element"] {
  const options = optionsOf(choices);
  const initial = options.find(({ value }) => value === chosen);
  return { type: "static_select", action_id: id, options, ...(initial ? { initial_option: initial } : {}) };
}

function checkboxes(
  id: ScheduleInput,
  choices: readonly Choice[],
  chosen: readonly string[],
): InputBlock["element"] {
  const options = optionsOf(choices);
  const initial = options.filter(({ value }) => chosen.includes(value ?? ""));
  return {
    type: "checkboxes",
    action_id: id,
    options,
    ...(initial.length > 0 ? { initial_options: initial } : {}),
  };
}
