import { expect, it } from "vitest";
import { completenessText } from "../../src/domain/completeness.ts";
import type { ReportSource } from "../../src/domain/report.ts";

const at = (hour: number): Date => new Date(Date.UTC(2026, 10, 20, hour));
const told = (when: Date): string => `${when.getUTCHours()}:00`;
const text = (sources: readonly ReportSource[], dataUpTo: Date | null = at(23)): string =>
  completenessText({ sources, dataUpTo }, told);

it("is short for one source, and tells several one by one, the one that lags most first", () => {
  const [bitwarden, keeper, lastpass] = [
    { source: "bitwarden", title: "Bitwarden", upTo: at(9) },
    { source: "keeper", title: "Keeper", upTo: at(8) },
    { source: "lastpass", title: "LastPass", upTo: null },
  ];
  expect(text([bitwarden])).toBe("data complete up to 9:00");
  expect(text([bitwarden, keeper])).toBe("data complete up to: Keeper 8:00, Bitwarden 9:00");
  expect(text([bitwarden, keeper, lastpass])).toBe(
    "data complete up to: LastPass (nothing yet), Keeper 8:00, Bitwarden 9:00",
  );
  expect(text([lastpass], null)).toBe("");
  expect(text([], at(7))).toBe("data complete up to 7:00");
  expect(text([], null)).toBe("");
});

it("leaves out those that reach furthest, and says so", () => {
  const many = [...Array(9).keys()].map((i) => ({ source: `s${i}`, title: `S${i}`, upTo: at(20 - i) }));
  expect(text(many)).toBe(
    "data complete up to: S8 12:00, S7 13:00, S6 14:00, S5 15:00, S4 16:00, S3 17:00, and 3 more later",
  );
});
