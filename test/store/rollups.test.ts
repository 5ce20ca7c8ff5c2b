import fc from "fast-check";
import { expect, it } from "vitest";
import { createCalendar } from "../../src/domain/calendar.ts";
import type { EventKind, SourceRecord, UsageEvent } from "../../src/domain/event.ts";
import { eventMetrics } from "../../src/domain/metrics.ts";
import { buildSessions, byTime, type SessionEvent } from "../../src/domain/sessions.ts";
import { ingest } from "../../src/store/ingest.ts";
import { withLease } from "../../src/store/lease.ts";
import type { Store } from "../../src/store/open.ts";
import { rebuildAll } from "../../src/store/rebuild.ts";
import { rollUp } from "../../src/store/rollups.ts";
import { testEngine } from "../helpers/engine.ts";

const zone = "Europe/Berlin";
const calendar = createCalendar(zone);
const minute = 60_000;
const start = Date.parse("2026-10-23T20:00:00Z");

const kind = fc.constantFrom<EventKind>(
  "login",
  "login",
  "logout",
  "login_failed",
  "password_accessed",
  "password_autofilled",
  "other",
);

/** Events of a few accounts over some days with a change of clocks; gaps are often near half an hour. */
const events = fc
  .array(
    fc.record({
      user: fc.constantFrom("a", "b", "c"),
      kind,
      gap: fc.oneof(
        fc.integer({ min: 0, max: 29 }),
        fc.constant(0),
        fc.constantFrom(30, 30.001, 31, 240, 900, 3_000),
      ),
      session: fc.option(fc.constantFrom("s1", "s2", "s3"), { nil: undefined, freq: 3 }),
      device: fc.option(fc.constantFrom("d1", "d2"), { nil: undefined, freq: 2 }),
    }),
    { minLength: 1, maxLength: 80 },
  )
  .map((raw) => {
    let at = start;
    return raw.map(({ user, gap, session, device, ...rest }, i): UsageEvent => {
      at += gap * minute;
      const account = {
        id: user,
        ...(user === "c" ? { email: "A@example.com" } : {}),
        ...(user === "a" ? { email: "a@example.com" } : {}),
      };
      return {
        id: `e${i}`,
        at,
        account,
        kind: rest.kind,
        ...(session && { session }),
        ...(device && { device }),
      };
    });
  });

async function store_(store: Store, batch: readonly UsageEvent[]): Promise<void> {
  await withLease(store, "ingest", async (lease) => {
    const records = async function* (): AsyncGenerator<SourceRecord> {
      for (const event of batch) yield { type: "event", event, line: 1 };
    };
    await ingest(store, "plain", records(), { calendar, lease });
    // Rounds so small that accounts, and those of somebody restless by the month, come in rounds of their own.
    await rollUp(store, { calendar, lease, roundEvents: 10 });
  });
}

/** Everything that is derived, without what only identifies it. */
async function derived(store: Store): Promise<unknown> {
  const [people, sessions, daily, stale] = await Promise.all([
    store.people.find().sort({ _id: 1 }).toArray(),
    store.sessions.find().sort({ person: 1, startedAt: 1, _id: 1 }).toArray(),
    store.daily.find().sort({ _id: 1 }).toArray(),
    store.stale.find().toArray(),
  ]);
  expect(stale).toEqual([]);
  return { people, sessions, daily };
}

/** The same from the definitions alone, all events at once. */
function expected(all: readonly UsageEvent[]): { sessions: unknown[]; daily: Map<string, number> } {
  const byPerson = new Map<string, SessionEvent[]>();
  const daily = new Map<string, number>();
  const count = (person: string, at: number, what: string) => {
    const key = `${person} ${calendar.dayOf(at)} ${what}`;
    daily.set(key, (daily.get(key) ?? 0) + 1);
  };
  for (const event of all) {
    const person =
      event.account.id === "b" ? "plain/b" : all.some((e) => e.account.id === "a") ? "plain/a" : "plain/c";
    const { id, at, session, device } = event;
    byPerson.set(person, [
      ...(byPerson.get(person) ?? []),
      { id: `plain:${id}`, at, kind: event.kind, source: "plain", session, device },
    ]);
    const metric = eventMetrics.find((each) => each.event === event.kind);
    if (metric) count(person, at, metric.key);
  }
  const sessions: unknown[] = [];
  for (const [person, own] of byPerson) {
    for (const session of buildSessions(own.sort(byTime))) {
      count(person, session.startedAt, "loginSessions");
      sessions.push([person, session.startedAt, session.lastAt, session.logoutAt ?? null, session.counts]);
    }
  }
  return { sessions: sortJson(sessions), daily };
}

function sortJson(items: unknown[]): unknown[] {
  return items.map((item) => JSON.stringify(item)).sort();
}

/** Somebody who is never silent for half an hour, such as a program. */
const restless = fc
  .array(fc.tuple(kind, fc.constantFrom("d1", "d1", "d1", "d2")), {
    minLength: 500,
    maxLength: 700,
    size: "max",
  })
  .map((raw) =>
    raw.map(([kind, device], i): UsageEvent => {
      const account = { id: "a", email: "a@example.com" };
      return { id: `e${i}`, at: start + i * 19 * minute, account, kind, device };
    }),
  );

async function checkAll(input: fc.Arbitrary<UsageEvent[]>, step: number, numRuns: number): Promise<void> {
  const { engine } = await testEngine();
  const { store } = engine;
  await store.prepare();
  await store.meta.insertOne({ _id: "store", timeZone: zone, dataUpTo: null });
  const clear = () =>
    Promise.all(
      [store.events, store.accounts, store.people, store.sessions, store.daily].map((c) => c.deleteMany({})),
    );
  await fc.assert(
    fc.asyncProperty(input, fc.array(fc.nat(1_000), { minLength: 80, maxLength: 80 }), async (all, keys) => {
      await clear();
      const shuffled = all
        .map((event, i) => ({ event, key: keys[Math.floor(i / step) % 80] ?? 0 }))
        .sort((a, b) => a.key - b.key);
      for (let i = 0; i < shuffled.length; ) {
        const size = step * (1 + ((shuffled[i]?.key ?? 0) % 9));
        // Batches overlap, so that some events come twice.
        await store_(
          store,
          shuffled.slice(Math.max(0, i - 1), i + size).map(({ event }) => event),
        );
        i += size;
      }
      const inBatches = await derived(store);

      const right = expected(all);
      const sessions = await store.sessions.find().toArray();
      const told = sessions.map((s) => {
        const { passwordsAccessed, passwordsAutofilled, remoteConnections, accountsAdded } = s;
        const counts = { remoteConnections, passwordsAccessed, passwordsAutofilled, accountsAdded };
        return [s.person, s.startedAt.getTime(), s.lastAt.getTime(), s.logoutAt?.getTime() ?? null, counts];
      });
      expect(sortJson(told)).toEqual(right.sessions);
      for (const row of await store.daily.find().toArray()) {
        for (const key of ["loginSessions", ...eventMetrics.map((metric) => metric.key)] as const) {
          const name = `${row.person} ${row.day} ${key}`;
          expect([name, row[key]]).toEqual([name, right.daily.get(name) ?? 0]);
          right.daily.delete(name);
        }
      }
      expect([...right.daily]).toEqual([]);

      await withLease(store, "ingest", (lease) => rebuildAll(store, calendar, lease, () => {}));
      expect(await derived(store)).toEqual(inBatches);
    }),
    { numRuns },
  );
}

it("gives the same in any order and any batches, and what the definitions say", async () => {
  await checkAll(events, 1, 25);
});

it("gives the same for somebody who is never silent", async () => {
  await checkAll(restless, 40, 3);
});

it("begins in the right place when one event of somebody who is never silent comes late", async () => {
  const { engine } = await testEngine();
  const { store } = engine;
  await store.prepare();
  await store.meta.insertOne({ _id: "store", timeZone: zone, dataUpTo: null });
  const all = fc.sample(restless, { numRuns: 1, seed: 7 })[0] ?? [];
  for (const late of [650, 600, 560, 480]) {
    await Promise.all([store.events, store.people, store.sessions, store.daily].map((c) => c.deleteMany({})));
    await store_(store, all.toSpliced(late, 1));
    await store_(store, all.slice(late, late + 1));
    const told = (await store.sessions.find().toArray()).map((session) => [
      session.person,
      session.startedAt.getTime(),
      session.lastAt.getTime(),
    ]);
    const right = expected(all).sessions.map((text) => JSON.parse(String(text)).slice(0, 3));
    expect(sortJson(told)).toEqual(sortJson(right));
  }
}, 30_000);

it("holds little at a time of somebody busy who comes after many who are not", async () => {
  const { engine } = await testEngine();
  const { store } = engine;
  await store.prepare();
  await store.meta.insertOne({ _id: "store", timeZone: zone, dataUpTo: null });
  const roundEvents = 50;
  const event = (user: string, n: number, at: number): UsageEvent => ({
    id: `${user}-${n}`,
    at,
    account: { id: user },
    kind: "password_accessed",
  });
  // Half a year each: quiet people one event a month, the busy one a hundred.
  const months = [0, 1, 2, 3, 4, 5].map((month) => Date.UTC(2026, month, 2, 8));
  const quiet = Array.from({ length: 40 }, (_, i) => months.map((at, n) => event(`a${i + 100}`, n, at)));
  const busy = months.flatMap((at, m) =>
    Array.from({ length: 100 }, (_, n) => event("b", m * 100 + n, at + n * 60 * minute)),
  );
  const steps: number[] = [];
  await withLease(store, "ingest", async (lease) => {
    const records = async function* (): AsyncGenerator<SourceRecord> {
      for (const each of [...quiet.flat(), ...busy]) yield { type: "event", event: each, line: 1 };
    };
    await ingest(store, "plain", records(), { calendar, lease });
    let before = 0;
    await rollUp(store, {
      calendar,
      lease,
      roundEvents,
      onProgress({ done }) {
        steps.push(done - before);
        before = done;
      },
    });
  });
  // A mark for each account and month, and one for the people.
  const [all, others] = [1 + 41 * 6, 1 + 40 * 6];
  expect(steps.reduce((sum, step) => sum + step, 0)).toBe(all);
  // Many accounts at a time, each whole; then two hundred events at most of the busy one.
  expect(Math.max(...steps)).toBeGreaterThan(12);
  let done = 0;
  const own = steps.filter((step) => {
    done += step;
    return done > others;
  });
  expect(Math.max(...own)).toBeLessThanOrEqual(2);
  const usage = await store.daily.find({ person: "plain/b" }).toArray();
  expect(usage.reduce((sum, day) => sum + day.passwordsAccessed, 0)).toBe(600);
}, 30_000);
