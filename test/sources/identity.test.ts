import { expect, test } from "vitest";
import { createIdentity, createRecentIdentity } from "../../src/sources/identity.ts";

test("names are the same in every input, and equal traces are numbered", () => {
  const first = createIdentity();
  const second = createIdentity();
  const a = first(["login", "u1", undefined, "2026"]);
  expect(a).toMatch(/^[\w-]{22}$/);
  expect(second(["login", "u1", undefined, "2026"])).toBe(a);
  expect(first(["login", "u1", undefined, "2026"])).toBe(`${a}.2`);
  expect(first(["login", "u1", undefined, "2026"])).toBe(`${a}.3`);
  expect(first(["login", "u1", "2026", undefined])).not.toBe(a);
  expect(first(["login", "u1,2026"])).not.toBe(first(["login", "u1", "2026"]));
});

test("remembers a hundred thousand, in little memory", () => {
  const name = createIdentity();
  const before = process.memoryUsage().arrayBuffers;
  const names = new Set<string>();
  for (let round = 0; round < 2; round++) {
    for (let index = 0; index < 100_000; index++) names.add(name([index]));
  }
  expect(names.size).toBe(200_000);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(3 * 1024 * 1024);
});

test("numbers each of many equal traces once, in little memory, between others", () => {
  const name = createIdentity();
  const first = name(["same"]);
  for (let nth = 2; nth <= 20_000; nth++) {
    expect(name(["same"])).toBe(`${first}.${nth}`);
    expect(name([nth])).toMatch(/^[\w-]{22}$/);
  }
});

test("of an input without an end, remembers the last ones only, and names them as any input does", () => {
  const recent = createRecentIdentity(1_000);
  const a = recent(["a"]);
  expect(a).toBe(createIdentity()(["a"]));
  expect([recent(["a"]), recent(["a"])]).toEqual([`${a}.2`, `${a}.3`]);
  for (let index = 0; index < 400; index++) recent([index]);
  expect(recent(["a"])).toBe(`${a}.4`);
  for (let index = 400; index < 800; index++) recent([index]);
  expect(recent(["a"])).toBe(`${a}.5`);
  for (let index = 800; index < 1_800; index++) recent([index]);
  // Forgotten: taken for one that was sent again.
  expect(recent(["a"])).toBe(a);
  expect(recent([1_799])).toMatch(/\.2$/);

  const before = process.memoryUsage().arrayBuffers;
  const long = createRecentIdentity();
  for (let index = 0; index < 300_000; index++) long([index]);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(10 * 1024 * 1024);
});
