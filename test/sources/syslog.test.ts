import { describe, expect, test } from "vitest";
import { parseCef } from "../../src/sources/cef.ts";
import { parseSyslog } from "../../src/sources/syslog.ts";
import { createYears, isoOfWords } from "../../src/sources/wall-clock.ts";
import { computing } from "../helpers/computing.ts";

describe("a line's header", () => {
  const full = { timestamp: "2026-03-02T08:01:00Z", host: "h", app: "app", process: "7", msgid: "m" };
  const old = { timestamp: "--03-02T08:01:00", host: "h", app: "app", process: "7", message: "hi: there" };
  test.each([
    ["<110>1 2026-03-02T08:01:00Z h app 7 m - hi", { ...full, message: "hi" }],
    ["<110>1 2026-03-02T08:01:00Z h app 7 m - \uFEFFhi", { ...full, message: "hi" }],
    ["\uFEFF<110>1 2026-03-02T08:01:00Z h app 7 m -", { ...full, message: "" }],
    ["41 <110>1 2026-03-02T08:01:00Z h app 7 m - hi", { ...full, message: "hi" }],
    ["<110>1 - - - - - - hi", { message: "hi" }],
    ['<5>1 2026-03-02T08:01:00Z h {"a": 1}', { timestamp: full.timestamp, host: "h", message: '{"a": 1}' }],
    ["<13>Mar  2 08:01:00 h app[7]: hi: there", old],
    ["Mar  2 08:01:00 h app[7]: hi: there", old],
    ["Mar 02 2026 08:01:00 h app[7]: hi: there", { ...old, timestamp: "2026-03-02T08:01:00" }],
    [
      "2026-03-02T09:01:00.123456+01:00 h app[7]: hi: there",
      { ...old, timestamp: "2026-03-02T09:01:00.123456+01:00" },
    ],
    ["<13>Mar  2 08:01:00 h CEF:0|a|b", { timestamp: old.timestamp, host: "h", message: "CEF:0|a|b" }],
    ["<13>Mar  2 08:01:00 {a:b} {c}", { timestamp: old.timestamp, message: "{a:b} {c}" }],
    ["<13>no time", { message: "no time" }],
    ["<1234>1 no priority", { message: "<1234>1 no priority" }],
    ["bare: line", { message: "bare: line" }],
    ["", { message: "" }],
  ])("%j", (text, expected) => {
    const { text: _, ...line } = parseSyslog(text);
    expect(line).toEqual(expected);
  });
});

describe("structured data", () => {
  const read = (data: string) => {
    const { structured, message } = parseSyslog(`<1>1 - - - - - ${data}`);
    const entries = [...(structured ?? [])].map(([id, values]) => [id, Object.fromEntries(values)]);
    return { ...Object.fromEntries(entries), message };
  };
  test.each([
    ['[a@1 k="v" l=""] hi', { "a@1": { k: "v", l: "" }, message: "hi" }],
    ['[a k="v"][b k="w"] hi', { a: { k: "v" }, b: { k: "w" }, message: "hi" }],
    ["[a] hi", { a: {}, message: "hi" }],
    [String.raw`[a k="q\" b\\ e\] n\n" l="x"]`, { a: { k: String.raw`q" b\ e] n\n`, l: "x" }, message: "" }],
    ['[a k="my "best" one" l="x"] hi', { a: { k: 'my "best" one', l: "x" }, message: "hi" }],
    ['[a k="v ] w" l="x"] hi', { a: { k: "v ] w", l: "x" }, message: "hi" }],
    ['[a k="first" k="second"]', { a: { k: "first" }, message: "" }],
    ['[a __proto__="x"]', { a: Object.fromEntries([["__proto__", "x"]]), message: "" }],
    ['[a k="never', { message: '[a k="never' }],
    ["[a k=v] hi", { message: "[a k=v] hi" }],
  ])("%s", (data, expected) => {
    expect(read(data)).toEqual(expected);
  });

  test("takes no time, whatever quotes it has", async () => {
    for (const piece of ['"', '" k', '\\"', '[a k="', '" k="']) {
      const text = `<1>1 - - - - - [a k="${piece.repeat(500_000 / piece.length)}`;
      expect(await computing(() => parseSyslog(text))).toBeLessThan(1_000);
    }
  });
});

test("CEF with its escapes", () => {
  const cef = parseCef(
    String.raw`x CEF:0|Ven\|dor|Pro\\duct|1|7|A - B|3|msg=a\=b c \\ d\ne act= user name  cs1Label=L suser=D\ann x=1 x=2`,
  );
  expect(cef).toMatchObject({
    vendor: "Ven|dor",
    product: String.raw`Pro\duct`,
    signature: "7",
    name: "A - B",
  });
  const expected = {
    msg: "a=b c \\ d\ne",
    act: "user name",
    cs1Label: "L",
    suser: "D\\ann",
    x: "1",
    a: undefined,
  };
  for (const [key, value] of Object.entries(expected)) expect([key, cef?.value(key)]).toEqual([key, value]);
  expect(parseCef("CEF:0|a|b|c|d|e|3|")?.value("x")).toBeUndefined();
  expect(parseCef("CEF:0|a|b|c|d|e")).toBeUndefined();
  expect(parseCef("no CEF")).toBeUndefined();
});

test.each([
  ["Mar  2 08:01:00", "--03-02T08:01:00"],
  ["Nov 10 2022 15:43:42", "2022-11-10T15:43:42"],
  ["Mar 2, 2026 12:01:22 AM", "2026-03-02T00:01:22"],
  ["Mar 2, 2026 12:01 pm", "2026-03-02T12:01:00"],
  ["02 Mar 2026 08:01", "2026-03-02T08:01:00"],
  ["Monday, March 2, 2026 8:01:22.5 PM", undefined],
  ["Mon, March 2, 2026 8:01:22.5 PM", "2026-03-02T20:01:22.5"],
  ["Mar 2, 2026 08:01:22 UTC", "2026-03-02T08:01:22Z"],
  ["Mar 2, 2026 13:01:22 PM", undefined],
  ["Foo 2, 2026 08:01:22", undefined],
  ["2026-03-02T08:01:00", undefined],
])("%s is %s", (words, iso) => {
  expect(isoOfWords(words)).toBe(iso);
});

test.each([
  ["2026-11-22T12:00:00Z", "--03-02T08:01:00", "2026-03-02T08:01:00"],
  ["2026-11-22T12:00:00Z", "--11-22T13:09:00", "2026-11-22T13:09:00"],
  ["2026-11-22T12:00:00Z", "--11-22T13:11:00", "2025-11-22T13:11:00"],
  ["2027-01-05T12:00:00Z", "--12-30T08:01:00", "2026-12-30T08:01:00"],
  ["2026-11-22T12:00:00Z", "--02-29T08:01:00", "2024-02-29T08:01:00"],
  ["2026-12-31T23:30:00Z", "--01-01T00:20:00", "2027-01-01T00:20:00"],
  ["2026-11-22T12:00:00Z", "2026-03-02T08:01:00", "2026-03-02T08:01:00"],
  ["2026-11-22T12:00:00Z", "--hidden", "--hidden"],
])("at %s in Oslo %s is %s", (at, time, whole) => {
  expect(createYears(Date.parse(at), "Europe/Oslo")(time)).toBe(whole);
});
