import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { SourceRecord } from "../../src/domain/event.ts";
import { AppError } from "../../src/errors.ts";
import { readSource } from "../../src/sources/index.ts";
import { createLineCutter } from "../../src/sources/line-cutter.ts";
import type { CutRecord } from "../../src/sources/source.ts";
import { computing } from "../helpers/computing.ts";
import { chunked, eventsOf, now } from "./read.ts";

const mb = 1024 * 1024;
const samples = Object.entries({
  keeper: "keeper/commander.syslog",
  cyberark: "cyberark/syslog.syslog",
  devolutions: "devolutions/server.syslog",
  delinea: "delinea/cef.syslog",
  pmp: "pmp/audit.syslog",
}).map(([source, path]) => ({
  source,
  lines: readFileSync(new URL(`fixtures/${path}`, import.meta.url), "utf8")
    .trimEnd()
    .split(/\r?\n/),
}));

/** What the cutter makes of bytes, in chunks of these sizes, the last one repeated. */
async function cutLines(input: string | Uint8Array, ...sizes: number[]) {
  const cutter = createLineCutter();
  const out: CutRecord[] = [];
  for await (const chunk of chunked(input, ...sizes)) cutter.feed(chunk, out);
  cutter.end(out);
  return out;
}

/** Each record as its line with its text or what is wrong with it. */
async function texts(input: string | Uint8Array, ...sizes: number[]) {
  return (await cutLines(input, ...sizes)).map((record) => [
    record.line,
    "fields" in record ? record.fields.text : record,
  ]);
}

/** The records, or the words in which the input was refused. */
async function outcome(
  input: string | Uint8Array,
  source: string | undefined,
  ...sizes: number[]
): Promise<readonly SourceRecord[] | string> {
  const options = { name: "log", now, timeZone: "Europe/Oslo", source };
  try {
    const result = await readSource(chunked(input, ...sizes), options);
    return await Array.fromAsync(result.records);
  } catch (error) {
    if (error instanceof AppError && !error.message.includes("\n")) return error.message;
    throw error;
  }
}

const frame = (text: string): string => `${Buffer.byteLength(text)} ${text}`;

describe("lines", () => {
  test("may end in any way, be blank, and hold anything", async () => {
    const input = Buffer.concat([
      Buffer.from("one\r\n\r\n  \ntwo ü\n"),
      Buffer.from([0x61, 0xff, 0x0a]),
      Buffer.from("three"),
    ]);
    for (const size of [1, 2, 7, 1000]) {
      expect(await texts(input, size)).toEqual([
        [1, "one"],
        [4, "two ü"],
        [5, { line: 5, broken: "not valid UTF-8" }],
        [6, "three"],
      ]);
    }
    expect(await texts("")).toEqual([]);
    const [last] = await cutLines("x");
    expect(last).toMatchObject({ isUnended: true });
    expect((await cutLines("x\n"))[0]).not.toHaveProperty("isUnended");
  });

  test("may be counted frames, with line breaks in them and between them or none", async () => {
    const [a, b, c] = ["<1>1 - a ü", "<13>b\nb", "<1>c\n"];
    const found = [
      [1, a],
      [1, b],
      [2, "<1>c"],
    ];
    for (const size of [1, 3, 1000]) {
      expect(await texts(frame(a) + frame(b) + frame(c), size)).toEqual(found);
      expect(await texts(`${frame(a)}\n${frame(a)}\r\n${frame(b)}\n`, size)).toEqual([
        [1, a],
        [2, a],
        [3, b],
      ]);
      const cutOff = { line: 1, broken: "the input ends in the middle of a record", isCutOff: true };
      expect(await texts(frame(a) + frame(b).slice(0, 6), size)).toEqual([
        [1, a],
        [1, cutOff],
      ]);
    }
  });

  test("with a count that is wrong are lines, and lose nothing", async () => {
    for (const count of ["1", "5", "12", "999999", "1048577", "99999999", "007"]) {
      for (const size of [1, 1000]) {
        const read = await texts(`${count} <1>1 first\n<1>second\n${count} <1>third\n`, size);
        expect(read.map(([line]) => line)).toEqual([1, 2, 3]);
        expect(String(read[1]?.[1])).toBe("<1>second");
      }
    }
  });

  test("of 10 MB are set aside without being held", async () => {
    const long = "y".repeat(10 * mb);
    const text = [long, "a", long, `9999999 <1>${long}`, "b", long].join("\n");
    const broken = "line longer than 1 MB";
    expect(await texts(text, 65_536)).toEqual([
      [1, { line: 1, broken }],
      [2, "a"],
      [3, { line: 3, broken }],
      [4, { line: 4, broken }],
      [5, "b"],
      [6, { line: 6, broken }],
    ]);
    const just = "z".repeat(mb);
    for (const size of [1000, 65_536, 2 * mb]) {
      expect((await texts(`${just}\n${just}z\n`, size)).map(([line, text]) => [line, typeof text])).toEqual([
        [1, "string"],
        [2, "object"],
      ]);
    }
  });

  test("with counts that lie take no time", async () => {
    for (const text of ["1000000 <1>1\n".repeat(200_000), "1000 <1>".repeat(300_000)])
      expect(await computing(() => cutLines(text, 65_536))).toBeLessThan(5_000);
  });

  test("are the same in any chunks", async () => {
    const piece = fc.oneof(
      fc.constantFrom("\n", "\r\n", " ", "12 <1>", "5 <1>x", "<110>1 ", "é", "{"),
      fc.string({ unit: "binary", maxLength: 12 }),
      fc.string({ maxLength: 12 }).map((text) => frame(`<1>${text}`)),
    );
    const bytes = fc.oneof(
      fc.array(piece).map((pieces) => Buffer.from(pieces.join(""))),
      fc.uint8Array({ maxLength: 60 }),
    );
    await fc.assert(
      fc.asyncProperty(bytes, fc.array(fc.integer({ min: 1, max: 20 })), async (input, sizes) => {
        expect(await cutLines(input, ...sizes, 3)).toEqual(await cutLines(input));
      }),
      { numRuns: 200 },
    );
  });
});

describe.each(samples)("$source", ({ source, lines }) => {
  const some = fc.array(fc.constantFrom(...lines), { minLength: 1, maxLength: 15 });

  test("gives the same records in any chunks, with any line ends or counts", async () => {
    const ends = fc.constantFrom<(all: readonly string[]) => string>(
      (all) => all.join("\n"),
      (all) => `${all.join("\r\n")}\r\n`,
      (all) => all.map((line) => (line.startsWith("<") ? frame(line) : line)).join("\n"),
    );
    const sizes = fc.array(fc.integer({ min: 1, max: 600 }));
    await fc.assert(
      fc.asyncProperty(some, ends, sizes, async (all, join, sizes) => {
        const read = await outcome(join(all), source, ...sizes, 50);
        expect(read).toEqual(await outcome(join(all), source));
        const plain = await outcome(`${all.join("\n")}\n`, source);
        expect(typeof read === "string" ? read : eventsOf(read)).toEqual(
          typeof plain === "string" ? plain : eventsOf(plain),
        );
      }),
      { numRuns: 60 },
    );
  });

  test("gives the same events in any order, and for every reading", async () => {
    const shuffled = some.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length })),
    );
    const sorted = async (all: readonly string[]) => {
      const read = await outcome(all.join("\n"), undefined);
      return typeof read === "string"
        ? []
        : eventsOf(read)
            .map((event) => JSON.stringify(event))
            .toSorted();
    };
    await fc.assert(
      fc.asyncProperty(shuffled, async ([all, other]) => {
        expect(await sorted(other)).toEqual(await sorted(all));
        expect(await sorted(all)).toEqual(await sorted(all));
      }),
      { numRuns: 60 },
    );
  });

  test("rejects what is damaged with a line and a reason, and says nothing of it", async () => {
    const damage = fc.constantFrom(
      ...'{}[]<>|=\\":; \n%é0-'.split(""),
      "",
      "CEF:",
      "\u0000",
      "\uFEFF",
      "a".repeat(400),
    );
    const edits = fc.array(fc.tuple(fc.nat(), fc.nat(8), damage), { maxLength: 12 });
    const damaged = fc.tuple(some, edits).map(([all, edits]) =>
      edits.reduce((text, [place, length, by]) => {
        const from = place % (text.length + 1);
        return text.slice(0, from) + by + text.slice(from + length);
      }, all.join("\n")),
    );
    await fc.assert(
      fc.asyncProperty(damaged, fc.integer({ min: 1, max: 300 }), async (text, size) => {
        const read = await outcome(text, source, size);
        expect(read).toEqual(await outcome(text, source));
        if (typeof read === "string") return;
        const lineCount = text.split("\n").length;
        for (const record of read) {
          expect(record.line >= 1 && record.line <= lineCount).toBe(true);
          if (record.type === "rejected") expect(record.reason).toMatch(/^[^\n]{3,120}$/);
          if (record.type === "rejected") expect(record.reason).not.toMatch(/hidden|203\.0/i);
        }
      }),
      { numRuns: 60 },
    );
  });

  test("ends in records or one line, whatever the bytes", async () => {
    const head = fc.constantFrom(...lines);
    const bytes = fc
      .tuple(head, fc.uint8Array({ maxLength: 200 }), fc.boolean())
      .map(([line, noise, isFirst]) =>
        Buffer.concat(isFirst ? [noise, Buffer.from(`\n${line}\n`)] : [Buffer.from(`${line}\n`), noise]),
      );
    await fc.assert(
      fc.asyncProperty(bytes, async (input) => {
        await outcome(input, undefined);
        await outcome(input, source);
      }),
      { numRuns: 50 },
    );
  });

  test("holds nothing of lines of 1 MB", async () => {
    const line = lines[1] ?? "";
    async function* long(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(`${line}\n`);
      const filler = ` ${"f".repeat(mb - 4096)}`;
      for (let index = 0; index < 50; index++) {
        // A person of its own in each, as a name that is a part of its line would keep all of it.
        const person = `someone.with.a.long.name.${index}`;
        yield Buffer.from(`${line.replaceAll(/ann(?=[@:"\]])|Ann(?=")/g, person)}${filler}\n`);
      }
    }
    const options = { name: "log", now, timeZone: "Europe/Oslo" };
    const { records } = await readSource(long(), options);
    globalThis.gc?.();
    const before = process.memoryUsage().heapUsed;
    const kept = new Set<string>();
    for await (const record of records) if (record.type === "event") kept.add(record.event.account.id);
    globalThis.gc?.();
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(30 * mb);
    // Behind JSON nothing may follow.
    expect(kept.size).toBe(source === "cyberark" ? 1 : 51);
  });
});
