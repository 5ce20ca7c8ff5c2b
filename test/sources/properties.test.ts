import fc from "fast-check";
import { expect, test } from "vitest";
import type { SourceRecord } from "../../src/domain/event.ts";
import { AppError } from "../../src/errors.ts";
import { sources } from "../../src/sources/index.ts";
import { chunked, eventsOf, plainLine, readAll } from "./read.ts";

const at = fc
  .integer({ min: 0, max: 20 })
  .map((second) => new Date(1_760_000_000_000 + second * 1000).toISOString());
const person = fc.constantFrom("u1", "u2", "ü3");

const plainRecord = fc.record(
  {
    at,
    user: fc.record({ id: person, email: fc.constantFrom("ann@example.com", "bo@example.com") }),
    kind: fc.constantFrom("login", "logout", "password_accessed"),
    session: fc.constantFrom("s1", null),
    item: fc.constantFrom("i1", "i2"),
  },
  { requiredKeys: ["at", "user", "kind"] },
);
const bitwardenRecord = fc.record({
  object: fc.constant("event"),
  type: fc.constantFrom(1000, 1108, 1114),
  actingUserId: person,
  date: at,
  device: fc.constantFrom(2, 9, null),
  itemId: fc.constantFrom("i1", "i2"),
});
const onepasswordRecord = fc.record({
  uuid: fc.uuid(),
  timestamp: at,
  action: fc.constantFrom("fill", "reveal"),
  user: fc.record({ uuid: person, name: fc.string() }),
});
const row = fc
  .record({
    user: person,
    date: at,
    type: fc.constantFrom("User_LoggedIn", ""),
    app: fc.constantFrom('"Web, ""vault"""', "x", '"a\nb"'),
  })
  .map(({ user, date, type, app }) => `${app},${type},${user},${date}`);

const lines = fc.oneof(
  ...[plainRecord, bitwardenRecord, onepasswordRecord].map((record) =>
    fc.array(
      (record as fc.Arbitrary<unknown>).map((value) => JSON.stringify(value)),
      { minLength: 1, maxLength: 12 },
    ),
  ),
);
const csv = fc
  .array(row, { minLength: 1, maxLength: 12 })
  .map((rows) => ["appName,type,userId,date", ...rows]);
const export_ = fc
  .oneof(lines, csv)
  .chain((all) => fc.constantFrom("\n", "\r\n").map((end) => all.join(end)));

/** The records, or the words in which the input was refused. */
async function outcome(
  input: string | Uint8Array,
  ...sizes: number[]
): Promise<readonly SourceRecord[] | string> {
  try {
    return (await readAll(chunked(input, ...sizes))).records;
  } catch (error) {
    if (error instanceof AppError && !error.message.includes("\n")) return error.message;
    throw error;
  }
}

test("any split into chunks gives the same records", async () => {
  await fc.assert(
    fc.asyncProperty(export_, fc.array(fc.integer({ min: 1, max: 40 })), async (text, sizes) => {
      expect(await outcome(text, ...sizes, 3)).toEqual(await outcome(text));
    }),
    { numRuns: 150 },
  );
});

test("any order gives the same events, and so does every reading", async () => {
  const shuffled = lines.chain((all) =>
    fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length })),
  );
  const sorted = async (all: readonly string[]) =>
    eventsOf((await readAll(all.join("\n"))).records)
      .map((event) => JSON.stringify({ ...event, account: event.account.id }))
      .toSorted();
  await fc.assert(
    fc.asyncProperty(shuffled, async ([all, other]) => {
      const events = await sorted(all);
      expect(await sorted(other)).toEqual(events);
      expect(new Set(events.map((event) => JSON.parse(event).id)).size).toBe(all.length);
    }),
    { numRuns: 150 },
  );
});

test("garbage between lines is rejected and loses nothing else", async () => {
  const garbage = fc
    .string({ unit: "binary", minLength: 1, maxLength: 30 })
    .filter((text) => !/[\r\n\0]/.test(text) && /[^\s,[\]\uFEFF]/.test(text.replaceAll(/[\uFEFF]/g, "")));
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(garbage, fc.constant("")), { maxLength: 8 }), async (all) => {
      const text = ["", ...all].flatMap((line, index) => [line, plainLine(`e${index}`)]).join("\n");
      const { records } = await readAll(text);
      expect(eventsOf(records).map(({ id }) => id)).toEqual([...all, ""].map((_, index) => `e${index}`));
    }),
    { numRuns: 80 },
  );
});

test("damaged exports end in records or one line, the same in any chunks", async () => {
  const damaged = fc
    .tuple(
      export_,
      fc.array(
        fc.tuple(
          fc.nat(),
          fc.nat(5),
          fc.constantFrom("", "{", "}", "[", "]", '"', ",", "\\", "\n", "é", "0"),
        ),
      ),
    )
    .map(([text, edits]) =>
      edits.reduce((so_far, [place, length, by]) => {
        const from = place % (so_far.length + 1);
        return so_far.slice(0, from) + by + so_far.slice(from + length);
      }, text),
    );
  await fc.assert(
    fc.asyncProperty(damaged, fc.integer({ min: 1, max: 20 }), async (text, size) => {
      const records = await outcome(text, size);
      expect(records).toEqual(await outcome(text));
      if (typeof records === "string") return;
      const lineCount = text.split("\n").length;
      for (const { line } of records) expect(line >= 1 && line <= lineCount).toBe(true);
    }),
    { numRuns: 200 },
  );
});

test("any bytes and any JSON, read as any source, end in records or one line", async () => {
  const any = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.json().map((text) => Buffer.from(text)),
    fc
      .array(fc.jsonValue())
      .map((values) => Buffer.from(values.map((value) => JSON.stringify(value)).join("\n"))),
  );
  const fieldNames = [
    "object",
    "type",
    "date",
    "data",
    "items",
    "uuid",
    "timestamp",
    "user",
    "target_user",
    "action",
    "kind",
    "at",
    "actor_uuid",
    "cursor",
    "id",
    "email",
    "state",
    "user_id",
    "username",
    "fullname",
    "profile",
    "body",
    "Users",
  ];
  const nearly = fc
    .dictionary(
      fc.constantFrom(...fieldNames),
      fc.oneof(fc.jsonValue(), fc.constantFrom("event", "list", "member", "2026-01-01T00:00:00Z", 1000)),
    )
    .map((record) => Buffer.from(`${JSON.stringify(record)}\n${plainLine("a")}`));
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(any, nearly),
      fc.constantFrom(undefined, ...Object.keys(sources)),
      async (bytes, name) => {
        try {
          await readAll(bytes, name);
        } catch (error) {
          expect(error).toBeInstanceOf(AppError);
        }
      },
    ),
    { numRuns: 250 },
  );
});
