import { createReadStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sampleEvents } from "../../src/demo/sample-events.ts";
import { writeSample } from "../../src/demo/sample-files.ts";
import { samplePeople } from "../../src/demo/sample-people.ts";
import { DAY } from "../../src/domain/calendar.ts";
import type { Member, UsageEvent } from "../../src/domain/event.ts";
import { buildSessions } from "../../src/domain/sessions.ts";
import { statusOf } from "../../src/domain/status.ts";
import { readSource } from "../../src/sources/index.ts";

const now = Date.parse("2026-11-20T09:58:00Z");
const options = { now, timeZone: "Europe/Oslo" };
const isPassive = ({ kind }: UsageEvent): boolean => ["login", "logout", "other"].includes(kind);

let folder: string;
let files: string[];
const events: UsageEvent[] = [];
const members: Member[] = [];
const rejected: string[] = [];
const sources: string[] = [];
let byEmail: ReadonlyMap<string | undefined, UsageEvent[]>;

/** What somebody did, failed logins left out. */
function deedsOf(mailbox: string): UsageEvent[] {
  return (byEmail.get(`${mailbox}@example.com`) ?? []).filter(({ kind }) => kind !== "login_failed");
}

function daysSince(event: UsageEvent | undefined): number {
  return (now - (event?.at ?? Number.NaN)) / DAY;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sample-"));
  files = await writeSample(join(folder, "new"), options);
  for (const file of files) {
    const { source, records } = await readSource(createReadStream(file), { name: file, now });
    sources.push(source);
    for await (const record of records) {
      if (record.type === "event") events.push(record.event);
      else if (record.type === "member") members.push(record.member);
      else rejected.push(`${file}:${record.line}: ${record.reason}`);
    }
  }
  byEmail = Map.groupBy(events, ({ account }) => account.email);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe("the sample's files", () => {
  test("are exports that are read without a rejection", () => {
    expect(rejected).toEqual([]);
    expect(sources).toEqual(["bitwarden", "directory", "plain", "bitwarden"]);
    expect(members).toHaveLength(120);
    expect(events.length).toBeGreaterThan(20_000);
    expect(events.length).toBeLessThan(50_000);
  });

  test("name every event once, none later than now, the last of them shortly before", () => {
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
    const last = events.reduce((latest, { at }) => Math.max(latest, at), 0);
    expect(last).toBeLessThanOrEqual(now);
    expect(now - last).toBeLessThan(DAY / 24);
  });

  test("join the people of the events to those of the member list by e-mail", () => {
    const emails = new Set(members.map(({ email }) => email));
    expect(emails.size).toBe(60);
    const strangers = events.filter(({ account }) => !account.robot && !emails.has(account.email));
    expect(strangers).toEqual([]);
  });
});

describe("the sample's events", () => {
  test("are the same for the same seed, and in order of time", () => {
    const few = { ...options, people: 9, days: 30 };
    const once = [...sampleEvents(few)];
    expect([...sampleEvents(few)]).toEqual(once);
    expect([...sampleEvents({ ...few, seed: 2 })]).not.toEqual(once);
    expect(once.map(({ at }) => at)).toEqual(once.map(({ at }) => at).sort());
  });

  test("begin alike whenever the same day is asked", () => {
    const early = [...sampleEvents({ ...options, people: 9, days: 10 })];
    const late = [...sampleEvents({ ...options, now: now + 8 * (DAY / 24), people: 9, days: 10 })];
    expect(late.slice(0, early.length)).toEqual(early);
    expect(late.length).toBeGreaterThan(early.length);
  });

  test.each([
    ["2026-03-29T12:00:00Z", "Europe/Oslo"],
    ["2026-11-01T12:00:00Z", "America/New_York"],
    ["2026-01-01T00:00:00Z", "Pacific/Kiritimati"],
    ["2028-02-29T23:59:59Z", "UTC"],
  ])("keep to %s in %s", (moment, timeZone) => {
    const instants = [...sampleEvents({ now: Date.parse(moment), timeZone, people: 10 })].map(({ at }) => at);
    const last = instants.at(-1) ?? "";
    expect(Date.parse(last)).toBeLessThanOrEqual(Date.parse(moment));
    expect(Date.parse(moment) - Date.parse(last)).toBeLessThan(4 * DAY);
    expect(instants).toEqual([...instants].sort());
  });
});

describe("the sample's characters", () => {
  test("come to a vault that is mostly in use", () => {
    const count = { active: 0, passive: 0, inactive: 0 };
    for (const { email } of samplePeople) {
      const deeds = deedsOf(email.slice(0, email.indexOf("@")));
      const lastActive = deeds.at(-1)?.at ?? null;
      const lastValue = deeds.findLast((event) => !isPassive(event))?.at ?? null;
      count[statusOf({ lastActive, lastValue }, now, { activeDays: 30, inactiveDays: 45 })]++;
    }
    expect(count).toEqual({ active: 52, passive: 3, inactive: 5 });
  });

  test("one went quiet, one left and still tries, one is new, one came back", () => {
    const away = deedsOf("rohan.deshkulkarni").map(({ at }) => at);
    expect(Math.max(...away.map((at, i) => at - (away[i - 1] ?? at)))).toBeGreaterThan(45 * DAY);
    const quiet = daysSince(deedsOf("fiadh.oconarain").at(-1));
    expect(quiet).toBeGreaterThan(45);
    expect(quiet).toBeLessThan(60);
    expect(daysSince(deedsOf("milo.brandt").at(-1))).toBeGreaterThan(60);
    const tries = (byEmail.get("milo.brandt@example.com") ?? []).filter(({ at }) => now - at < 30 * DAY);
    expect(new Set(tries.map(({ kind }) => kind))).toEqual(new Set(["login_failed"]));
    const beginning = daysSince(deedsOf("tadeusz.wroblicki")[0]);
    expect(beginning).toBeGreaterThan(6);
    expect(beginning).toBeLessThan(11);
  });

  test("two only sign in, three never did anything", () => {
    for (const mailbox of ["gwendolyn.achterberg", "soren.lykkegard"]) {
      expect(deedsOf(mailbox).length).toBeGreaterThan(10);
      expect(deedsOf(mailbox).every(isPassive)).toBe(true);
    }
    const unseen = new Set(members.flatMap(({ email = "" }) => (byEmail.has(email) ? [] : [email])));
    expect([...unseen].sort()).toEqual([
      "ikaika.palakiko@example.com",
      "margit.szentgali@example.com",
      "yonas.tekleab@example.com",
    ]);
  });

  test("one is a robot that works every night", () => {
    const nightly = events.filter(({ account }) => account.robot);
    expect(new Set(nightly.map(({ account }) => account.id)).size).toBe(1);
    const days = new Set(nightly.map(({ at }) => new Date(at).toISOString().slice(0, 10)));
    expect(days.size).toBe(90);
  });

  test("sign out of some sessions and not of others, with a session id and without, from several devices", () => {
    const sessions = buildSessions(deedsOf("alice.ferreira").map((event) => ({ ...event, source: "plain" })));
    const share = (is: (session: (typeof sessions)[number]) => boolean): number =>
      sessions.filter(is).length / sessions.length;
    expect(share(({ logoutAt }) => logoutAt !== undefined)).toBeGreaterThan(0.2);
    expect(share(({ logoutAt }) => logoutAt === undefined)).toBeGreaterThan(0.2);
    expect(share(({ vaultId }) => vaultId !== undefined)).toBeGreaterThan(0.2);
    expect(share(({ vaultId }) => vaultId === undefined)).toBeGreaterThan(0.2);
    expect(new Set(sessions.map(({ device }) => device)).size).toBe(2);
    // Every one of them begins with a sign-in; none falls apart in the middle.
    expect(sessions).toHaveLength(deedsOf("alice.ferreira").filter(({ kind }) => kind === "login").length);
  });

  test("keep weekends and a holiday, and take to auto-fill", () => {
    const perDay = new Map<string, number>();
    for (const { at } of events) {
      const day = new Date(at).toISOString().slice(0, 10);
      perDay.set(day, (perDay.get(day) ?? 0) + 1);
    }
    const mean = (days: number[]): number =>
      days.reduce((sum, day) => sum + (perDay.get(new Date(day).toISOString().slice(0, 10)) ?? 0), 0) /
      days.length;
    const every = (weekday: number): number[] =>
      Array.from({ length: 80 }, (_, ago) => now - ago * DAY).filter(
        (day) => new Date(day).getUTCDay() === weekday,
      );
    expect(mean(every(0))).toBeLessThan(mean(every(3)) / 3);
    const holiday = mean([Date.parse("2026-11-02T00:00:00Z")]);
    expect(holiday).toBeLessThan(mean(every(1)) / 2);
    const fills = (from: number, to: number): number =>
      events.filter(
        ({ kind, at }) => kind === "password_autofilled" && now - at < from * DAY && now - at >= to * DAY,
      ).length;
    expect(fills(30, 0) / fills(60, 30)).toBeGreaterThan(1.03);
    expect(fills(30, 0) / fills(60, 30)).toBeLessThan(1.4);
  });
});
