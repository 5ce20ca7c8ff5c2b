import { nearest, orList, plural, readWord } from "../domain/words.ts";
import { UsageError } from "../errors.ts";
import type { Schedules } from "../schedules/manage.ts";
import { outcomeOf } from "../schedules/policy.ts";
import type { Manager, ScheduleView } from "../schedules/views.ts";
import { parsePlan } from "../schedules/words.ts";
import type { Command, CommandDeps, CommandOptions } from "./command.ts";
import type { Reply, SchedulesReply } from "./reply.ts";
import { managerOf, zoneOf } from "./schedule.ts";
import {
  describeNew,
  describeRuns,
  describeSchedules,
  runData,
  runText,
  scheduleData,
} from "./schedule-text.ts";

/** What is done to one schedule. */
interface Call {
  readonly schedules: Schedules;
  readonly manager: Manager;
  readonly deps: CommandDeps;
  readonly options: CommandOptions;
  /** What stands behind the id. */
  readonly more: readonly string[];
}

type Deed = (id: string, call: Call) => Promise<Reply>;

const deeds: Readonly<Record<string, Deed>> = {
  async pause(id, call) {
    await call.schedules.pause(id, call.manager);
    return about(`Paused ${id}`, id, call);
  },
  async resume(id, call) {
    await call.schedules.resume(id, call.manager);
    return about(`Resumed ${id}`, id, call);
  },
  async keep(id, call) {
    await call.schedules.keep(id, call.manager);
    return about(`${id} goes on; thank you for saying so`, id, call);
  },
  edit,
  run: (id, call) => runNow("now", id, call),
  test: (id, call) => runNow("test", id, call),
  retry: async (id, call) => again(id, call, "retry"),
  resend: async (id, call) => again(id, call, "sendAgain"),
  history,
  delete: async (id, call) => {
    if (call.more[0]?.toLowerCase() !== "yes") {
      return about(`This deletes ${id} for good; to do it, type: schedules delete ${id} yes`, id, call);
    }
    await call.schedules.remove(id, call.manager);
    return { type: "text", text: `Deleted ${id}. What it sent stays on record.` };
  },
};

const names = Object.keys(deeds);
/** How many runs back something may be done again. */
const RUNS_BACK = 50;

/** Lists schedules, and does what can be done to one. */
export const schedulesCommand: Command = {
  words: `schedules [ID | ${names.join("|")} ID]`,
  help: "what is sent again and again: lists it, or does something to one of them",
  examples: [
    "schedules",
    "schedules pause k7f3",
    "schedules edit k7f3 overview last week every tuesday 10:00 to #security",
    "schedules run k7f3",
    "schedules test k7f3",
    "schedules history k7f3",
  ],
  where: "everywhere",
  audience: "managers",
  needs: "store",
  ownsFormat: true,
  async run(words, deps, options) {
    const manager = managerOf(options, deps);
    const schedules = await deps.schedules();
    const [first, second, ...more] = words;
    if (first === undefined) return list(await schedules.list(manager));
    const deed = deeds[first.toLowerCase()];
    if (deed === undefined) return one(first, second, schedules, manager);
    if (second === undefined) throw new UsageError(`schedules ${first} needs an id, as schedules lists them`);
    return deed(readWord(second).text, { schedules, manager, deps, options, more });
  },
};

async function one(
  word: string,
  next: string | undefined,
  schedules: Schedules,
  manager: Manager,
): Promise<Reply> {
  if (next === undefined && /^[a-z0-9]{4}$/i.test(word)) {
    const view = await schedules.view(word, manager);
    return reply(`Schedule ${view.schedule._id}`, [view]);
  }
  const close = nearest(word, names);
  const hint = close.length > 0 ? `did you mean ${orList(close)}?` : `there are ${orList(names)}`;
  throw new UsageError(`“${word.slice(0, 40)}” is neither a schedule nor something to do to one; ${hint}`);
}

function list(views: readonly ScheduleView[]): Reply {
  if (views.length === 0) return reply("Nothing is scheduled yet; “schedule” sets something up.", views);
  return reply(plural(views.length, "schedule"), views);
}

function reply(title: string, schedules: readonly ScheduleView[]): SchedulesReply {
  return {
    type: "schedules",
    title,
    schedules,
    text: describeSchedules(title, schedules),
    data: schedules.map(scheduleData),
  };
}

async function about(
  title: string,
  id: string,
  { schedules, manager }: Pick<Call, "schedules" | "manager">,
): Promise<SchedulesReply> {
  return reply(title, [await schedules.view(id, manager)]);
}

async function edit(id: string, call: Call): Promise<Reply> {
  const { schedules, manager, deps, options, more } = call;
  const before = await schedules.find(id, manager);
  if (more.length === 0) {
    if (deps.front === "slack") return { type: "form", form: "schedule", schedule: before };
    throw new UsageError(
      `schedules edit ${id} needs the new words, such as those that schedules ${id} shows`,
    );
  }
  const plan = parsePlan(more, {
    zone: options.zone === undefined ? before.zone : await zoneOf(deps, options),
  });
  const { schedule, seen } = await schedules.change(id, plan, manager);
  const title = `Changed ${id}`;
  return { ...(await about(title, id, call)), seen, text: describeNew(title, schedule, seen) };
}

async function runNow(kind: "now" | "test", id: string, call: Call): Promise<Reply> {
  const { schedules, manager, deps } = call;
  const run = await schedules.run(id, kind, manager);
  // The app in Slack works on it at once; a terminal is not to wait for an app that may not run.
  const view = deps.front === "terminal" ? await schedules.work(run) : undefined;
  if (view === undefined) {
    const title = kind === "test" ? "A test comes to you." : `${id} is being sent now.`;
    return { type: "text", text: title };
  }
  const title = `${id}: ${runText(view)}`;
  const schedule = await schedules.find(id, manager);
  return {
    ...(await about(title, id, call)),
    runs: [view],
    hasFailed: ["failed", "partial"].includes(outcomeOf(view.deliveries)),
    text: `${title}\n${describeRuns(schedule, [view], new Date(deps.clock()))}`,
    data: runData(view),
  };
}

/** Takes the run that is named, or the latest that has something to be done again. */
async function again(
  id: string,
  { schedules, manager, deps, more }: Call,
  how: "retry" | "sendAgain",
): Promise<Reply> {
  const named = more.length > 0 ? [id.toLowerCase(), ...more].join(" ") : undefined;
  const [run] = (await schedules.history(id, manager, RUNS_BACK)).filter(
    ({ run, deliveries }) =>
      (named === undefined || run._id === named) &&
      deliveries.some(({ state }) => state === (how === "retry" ? "failed" : "unknown")),
  );
  if (run === undefined) {
    const nothing = how === "retry" ? "nothing of it failed" : "nothing of it is in doubt";
    throw new UsageError(`there is nothing to send again: ${nothing} in its last runs`);
  }
  const count = await schedules[how](run.run._id, manager);
  // By the app, which has all that the schedule sends to.
  const when = deps.front === "terminal" ? ", as soon as the app runs" : "";
  return { type: "text", text: `${id}: sending to ${plural(count, "target")} again${when}.` };
}

async function history(id: string, call: Call): Promise<Reply> {
  const { schedules, manager, deps } = call;
  const schedule = await schedules.find(id, manager);
  const runs = await schedules.history(id, manager);
  const title =
    runs.length === 0
      ? `${id} has not run yet.`
      : `The last ${runs.length === 1 ? "run" : plural(runs.length, "run")} of ${id}`;
  return {
    ...(await about(title, id, call)),
    runs,
    text: [title, describeRuns(schedule, runs, new Date(deps.clock()))].join("\n").trim(),
    data: runs.map(runData),
  };
}
