import type { Db } from "mongodb";
import { openAgenda } from "../store/agenda.ts";
import { isDuplicateKey } from "../store/errors.ts";
import type { RunDeps } from "./deps.ts";

/** Wakes the app when a slot has come, also one that was planned by another process, or before a restart. */
export interface Alarm {
  /** Has `onSlot` called when the slot (milliseconds since the epoch) has come by the clock, in one of the processes that started. */
  plan(schedule: string, slot: number): Promise<void>;
  /** `onSlot` may be called twice for a slot, and is called again after it failed. */
  start(onSlot: (schedule: string, slot: number) => Promise<void>): Promise<void>;
  /** Gives back what it has not begun. */
  stop(): Promise<void>;
}

const COLLECTION = "alarms";
const NAME = "slot";
/** Milliseconds between looks. */
const EVERY = 1_000;
/** Taking up a slot is short; after this time it is taken up anew. */
const LOCKED = 30_000;
const AT_ONCE = 10;
const PATIENCE = 5_000;

interface SlotData {
  readonly schedule: string;
  /** ISO 8601, UTC. */
  readonly slot: string;
}

/**
 * One-shot jobs of Agenda, one for each slot: its recurring ones lose what was missed at a restart, and compute wall
 * clocks wrongly where they change.
 */
export async function openAlarm(
  db: Db,
  { clock, logger }: Pick<RunDeps, "clock" | "logger">,
): Promise<Alarm> {
  const agenda = await openAgenda(db, COLLECTION, {
    processEvery: EVERY,
    maxConcurrency: AT_ONCE,
    defaultLockLifetime: LOCKED,
    removeOnComplete: true,
    onStumble: (error) => logger.warn({ err: error }, "the alarm for schedules stumbled"),
  });
  agenda.on("fail", (error: unknown) =>
    logger.error({ err: error }, "a slot could not be taken up; that is tried again in a while"),
  );
  // Agenda asks before it inserts, so that two processes could both.
  await db
    .collection(COLLECTION)
    .createIndex({ name: 1, "data.schedule": 1, "data.slot": 1 }, { unique: true });
  let isStarted = false;
  return {
    async start(onSlot) {
      isStarted = true;
      agenda.define<SlotData>(
        NAME,
        async ({ attrs }) => onSlot(attrs.data.schedule, Date.parse(attrs.data.slot)),
        { concurrency: AT_ONCE, lockLimit: 20 * AT_ONCE, lockLifetime: LOCKED, backoff: () => LOCKED },
      );
      await agenda.start();
    },
    async plan(schedule, slot) {
      const data: SlotData = { schedule, slot: new Date(slot).toISOString() };
      // Agenda goes by the machine's clock, whatever ours says; read after it, so that no slot comes a moment early.
      const left = slot - clock();
      const job = agenda
        .create(NAME, data)
        .unique({ "data.schedule": schedule, "data.slot": data.slot }, { insertOnly: true })
        .schedule(new Date(Date.now() + left));
      await job.save().catch((error: unknown) => {
        if (!isDuplicateKey(error)) throw error;
      });
    },
    async stop() {
      if (!isStarted) return;
      await agenda.drain(PATIENCE);
      await agenda.stop(false);
    },
  };
}
