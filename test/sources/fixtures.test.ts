import { expect, test } from "vitest";
import { SourceError } from "../../src/errors.ts";
import { readSource, sources } from "../../src/sources/index.ts";
import { chunked, now } from "./read.ts";
import { fixturesOf, readFixture } from "./report.ts";

// The source csv has none, as anything is its own that a map describes.
const withFixtures = Object.keys(sources).filter((source) => source !== "csv");
const names = (await Promise.all(withFixtures.map(fixturesOf))).flat();
const sourceOf = (name: string) => name.split("/")[0] ?? "";
/** Looks like a list of people, so that Vaultwarden has to be named. */
const hasToBeNamed = (name: string) => name === "vaultwarden/users.csv";
/** Of people with their e-mails, which is a directory if somebody says so. */
const isMemberList = (name: string) => /\/(?:users|members)\./.test(name);

test.each(names)("%s is of its own source and of no other", async (name) => {
  const text = await readFixture(name);
  const own = sourceOf(name);
  const options = { name, now, timeZone: "UTC" };
  const { source } = await readSource(chunked(text), {
    ...options,
    source: hasToBeNamed(name) ? own : undefined,
  });
  expect(source).toBe(own);
  for (const other of Object.keys(sources)) {
    const mayTakeIt =
      other === own ||
      // Takes anything that a map describes.
      other === "csv" ||
      hasToBeNamed(name) ||
      (other === "directory" && isMemberList(name)) ||
      (other === "vaultwarden" && name === "bitwarden/members.json") ||
      (other === "bitwarden" && own === "vaultwarden" && name.endsWith(".json"));
    if (mayTakeIt) continue;
    const reading = readSource(chunked(text), { ...options, source: other });
    await expect(reading, other).rejects.toBeInstanceOf(SourceError);
  }
});

test.each(names)("no address, item name or URL of %s is in any record", async (name) => {
  const text = await readFixture(name);
  const options = { name, now, source: sourceOf(name), timeZone: "UTC" };
  const { records } = await readSource(chunked(text), options);
  const told = JSON.stringify(await Array.fromAsync(records));
  expect(told).not.toMatch(/203\.0\.113|198\.51\.100|2001:db8|payroll|https?:|secret(?! - )|Oslo/i);
});
