import { pino } from "pino";
import { expect, it, onTestFinished, vi } from "vitest";
import { openEngine } from "../../src/app.ts";
import { startCollecting } from "../../src/collect/jobs.ts";
import { tryLease } from "../../src/store/lease.ts";
import { testEngine } from "../helpers/engine.ts";
import { usage, usageMany } from "../helpers/usage.ts";
import { standIn } from "./rig.ts";
import { clientId, clientSecret, startBitwarden } from "./stand-ins/bitwarden.ts";

const event = (minutesAgo: number) => ({
  object: "event" as const,
  type: 1114,
  actingUserId: "u1",
  itemId: "i1",
  date: new Date(Date.now() - minutesAgo * 60_000).toISOString(),
  device: 9,
  ipAddress: "203.0.113.7",
});
const settings = (url: string) => ({
  COLLECT_BITWARDEN_CLIENT_ID: clientId,
  COLLECT_BITWARDEN_CLIENT_SECRET: clientSecret,
  COLLECT_BITWARDEN_URL: url,
});
const logger = pino({ level: "silent" });

it("collects at the start and again when it is time, once for two processes, and ends in good order", async () => {
  const known = [event(30)];
  const server = await standIn(startBitwarden({ events: known, keeps: "table" }));
  const { engine, config } = await testEngine(settings(server.url));
  const other = await openEngine(config);
  onTestFinished(() => other.close());
  await engine.store.prepare();
  const start = async (of: typeof engine) =>
    startCollecting({ collector: await of.collector(), store: of.store, minutes: 1, logger });
  const running = await Promise.all([start(engine), start(other)]);
  const { store } = engine;
  await vi.waitFor(async () => expect((await store.feeds.findOne({}))?.cursor?.sweptAt).toBeTruthy(), 15_000);
  expect(await store.events.countDocuments({})).toBe(1);

  // Nobody wants to wait for a minute; whoever ran last may just be planning the next one, so this is said again.
  known.push(event(1));
  const jobs = store.db.collection("collecting");
  await vi.waitFor(
    async () => {
      await jobs.updateMany({}, { $set: { nextRunAt: new Date() } });
      expect(await store.events.countDocuments({})).toBe(2);
    },
    { timeout: 15_000, interval: 1_000 },
  );
  await Promise.all(running.map((each) => each.close()));
  expect(await jobs.countDocuments({})).toBe(1);
  expect(await store.leases.countDocuments({ _id: "collect bitwarden" })).toBe(0);
});

it("waits for another process that is at it, and says so", async () => {
  const server = await standIn(startBitwarden({ events: [event(30)], keeps: "table" }));
  const { engine } = await testEngine(settings(server.url));
  const { store } = engine;
  await store.prepare();
  const lease = await tryLease(store, "collect bitwarden");
  const collector = await engine.collector();
  const ending = new AbortController();
  await expect(
    collector.collect("bitwarden", { signal: ending.signal, onWait: () => ending.abort() }),
  ).rejects.toThrow(/aborted/);
  expect(server.requests()).toBe(0);
  const { added } = await collector.collect("bitwarden", { onWait: () => void lease?.release() });
  expect(added).toBe(1);
});

it("is a command that says what came, and ends with 1 where a vault refuses", async () => {
  const server = await standIn(startBitwarden({ events: [event(30), event(5)], keeps: "table" }));
  const { config } = await testEngine();
  const run = (env: Record<string, string>, ...lines: string[][]) =>
    usageMany(lines, { dataDir: config.DATA_DIR, env: { ...settings(server.url), ...env } });
  const [first, again, wrong] = await run(
    {},
    ["collect", "--json"],
    ["collect", "bitwarden", "since", "2026-01-01"],
    ["collect", "keeper"],
  );
  expect([first?.status, first?.stderr]).toEqual([0, ""]);
  expect(JSON.parse(first?.stdout ?? "")).toMatchObject([
    { source: "bitwarden", read: 2, added: 2, rejected: 0 },
  ]);
  expect(again?.stdout).toMatch(
    /^Bitwarden: 2 records read, 0 events added; complete up to today \d\d:\d\d\n$/,
  );
  expect(wrong).toEqual({
    status: 2,
    stdout: "",
    stderr: "“keeper” is not collected; right would be bitwarden\n",
  });
  const [refused] = await run({ COLLECT_BITWARDEN_CLIENT_SECRET: "a-wrong-secret-of-some-length" }, [
    "collect",
  ]);
  expect(refused).toEqual({
    status: 1,
    stdout: "",
    stderr: "Bitwarden does not accept COLLECT_BITWARDEN_CLIENT_ID with COLLECT_BITWARDEN_CLIENT_SECRET\n",
  });
  const unset = await usage(["collect"], { dataDir: config.DATA_DIR });
  expect(unset.status).toBe(2);
  expect(unset.stderr).toMatch(/^nothing is set up to be collected: set COLLECT_BITWARDEN_CLIENT_ID/);
});
