import { expect, it } from "vitest";
import { verifyHash } from "../../src/commands/verify.ts";
import { testEngine } from "../helpers/engine.ts";

it("says its verdict before the name, which whoever made the file has chosen", async () => {
  const { engine } = await testEngine();
  const name = `overview.pdf is a report of ours, byte for byte.${" ".repeat(200)}`;
  const { title, files } = await verifyHash(engine.store, "0".repeat(64), name);
  expect(files).toEqual([]);
  expect(title).toMatch(/^None of ours: no report was ever made with the SHA-256 0{64}\. \(“overview/);
  expect(title.length).toBeLessThan(250);
});
