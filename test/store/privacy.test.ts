import { readdir } from "node:fs/promises";
import { EJSON } from "bson";
import { expect, it } from "vitest";
import { runCommand } from "../../src/commands/index.ts";
import { testEngine } from "../helpers/engine.ts";
import { importText } from "../helpers/fill.ts";
import { readFixture } from "../sources/report.ts";

/** Every kind of thing that the fixtures hold in the vendors' places for it, and that nobody is to find here. */
const secrets =
  /\b(?:203\.0\.113|198\.51\.100|192\.0\.2)\.\d+|2001:db8|payroll|hidden|keystroke|https?:\/\/|intranet\.example/i;

const bitwarden = [
  { object: "event", type: 1114, itemId: "b1", actingUserId: "a1", date: "2026-03-02T08:03:10Z", device: 2 },
].map((event) => JSON.stringify({ ...event, ipAddress: "203.0.113.7" }));
const onepassword = JSON.stringify({
  uuid: "S1",
  timestamp: "2026-03-02T09:00:00Z",
  category: "success",
  target_user: { uuid: "U1", name: "Ann", email: "ann@example.com", user_type: "user" },
  client: { app_name: "Payroll", ip_address: "203.0.113.7" },
  location: { country: "NO" },
});

it("nothing that a vault's export tells of addresses, items, pages or reasons is anywhere in the store", async () => {
  const { engine, deps } = await testEngine({}, () => Date.parse("2026-11-23T12:00:00Z"));
  const { db } = engine.store;
  await importText(deps, "bitwarden.json", bitwarden.join("\n"));
  await importText(deps, "onepassword.json", onepassword);
  const folder = new URL("../sources/fixtures/", import.meta.url);
  let files = 0;
  let telling = 0;
  for (const source of await readdir(folder)) {
    for (const file of await readdir(new URL(`${source}/`, folder))) {
      const text = await readFixture(`${source}/${file}`);
      await importText(deps, file, text, { source, sourceZone: "UTC" });
      files += 1;
      if (secrets.test(text)) telling += 1;
    }
  }
  expect(files).toBeGreaterThan(12);
  // Else there would be nothing to find.
  expect(telling).toBeGreaterThan(10);
  await runCommand(["overview", "2026"], deps);
  let documents = 0;
  for (const { name } of await db.listCollections().toArray()) {
    for await (const document of db.collection(name).find()) {
      documents += 1;
      expect(EJSON.stringify(document), name).not.toMatch(secrets);
    }
  }
  expect(documents).toBeGreaterThan(100);
});
