import { describe, expect, it } from "vitest";
import { importText } from "../helpers/fill.ts";
import { overview } from "../sources/report.ts";
import { collectorOn, standIn, storedEvents } from "./rig.ts";
import { token as keeperToken, startKeeper } from "./stand-ins/keeper.ts";
import { type Item, token as onePasswordToken, startOnePassword } from "./stand-ins/onepassword.ts";
import type { Fault } from "./stand-ins/serve.ts";

const now = Date.parse("2026-11-22T12:00:00Z");
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const at = (ms: number): string => new Date(ms).toISOString();
const seconds = (ms: number): string => at(ms).replace(/\.\d+/, "");

const person = { uuid: "U1", name: "Ann", email: "ann@example.com", user_type: "user" };
const signIn = (i: number): Item => ({
  uuid: `S${i}`,
  session_uuid: `SS${i}`,
  timestamp: at(now - 40 * DAY + i * HOUR),
  category: "success",
  target_user: person,
  client: { ip_address: "203.0.113.7" },
});
const usage = (i: number): Item => ({
  uuid: `I${i}`,
  timestamp: at(now - 40 * DAY + i * 10 * 60_000),
  vault_uuid: "v1",
  item_uuid: "i1",
  action: i % 2 ? "fill" : "reveal",
  user: person,
});
const audit = (i: number): Item => ({
  uuid: `A${i}`,
  timestamp: at(now - i * DAY),
  actor_uuid: "U1",
  action: "create",
  object_type: "vault",
});
const many = <T>(count: number, make: (i: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i));
/** Each fault in its turn, with requests that work between. */
const moods =
  (...faults: Fault[]) =>
  (nth: number): Fault | undefined =>
    nth % 3 === 2 ? faults[((nth - 2) / 3) % faults.length] : undefined;

describe("1Password's Events API", () => {
  const knows = {
    signinattempts: many(100, signIn),
    itemusages: many(3_000, usage),
    auditevents: many(20, audit),
  };
  const all = [...knows.signinattempts, ...knows.itemusages, ...knows.auditevents];

  it("comes to what a file of its items comes to, through empty pages, repeated items and faults", async () => {
    const server = await standIn(
      startOnePassword({
        knows,
        emptyEvery: 4,
        repeatEvery: 3,
        mood: moods("busy", "reset", "error", "cut", "garbage"),
      }),
    );
    const { collector, store, deps } = await collectorOn(
      { COLLECT_ONEPASSWORD_TOKEN: onePasswordToken, COLLECT_ONEPASSWORD_URL: server.url },
      () => now,
    );
    expect(await collector.collect("onepassword")).toMatchObject({ added: 3_120, rejected: 0 });
    const collected = await storedEvents(store);
    await importText(deps, "items.json", JSON.stringify({ items: all, cursor: "c", has_more: false }));
    expect(await storedEvents(store)).toEqual(collected);
    expect((await overview(deps, "last 60 days")).figures).toMatchObject({
      passwordsAccessed: 1_500,
      passwordsAutofilled: 1_500,
      latestLogins: 1,
    });
  });

  it("is asked at most ten times a second", async () => {
    const server = await standIn(startOnePassword({ knows }));
    const { collector, pauses } = await collectorOn(
      { COLLECT_ONEPASSWORD_TOKEN: onePasswordToken, COLLECT_ONEPASSWORD_URL: server.url },
      () => now,
    );
    await collector.collect("onepassword");
    // The pauses are not made here, so they add up: a tenth of a second for each request but the time that passed.
    expect(Math.max(...pauses)).toBeLessThanOrEqual(100 * server.requests());
    expect(Math.max(...pauses)).toBeGreaterThan(50);
  });

  it("does not ask for more than 120 days back, whatever is said", async () => {
    const early: string[] = [];
    const server = await standIn(
      startOnePassword({
        knows: { ...knows, itemusages: [usage(0), { ...usage(1), timestamp: at(now - 200 * DAY) }] },
      }),
    );
    const { collector, store } = await collectorOn(
      {
        COLLECT_ONEPASSWORD_TOKEN: onePasswordToken,
        COLLECT_ONEPASSWORD_URL: server.url,
        COLLECT_SINCE: "2026-01-01",
      },
      () => now,
    );
    await collector.collect("onepassword");
    for await (const { _id, at: when } of store.events.find())
      if (when.getTime() < now - 120 * DAY) early.push(_id);
    expect(early).toEqual([]);
    expect(await store.events.countDocuments({ _id: "onepassword:I0" })).toBe(1);
  });
});

describe("Keeper's Admin REST API", () => {
  const event = (i: number) => ({
    audit_event: ["login", "open_record", "fast_fill", "fast_fill"][i % 4] ?? "",
    username: "ann@example.com",
    client_version: "Browser Extension.17",
    remote_address: "203.0.113.7",
    // Two equal ones in each second that has fills.
    timestamp: seconds(now - 6 * DAY + Math.floor(i / 4) * 60_000),
    enterprise_id: 1,
    record_uid: "r1",
  });
  const events = many(5_000, event);

  it("comes to what a file of its events comes to, through pages that come again and faults", async () => {
    const server = await standIn(
      startKeeper({ events, repeatEvery: 3, mood: moods("busy", "error", "reset", "garbage") }),
    );
    const { collector, store, deps } = await collectorOn(
      { COLLECT_KEEPER_TOKEN: keeperToken, COLLECT_KEEPER_URL: server.url },
      () => now,
    );
    expect(await collector.collect("keeper")).toMatchObject({ added: 5_000, rejected: 0 });
    const collected = await storedEvents(store);
    // Nothing new, though the last hour and the last week are read again.
    expect(await collector.collect("keeper", { since: now - 8 * DAY })).toMatchObject({ added: 0 });
    await importText(deps, "siem.ndjson", events.map((each) => JSON.stringify(each)).join("\n"));
    expect(await storedEvents(store)).toEqual(collected);
    expect((await overview(deps, "last 30 days")).figures).toMatchObject({ passwordsAutofilled: 2_500 });
  });

  it("says what to look at when its token has lapsed", async () => {
    const server = await standIn(startKeeper({ events: [] }));
    const { collector } = await collectorOn(
      { COLLECT_KEEPER_TOKEN: "some-other-token-than-that", COLLECT_KEEPER_URL: server.url },
      () => now,
    );
    await expect(collector.collect("keeper")).rejects.toThrow("Keeper does not accept COLLECT_KEEPER_TOKEN");
  });
});
