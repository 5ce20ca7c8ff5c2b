import type { Alarm } from "./alarm.ts";
import type { RunDeps } from "./deps.ts";
import { createSchedules, type Schedules } from "./manage.ts";
import { createRunner, type Runner } from "./runner.ts";
import { planAll, takeUpSlot } from "./slots.ts";
import { within } from "./within.ts";

/** Schedules, and what runs them. */
export interface Scheduler {
  readonly schedules: Schedules;
  /** Loads what the first deliveries need, so that nobody who asks waits for it later. */
  warm(): Promise<void>;
  /** Begins to take up slots and to work on runs, as one of perhaps several processes on the store. */
  start(): Promise<void>;
  /** Takes nothing new, and finishes what runs within a few seconds. */
  stop(): Promise<void>;
}

const HOUR = 3_600_000;
const PLAN_EVERY = 10 * 60_000;
const PATIENCE = 8_000;

/** `catchUp` is how late a slot that was missed is still run, in milliseconds. */
export function createScheduler(
  deps: RunDeps & {
    readonly openAlarm: () => Promise<Alarm>;
    readonly catchUpHours: number;
    /** Done last when it stops. */
    readonly close?: (() => Promise<void>) | undefined;
  },
): Scheduler {
  const { logger } = deps;
  let runner: Runner | undefined;
  let opening: Promise<Alarm> | undefined;
  const alarm = (): Promise<Alarm> => {
    opening ??= deps.openAlarm().catch((error: unknown) => {
      opening = undefined;
      throw error;
    });
    return opening;
  };
  const slotDeps = {
    store: deps.store,
    clock: deps.clock,
    catchUp: deps.catchUpHours * HOUR,
    planSlot: async (schedule: string, slot: number) => (await alarm()).plan(schedule, slot),
    nudge: () => runner?.nudge(),
    logger,
  };
  const takeUp = (schedule: string, slot: number): Promise<void> => takeUpSlot(slotDeps, schedule, slot);
  let timer: NodeJS.Timeout | undefined;
  let planning = Promise.resolve();
  const plan = (): void => {
    planning = planning
      .then(() => planAll(slotDeps))
      .catch((error: unknown) => logger.warn({ err: error }, "schedules could not be looked through"));
  };
  return {
    schedules: createSchedules({ ...deps, ...slotDeps, takeUp }),
    async warm() {
      await Promise.all(Object.values(deps.channels).map(async (channel) => channel.warm?.()));
    },
    async start() {
      await deps.store.prepare();
      await (await alarm()).start(takeUp);
      runner = createRunner(deps);
      plan();
      timer = setInterval(plan, PLAN_EVERY);
    },
    async stop() {
      clearInterval(timer);
      const unplanned = new Error("schedules were still looked through when the app ended");
      const steps = [
        () => within(planning, PATIENCE, unplanned),
        async () => (await opening)?.stop(),
        async () => runner?.stop(PATIENCE),
        ...Object.values(deps.channels).map((channel) => async () => channel.close?.()),
        async () => deps.close?.(),
      ];
      for (const step of steps)
        await step().catch((error: unknown) => logger.warn({ err: error }, "schedules ended badly"));
    },
  };
}
