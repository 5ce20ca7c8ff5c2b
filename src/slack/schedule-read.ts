import { z } from "zod";
import { parseRule, type Rule } from "../domain/recurrence.ts";
import { readRequest } from "../domain/request.ts";
import { capital, splitWords } from "../domain/words.ts";
import { AppError } from "../errors.ts";
import type { ScheduleInput } from "../messages/schedule-modal.ts";
import { formatOf } from "../render/formats.ts";
import type { Schedules } from "../schedules/manage.ts";
import type { Manager } from "../schedules/views.ts";
import { MOST_TARGETS, type Plan, readZone, whenEmptyWords } from "../schedules/words.ts";

const choice = z.object({ selected_option: z.object({ value: z.string() }) });
const typed = z.object({ value: z.string().nullish() });
const submission = z.object({
  state: z.object({
    values: z.object({
      report: z.object({ report: choice }),
      rule: z.object({ rule: choice }),
      time: z.object({ time: z.object({ selected_time: z.string() }) }),
      words: z.object({ words: typed }),
      zone: z.object({ zone: typed }),
      channels: z.object({ channels: z.object({ selected_conversations: z.array(z.string()) }) }),
      people: z.object({ people: z.object({ selected_users: z.array(z.string()) }) }),
      emails: z.object({ emails: typed }).optional(),
      files: z.object({
        files: z.object({ selected_options: z.array(z.object({ value: z.string() })) }),
      }),
      empty: z.object({ empty: choice }),
    }),
  }),
});

/** What is wrong with a form, by input. */
export type FormErrors = Partial<Readonly<Record<ScheduleInput, string>>>;

/** The plan that a submitted form makes, or what is wrong with it; targets are looked up. */
export async function readForm(
  view: unknown,
  schedules: Pick<Schedules, "targetsOf">,
  { owner }: Manager,
): Promise<{ readonly plan: Plan } | { readonly errors: FormErrors }> {
  const { values } = submission.parse(view).state;
  const errors: Partial<Record<ScheduleInput, string>> = {};
  async function tried<T>(input: ScheduleInput, read: () => T | Promise<T>): Promise<T | undefined> {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof AppError) || error.userMessage === undefined) throw error;
      errors[input] = capital(error.userMessage);
      return undefined;
    }
  }

  const words = values.words.words.value?.trim() ?? "";
  const often = words === "" ? values.rule.rule.selected_option.value : words;
  const { selected_time: time } = values.time.time;
  const request = await tried("report", () => readRequest(values.report.report.selected_option.value));
  const rule = await tried(words === "" ? "rule" : "words", () => ruleAt(often, time));
  const zone = await tried("zone", () => readZone(splitWords(values.zone.zone.value ?? "")));

  const places: Readonly<Partial<Record<ScheduleInput, readonly string[]>>> = {
    channels: values.channels.channels.selected_conversations.map((id) => `#${id}`),
    people: values.people.people.selected_users.map((id) => `@${id}`),
    ...(values.emails && { emails: values.emails.emails.value?.split(/[\s,;]+/).filter(Boolean) ?? [] }),
  };
  const targets = Object.values(places).flat();
  if (targets.length > MOST_TARGETS) errors.channels = `A schedule has at most ${MOST_TARGETS} targets.`;
  if (targets.length === 0) errors.channels = "Choose at least one channel or person to send it to.";
  const base = { rule, zone, request };
  await Promise.all(
    Object.entries(places).map(([input, targets]) =>
      targets.length === 0
        ? undefined
        : tried(input as ScheduleInput, () => schedules.targetsOf({ targets }, owner)),
    ),
  );

  if (!base.request || !base.rule || base.zone === undefined || Object.keys(errors).length > 0)
    return { errors };
  const empty = values.empty.empty.selected_option.value;
  return {
    plan: {
      request: base.request,
      rule: base.rule,
      zone: base.zone,
      targets,
      formats: values.files.files.selected_options.map(({ value }) => formatOf(value)),
      whenEmpty: whenEmptyWords.find((each) => each === empty) ?? "say",
    },
  };
}

/** The rule that words make at a time that is chosen apart, unless they say one themselves. @throws UsageError */
function ruleAt(words: string, time: string): Rule {
  const said = splitWords(words);
  const rule = parseRule(said);
  if (rule.kind === "cron") return rule;
  try {
    return parseRule([...said, "at", time]);
  } catch {
    return rule;
  }
}
