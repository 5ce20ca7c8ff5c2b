import { pino } from "pino";
import type { CommandDeps } from "../../src/commands/command.ts";
import { exportReport } from "../../src/commands/export.ts";
import { answer } from "../../src/commands/report.ts";
import type { Channel, Parcel, Receipt } from "../../src/delivery/channel.ts";
import type { Target } from "../../src/domain/target.ts";
import { operator, type Viewer } from "../../src/domain/viewer.ts";
import { splitWords } from "../../src/domain/words.ts";
import { DeliveryError } from "../../src/errors.ts";
import { takeRun } from "../../src/schedules/hold.ts";
import { createScheduler, type Scheduler } from "../../src/schedules/index.ts";
import type { Notice } from "../../src/schedules/notice.ts";
import { workOn } from "../../src/schedules/run.ts";
import { planAll, takeUpSlot } from "../../src/schedules/slots.ts";
import type { Manager } from "../../src/schedules/views.ts";
import { parsePlan } from "../../src/schedules/words.ts";
import type { Store } from "../../src/store/open.ts";
import type { OwnerDocument, RunDocument, ScheduleDocument } from "../../src/store/schedule-documents.ts";
import { type Later, testEngine } from "../helpers/engine.ts";
import { importText, line } from "../helpers/fill.ts";

/** Something that was sent, as the other side has it. */
export interface Sent {
  readonly to: string;
  readonly parcel: Parcel;
}

/** Schedules on an embedded store, a clock that a test sets, and a channel whose other side is a list. */
export interface Rig {
  readonly store: Store;
  readonly scheduler: Scheduler;
  readonly sent: Sent[];
  readonly notices: Notice[];
  readonly me: Manager;
  /** What the next sends to a target do instead of arriving. */
  readonly faults: Map<string, (() => Promise<Receipt> | Receipt)[]>;
  /** What a check of a target finds. */
  readonly refused: Map<string, DeliveryError>;
  viewer: Viewer;
  now: number;
  /** Sets up a schedule from its words. */
  schedule(words: string): Promise<ScheduleDocument>;
  /** Lets time pass up to a moment; what is due on the way is done then. */
  until(moment: number): Promise<void>;
  /** Does all that is due now, as a process that runs would. */
  settle(): Promise<void>;
  /** As a process does when it starts, and now and then. */
  planAll(): Promise<void>;
  /** What the ledger says of a schedule, oldest first: `<slot> <target> <state>`. */
  ledger(schedule: string): Promise<string[]>;
}

const owner: OwnerDocument = { who: "keeper", front: "terminal" };

/** What several rigs share, one after the other: the store, which each empties. */
export interface Base {
  readonly commandDeps: CommandDeps;
  clock: () => number;
}

export async function openBase(later: Later): Promise<Base> {
  const base = { clock: Date.now } as { commandDeps: CommandDeps; clock: () => number };
  const { deps, engine } = await testEngine({}, () => base.clock(), later);
  await engine.store.prepare();
  base.commandDeps = deps;
  // A small team in the forty days up to 22 November 2026.
  const end = Date.parse("2026-11-22T08:00:00Z");
  const lines = [...Array(40).keys()].map((day) =>
    line(`e${day}`, `u${day % 7}`, end - day * 86_400_000, day % 3 === 0 ? "login" : "password_accessed"),
  );
  await importText(deps, "events.jsonl", `${lines.join("\n")}\n`);
  return base;
}

export async function openRig(
  base: Base,
  start: string,
  options: { catchUpHours?: number } = {},
): Promise<Rig> {
  const { commandDeps } = base;
  const { store } = commandDeps;
  base.clock = () => rig.now;
  for (const each of [store.schedules, store.runs, store.deliveries]) await each.deleteMany({});
  const faults: Rig["faults"] = new Map();
  const refused: Rig["refused"] = new Map();
  const sent: Sent[] = [];
  const notices: Notice[] = [];
  const alarms = new Map<string, { schedule: string; slot: number }>();
  const channel: Channel = {
    isOpen: (target) => target.name.startsWith("#"),
    async read(word): Promise<Target> {
      return { channel: "slack", to: word, name: word };
    },
    async check({ to }) {
      const found = refused.get(to);
      if (found) throw found;
      return "anything goes";
    },
    async send({ to }, parcel) {
      const fault = faults.get(to)?.shift();
      if (fault) return fault();
      sent.push({ to, parcel });
      return { reference: `${sent.length}` };
    },
  };
  const deps = {
    store,
    clock: () => rig.now,
    channels: { slack: channel },
    viewerOf: async () => rig.viewer,
    answer: (request: Parameters<typeof answer>[0], asOf: { viewer: Viewer; now: number }) =>
      answer(request, commandDeps, asOf),
    makeFile: (
      report: Parameters<typeof exportReport>[1],
      format: Parameters<typeof exportReport>[2],
      {
        schedule,
        plan: {
          owner: { who },
        },
      }: RunDocument,
      sees: Viewer["sees"],
    ) => exportReport(commandDeps, report, format, { who, sees, schedule }),
    maskNames: true,
    async tell(notice: Notice) {
      notices.push(notice);
    },
    logger: pino({ level: "silent" }),
    catchUpHours: options.catchUpHours ?? 24,
    openAlarm: async () => ({
      async plan(schedule: string, slot: number) {
        alarms.set(`${schedule} ${slot}`, { schedule, slot });
      },
      async start() {},
      async stop() {},
    }),
  };
  const scheduler = createScheduler(deps);
  const slotDeps = {
    store,
    clock: deps.clock,
    catchUp: deps.catchUpHours * 3_600_000,
    planSlot: async (schedule: string, slot: number) => (await deps.openAlarm()).plan(schedule, slot),
    nudge() {},
    logger: deps.logger,
  };
  const rig: Rig = {
    store,
    scheduler,
    sent,
    notices,
    faults,
    refused,
    me: { viewer: operator, owner },
    viewer: operator,
    now: Date.parse(start),
    async schedule(words) {
      const plan = parsePlan(splitWords(words), { zone: "UTC" });
      return (await scheduler.schedules.create(plan, rig.me)).schedule;
    },
    async settle() {
      for (const [key, { schedule, slot }] of [...alarms]) {
        if (slot > rig.now) continue;
        alarms.delete(key);
        await takeUpSlot(slotDeps, schedule, slot);
      }
      for (let hold = await takeRun(store, deps.clock); hold; hold = await takeRun(store, deps.clock))
        await workOn(deps, hold);
    },
    async until(moment) {
      for (;;) {
        await rig.settle();
        const open = await store.runs.find({ state: "open" }, { sort: { wakeAt: 1 }, limit: 1 }).toArray();
        const next = [...alarms.values()].map(({ slot }) => slot);
        const soonest = Math.min(...next, ...open.map(({ wakeAt }) => wakeAt.getTime()), moment);
        rig.now = Math.max(rig.now, soonest);
        if (soonest >= moment) break;
      }
      await rig.settle();
    },
    planAll: () => planAll(slotDeps),
    async ledger(schedule) {
      const rows = await store.deliveries.find({ schedule }, { sort: { slot: 1, _id: 1 } }).toArray();
      return rows.map(({ slot, target, state }) => `${slot.toISOString()} ${target.to} ${state}`);
    },
  };
  return rig;
}

export const refusal = (userMessage: string, more: { retryable?: boolean; retryAfter?: number } = {}) =>
  new DeliveryError("refused", { userMessage, ...more });
export const doubt = (): DeliveryError =>
  new DeliveryError("lost", { fate: "unknown", userMessage: "nobody knows" });
