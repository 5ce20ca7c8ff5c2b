import { pino } from "pino";
import { expect, it, onTestFinished } from "vitest";
import { openAlarm } from "../../src/schedules/alarm.ts";
import { testEngine } from "../helpers/engine.ts";

const HOUR = 3_600_000;

it("goes by the clock that it is given, and not by the machine's", async () => {
  const { deps } = await testEngine();
  const now = Date.now() - 100 * HOUR;
  const logger = pino({ level: "silent" });
  const alarm = await openAlarm(deps.store.db, { clock: () => now, logger });
  onTestFinished(() => alarm.stop());
  const { promise: woken, resolve } = Promise.withResolvers<[string, number]>();
  await alarm.start(async (...slot) => resolve(slot));
  await alarm.plan("later", now + HOUR);
  await alarm.plan("due", now - HOUR);
  expect(await woken).toEqual(["due", now - HOUR]);
  const later = await deps.store.db.collection("alarms").findOne({ "data.schedule": "later" });
  const left = Number(later?.nextRunAt) - Date.now();
  expect(left).toBeGreaterThan(HOUR / 2);
  expect(left).toBeLessThanOrEqual(HOUR);
});
