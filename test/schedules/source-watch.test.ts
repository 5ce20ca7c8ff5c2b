import { pino } from "pino";
import { afterAll, afterEach, beforeEach, expect, it, vi } from "vitest";
import { startSourceWatch } from "../../src/schedules/source-watch.ts";
import { testEngine } from "../helpers/engine.ts";
import { feed } from "../helpers/feeds.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const NOW = Date.parse("2026-11-20T10:00:00Z");
const SILENT = "Keeper: nothing comes since 20 Nov 2026 09:50: no answer";

const { engine } = await testEngine({}, Date.now, (close) => afterAll(close));
const { store } = engine;
let now = NOW;
let log: string[] = [];
let told: (readonly string[])[] = [];
const tell = async (warnings: readonly string[]): Promise<void> => void told.push(warnings);
const logger = pino({}, { write: (line: string) => void log.push(JSON.parse(line).msg) });
const watch = (more: { tell?: typeof tell } = {}) =>
  startSourceWatch({ store, clock: () => now, zone: "UTC", logger, ...more });

beforeEach(async () => {
  [now, log, told] = [NOW, [], []];
  await store.claims.deleteMany({});
  await store.feeds.deleteMany({});
  const failure = { since: new Date(NOW - 10 * MINUTE), at: new Date(NOW), reason: "no answer" };
  await store.feeds.insertOne(feed("collect keeper", "keeper", { failure }));
});
afterEach(() => void vi.useRealTimers());

it("lets a failure pass that may be over soon, and looks again every quarter of an hour", async () => {
  await watch({ tell }).close();
  expect([told, log]).toEqual([[], []]);
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  let looks = 0;
  const clock = (): number => {
    looks += 1;
    return now;
  };
  const watching = startSourceWatch({ store, clock, zone: "UTC", logger, tell });
  const nextLook = async (): Promise<void> => {
    // The one before has to be over.
    await expect.poll(() => looks).toBeGreaterThan(0);
    const before = looks;
    now += 15 * MINUTE;
    await expect
      .poll(() => {
        vi.advanceTimersByTime(15 * MINUTE);
        return looks;
      })
      .toBeGreaterThan(before);
  };
  try {
    await nextLook();
    await expect.poll(() => told).toEqual([[SILENT]]);
    await nextLook();
    await nextLook();
  } finally {
    await watching.close();
  }
  expect(told).toHaveLength(1);
});

it("tells of a source once a day, of whichever process looks", async () => {
  now += 10 * MINUTE;
  const all = [watch({ tell }), watch({ tell }), watch({ tell })];
  await Promise.all(all.map((each) => each.close()));
  expect(told).toEqual([[SILENT]]);
  for (const later of [15 * MINUTE, DAY / 2, DAY - 15 * MINUTE, DAY, DAY + 15 * MINUTE]) {
    now = NOW + 10 * MINUTE + later;
    await watch({ tell }).close();
  }
  expect(told).toHaveLength(2);
});

it("logs it where nobody can be told", async () => {
  now += 10 * MINUTE;
  for (let i = 0; i < 3; i++) await watch().close();
  expect(log).toEqual([SILENT]);
});

it("tells it with the next look when that failed, and of each source by itself", async () => {
  now += 10 * MINUTE;
  const failing = async (): Promise<void> => {
    throw new Error("Slack is away");
  };
  await watch({ tell: failing }).close();
  expect(log).toContain("nobody could be told of a silent source; that is tried again");
  await watch({ tell }).close();
  const failure = { since: new Date(NOW - DAY), at: new Date(now), reason: "no right" };
  await store.feeds.insertOne(feed("collect bitwarden", "bitwarden", { failure }));
  await watch({ tell }).close();
  expect(told).toEqual([[SILENT], ["Bitwarden: nothing comes since 19 Nov 2026 10:00: no right"]]);
});
