import { EJSON } from "bson";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { vendorsOf } from "../../src/collect/vendors.ts";
import { runCommand } from "../../src/commands/index.ts";
import { parseConfig } from "../../src/config.ts";
import { importText } from "../helpers/fill.ts";
import { overview } from "../sources/report.ts";
import { collectorOn, standIn, storedEvents } from "./rig.ts";
import { type BitwardenEvent, clientId, clientSecret, startBitwarden } from "./stand-ins/bitwarden.ts";
import type { Fault } from "./stand-ins/serve.ts";

const now = Date.parse("2026-11-22T12:00:00Z");
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const settings = (url: string) => ({
  COLLECT_BITWARDEN_CLIENT_ID: clientId,
  COLLECT_BITWARDEN_CLIENT_SECRET: clientSecret,
  COLLECT_BITWARDEN_URL: url,
});

const event = (date: string, more: Partial<BitwardenEvent> = {}): BitwardenEvent => ({
  object: "event",
  type: 1111,
  actingUserId: "u1",
  itemId: "i1",
  date,
  device: 9,
  ipAddress: "203.0.113.7",
  ...more,
});
const sorted = (records: readonly unknown[]): string[] =>
  records.map((each) => JSON.stringify(each)).toSorted();
const page = (data: readonly unknown[]): string => JSON.stringify({ object: "list", data });

/** Few instants, so that many events share one; digits beyond the millisecond tell some apart. */
const events = (mostOfAnInstant: number) =>
  fc
    .array(
      fc.record({
        days: fc.constantFrom(0.01, 0.5, 2, 8),
        digits: fc.constantFrom("", ".5", ".325", ".3250001", ".3250002"),
        many: fc.integer({ min: 1, max: mostOfAnInstant }),
        items: fc.boolean(),
        type: fc.constantFrom(1000, 1111, 1114, 9999),
        user: fc.constantFrom("u1", "u2"),
      }),
      { maxLength: 8 },
    )
    .map((groups) => {
      const seen = new Set<string>();
      return groups.flatMap(({ days, digits, many, items, type, user }) => {
        const date = `${new Date(now - days * DAY).toISOString().slice(0, 19)}${digits}Z`;
        // Otherwise two groups of one instant could be more than a page together.
        if (seen.has(date)) return [];
        seen.add(date);
        return Array.from({ length: many }, (_, i) =>
          event(date, { type, actingUserId: user, itemId: items ? `i${i}` : "i0" }),
        );
      });
    });

describe("Bitwarden's Public API", () => {
  it.each([
    ["table", 130],
    ["database", 49],
  ] as const)("gives every event once, however its pages fall: %s", async (keeps, mostOfAnInstant) => {
    const known: BitwardenEvent[] = [];
    let sizes: readonly number[] = [50];
    const server = await standIn(
      startBitwarden({ events: known, keeps, pageSize: (nth) => sizes[nth % sizes.length] ?? 50 }),
    );
    const [vendor] = vendorsOf(parseConfig(settings(server.url)), { clock: () => now });
    const range = { from: now - 7 * DAY, to: now };
    const pageSizes = fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(events(mostOfAnInstant), pageSizes, async (all, some) => {
        known.splice(0, known.length, ...all);
        // Not empty for ever.
        sizes = [...some, 50];
        const given: unknown[] = [];
        for await (const records of vendor?.events(range, AbortSignal.timeout(10_000)) ?? [])
          given.push(...records);
        const inRange = all.filter(({ date }) => Date.parse(date) >= range.from);
        expect(sorted(given)).toEqual(sorted(inRange));
      }),
      { numRuns: 100 },
    );
  });

  it("comes to what a file of the same pages comes to", async () => {
    const [sample] = fc.sample(events(130), { numRuns: 1, seed: 6 });
    const all = [...(sample ?? []), event("2026-10-01T08:00:00Z"), event("2026-10-01T08:00:00Z")];
    const server = await standIn(
      startBitwarden({ events: all, keeps: "table", pageSize: (nth) => nth % 51 }),
    );
    const { collector, store, deps } = await collectorOn(settings(server.url), () => now);
    await collector.collect("bitwarden");
    const collected = await storedEvents(store);
    expect(collected.length).toBe(all.length);
    await importText(deps, "pages.json", page(all));
    expect(await storedEvents(store)).toEqual(collected);
  });

  it("comes to the same numbers through every kind of fault", async () => {
    const all = Array.from({ length: 700 }, (_, i) =>
      event(new Date(now - 20 * DAY + Math.floor(i / 3) * HOUR).toISOString(), { itemId: `i${i % 2}` }),
    );
    const faults: (Fault | undefined)[] = ["busy", "error", "garbage", "reset", "cut", "forgets you"];
    // Every other request or so fails, each in its own way.
    const mood = (nth: number): Fault | undefined => (nth % 3 === 0 ? faults[(nth / 3) % 6] : undefined);
    const server = await standIn(startBitwarden({ events: all, keeps: "table", mood }));
    const { collector, store, deps, pauses } = await collectorOn(settings(server.url), () => now);
    const round = await collector.collect("bitwarden");
    expect(round).toMatchObject({ read: 700, added: 700, rejected: 0, upTo: now });
    expect((await overview(deps, "last 30 days")).figures).toEqual({
      passwordsAccessed: 700,
      loginSessions: 234,
    });
    for (const { name } of await store.db.listCollections().toArray()) {
      const all = EJSON.stringify(await store.db.collection(name).find().toArray());
      expect(all, name).not.toMatch(/203\.0\.113|a-secret|token-/);
    }
    expect(await store.feeds.findOne({ _id: "collect bitwarden" })).toMatchObject({
      source: "bitwarden",
      upTo: new Date(now),
      heardAt: new Date(now),
      failure: null,
      added: 700,
    });
    expect(pauses.length).toBeGreaterThan(5);
  });

  it("takes in what clients report late, an hour's at each round and a week's once a day", async () => {
    let time = now;
    const known = [event("2026-11-22T09:00:00Z")];
    const server = await standIn(startBitwarden({ events: known, keeps: "table" }));
    const { collector } = await collectorOn(settings(server.url), () => time);
    const added = async (): Promise<number> => (await collector.collect("bitwarden")).added;
    expect(await added()).toBe(1);
    known.push(event("2026-11-22T11:30:00Z"), event("2026-11-17T11:30:00Z"));
    time += 5 * 60_000;
    expect(await added()).toBe(1);
    // A week's comes when the last time is a day ago.
    time += DAY - 6 * 60_000;
    expect(await added()).toBe(0);
    time += 6 * 60_000;
    expect(await added()).toBe(1);
    expect(await added()).toBe(0);
  });

  it("names those who never did anything, and calls people by their names", async () => {
    const members = [
      {
        object: "member",
        id: "m1",
        userId: "u1",
        name: "Ann Lee",
        email: "ann@example.com",
        status: 2,
        type: 2,
      },
      { object: "member", id: "m2", userId: null, name: null, email: "bo@example.com", status: 0, type: 2 },
    ];
    const server = await standIn(
      startBitwarden({ events: [event("2026-11-20T08:00:00Z")], members, keeps: "database" }),
    );
    const { collector, store } = await collectorOn(settings(server.url), () => now);
    await collector.collect("bitwarden");
    const people = await store.people.find({}, { sort: { user: 1 } }).toArray();
    expect(people.map(({ user, name, lastActive }) => ({ user, name, lastActive }))).toEqual([
      { user: "ann@example.com", name: "Ann Lee", lastActive: new Date("2026-11-20T08:00:00Z") },
      { user: "bo@example.com", name: null, lastActive: null },
    ]);
  });

  it("begins at COLLECT_SINCE, and reads again from a day that is said", async () => {
    const known = [event("2026-01-10T08:00:00Z"), event("2025-05-10T08:00:00Z")];
    const server = await standIn(startBitwarden({ events: known, keeps: "table" }));
    const { collector, store } = await collectorOn(
      { ...settings(server.url), COLLECT_SINCE: "2026-01-01" },
      () => now,
    );
    await collector.collect("bitwarden");
    expect(await store.events.countDocuments({})).toBe(1);
    await collector.collect("bitwarden", { since: Date.parse("2025-01-01") });
    expect(await store.events.countDocuments({})).toBe(2);
    // Nothing between is left out where what was asked for begins behind where it stood.
    await store.feeds.updateOne({}, { $set: { upTo: new Date("2026-03-01T00:00:00Z") } });
    known.push(event("2026-03-02T08:00:00Z"));
    await collector.collect("bitwarden", { since: Date.parse("2026-11-20") });
    expect(await store.events.countDocuments({})).toBe(3);
  });

  it("never goes back behind COLLECT_SINCE for what comes late", async () => {
    let time = now;
    const known = [event("2026-11-20T08:00:00Z")];
    const server = await standIn(startBitwarden({ events: known, keeps: "table" }));
    const { collector, store } = await collectorOn(
      { ...settings(server.url), COLLECT_SINCE: "2026-11-20" },
      () => time,
    );
    await collector.collect("bitwarden");
    time += 2 * DAY;
    known.push(event("2026-11-19T08:00:00Z"), event("2026-11-20T09:00:00Z"));
    await collector.collect("bitwarden");
    expect(await store.events.countDocuments({})).toBe(2);
  });

  it("says why nothing comes and since when, and nothing of the secret", async () => {
    const server = await standIn(startBitwarden({ events: [], keeps: "table" }));
    let time = now;
    const { collector, store } = await collectorOn(
      { ...settings(server.url), COLLECT_BITWARDEN_CLIENT_SECRET: "another-secret-that-is-wrong" },
      () => time,
    );
    const why = "Bitwarden does not accept COLLECT_BITWARDEN_CLIENT_ID with COLLECT_BITWARDEN_CLIENT_SECRET";
    await expect(collector.collect("bitwarden")).rejects.toMatchObject({
      userMessage: why,
      retryable: false,
    });
    time += HOUR;
    await expect(collector.collect("bitwarden")).rejects.toThrow(why);
    expect(await store.feeds.findOne({})).toMatchObject({
      upTo: null,
      failure: { since: new Date(now), at: new Date(time), reason: why },
    });
    expect(server.requests()).toBe(2);
  });
});

it("warns when the web vault's CSV may tell the same once more, whichever came first", async () => {
  const server = await standIn(startBitwarden({ events: [event("2026-11-20T08:00:00Z")], keeps: "table" }));
  const { collector, store, deps } = await collectorOn(settings(server.url), () => now);
  const csv = "userId,date,type\nu1,2026-11-20T08:00:00.0000000Z,Cipher_ClientCopiedPassword\n";
  await importText(deps, "events.csv", csv);
  const reply = await runCommand(["collect"], { ...deps, collector: async () => collector });
  const warning = /events of 20 Nov 2026 from the web vault's CSV already, and those from the API cannot be/;
  expect(reply).toMatchObject({ type: "text", text: expect.stringMatching(warning) });
  await store.imports.deleteMany({});
  const { warnings } = await importText(deps, "events.csv", csv);
  expect(warnings.join()).toMatch(/from the API already, and those from the web vault's CSV cannot be/);
});
