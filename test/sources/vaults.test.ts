import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import type { SourceRecord } from "../../src/domain/event.ts";
import { AppError } from "../../src/errors.ts";
import { readSource } from "../../src/sources/index.ts";
import { atEndOfFile, testEngine } from "../helpers/engine.ts";
import { emptyStore, importText } from "../helpers/fill.ts";
import { chunked, eventsOf, now, rejectedOf } from "./read.ts";
import { overview } from "./report.ts";
import { lines, pretty, vaults } from "./vault-samples.ts";

async function read(input: string | AsyncIterable<Uint8Array>, source?: string): Promise<SourceRecord[]> {
  const bytes = typeof input === "string" ? chunked(input) : input;
  const result = await readSource(bytes, { name: "export", now, source, timeZone: "UTC" });
  return Array.fromAsync(result.records);
}

/** What the store keeps of events: one under each id. */
const kept = (all: readonly SourceRecord[]) =>
  [...new Set(eventsOf(all).map(({ id, kind, account }) => `${id} ${kind} ${account.id}`))].toSorted();

describe.each(Object.entries(vaults))("%s", (name, { records, layouts, hasCopies }) => {
  const source = name.split(" ")[0] ?? "";
  const layout = fc.constantFrom(...layouts);

  test("is known by itself, and is read whole, in every layout and any chunks", async () => {
    await fc.assert(
      fc.asyncProperty(records, fc.array(fc.integer({ min: 1, max: 40 })), async (all, sizes) => {
        const expected = kept(await read(lines(all)));
        for (const write of layouts) {
          const found = await readSource(chunked(write(all), ...sizes, 3), {
            name: "x",
            now,
            timeZone: "UTC",
          });
          const got = await Array.fromAsync(found.records);
          expect([found.source, rejectedOf(got)]).toEqual([source, []]);
          expect(got).toHaveLength(all.length);
          expect(kept(got)).toEqual(expected);
        }
      }),
      { numRuns: 25 },
    );
  });

  test("any order, batches and duplication give the same events", async () => {
    const parts = records.chain((all) => {
      const some = fc.shuffledSubarray(all, { minLength: 0, maxLength: all.length });
      const whole = fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length });
      return fc.tuple(fc.constant(all), whole, fc.array(some, { maxLength: 3 }), fc.nat(all.length), layout);
    });
    await fc.assert(
      fc.asyncProperty(parts, async ([all, other, again, cut, write]) => {
        const files = [other.slice(0, cut), other.slice(cut), ...again].filter(({ length }) => length > 0);
        // Within one file, only events that have copies may stand twice.
        const texts = files.map((each) => write(hasCopies ? [...each, ...each.toReversed()] : each));
        const got = (await Promise.all(texts.map((text) => read(text, source)))).flat();
        expect(kept(got)).toEqual(kept(await read(lines(all))));
      }),
      { numRuns: 40 },
    );
  });

  test("damage ends in records with line and reason, the same in any chunks", async () => {
    const edit = fc.tuple(
      fc.nat(),
      fc.nat(6),
      fc.constantFrom("", "{", "}", "[", "]", '"', ",", ":", "\\", "\n", "é", "0"),
    );
    const input = fc
      .tuple(records, layout, fc.array(edit, { minLength: 1, maxLength: 4 }))
      .map(([all, write, edits]) =>
        edits.reduce((text, [place, length, by]) => {
          const from = place % (text.length + 1);
          return text.slice(0, from) + by + text.slice(from + length);
        }, write(all)),
      );
    await fc.assert(
      fc.asyncProperty(input, fc.integer({ min: 1, max: 20 }), async (text, size) => {
        const result = await outcome(() => read(text));
        expect(await outcome(() => read(chunked(text, size)))).toEqual(result);
        if (typeof result === "string") return;
        const last = text.split("\n").length;
        for (const { line } of result) expect(line >= 1 && line <= last).toBe(true);
        for (const { reason } of rejectedOf(result)) expect(reason).toMatch(/^[^\n]{3,120}$/);
      }),
      { numRuns: 60 },
    );
  });

  test("fields of any kind end in records, none of which says what they were", async () => {
    const wild = records.chain(([first = {}]) => {
      const value = fc.oneof(
        fc.jsonValue({ maxDepth: 2 }),
        fc.string({ unit: "binary" }),
        fc.constant("secret"),
      );
      const fields = fc.dictionary(fc.constantFrom(...Object.keys(first), "object", "user", "data"), value);
      return fc.array(fields.map((some) => ({ ...first, ...some }))).map((all) => [first, ...all]);
    });
    await fc.assert(
      fc.asyncProperty(wild, layout, async (all, write) => {
        const result = await outcome(() => read(write(all), source));
        if (typeof result === "string") return;
        for (const { reason } of rejectedOf(result)) expect(reason).not.toContain("secret");
      }),
      { numRuns: 60 },
    );
  });
});

async function outcome<T>(run: () => Promise<T>): Promise<T | string> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof AppError) return error.message;
    throw error;
  }
}

describe("in the store", () => {
  const later = atEndOfFile();
  let engine: Awaited<ReturnType<typeof testEngine>>;
  beforeAll(async () => {
    engine = await testEngine({}, () => Date.parse("2026-03-10T12:00:00Z"), later);
  });

  test("any files of the same events give the same figures, and import twice adds nothing", async () => {
    const { deps } = engine;
    const { store } = engine.engine;
    for (const [name, { records, hasCopies }] of Object.entries(vaults)) {
      if (name === "passbolt lines") continue; // They need a zone to be said, see passbolt.test.ts.
      const [all = []] = fc.sample(records, { numRuns: 1, seed: 7 });
      await emptyStore(store);
      await importText(deps, "all.json", lines(all));
      const expected = await overview(deps, "2026");
      expect(Object.keys(expected.figures).length).toBeGreaterThan(0);
      await emptyStore(store);
      const half = Math.ceil(all.length / 2);
      const pieces = [all.slice(half), all.slice(0, half).toReversed(), hasCopies ? [...all, ...all] : all];
      for (const piece of pieces) if (piece.length > 0) await importText(deps, "piece.json", pretty(piece));
      expect([name, await overview(deps, "2026")]).toEqual([name, expected]);
      const again = await importText(deps, "again.json", lines(all));
      expect(again.imports[0]?.added).toBe(0);
    }
  });
});
