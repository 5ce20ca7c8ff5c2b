import { DEFAULT_ZONE } from "../domain/calendar.ts";
import { UsageError } from "../errors.ts";
import type { Manager } from "../schedules/views.ts";
import { parsePlan, planWords } from "../schedules/words.ts";
import { viewerOfCall } from "./audience.ts";
import type { Command, CommandDeps, CommandOptions } from "./command.ts";
import { describeNew, scheduleData } from "./schedule-text.ts";

/** Who manages schedules. @throws UsageError where nobody says who asks */
export function managerOf(options: CommandOptions, { front }: Pick<CommandDeps, "front">): Manager {
  const { owner } = options;
  const viewer = viewerOfCall(options, front);
  if (owner === undefined) throw new UsageError("schedules need to know who asks");
  const isAs = front === "terminal" && viewer.email !== undefined;
  return {
    viewer,
    owner: {
      who: owner.who,
      front,
      ...(owner.workspace === undefined ? {} : { workspace: owner.workspace }),
      ...(isAs ? { email: viewer.email } : {}),
    },
  };
}

/** The zone that is meant where none is named: that of the words, of the settings, of the store. */
export async function zoneOf({ store, zone }: CommandDeps, options: CommandOptions): Promise<string> {
  return options.zone ?? zone ?? (await store.calendar(DEFAULT_ZONE)).timeZone;
}

/** Has a report sent again and again. */
export const scheduleCommand: Command = {
  words: `schedule ${planWords}`,
  help: "has a report sent again and again; in Slack, alone it opens a form",
  examples: [
    "schedule overview last week every monday 09:00 in Europe/Oslo to #security boss@example.com as pdf,xlsx",
    "schedule inactive every month on the 1st 08:00 to me",
    "schedule users last quarter every quarter 07:30 to #security as csv if empty skip",
    "schedule overview yesterday every weekday 8:30 to #security",
    'schedule overview today cron "0 17 * * 5" to me',
  ],
  where: "everywhere",
  audience: "managers",
  needs: "store",
  ownsFormat: true,
  async run(words, deps, options) {
    if (words.length === 0 && deps.front === "slack")
      return { type: "form", form: "schedule", schedule: undefined };
    if (words.length === 0) throw new UsageError(`schedule needs words: schedule ${planWords}`);
    const plan = parsePlan(words, { zone: await zoneOf(deps, options) });
    const schedules = await deps.schedules();
    const { schedule, seen } = await schedules.create(plan, managerOf(options, deps));
    const title = `Scheduled as ${schedule._id}`;
    const view = { schedule, last: undefined };
    return {
      type: "schedules",
      title,
      schedules: [view],
      seen,
      text: describeNew(title, schedule, seen),
      data: scheduleData(view),
    };
  },
};
