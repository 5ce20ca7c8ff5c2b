import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createFraming } from "../../src/intake/framing.ts";

const LONGEST = 2_048;
const frame = (text: string): string => `${Buffer.byteLength(text)} ${text}`;

/** What comes of bytes in chunks of these sizes, the last one repeated; what is broken as a list of its reason. */
function cut(input: string | Uint8Array, sizes: readonly number[] = [1e6], ends = true) {
  const out: (string | [string])[] = [];
  const framing = createFraming(LONGEST, {
    onMessage: (bytes) => void out.push(bytes.toString("latin1")),
    onBroken: (reason) => void out.push([reason]),
  });
  const bytes = Buffer.from(input);
  let last = 1;
  for (let at = 0, i = 0; at < bytes.length; at += last, i++) {
    last = sizes[i] ?? last;
    framing.feed(bytes.subarray(at, at + last));
  }
  const isInside = framing.isInside();
  if (ends) framing.end();
  return { out, isInside };
}

describe("a stream's messages", () => {
  test.each([
    ["lines", "<1>a\n<1>b\r\n\n  \n<1>c\n", ["<1>a", "<1>b\r", "<1>c"]],
    ["a line at the end", "<1>a\n<1>b", ["<1>a", "<1>b"]],
    ["counts", frame("<1>a\nb") + frame("<1>c"), ["<1>a\nb", "<1>c"]],
    [
      "counts with line breaks between",
      `${frame("<1>a")}\n${frame("<1>b")}\r\n${frame("<1>c")}\0`,
      ["<1>a", "<1>b", "<1>c"],
    ],
    ["both", `${frame("<1>a")}<1>b\n${frame("<1>c")}`, ["<1>a", "<1>b", "<1>c"]],
    [
      "lines that begin with digits",
      "2026-03-02T08:01:00Z h a: b\n12 monkeys\n7\n",
      ["2026-03-02T08:01:00Z h a: b", "12 monkeys", "7"],
    ],
    ["a count that is too small", "5 <1>abc\n<1>b\n", ["5 <1>abc", "<1>b"]],
    ["a count that is too large", "9 <1>abc\n<1>bcdef\n", ["9 <1>abc", "<1>bcdef"]],
    ["a count that never ends", "900 <1>abc", [["a line that broke off"]]],
  ] as const)("%s", (_, input, expected) => {
    expect(cut(input).out).toEqual(expected);
  });

  test("are complete with the last byte that was counted", () => {
    expect(cut(frame("<1>a"), [1], false)).toEqual({ out: ["<1>a"], isInside: false });
    expect(cut("<1>a", [1], false)).toEqual({ out: [], isInside: true });
    expect(cut("12", [1], false)).toEqual({ out: [], isInside: true });
  });

  test("that are too long are passed over, counted or not, and nothing of them is held", () => {
    const long = "x".repeat(1_000_000);
    const told = ["a line longer than 2 KB"];
    for (const sizes of [[1e7], [1_000], [70_000]]) {
      expect(
        cut(`<1>${long}\n<1>b\n${frame(`<1>${long}`)}${frame("<1>c")}<1>${"y".repeat(3_000)}\n<1>d\n`, sizes)
          .out,
      ).toEqual([told, "<1>b", told, "<1>c", told, "<1>d"]);
    }
  });

  test("are the same in any chunks where counts are right", () => {
    const text = fc.string({ unit: fc.constantFrom(..."ab <>1\n[]é"), maxLength: 30 });
    const message = fc.oneof(
      text.map((each) => frame(`<1>${each}`)),
      text.map((each) => `<13>${each.replaceAll("\n", " ")}\n`),
      fc.constant(`<13>${"z".repeat(3_000)}\n`),
      fc.constant(frame(`<13>${"z".repeat(3_000)}`)),
    );
    fc.assert(
      fc.property(fc.array(message), fc.array(fc.integer({ min: 1, max: 40 })), (messages, sizes) => {
        const input = messages.join("");
        const { out, isInside } = cut(input, [...sizes, 7], false);
        expect(out).toEqual(cut(input, undefined, false).out);
        expect(out.length).toBe(messages.length);
        expect(isInside).toBe(false);
      }),
    );
  });

  test("end, whatever the bytes", () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.string({ unit: fc.constantFrom(..."019 <>\n\0x"), maxLength: 60 }),
    );
    fc.assert(
      fc.property(bytes, fc.array(fc.integer({ min: 1, max: 9 })), (input, sizes) => {
        for (const each of cut(input, [...sizes, 3]).out) expect(each.length).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
  });

  test("of single bytes take no time", () => {
    const start = performance.now();
    cut(`${frame(`<1>${"x".repeat(2_000)}`)}<1>${"y".repeat(2_000)}\n`.repeat(200), [1]);
    expect(performance.now() - start).toBeLessThan(5_000);
  });
});
