import { expect, test } from "vitest";
import { parseInstant } from "../../src/sources/instant.ts";

const now = Date.parse("2026-11-22T12:00:00Z");

test.each([
  ["2026-03-02T08:03:10Z", "2026-03-02T08:03:10.000Z"],
  ["2026-03-02t08:03z", "2026-03-02T08:03:00.000Z"],
  ["2026-03-02 08:03:10.9+01:00", "2026-03-02T07:03:10.900Z"],
  ["2026-03-02T08:03:10.123456789-0330", "2026-03-02T11:33:10.123Z"],
  ["2026-03-02T08:03:10.0009999Z", "2026-03-02T08:03:10.000Z"],
  ["2026-03-02T08:03-00:00", "2026-03-02T08:03:00.000Z"],
  ["2024-02-29T23:59:59Z", "2024-02-29T23:59:59.000Z"],
  ["2000-01-01T00:00:00Z", "2000-01-01T00:00:00.000Z"],
  ["2026-11-22T12:10:00Z", "2026-11-22T12:10:00.000Z"],
])("%s is %s", (text, expected) => {
  expect(new Date(parseInstant(text, now)).toISOString()).toBe(expected);
});

test.each([
  [undefined, "no time"],
  [null, "no time"],
  ["", "no time"],
  [1790000000, "not ISO 8601"],
  [{}, "not ISO 8601"],
  ["yesterday", "not ISO 8601"],
  ["2026-03-02", "not ISO 8601"],
  ["2026-03-02T08:03:10.Z", "not ISO 8601"],
  ["2026-03-02T08:03:10.1234567890Z", "not ISO 8601"],
  ["+02026-03-02T08:03:10Z", "not ISO 8601"],
  ["2026-03-02T08:03:10", "has no zone"],
  ["2026-03-02T08:03:10.5", "has no zone"],
  ["2026-02-30T08:03:10Z", "does not exist"],
  ["2025-02-29T08:03:10Z", "does not exist"],
  ["2100-02-29T08:03:10Z", "does not exist"],
  ["2026-13-01T08:03:10Z", "does not exist"],
  ["2026-00-01T08:03:10Z", "does not exist"],
  ["2026-01-00T08:03:10Z", "does not exist"],
  ["2026-03-02T24:00:00Z", "does not exist"],
  ["2026-03-02T08:60:00Z", "does not exist"],
  ["2026-03-02T08:03:61Z", "does not exist"],
  ["2026-03-02T08:03:10+24:00", "does not exist"],
  ["2026-03-02T08:03:10+01:60", "does not exist"],
  ["1999-12-31T23:59:59Z", "before 2000"],
  ["0001-01-01T00:00:00Z", "before 2000"],
  ["0050-01-01T00:00:00Z", "before 2000"],
  ["2026-11-22T12:10:00.001Z", "in the future"],
  ["9999-12-31T23:59:59Z", "in the future"],
])("%s is refused: %s", (value, reason) => {
  expect(() => parseInstant(value, now)).toThrow(reason);
});
