import { beforeAll, describe, expect, it } from "vitest";
import { AccessError } from "../../src/errors.ts";
import { takeRun } from "../../src/schedules/hold.ts";
import { beginSend, enterRun } from "../../src/schedules/ledger.ts";
import { within } from "../../src/schedules/within.ts";
import { parsePlan } from "../../src/schedules/words.ts";
import { atEndOfFile } from "../helpers/engine.ts";
import { feed } from "../helpers/feeds.ts";
import { type Base, doubt, openBase, openRig, refusal } from "./rig.ts";

const START = "2026-11-19T12:00:00Z";
const DAY = 86_400_000;
const MINUTE = 60_000;
const nine = (day: number): number => Date.parse(`2026-11-${day}T09:00:00Z`);
const sentTo = (rig: { sent: readonly { to: string }[] }): string[] => rig.sent.map(({ to }) => to).sort();

const later = atEndOfFile();
let base: Base;
beforeAll(async () => {
  base = await openBase(later);
});

describe("a target that fails", () => {
  it("stops no other, is tried again after growing pauses, and in the end counts as failed", async () => {
    const rig = await openRig(base, START);
    const { _id } = await rig.schedule("overview last week every day 09:00 to #bad #good");
    const tries: number[] = [];
    const fail = () => {
      tries.push(rig.now - nine(20));
      throw refusal("busy", { retryable: true });
    };
    rig.faults.set("#bad", Array(9).fill(fail));
    await rig.until(nine(20) + 60 * MINUTE);
    expect(sentTo(rig)).toEqual(["#good"]);
    expect(tries).toEqual([0, 10_000, 70_000, 370_000, 1_570_000]);
    expect(await rig.ledger(_id)).toEqual([
      "2026-11-20T09:00:00.000Z #bad failed",
      "2026-11-20T09:00:00.000Z #good sent",
    ]);
    expect(rig.notices).toHaveLength(1);
    expect(rig.notices[0]).toMatchObject({ about: "failure", paused: undefined });
    // One of two arrived: the schedule goes on.
    expect((await rig.store.schedules.findOne({ _id }))?.state).toBe("active");
  });

  it("is waited for as long as it asks, however often, within the time of the run", async () => {
    const rig = await openRig(base, START);
    const { _id } = await rig.schedule("overview last week every day 09:00 to #slow");
    const limit = () => {
      throw refusal("later", { retryable: true, retryAfter: 7 * MINUTE });
    };
    rig.faults.set("#slow", Array(7).fill(limit));
    await rig.until(nine(20) + 90 * MINUTE);
    expect(sentTo(rig)).toEqual(["#slow"]);
    const row = await rig.store.deliveries.findOne({ schedule: _id });
    expect(row).toMatchObject({ state: "sent", attempts: 8 });
    expect((row?.endedAt?.getTime() ?? 0) - nine(20)).toBeGreaterThanOrEqual(49 * MINUTE);
  });

  it("is tried no more after the deadline", async () => {
    const rig = await openRig(base, START);
    const { _id } = await rig.schedule("overview last week every day 09:00 to #slow");
    const limit = () => {
      throw refusal("later", { retryable: true, retryAfter: 50 * MINUTE });
    };
    rig.faults.set("#slow", Array(7).fill(limit));
    await rig.until(nine(20) + 4 * 60 * MINUTE);
    expect(rig.sent).toEqual([]);
    expect(await rig.store.deliveries.findOne({ schedule: _id })).toMatchObject({
      state: "failed",
      attempts: 3,
    });
  });

  it("is not tried again where that is hopeless; all of them so pause the schedule", async () => {
    const rig = await openRig(base, START);
    const { _id } = await rig.schedule("overview last week every day 09:00 to #gone @gone");
    for (const to of ["#gone", "@gone"]) rig.refused.set(to, refusal("it is gone"));
    await rig.until(nine(20) + 60 * MINUTE);
    expect(await rig.store.deliveries.find({ schedule: _id }).toArray()).toMatchObject([
      { state: "failed", attempts: 1, reason: "it is gone", isHopeless: true },
      { state: "failed", attempts: 1, reason: "it is gone", isHopeless: true },
    ]);
    expect(await rig.store.schedules.findOne({ _id })).toMatchObject({
      state: "paused",
      next: null,
      pausedWhy: "none of its targets can be reached until something is changed",
    });
    expect(rig.notices).toMatchObject([
      { about: "failure", paused: expect.stringContaining("none of its targets") },
    ]);
    await rig.until(rig.now + 3 * DAY);
    expect(rig.notices).toHaveLength(1);
  });

  it("pauses the schedule after three slots in a row, and not after two and a good one", async () => {
    const rig = await openRig(base, "2026-11-10T12:00:00Z");
    const { _id } = await rig.schedule("overview last month every day 09:00 to #c");
    const lost = () => {
      throw doubt();
    };
    const fine = () => ({ reference: "fine" });
    rig.faults.set("#c", [lost, lost, fine, lost, lost, lost]);
    const states: (string | undefined)[] = [];
    for (let day = 11; day < 18; day++) {
      await rig.until(nine(day) + MINUTE);
      states.push((await rig.store.schedules.findOne({ _id }))?.state);
    }
    expect(states).toEqual(["active", "active", "active", "active", "active", "paused", "paused"]);
    expect(rig.notices.at(-1)).toMatchObject({ paused: "it failed 3 times in a row" });
  });
});

describe("what may have arrived or not", () => {
  it("is never sent again by itself, but when somebody says so", async () => {
    const rig = await openRig(base, START);
    const { _id } = await rig.schedule("overview last week every day 09:00 to #c");
    rig.faults.set("#c", [
      () => {
        throw doubt();
      },
    ]);
    await rig.until(nine(20) + 5 * 60 * MINUTE);
    expect(await rig.ledger(_id)).toEqual(["2026-11-20T09:00:00.000Z #c unknown"]);
    expect(rig.notices).toHaveLength(1);
    const [run] = await rig.scheduler.schedules.history(_id, rig.me);
    expect(await rig.scheduler.schedules.sendAgain(run?.run._id ?? "", rig.me)).toBe(1);
    await rig.settle();
    expect(sentTo(rig)).toEqual(["#c"]);
    expect(await rig.ledger(_id)).toEqual(["2026-11-20T09:00:00.000Z #c sent"]);
    expect(await rig.scheduler.schedules.sendAgain(run?.run._id ?? "", rig.me)).toBe(0);
  });

  it("is what was being sent when its process ended; what was not begun is sent by another", async () => {
    const rig = await openRig(base, START);
    const { _id } = await rig.schedule("overview last week every day 09:00 to #c #d");
    const id = await rig.scheduler.schedules.run(_id, "now", rig.me);
    const hold = await takeRun(rig.store, () => rig.now);
    const [first] = await rig.store.deliveries.find({ run: id }).toArray();
    if (hold === undefined || first === undefined) throw new Error("there is a run");
    expect(await beginSend(rig.store, first, hold.holder, rig.now, [])).toBe(true);
    // Whoever held it is gone now. Until that is clear, nobody takes it.
    expect(await takeRun(rig.store, () => rig.now + 20_000)).toBeUndefined();
    rig.now += 31_000;
    await rig.settle();
    expect(sentTo(rig)).toEqual(["#d"]);
    expect(await rig.store.deliveries.findOne({ _id: first._id })).toMatchObject({ state: "unknown" });
    expect(await rig.store.runs.findOne({ _id: id })).toMatchObject({ state: "done" });
    await hold.release("done");
  });

  it("comes to an end where every process ends over it", async () => {
    const rig = await openRig(base, START);
    const { _id } = await rig.schedule("overview last week every day 09:00 to #c");
    const id = await rig.scheduler.schedules.run(_id, "now", rig.me);
    for (let i = 0; i < 4; i++) {
      expect(await takeRun(rig.store, () => rig.now)).toBeDefined();
      rig.now += 31_000;
    }
    await rig.settle();
    expect(rig.sent).toEqual([]);
    expect(await rig.store.deliveries.findOne({ run: id })).toMatchObject({
      state: "failed",
      reason: "the app ended 4 times while it worked on this",
    });
  });
});

it("gives each slot of each target to one of two processes", async () => {
  const rig = await openRig(base, START);
  for (let i = 0; i < 6; i++) await rig.schedule(`overview last week every day 09:00 to #a${i} #b${i}`);
  rig.now = nine(20) + MINUTE;
  await Promise.all([rig.settle(), rig.settle(), rig.settle()]);
  await rig.until(rig.now + 2 * MINUTE);
  expect(sentTo(rig)).toHaveLength(12);
  expect(new Set(sentTo(rig)).size).toBe(12);
});

describe("with nothing to report", () => {
  const words = "overview 2026-01 every day 09:00 to #c as csv";
  it("it is skipped, and that is on record", async () => {
    const rig = await openRig(base, START);
    const { _id } = await rig.schedule(`${words} if empty skip`);
    await rig.until(nine(20) + MINUTE);
    expect(rig.sent).toEqual([]);
    expect(await rig.store.deliveries.findOne({ schedule: _id })).toMatchObject({
      state: "skipped",
      reason: "there was nothing to report",
    });
    expect(rig.notices).toEqual([]);
  });
  it("it says so all the same while a source is silent, which may be why, and not for what reason", async () => {
    const rig = await openRig(base, START);
    const { feeds } = rig.store;
    const failure = { since: new Date(START), at: new Date(START), reason: "the vault refuses the key" };
    await feeds.insertOne(feed("collect keeper", "keeper", { failure }));
    try {
      await rig.schedule(`${words} if empty skip`);
      await rig.until(nine(20) + MINUTE);
    } finally {
      await feeds.deleteMany({});
    }
    const [said] = rig.sent;
    expect(said?.parcel.report).toMatchObject({
      headline: expect.stringContaining("nothing to report"),
      warnings: ["Keeper: nothing comes since 19 Nov 2026 12:00"],
      sources: [{ title: "Keeper", upTo: null }, { title: "plain events" }],
    });
  });
  it("it says so, without files, or sends all", async () => {
    const rig = await openRig(base, START);
    await rig.schedule(words);
    await rig.schedule(words.replace("#c", "#d").concat(" if empty send"));
    await rig.until(nine(20) + 2 * MINUTE);
    const [said, all] = ["#c", "#d"].map((to) => rig.sent.find((each) => each.to === to)?.parcel);
    expect(said?.report.headline).toContain("nothing to report");
    expect(said?.files).toEqual([]);
    expect(said?.report.figures).toEqual([]);
    expect(all?.files).toHaveLength(1);
    expect(all?.report.figures.length).toBeGreaterThan(0);
  });
});

it("makes its files once, however often it is begun, and knows which were sent", async () => {
  const rig = await openRig(base, START);
  const { _id } = await rig.schedule("overview last week every day 09:00 to @a @b as csv");
  rig.faults.set("@b", [
    () => {
      throw refusal("busy", { retryable: true });
    },
  ]);
  await rig.until(nine(20) + 5 * MINUTE);
  const files = rig.sent.map(({ parcel }) => parcel.files[0]?._id);
  expect(files).toHaveLength(2);
  expect(new Set(files).size).toBe(1);
  const rows = await rig.store.deliveries.find({ schedule: _id }).toArray();
  expect(rows.map((row) => row.files)).toEqual([[files[0]], [files[0]]]);
  expect(await rig.store.archive.findOne({ _id: files[0] ?? "" })).toMatchObject({
    request: "overview last week",
  });
});

it("masks names where others can read, and only there", async () => {
  const rig = await openRig(base, START);
  await rig.schedule("users last month every day 09:00 to #open @a as csv");
  await rig.until(nine(20) + MINUTE);
  const rowOf = async (to: string) => {
    const table = Object.values(rig.sent.find((each) => each.to === to)?.parcel.report.tables ?? {})[0];
    for await (const row of table?.rows() ?? []) return row;
    return undefined;
  };
  expect((await rowOf("#open"))?.user).toBeUndefined();
  expect(String((await rowOf("@a"))?.user)).toMatch(/@example\.com$/);
  const [open, closed] = ["#open", "@a"].map(
    (to) => rig.sent.find((each) => each.to === to)?.parcel.files[0],
  );
  expect(open?._id).not.toBe(closed?._id);
});

it("shows what its owner may see at that moment, and pauses once that is nothing", async () => {
  const rig = await openRig(base, START);
  const { _id } = await rig.schedule("overview last week every day 09:00 to #c");
  rig.viewer = { sees: "self", email: "u1@example.com" };
  await rig.until(nine(20) + MINUTE);
  expect(rig.sent).toEqual([]);
  expect(await rig.store.schedules.findOne({ _id })).toMatchObject({ state: "paused" });
  const [row] = await rig.store.deliveries.find({ schedule: _id }).toArray();
  expect(row).toMatchObject({ state: "failed", isHopeless: true });
});

it("asks its owner after twelve times without a sign that anybody reads it", async () => {
  const rig = await openRig(base, "2026-10-20T12:00:00Z");
  const { _id } = await rig.schedule("overview last month every day 09:00 to #c if empty send");
  for (let day = 0; day < 13; day++) await rig.until(Date.parse("2026-10-21T09:01:00Z") + day * DAY);
  expect(rig.sent).toHaveLength(13);
  expect(rig.notices).toMatchObject([{ about: "unread", times: 12, schedule: { _id } }]);
});

it("is nobody else's to see or change", async () => {
  const rig = await openRig(base, START);
  const { _id } = await rig.schedule("overview last week every day 09:00 to #c");
  const other = {
    viewer: { sees: "team", email: "boss@example.com" },
    owner: { who: "U1", front: "slack" },
  } as const;
  const { schedules } = rig.scheduler;
  for (const call of [schedules.find, schedules.pause, schedules.remove, schedules.history])
    await expect(call(_id, other)).rejects.toThrow(AccessError);
  await expect(schedules.run(_id, "now", other)).rejects.toThrow(AccessError);
  await expect(schedules.retry(`${_id} slot x`, other)).rejects.toThrow(AccessError);
  expect(await schedules.list(other)).toEqual([]);
  expect(await schedules.list(rig.me)).toHaveLength(1);
  await schedules.remove(_id, rig.me);
  await expect(schedules.find(_id, rig.me)).rejects.toThrow(AccessError);
  await rig.until(rig.now + 2 * DAY);
  expect(rig.sent).toEqual([]);
});

describe("what went wrong once", () => {
  const fail = () => {
    throw refusal("busy", { retryable: true });
  };

  it("never calls a run done while the end of a send is not written down", async () => {
    const rig = await openRig(base, START);
    const { _id } = await rig.schedule("overview last week every day 09:00 to #c");
    const { deliveries } = rig.store;
    const write = deliveries.updateOne.bind(deliveries);
    rig.faults.set("#c", [
      () => {
        // The store goes away while the answer is on its way.
        deliveries.updateOne = () => Promise.reject(new Error("no store"));
        throw refusal("busy", { retryable: true });
      },
    ]);
    rig.now = nine(20);
    await rig.settle();
    deliveries.updateOne = write;
    expect(await rig.store.runs.findOne({ schedule: _id })).toMatchObject({ state: "open" });
    await rig.until(nine(20) + 5 * MINUTE);
    expect(await deliveries.findOne({ schedule: _id })).toMatchObject({ state: "unknown" });
    expect(rig.notices).toHaveLength(1);
  });

  it("does not put a late answer off into a run that is over", async () => {
    const rig = await openRig(base, START);
    const { _id } = await rig.schedule("overview last week every day 09:00 to #c");
    const { promise, resolve } = Promise.withResolvers<void>();
    rig.faults.set("#c", [() => promise.then(fail)]);
    const id = await rig.scheduler.schedules.run(_id, "now", rig.me);
    const slow = rig.settle();
    await expect.poll(() => rig.store.deliveries.countDocuments({ run: id, state: "sending" })).toBe(1);
    // Another process finds the run abandoned, and closes it.
    rig.now += 40_000;
    await rig.settle();
    expect(await rig.store.runs.findOne({ _id: id })).toMatchObject({ state: "done" });
    resolve();
    await slow;
    expect(await rig.store.deliveries.findOne({ run: id })).toMatchObject({ state: "failed" });
    expect(await rig.scheduler.schedules.retry(id, rig.me)).toBe(1);
  });

  it("opens a run whose deliveries were opened by somebody who ended before the run was", async () => {
    const rig = await openRig(base, START);
    const { _id } = await rig.schedule("overview last week every day 09:00 to #c");
    await rig.until(nine(20) + MINUTE);
    await rig.store.deliveries.updateOne({ schedule: _id }, { $set: { state: "pending" } });
    await rig.planAll();
    await rig.settle();
    expect(sentTo(rig)).toEqual(["#c", "#c"]);
  });

  it("loses no slot that passed before an edit or a resume", async () => {
    const rig = await openRig(base, START);
    const { _id } = await rig.schedule("overview last week every day 09:00 to #c");
    rig.now = nine(20) + 30 * MINUTE;
    const plan = parsePlan("overview last week every day 11:00 to #c".split(" "), { zone: "UTC" });
    await rig.scheduler.schedules.change(_id, plan, rig.me);
    await rig.settle();
    expect(await rig.ledger(_id)).toEqual(["2026-11-20T09:00:00.000Z #c sent"]);
  });

  it("sends what was entered as it was entered, and not to whom an edit took off", async () => {
    const rig = await openRig(base, START);
    const { _id } = await rig.schedule("overview last week every day 09:00 to #all #both as csv");
    rig.faults.set("#all", [fail]);
    rig.faults.set("#both", [fail]);
    await rig.until(nine(20) + 5_000);
    const plan = parsePlan("users last week every day 09:00 to #both @boss".split(" "), { zone: "UTC" });
    await rig.scheduler.schedules.change(_id, plan, rig.me);
    await rig.until(nine(20) + 10 * MINUTE);
    expect(rig.sent.map(({ to, parcel }) => `${to} ${parcel.report.report} ${parcel.files.length}`)).toEqual([
      "#both overview 1",
    ]);
    expect(await rig.store.deliveries.findOne({ schedule: _id, "target.to": "#all" })).toMatchObject({
      state: "skipped",
      reason: "it is no target any more",
    });
  });

  it("makes files anew for an owner who may see less by now", async () => {
    const rig = await openRig(base, START);
    const { _id } = await rig.schedule("users last month every day 09:00 to @a as csv if empty send");
    rig.faults.set("@a", [fail]);
    await rig.until(nine(20) + 5_000);
    rig.viewer = { sees: "team", email: "u1@example.com" };
    await rig.until(nine(20) + 5 * MINUTE);
    const [file] = rig.sent[0]?.parcel.files ?? [];
    expect(file).toMatchObject({ sees: "team", schedule: _id });
    const { schedules } = rig.scheduler;
    expect(file && (await schedules.mayStillGet(file, "@a"))).toBe(true);
    expect(file && (await schedules.mayStillGet(file, "@b"))).toBe(false);
    rig.viewer = { sees: "self" };
    expect(file && (await schedules.mayStillGet(file, "@a"))).toBe(false);
    rig.viewer = { sees: "everybody" };
    await schedules.remove(_id, rig.me);
    expect(file && (await schedules.mayStillGet(file, "@a"))).toBe(false);
  });

  it("does not pause for an old run what was repaired since", async () => {
    const rig = await openRig(base, START);
    const { _id } = await rig.schedule("overview last week every day 09:00 to #old");
    rig.refused.set("#old", refusal("it is gone"));
    await rig.until(nine(20) + MINUTE);
    const plan = parsePlan("overview last week every day 09:00 to #new".split(" "), { zone: "UTC" });
    await rig.scheduler.schedules.change(_id, plan, rig.me);
    const [run] = await rig.scheduler.schedules.history(_id, rig.me);
    await rig.scheduler.schedules.retry(run?.run._id ?? "", rig.me);
    await rig.settle();
    expect(await rig.store.schedules.findOne({ _id })).toMatchObject({ state: "active" });
  });

  it("does not send what was paused while its slot was taken up", async () => {
    const rig = await openRig(base, START);
    const schedule = await rig.schedule("overview last week every day 09:00 to #c");
    await rig.scheduler.schedules.pause(schedule._id, rig.me);
    const slot = nine(20);
    rig.now = slot - 1_000;
    const entry = { schedule, kind: "slot", slot, targets: schedule.targets, wakeAt: slot } as const;
    await enterRun(rig.store, { ...entry, now: Date.parse(START) - 1 });
    rig.now = slot;
    await rig.settle();
    expect(rig.sent).toEqual([]);
  });

  it("goes on after a send or a report that never ends", async () => {
    expect(await within(Promise.resolve(1), 1_000, new Error("late"))).toBe(1);
    await expect(within(new Promise(() => {}), 10, new Error("late"))).rejects.toThrow("late");
  });
});
