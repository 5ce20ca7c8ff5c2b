import { expect, test } from "vitest";
import { createAccountSets } from "../../src/store/account-sets.ts";

test("sets of one kind have the members that each was given, and no other", () => {
  const newSet = createAccountSets();
  const [even, third, none] = [newSet(), newSet(), newSet()];
  for (let i = 0; i < 3_000; i++) {
    if (i % 2 === 0) even.add(`plain/${i}`);
    if (i % 3 === 0) third.add(`plain/${i}`);
    if (i % 4 === 0) even.add(`plain/${i}`);
  }
  const numbers = (set: Iterable<string>) =>
    [...set].map((name) => Number(name.slice(6))).sort((a, b) => a - b);
  expect(numbers(even)).toEqual(Array.from({ length: 1_500 }, (_, i) => 2 * i));
  expect(numbers(third)).toEqual(Array.from({ length: 1_000 }, (_, i) => 3 * i));
  expect([...none]).toEqual([]);
});

test("a set of known names takes a bit for each", () => {
  const newSet = createAccountSets();
  const names = Array.from({ length: 8_000 }, (_, i) => `plain/${i}`);
  const fill = () => {
    const set = newSet();
    for (const name of names) set.add(name);
    return set;
  };
  fill();
  const before = process.memoryUsage();
  const sets = Array.from({ length: 365 }, fill);
  globalThis.gc?.();
  const after = process.memoryUsage();
  expect(sets.length).toBe(365);
  const grown = after.arrayBuffers - before.arrayBuffers + after.heapUsed - before.heapUsed;
  // 365 sets of so many names would take 100 MB.
  expect(grown).toBeLessThan(30 * 1024 * 1024);
});
