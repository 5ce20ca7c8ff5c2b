import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import type { SourceRecord } from "../../src/domain/event.ts";
import { AppError } from "../../src/errors.ts";
import { type ReadOptions, readSource, sources } from "../../src/sources/index.ts";
import type { Store } from "../../src/store/open.ts";
import { atEndOfFile, temporaryFolder, testEngine } from "../helpers/engine.ts";
import { emptyStore, importText } from "../helpers/fill.ts";
import { chunked, eventsOf, now, rejectedOf } from "./read.ts";
import { vaults } from "./vault-samples.ts";

type How = Pick<ReadOptions, "source" | "map">;

async function open(input: string | Uint8Array | AsyncIterable<Uint8Array>, how: How) {
  const bytes = typeof input === "string" || input instanceof Uint8Array ? chunked(input) : input;
  const result = await readSource(bytes, { name: "export", now, timeZone: "UTC", ...how });
  return { source: result.source, records: await Array.fromAsync(result.records) };
}

/** What the store keeps: one event under each id, and the members. */
const kept = (all: readonly SourceRecord[]) => {
  const events = eventsOf(all).map(({ id, kind, account }) => `${id} ${kind} ${account.id}`);
  const members = all.flatMap((record) => (record.type === "member" ? [JSON.stringify(record.member)] : []));
  return [...new Set([...events, ...members])].toSorted();
};

test("no source is without properties", () => {
  expect(new Set(Object.values(vaults).map(({ source }) => source))).toEqual(new Set(Object.keys(sources)));
});

describe.each(Object.entries(vaults))("%s", (_, { source, isNamed, map, records, layouts, hasCopies }) => {
  const layout = fc.constantFrom(...layouts);
  const [plainest] = layouts;
  /** As little as has to be said. */
  const unsaid = { map, ...(isNamed && { source }) };
  const said = { map, source };
  const read = async (input: Parameters<typeof open>[0], how: How = unsaid) =>
    (await open(input, how)).records;

  test("is known by itself, and is read whole, in every layout and any chunks", async () => {
    await fc.assert(
      fc.asyncProperty(records, fc.array(fc.integer({ min: 1, max: 40 })), async (all, sizes) => {
        const expected = kept(await read(plainest(all)));
        for (const write of layouts) {
          const found = await open(chunked(write(all), ...sizes, 3), unsaid);
          expect([found.source, rejectedOf(found.records)]).toEqual([source, []]);
          expect(found.records).toHaveLength(all.length);
          expect(kept(found.records)).toEqual(expected);
        }
      }),
      { numRuns: 10 },
    );
  });

  test("any order, batches and duplication give the same events and members", async () => {
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
        const got = (await Promise.all(texts.map((text) => read(text, said)))).flat();
        expect(kept(got)).toEqual(kept(await read(plainest(all))));
      }),
      { numRuns: 12 },
    );
  });

  test("damage ends in records with line and reason, the same in any chunks", async () => {
    const structure = fc.constantFrom("", "{", "}", "[", "]", '"', ",", ":", "\\", "\n", "é", "0");
    const by = fc.oneof(
      structure.map((text) => Buffer.from(text)),
      fc.uint8Array({ maxLength: 6 }),
    );
    const edit = fc.tuple(fc.nat(), fc.nat(6), by);
    const input = fc
      .tuple(records, layout, fc.array(edit, { minLength: 1, maxLength: 4 }))
      .map(([all, write, edits]) =>
        edits.reduce(
          (bytes, [place, length, by]) => {
            const from = place % (bytes.length + 1);
            return Buffer.concat([bytes.subarray(0, from), by, bytes.subarray(from + length)]);
          },
          Buffer.from(write(all)),
        ),
      );
    await fc.assert(
      fc.asyncProperty(input, fc.integer({ min: 1, max: 20 }), async (bytes, size) => {
        const result = await outcome(() => read(bytes));
        expect(await outcome(() => read(chunked(bytes, size)))).toEqual(result);
        if (typeof result === "string") return;
        const last = bytes.toString("latin1").split("\n").length;
        for (const { line } of result) expect(line >= 1 && line <= last).toBe(true);
        for (const { reason } of rejectedOf(result)) expect(reason).toMatch(/^[^\n]{3,160}$/);
      }),
      { numRuns: 20 },
    );
  });

  test("fields of any kind end in records, none of which says what they were", async () => {
    const wild = records.chain(([first = {}]) => {
      const value = fc.oneof(
        fc.jsonValue({ maxDepth: 2 }),
        // Halves of characters, too.
        fc.uint16Array({ maxLength: 10 }).map((codes) => String.fromCharCode(...codes)),
        fc.constant("secret"),
      );
      const fields = fc.dictionary(fc.constantFrom(...Object.keys(first), "object", "user", "data"), value);
      return fc.array(fields.map((some) => ({ ...first, ...some }))).map((all) => [first, ...all]);
    });
    await fc.assert(
      fc.asyncProperty(wild, layout, async (all, write) => {
        const result = await outcome(() => read(write(all), said));
        if (typeof result === "string") return;
        for (const { reason } of rejectedOf(result)) expect(reason).not.toContain("secret");
      }),
      { numRuns: 20 },
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

  test.each(Object.entries(vaults))(
    "any files of %s give the same, and an import twice adds nothing",
    async (_, vault) => {
      const { source, isNamed, map, records, layouts, hasCopies } = vault;
      const { deps } = engine;
      const { store } = engine.engine;
      const mapFile = join(await temporaryFolder(), "map.json");
      await writeFile(mapFile, JSON.stringify(map ?? {}));
      const options = { sourceZone: "UTC", ...(isNamed && { source }), ...(map && { map: mapFile }) };
      const [all = []] = fc.sample(records, { numRuns: 1, seed: 7 });
      await emptyStore(store);
      await importText(deps, "all", layouts[0](all), options);
      const expected = await contents(store);
      expect(expected.people?.length).toBeGreaterThan(0);

      await emptyStore(store);
      const half = Math.ceil(all.length / 2);
      const pieces = [all.slice(half), all.slice(0, half).toReversed(), hasCopies ? [...all, ...all] : all];
      for (const [i, piece] of pieces.entries()) {
        const write = layouts[(i + 1) % layouts.length] ?? layouts[0];
        if (piece.length > 0) await importText(deps, "piece", write(piece), options);
      }
      expect(await contents(store)).toEqual(expected);
      const again = await importText(deps, "again", layouts[0](all), options);
      expect(again.imports[0]?.added).toBe(0);
    },
  );
});

/** Everything but the notes of imports, which are as many as there were. */
async function contents(store: Store): Promise<Record<string, unknown[]>> {
  const { events, accounts, people, sessions, daily, stale } = store;
  const read = Object.entries({ events, accounts, people, sessions, daily, stale }).map(
    async ([name, collection]) => [
      name,
      await (collection as Store["events"]).find().sort({ _id: 1 }).toArray(),
    ],
  );
  return Object.fromEntries(await Promise.all(read));
}
