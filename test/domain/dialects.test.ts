import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findRetold, type Told } from "../../src/domain/dialects.ts";

const told = (dialect: string, from: string, to = from, source = "bitwarden"): Told => ({
  source,
  dialect,
  from: `2026-03-${from}`,
  to: `2026-03-${to}`,
});
const next = told("CSV", "05", "10");

describe("which days were told before", () => {
  it.each<[what: string, earlier: Told[], retold: Told[]]>([
    ["nothing before", [], []],
    ["all of them", [told("API", "01", "31")], [told("API", "05", "10")]],
    ["some in the middle", [told("API", "07", "08")], [told("API", "07", "08")]],
    ["the last", [told("API", "10", "12")], [told("API", "10")]],
    ["the first", [told("API", "01", "05")], [told("API", "05")]],
    ["those before and after", [told("API", "01", "04"), told("API", "11", "12")], []],
    ["the same dialect", [told("CSV", "05", "10")], []],
    ["another source", [told("API", "05", "10", "keeper")], []],
    ["several times", [told("API", "09", "12"), told("API", "01", "05")], [told("API", "05", "10")]],
    [
      "in two dialects",
      [told("API", "05", "06"), told("XML", "06", "20")],
      [told("API", "05", "06"), told("XML", "06", "10")],
    ],
  ])("%s", (_, earlier, retold) => {
    expect(findRetold(next, earlier)).toEqual(retold);
  });

  it("are never others than both have, and it makes no difference who came first", () => {
    const day = fc.integer({ min: 1, max: 28 }).map((n) => String(n).padStart(2, "0"));
    const any = fc
      .tuple(fc.constantFrom("API", "CSV"), day, day)
      .map(([dialect, a, b]) => (a < b ? told(dialect, a, b) : told(dialect, b, a)));
    fc.assert(
      fc.property(any, any, (a, b) => {
        const [there] = findRetold(a, [b]);
        const [back] = findRetold(b, [a]);
        expect([there?.from, there?.to]).toEqual([back?.from, back?.to]);
        const both = a.dialect !== b.dialect && a.from <= b.to && b.from <= a.to;
        expect(there !== undefined).toBe(both);
        if (there) {
          expect(there.from >= a.from && there.from >= b.from).toBe(true);
          expect(there.to <= a.to && there.to <= b.to).toBe(true);
        }
      }),
    );
  });
});
