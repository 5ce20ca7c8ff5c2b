import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it, onTestFinished } from "vitest";
import { createCalendar, DAY } from "../../src/domain/calendar.ts";
import type { SourceRecord } from "../../src/domain/event.ts";
import { isConnectionLost } from "../../src/store/errors.ts";
import { ingest } from "../../src/store/ingest.ts";
import { withLease } from "../../src/store/lease.ts";
import { rollUp } from "../../src/store/rollups.ts";
import { openBetween } from "../helpers/between.ts";

const CONNECTIONS = 5;
const EVENTS = 3;

it("hears that a connection is gone whenever that happens, and goes on", async () => {
  const { store, between } = await openBetween();
  const outcomes: Promise<string>[] = [];
  // What the store asks for at the moment at which a connection was ended by the other side and is not closed yet.
  const ask = (): void => {
    for (let i = 0; i < CONNECTIONS; i++) {
      const asked = store.leases.findOne({ _id: "x" });
      outcomes.push(
        asked.then(
          () => "done",
          () => "failed",
        ),
      );
    }
  };
  const onSocket = (message: unknown): void => {
    const { socket } = message as { socket: Socket };
    socket.once("connect", () => {
      if (socket.remotePort !== between.port) return;
      socket.once("finish", () => process.nextTick(ask));
    });
  };
  subscribe("net.client.socket", onSocket);
  onTestFinished(() => void unsubscribe("net.client.socket", onSocket));

  for (let round = 0; round < 5; round++) {
    await Promise.all(Array.from({ length: CONNECTIONS }, () => store.leases.findOne({}).catch(() => null)));
    between.endAll();
    await sleep(50);
  }
  expect(outcomes.length).toBeGreaterThan(10);
  const all = await Promise.race([Promise.all(outcomes), sleep(12_000, "some never heard of it")]);
  expect(all).not.toBe("some never heard of it");
  expect(
    await store.leases.updateOne({ _id: "x" }, { $set: { owner: "me" } }, { upsert: true }),
  ).toBeTruthy();
});

it("says so when events may not be stored, wherever in an import its connection is lost", async () => {
  // The driver waits for half a second each time, so several are at it.
  const failures = await Promise.all([0, 1, 2, 3].map((first) => failuresWhereLost(first, 4)));
  expect(failures.reduce((sum, count) => sum + count)).toBeGreaterThan(5);
});

/** Loses the connection once in each import, at one place further; gives how many of them failed. */
async function failuresWhereLost(first: number, step: number): Promise<number> {
  const { store, between } = await openBetween();
  const calendar = createCalendar("UTC");
  const start = Date.parse("2026-06-01T08:00:00Z");
  const take = (day: number): Promise<unknown> =>
    withLease(store, "ingest", async (lease) => {
      await ingest(store, "plain", recordsOf(start + day * DAY), { calendar, lease });
      await rollUp(store, { calendar, lease });
    });
  await store.prepare();
  let failures = 0;
  let isOver = false;
  for (let day = 0; !isOver; day++) {
    const place = first + day * step;
    let pieces = 0;
    between.loses = (piece) => !piece.includes("hello") && pieces++ === place;
    const failed = await take(day).then(
      () => false,
      (error: unknown) => {
        expect(isConnectionLost(error), String(error)).toBe(true);
        return true;
      },
    );
    isOver = pieces <= place;
    between.loses = () => false;
    // It may not have been given back, and lapses by itself later than anybody wants to wait.
    await store.leases.deleteMany({});
    if (failed) {
      failures += 1;
      await take(day);
    }
    expect(await store.events.countDocuments({}), `lost at piece ${place}`).toBe((day + 1) * EVENTS);
    expect(await store.daily.countDocuments({}), `lost at piece ${place}`).toBe(day + 1);
  }
  return failures;
}

async function* recordsOf(start: number): AsyncGenerator<SourceRecord, void> {
  for (let i = 0; i < EVENTS; i++) {
    const at = start + i * 60_000;
    const event = { id: `${at}`, at, account: { id: "a" }, kind: "password_accessed" as const };
    yield { type: "event", line: i + 1, event };
  }
}
