import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { EventKind } from "../../src/domain/event.ts";
import { buildSessions, byTime, type SessionEvent, sessionEnd } from "../../src/domain/sessions.ts";

const start = Date.parse("2026-10-01T08:00:00Z");
const minute = 60_000;

/** `login@0`, `password_accessed@12.5#s1` (minutes after eight, session id), in the order given. */
function events(...texts: string[]): SessionEvent[] {
  return texts.map((text, i) => {
    const [, kind = "other", at = "0", session] = /^(\w+)@([\d.]+)(?:#(\w+))?$/.exec(text) ?? [];
    return {
      id: `e${String(i).padStart(3, "0")}`,
      at: start + Number(at) * minute,
      kind: kind as EventKind,
      source: "plain",
      session,
    };
  });
}

/** Each session as `from–to`, in minutes, with `!` when somebody signed out. */
function told(...texts: string[]): string[] {
  return buildSessions(events(...texts)).map((session) => {
    const minutes = (at: number) => (at - start) / minute;
    return `${minutes(session.startedAt)}–${minutes(session.logoutAt ?? session.lastAt)}${session.logoutAt === undefined ? "" : "!"}`;
  });
}

describe("sessions without an id", () => {
  it("begin at a login, end at a logout", () => {
    expect(told("login@0", "password_accessed@5", "logout@9", "other@10")).toEqual(["0–9!", "10–10"]);
    expect(told("login@0", "login@5")).toEqual(["0–0", "5–5"]);
  });

  it("end after more than thirty minutes of silence", () => {
    expect(told("login@0", "other@30")).toEqual(["0–30"]);
    expect(told("login@0", "other@30.001")).toEqual(["0–0", "30.001–30.001"]);
  });

  it("last no longer than twelve hours", () => {
    const steps = Array.from({ length: 30 }, (_, i) => `other@${i * 30}`);
    expect(told(...steps)).toEqual(["0–720", "750–870"]);
  });

  it("are not opened by a logout or a failed login", () => {
    expect(told("logout@0", "login_failed@1")).toEqual([]);
    expect(told("login@0", "logout@31", "other@32")).toEqual(["0–0", "32–32"]);
    expect(told("login@0", "login_failed@25", "other@40")).toEqual(["0–0", "40–40"]);
  });

  it("are kept apart by device and by source", () => {
    const [a, b, c] = events("login@0", "other@1", "other@2");
    if (!a || !b || !c) throw new Error("three events");
    expect(buildSessions([a, { ...b, device: "phone" }, { ...c, source: "bitwarden" }])).toHaveLength(3);
  });
});

describe("sessions with an id", () => {
  it("are one, whatever the silence", () => {
    expect(told("login@0#a", "other@3000#a", "login@5000#a")).toEqual(["0–5000"]);
    expect(told("login@0#a", "other@1#b", "logout@2#a", "other@3#b")).toEqual(["0–2!", "1–3"]);
  });

  it("are not opened by a logout", () => {
    expect(told("logout@0#a")).toEqual([]);
    expect(told("logout@0#a", "other@5#a")).toEqual(["5–5"]);
  });
});

it("counts what was done", () => {
  const [session] = buildSessions(
    events(
      "login@0",
      "password_accessed@1",
      "password_accessed@2",
      "password_autofilled@3",
      "remote_connection@4",
      "account_added@5",
      "other@6",
    ),
  );
  expect(session?.counts).toEqual({
    passwordsAccessed: 2,
    passwordsAutofilled: 1,
    remoteConnections: 1,
    accountsAdded: 1,
  });
});

it("tells how a session stands", () => {
  const lastAt = start;
  expect(sessionEnd({ lastAt, logoutAt: undefined }, lastAt + 30 * minute)).toEqual({
    end: "open",
    endedAt: null,
  });
  expect(sessionEnd({ lastAt, logoutAt: undefined }, lastAt + 30 * minute + 1)).toEqual({
    end: "idle",
    endedAt: lastAt,
  });
  expect(sessionEnd({ lastAt, logoutAt: lastAt }, lastAt)).toEqual({ end: "logout", endedAt: lastAt });
});

it("gives the same up to any event, the last session shorter", () => {
  const kind = fc.constantFrom<EventKind>("login", "logout", "login_failed", "password_accessed", "other");
  const event = fc.record({
    at: fc.integer({ min: 0, max: 3_000 }),
    kind,
    session: fc.option(fc.constantFrom("a", "b"), { nil: undefined }),
  });
  fc.assert(
    fc.property(fc.array(event, { maxLength: 60 }), fc.nat(60), (raw, cut) => {
      const all = raw
        .map(
          (each, i): SessionEvent => ({
            ...each,
            id: `e${i}`,
            at: start + each.at * minute,
            source: "plain",
          }),
        )
        .sort(byTime);
      const whole = buildSessions(all);
      const part = buildSessions(all.slice(0, cut));
      expect(part.map((session) => session.startedAt)).toEqual(
        whole.slice(0, part.length).map((session) => session.startedAt),
      );
      const starts = whole.map((session) => session.startedAt);
      expect(starts).toEqual([...starts].sort((a, b) => a - b));
    }),
  );
});
