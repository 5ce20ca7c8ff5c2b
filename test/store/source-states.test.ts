import fc from "fast-check";
import { afterAll, beforeEach, expect, it } from "vitest";
import { runCommand } from "../../src/commands/index.ts";
import { createCalendar } from "../../src/domain/calendar.ts";
import type { SourceRecord } from "../../src/domain/event.ts";
import { ingest } from "../../src/store/ingest.ts";
import { withLease } from "../../src/store/lease.ts";
import { readSourceStates, type SourceState } from "../../src/store/source-states.ts";
import { testEngine } from "../helpers/engine.ts";
import { feed } from "../helpers/feeds.ts";
import { emptyStore, importText, line } from "../helpers/fill.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = Date.parse("2026-11-20T10:00:00Z");
const utc = createCalendar("UTC");
let clock = NOW;

const { engine, deps } = await testEngine(
  {},
  () => clock,
  (close) => afterAll(close),
);
const { store } = engine;
await store.prepare();

beforeEach(async () => {
  clock = NOW;
  await emptyStore(store);
  await store.feeds.deleteMany({});
});

async function stateOf(source: string, now = NOW): Promise<SourceState | undefined> {
  return (await readSourceStates(store, now, utc)).find((state) => state.source === source);
}

interface Happened {
  readonly id: number;
  readonly user: string;
  readonly at: number;
}

/** Stores events as an import does, without what is made from them. */
async function storeEvents(events: readonly Happened[]): Promise<void> {
  const records = events.map(({ id, user, at }, i): SourceRecord => {
    const event = { id: `${id}`, at, account: { id: user }, kind: "login" } as const;
    return { type: "event", event, line: i + 1 };
  });
  const stream = (async function* () {
    yield* records;
  })();
  await withLease(store, "ingest", (lease) => ingest(store, "plain", stream, { calendar: utc, lease }));
}

const hours = async (): Promise<string[]> =>
  (await store.hours.find({}, { sort: { _id: 1 } }).toArray()).map(
    ({ _id, lastAt }) => `${_id} ${lastAt.toISOString().slice(14, 19)}`,
  );

const bitwarden = (uuid: string, at: string | number): string =>
  JSON.stringify({
    object: "list",
    data: [
      { object: "event", type: 1000, userId: uuid, actingUserId: uuid, date: new Date(at).toISOString() },
    ],
  });

/** Office hours of so many weeks before a moment, an event an hour. */
function officeLines(to: string, weeks = 6): string {
  const end = Date.parse(to);
  const lines: string[] = [];
  for (let at = end - weeks * 7 * DAY; at <= end; at += HOUR) {
    const time = new Date(at);
    if (time.getUTCDay() % 6 === 0 || time.getUTCHours() < 8 || time.getUTCHours() > 16) continue;
    lines.push(line(`e${at}`, "ann", at));
  }
  return lines.join("\n");
}

it("keeps the hours in which a source had events, whatever the order and however often", async () => {
  const lines = [
    line("1", "ann", "2026-10-01T08:10:00Z"),
    line("2", "bo", "2026-10-01T08:50:00Z"),
    line("3", "ann", "2026-10-01T08:20:00Z"),
    line("4", "ann", "2026-10-03T23:59:59Z"),
  ];
  const expected = ["plain 2026-10-01T08 50:00", "plain 2026-10-03T23 59:59"];
  await importText(deps, "a.ndjson", lines.join("\n"));
  expect(await hours()).toEqual(expected);
  await importText(deps, "b.ndjson", lines.toReversed().join("\n"));
  expect(await hours()).toEqual(expected);
  await importText(deps, "c.json", bitwarden("8a3f5c9e-0000-4000-8000-000000000001", "2026-10-02T07:00:00Z"));
  expect(await hours()).toEqual(["bitwarden 2026-10-02T07 00:00", ...expected]);
  const states = await readSourceStates(store, NOW, utc);
  expect(states.map(({ source, upTo }) => [source, upTo?.toISOString()])).toEqual([
    ["bitwarden", "2026-10-02T07:00:00.000Z"],
    ["plain", "2026-10-03T23:59:59.000Z"],
  ]);
});

it("has the same hours after any imports, moves of events and rebuilds", async () => {
  const event = fc.record({
    id: fc.integer({ min: 1, max: 6 }),
    user: fc.constantFrom("ann", "bo"),
    at: fc
      .integer({ min: 0, max: 12 })
      .map((step) => Date.parse("2026-10-01T00:00:00Z") + step * 40 * 60_000),
  });
  const files = fc.array(fc.array(event, { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(files, async (imports) => {
      await emptyStore(store);
      for (const events of imports) await storeEvents(events);
      const [last] = await store.events.find({}, { sort: { at: -1 }, limit: 1 }).toArray();
      expect((await stateOf("plain"))?.upTo).toEqual(last?.at);
      const before = await hours();
      await runCommand(["rebuild"], deps);
      expect(await hours()).toEqual(before);
      const truth = new Map<string, number>();
      for (const { at } of await store.events.find().toArray()) {
        const hour = `plain ${at.toISOString().slice(0, 13)}`;
        truth.set(hour, Math.max(truth.get(hour) ?? 0, at.getTime()));
      }
      const told = await store.hours.find({}, { sort: { _id: 1 } }).toArray();
      expect(told.map(({ _id, lastAt }) => [_id, lastAt.getTime()])).toEqual([...truth].sort());
    }),
    { numRuns: 5 },
  );
}, 60_000);

it("never says that more is known than there is, also when a crash comes between", async () => {
  await importText(
    deps,
    "a.ndjson",
    [line("1", "ann", NOW - 5 * HOUR), line("2", "ann", NOW - HOUR)].join("\n"),
  );
  const { replaceOne } = store.events;
  store.events.replaceOne = async () => {
    throw new Error("the power is gone");
  };
  // The last event turns out to have been earlier.
  const moved = line("2", "ann", NOW - 3 * HOUR);
  await expect(importText(deps, "b.ndjson", moved)).rejects.toThrow("the power is gone");
  store.events.replaceOne = replaceOne;
  expect((await stateOf("plain"))?.upTo).toEqual(new Date(NOW - 5 * HOUR));
  await importText(deps, "b.ndjson", moved);
  expect((await stateOf("plain"))?.upTo).toEqual(new Date(NOW - 3 * HOUR));

  const { bulkWrite } = store.hours;
  store.hours.bulkWrite = async () => {
    throw new Error("the power is gone");
  };
  const newer = line("3", "ann", NOW - 2 * HOUR);
  await expect(importText(deps, "c.ndjson", newer)).rejects.toThrow("the power is gone");
  store.hours.bulkWrite = bulkWrite;
  expect(await store.events.countDocuments()).toBe(3);
  expect((await stateOf("plain"))?.upTo).toEqual(new Date(NOW - 3 * HOUR));
  // The same file again, all of it known by now.
  await importText(deps, "c.ndjson", newer);
  expect((await stateOf("plain"))?.upTo).toEqual(new Date(NOW - 2 * HOUR));
});

it("goes by what files held in a store of before, until there are hours", async () => {
  await importText(deps, "a.ndjson", line("1", "ann", "2026-11-02T08:00:00Z"));
  await importText(deps, "people.csv", "email,name\nann@example.com,Ann\n");
  await store.hours.deleteMany({});
  expect(await stateOf("plain")).toMatchObject({ upTo: new Date("2026-11-02T08:00:00Z"), silence: null });
  expect(await stateOf("directory")).toMatchObject({
    upTo: null,
    lastEvent: null,
    importedAt: new Date(NOW),
  });
  // An older file does not make it less.
  await importText(deps, "b.ndjson", line("0", "ann", "2026-10-01T08:00:00Z"));
  expect(await stateOf("plain")).toMatchObject({ upTo: new Date("2026-11-02T08:00:00Z") });
  await runCommand(["rebuild"], deps);
  expect(await hours()).toEqual(["plain 2026-10-01T08 00:00", "plain 2026-11-02T08 00:00"]);
});

it("is as complete as the vault answered for, and otherwise as the last event", async () => {
  await importText(deps, "a.ndjson", line("1", "ann", NOW - 3 * HOUR));
  const at = (hours: number): Date => new Date(NOW - hours * HOUR);
  const upTo = async (now = NOW): Promise<Date | null | undefined> => (await stateOf("plain", now))?.upTo;
  expect(await upTo()).toEqual(at(3));
  // As of an earlier moment more is known than had happened.
  expect(await upTo(NOW - 5 * HOUR)).toEqual(at(5));
  await store.feeds.insertOne(feed("syslog plain", "plain", { heardAt: at(0) }));
  expect(await upTo()).toEqual(at(3));
  await store.feeds.insertOne(feed("collect plain", "plain", { upTo: at(1), heardAt: at(0) }));
  expect(await upTo()).toEqual(at(1));
  expect(await upTo(NOW - 2 * HOUR)).toEqual(at(2));
  // Each of two knows a part of it.
  await store.feeds.insertOne(feed("collect plain more", "plain", { upTo: at(2), heardAt: at(0) }));
  expect(await upTo()).toEqual(at(2));
  await store.feeds.updateOne({ _id: "collect plain more" }, { $set: { upTo: null } });
  expect(await upTo()).toEqual(at(3));
  // Events have come by files for days since it was last heard of: it is out of use.
  await store.feeds.updateMany({}, { $set: { upTo: at(80), heardAt: at(80) } });
  expect(await upTo()).toEqual(at(3));
});

it("warns of a vault that comes by itself and stops, when it usually is active", async () => {
  // Friday evening.
  await importText(deps, "a.ndjson", officeLines("2026-11-13T16:30:00Z"));
  const silence = async (now: string) => (await stateOf("plain", Date.parse(now)))?.silence;
  expect(await silence("2026-11-20T10:00:00Z"), "who knows how it comes").toBeNull();
  await store.feeds.insertOne(feed("syslog plain", "plain", { heardAt: new Date("2026-11-13T16:30:00Z") }));
  expect(await silence("2026-11-15T12:00:00Z")).toBeNull();
  expect(await silence("2026-11-16T10:59:00Z")).toBeNull();
  expect(await silence("2026-11-17T10:59:00Z")).toBeNull();
  const since = new Date("2026-11-13T16:30:00Z");
  expect(await silence("2026-11-17T11:00:00Z")).toEqual({ kind: "events", since });
  // When it comes again all is well, and as of then it was not.
  const back = "2026-11-17T12:00:00Z";
  await importText(deps, "b.ndjson", line("new", "ann", back));
  await store.feeds.updateOne({ _id: "syslog plain" }, { $set: { heardAt: new Date(back) } });
  expect(await silence("2026-11-17T12:30:00Z")).toBeNull();
  expect(await silence("2026-11-17T11:00:00Z")).toEqual({ kind: "events", since });
});

it("warns of a feed at once that fails, and of a vault that nobody asks any more", async () => {
  const since = new Date(NOW - HOUR);
  const failure = { since, at: new Date(NOW), reason: "the vault refuses the key" };
  await store.feeds.insertOne(feed("collect keeper", "keeper", { failure }));
  expect(await stateOf("keeper")).toMatchObject({
    upTo: null,
    silence: { kind: "failure", since, reason: "the vault refuses the key" },
  });
  expect(await stateOf("keeper", NOW - 2 * HOUR)).toMatchObject({ silence: null });
  // Nobody has tried it for months: it was given up.
  expect(await stateOf("keeper", NOW + 60 * DAY)).toMatchObject({ silence: null });
  await store.feeds.updateOne(
    { _id: "collect keeper" },
    { $set: { failure: null, heardAt: since, upTo: since } },
  );
  expect(await stateOf("keeper", NOW + 22 * HOUR)).toMatchObject({ silence: null, upTo: since });
  expect(await stateOf("keeper", NOW + DAY)).toMatchObject({ silence: { kind: "collecting", since } });
});

it("warns when a file is due, not when there are no events between two", async () => {
  for (let week = 4; week > 0; week--) {
    clock = NOW - week * 7 * DAY;
    await importText(deps, `${week}.ndjson`, line(`w${week}`, "ann", clock - HOUR));
    await importText(deps, "again.ndjson", line("w4", "ann", NOW - 4 * 7 * DAY - HOUR));
  }
  clock = NOW;
  const last = NOW - 7 * DAY;
  expect(await stateOf("plain")).toMatchObject({ silence: null, importedAt: new Date(last) });
  // A file without anything new is no sign of life.
  clock = last + 10 * DAY;
  await importText(deps, "again.ndjson", line("w4", "ann", NOW - 4 * 7 * DAY - HOUR));
  clock = last + 11 * DAY;
  expect(await stateOf("plain", clock)).toMatchObject({
    silence: { kind: "imports", since: new Date(last) },
    importedAt: new Date(last + 10 * DAY),
  });
});
