import { expect, test } from "vitest";
import { eventsOf, plainLine, readAll, rejectedOf } from "./read.ts";

test("reads every field of the plain format", async () => {
  const { source, records } = await readAll(
    '{"id":"e1","at":"2026-10-01T08:00:00Z","user":{"id":"u1","email":" Ann@Example.com","name":"Ann\\nB"},"kind":"login","session":"s1","device":"d1","item":"i1"}\n',
  );
  expect(source).toBe("plain");
  expect(records).toEqual([
    {
      type: "event",
      line: 1,
      event: {
        id: "e1",
        at: Date.UTC(2026, 9, 1, 8),
        account: { id: "u1", email: "ann@example.com", name: "Ann B" },
        kind: "login",
        session: "s1",
        device: "d1",
      },
    },
  ]);
});

test("what may be missing may be null, and a number may be an id", async () => {
  const { records } = await readAll(
    `${plainLine("a", { id: 7, session: null, device: "", user: { email: "Bob@Example.com" } })}\n`,
  );
  expect(eventsOf(records)).toEqual([
    {
      id: "7",
      at: Date.UTC(2026, 9, 1, 8),
      account: { id: "bob@example.com", email: "bob@example.com" },
      kind: "login",
    },
  ]);
});

test("an event without an id has the same one in every reading, and equal ones stay apart", async () => {
  const line = plainLine("x", { id: undefined, item: "i1" });
  const other = plainLine("x", { id: undefined, item: "i2" });
  const once = eventsOf((await readAll([line, line, other, line].join("\n"))).records).map(({ id }) => id);
  const again = eventsOf((await readAll([other, line, line, line].join("\n"))).records).map(({ id }) => id);
  expect(new Set(once).size).toBe(4);
  expect(once.toSorted()).toEqual(again.toSorted());
  expect(once[0]).toMatch(/^[\w-]{22}$/);
  expect(once[1]).toBe(`${once[0]}.2`);
});

test("rejects what cannot be used, with its line and a reason that repeats no value", async () => {
  const long = "x".repeat(257);
  const lines: [line: string, reason: string][] = [
    [plainLine("1", { kind: "hacked" }), "unknown kind, right would be one of login, logout"],
    [plainLine("2", { kind: undefined }), "no kind"],
    [plainLine("3", { user: { name: "Ann" } }), "no user id and no e-mail"],
    [plainLine("4", { user: { email: "nobody" } }), "no user id and no e-mail"],
    [plainLine("5", { user: "u1" }), "no user id and no e-mail"],
    [plainLine(long), "the id is longer than 256 characters"],
    [plainLine("7", { session: {} }), "the session is neither text nor a number"],
    [plainLine("8", { device: "a\u0000b" }), "the device has control characters or broken text"],
    [plainLine("9", { user: { id: "\ud800" } }), "the user id has control characters or broken text"],
    [plainLine("10", { at: undefined }), "no time"],
    [plainLine("11", { at: 1790000000 }), "the time is not ISO 8601"],
    [plainLine("12", { at: "2999-01-01T00:00:00Z" }), "time 2999-01-01T00:00:00Z lies in the future"],
    ['{"id":"13", secret}', "not valid JSON"],
    ["[1]", "not a JSON object"],
    ["secret words", "not a JSON object"],
    [`${plainLine("16")} secret`, "not valid JSON"],
    ['{"id":"17"', "not valid JSON"],
  ];
  const text = [plainLine("first"), ...lines.map(([line]) => line), plainLine("last")].join("\n");
  const { records } = await readAll(text);
  expect(eventsOf(records).map(({ id }) => id)).toEqual(["first", "last"]);
  expect(rejectedOf(records)).toEqual(
    lines.map(([, reason], index) => ({ line: index + 2, reason: expect.stringContaining(reason) })),
  );
  expect(JSON.stringify(rejectedOf(records))).not.toMatch(/secret|hacked|nobody/);
});

test("fields with dangerous names and doubled fields do no harm", async () => {
  const { records } = await readAll(
    [
      '{"__proto__":{"kind":"logout","polluted":1},"id":"a","at":"2026-10-01T08:00:00Z","user":{"id":"u","__proto__":{"email":"x@example.com"}},"kind":"login"}',
      '{"id":"b","id":"c","at":"2026-10-01T08:00:00Z","user":{"id":"u"},"kind":"constructor","kind":"login"}',
      plainLine("d", { kind: "__proto__" }),
      plainLine("e", { deep: JSON.parse("[".repeat(5000) + "]".repeat(5000)) }),
    ].join("\n"),
  );
  expect(eventsOf(records).map(({ id, account }) => [id, account])).toEqual([
    ["a", { id: "u" }],
    ["c", { id: "u" }],
    ["e", { id: "u1" }],
  ]);
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});

test("a long name is cut, between characters", async () => {
  const { records } = await readAll(plainLine("a", { user: { id: "u", name: `${"n".repeat(299)}😀😀` } }));
  expect(eventsOf(records)[0]?.account.name).toBe("n".repeat(299));
});
