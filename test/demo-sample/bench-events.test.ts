import { describe, expect, test } from "vitest";
import { type BenchOptions, benchEvents } from "../../bench/events.ts";
import { DAY } from "../../src/domain/calendar.ts";
import type { UsageEvent } from "../../src/domain/event.ts";
import { buildSessions } from "../../src/domain/sessions.ts";
import { readSource } from "../../src/sources/index.ts";

const until = Date.parse("2026-11-20T09:58:00Z");

async function read(options: Omit<BenchOptions, "until">): Promise<UsageEvent[]> {
  const bytes = async function* (): AsyncGenerator<Uint8Array> {
    for (const chunk of benchEvents({ until, ...options })) yield Buffer.from(chunk);
  };
  const { records } = await readSource(bytes(), { name: "bench", now: until });
  const events: UsageEvent[] = [];
  for await (const record of records) {
    if (record.type !== "event") throw new Error(`line ${record.line} is no event`);
    events.push(record.event);
  }
  return events;
}

describe("events for measurements", () => {
  test.each([1, 10, 4_999])("are %i if that many are asked for, in order, within the days", async (count) => {
    const events = await read({ people: 50, events: count, days: 30 });
    expect(new Set(events.map(({ id }) => id)).size).toBe(count);
    const times = events.map(({ at }) => at);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times.at(-1)).toBeLessThanOrEqual(until);
    expect(until - (times[0] ?? 0)).toBeLessThan(30 * DAY);
  });

  test("are the same for the same seed", () => {
    const options = { people: 20, events: 2_000, until };
    const text = [...benchEvents(options)].join("");
    expect([...benchEvents(options)].join("")).toBe(text);
    expect([...benchEvents({ ...options, seed: 2 })].join("")).not.toBe(text);
  });

  test("are of all people, in sessions, by day and on working days", async () => {
    const events = await read({ people: 100, events: 6_000, days: 20 });
    const of = Map.groupBy(events, ({ account }) => account.id);
    expect(of.size).toBe(100);
    const sessions = [...of.values()].flatMap((mine) =>
      buildSessions(mine.map((event) => ({ ...event, source: "plain" }))),
    );
    expect(events.length / sessions.length).toBeGreaterThan(3);
    expect(events.length / sessions.length).toBeLessThan(9);
    const atNoon = events.filter(({ at }) => Math.abs(new Date(at).getUTCHours() - 12) <= 5);
    expect(atNoon.length / events.length).toBeGreaterThan(0.85);
    const atWeekends = events.filter(({ at }) => [0, 6].includes(new Date(at).getUTCDay()));
    expect(atWeekends.length / events.length).toBeLessThan(0.08);
  });

  test("name their sessions for half of the people, if asked to", async () => {
    const events = await read({ people: 10, events: 2_000, days: 20, sessions: true });
    const named = new Set(events.filter(({ session }) => session).map(({ account }) => account.id));
    const unnamed = new Set(events.filter(({ session }) => !session).map(({ account }) => account.id));
    expect([named.size, unnamed.size]).toEqual([5, 5]);
  });

  test("come in chunks of whole lines that stay small", () => {
    for (const chunk of benchEvents({ people: 500, events: 5_000, until })) {
      expect(chunk.endsWith("}\n")).toBe(true);
      expect(chunk.length).toBeLessThan(70_000);
    }
  });
});
