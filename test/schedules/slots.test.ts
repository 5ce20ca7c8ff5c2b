import { beforeAll, expect, it } from "vitest";
import { splitWords } from "../../src/domain/words.ts";
import { parsePlan } from "../../src/schedules/words.ts";
import { atEndOfFile } from "../helpers/engine.ts";
import { type Base, openBase, openRig } from "./rig.ts";

const later = atEndOfFile();
let base: Base;
beforeAll(async () => {
  base = await openBase(later);
});

const DAY = 86_400_000;
const iso = (at: number): string => new Date(at).toISOString();

/** The slots that ran, from the ledger. */
async function ranSlots(rig: Awaited<ReturnType<typeof openRig>>, schedule: string): Promise<string[]> {
  return (await rig.ledger(schedule)).map((row) => row.split(" ")[0] ?? "");
}

it.each([
  // Clocks go forward on 29 March 2026 and back on 25 October in Europe, other days elsewhere.
  [
    "every day 02:30",
    "Europe/Berlin",
    "2026-03-28T12:00:00Z",
    ["2026-03-29T01:30:00.000Z", "2026-03-30T00:30:00.000Z"],
  ],
  [
    "every day 02:30",
    "Europe/Berlin",
    "2026-10-24T12:00:00Z",
    ["2026-10-25T00:30:00.000Z", "2026-10-26T01:30:00.000Z"],
  ],
  [
    "every day 02:30",
    "America/New_York",
    "2026-03-07T12:00:00Z",
    ["2026-03-08T07:30:00.000Z", "2026-03-09T06:30:00.000Z"],
  ],
  [
    "every day 01:30",
    "America/New_York",
    "2026-10-31T12:00:00Z",
    ["2026-11-01T05:30:00.000Z", "2026-11-02T06:30:00.000Z"],
  ],
  // Half an hour only: 02:15 becomes 02:45 on 4 October 2026.
  [
    "every day 02:15",
    "Australia/Lord_Howe",
    "2026-10-03T12:00:00Z",
    ["2026-10-03T15:45:00.000Z", "2026-10-04T15:15:00.000Z"],
  ],
  [
    "every day 01:45",
    "Australia/Lord_Howe",
    "2026-04-04T00:00:00Z",
    ["2026-04-04T14:45:00.000Z", "2026-04-05T15:15:00.000Z"],
  ],
  [
    "every day 02:30",
    "Australia/Adelaide",
    "2026-10-03T12:00:00Z",
    ["2026-10-03T17:00:00.000Z", "2026-10-04T16:00:00.000Z"],
  ],
  [
    "every day 02:30",
    "Australia/Adelaide",
    "2026-04-04T12:00:00Z",
    ["2026-04-04T16:00:00.000Z", "2026-04-05T17:00:00.000Z"],
  ],
  [
    "every month on the last day 09:00",
    "Asia/Kolkata",
    "2028-02-01T00:00:00Z",
    ["2028-02-29T03:30:00.000Z", "2028-03-31T03:30:00.000Z"],
  ],
  [
    "every month on the 30th 09:00",
    "UTC",
    "2026-02-01T00:00:00Z",
    ["2026-02-28T09:00:00.000Z", "2026-03-30T09:00:00.000Z"],
  ],
])("runs %s in %s across %s when it was said to, each slot once", async (rule, zone, start, wanted) => {
  const rig = await openRig(base, start);
  const { _id } = await rig.schedule(`overview yesterday ${rule} in ${zone} to #c if empty send`);
  const plan = parsePlan(splitWords(`overview ${rule} in ${zone} to #c`), { zone: "UTC" });
  const shown = (await rig.scheduler.schedules.preview(plan, rig.me)).next;
  await rig.until((shown[2] ?? 0) + 60_000);
  expect((await ranSlots(rig, _id)).slice(0, 2)).toEqual(wanted);
  expect(await ranSlots(rig, _id)).toEqual(shown.map(iso));
  expect(rig.sent.map(({ parcel }) => parcel.slot.toISOString())).toEqual(shown.map(iso));
});

it("tells the period from the slot, however late the run is", async () => {
  const rig = await openRig(base, "2026-11-22T12:00:00Z");
  await rig.schedule("overview yesterday every monday 00:30 in UTC to #c");
  rig.now = Date.parse("2026-11-23T20:00:00Z");
  await rig.settle();
  expect(rig.sent).toHaveLength(1);
  expect(rig.sent[0]?.parcel.report.period.from).toBe("2026-11-22");
  expect(rig.sent[0]?.parcel.report.asOf.getTime()).toBeLessThanOrEqual(Date.parse("2026-11-23T00:30:00Z"));
});

it("catches the latest missed slot up, and enters the older ones as missed", async () => {
  const rig = await openRig(base, "2026-11-02T12:00:00Z");
  const { _id } = await rig.schedule("overview yesterday every day 09:00 to #c @d if empty send");
  rig.now = Date.parse("2026-11-06T10:00:00Z");
  await rig.settle();
  expect(await rig.ledger(_id)).toEqual([
    "2026-11-03T09:00:00.000Z #c skipped",
    "2026-11-03T09:00:00.000Z @d skipped",
    "2026-11-04T09:00:00.000Z #c skipped",
    "2026-11-04T09:00:00.000Z @d skipped",
    "2026-11-05T09:00:00.000Z #c skipped",
    "2026-11-05T09:00:00.000Z @d skipped",
    "2026-11-06T09:00:00.000Z #c sent",
    "2026-11-06T09:00:00.000Z @d sent",
  ]);
  const missed = await rig.store.runs.find({ state: "missed" }).toArray();
  expect(missed).toHaveLength(3);
  expect((await rig.store.schedules.findOne({ _id }))?.next).toEqual(new Date("2026-11-07T09:00:00Z"));
});

it("does not catch up what is older than CATCH_UP_HOURS", async () => {
  const rig = await openRig(base, "2026-11-02T12:00:00Z", { catchUpHours: 2 });
  const { _id } = await rig.schedule("overview every monday 09:00 to #c");
  rig.now = Date.parse("2026-11-09T11:00:01Z");
  await rig.settle();
  expect(await rig.ledger(_id)).toEqual(["2026-11-09T09:00:00.000Z #c skipped"]);
  expect(rig.sent).toEqual([]);
});

it("neither repeats nor forgets a slot when the clock jumps, or a slot is taken up twice", async () => {
  const rig = await openRig(base, "2026-11-02T12:00:00Z");
  const { _id } = await rig.schedule("overview yesterday every day 09:00 to #c if empty send");
  await rig.until(Date.parse("2026-11-03T09:30:00Z"));
  // A month ahead for a moment, and back to before the slot that ran.
  rig.now = Date.parse("2026-12-03T09:30:00Z");
  await rig.settle();
  rig.now = Date.parse("2026-11-03T08:00:00Z");
  await rig.planAll();
  await rig.until(Date.parse("2026-11-05T09:30:00Z"));
  const sent = rig.sent.map(({ parcel }) => parcel.slot.toISOString());
  expect(new Set(sent).size).toBe(sent.length);
  expect(sent).toContain("2026-11-04T09:00:00.000Z");
  expect(sent).toContain("2026-11-05T09:00:00.000Z");
  expect((await rig.store.schedules.findOne({ _id }))?.next).toEqual(new Date("2026-11-06T09:00:00Z"));
});

it("spreads schedules of one slot over at most a minute", async () => {
  const rig = await openRig(base, "2026-11-02T12:00:00Z");
  const count = 12;
  for (let i = 0; i < count; i++)
    await rig.schedule(`overview yesterday every day 09:00 to #c${i} if empty send`);
  rig.now = Date.parse("2026-11-03T09:00:00Z");
  await rig.settle();
  const waits = (await rig.store.runs.find().toArray()).map(({ deadline }) => deadline.getTime());
  expect(waits).toHaveLength(count);
  const [first, last] = [Math.min(...waits), Math.max(...waits)];
  expect(last - first).toBeGreaterThan(0);
  expect(last - first).toBeLessThanOrEqual(60_000);
  await rig.until(rig.now + 60_000);
  expect(new Set(rig.sent.map(({ to }) => to)).size).toBe(count);
});

it("runs nothing of what was paused or changed in the meantime", async () => {
  const rig = await openRig(base, "2026-11-02T12:00:00Z");
  const { _id } = await rig.schedule("overview yesterday every day 09:00 to #c");
  await rig.scheduler.schedules.pause(_id, rig.me);
  await rig.until(rig.now + 2 * DAY);
  expect(rig.sent).toEqual([]);
  await rig.scheduler.schedules.resume(_id, rig.me);
  const plan = parsePlan(["overview", "every", "day", "10:00", "to", "#d"], { zone: "UTC" });
  await rig.scheduler.schedules.change(_id, { ...plan, whenEmpty: "send" }, rig.me);
  await rig.until(Date.parse("2026-11-05T12:00:00Z"));
  expect(await rig.ledger(_id)).toEqual(["2026-11-05T10:00:00.000Z #d sent"]);
});
