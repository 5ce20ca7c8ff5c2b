import { readFileSync } from "node:fs";
import { glob } from "node:fs/promises";
import { dirname, join, normalize } from "node:path";
import { expect, it } from "vitest";

/** Top to bottom; a file imports only from its own folder and from lines above. */
const layers = [
  ["errors.ts"],
  ["domain"],
  ["config.ts"],
  ["sources", "store", "render", "messages"],
  ["slack-api"],
  ["reports", "delivery", "collect", "intake"],
  ["schedules"],
  ["commands"],
  ["slack"],
  ["web"],
  // These two stand apart: only what composes the app knows them.
  ["embedded", "demo"],
  ["engine.ts"],
  ["scheduling.ts"],
  ["app.ts"],
  ["terminal"],
  ["main.ts", "cli.ts"],
];

const place = (file: string): string => file.split("/")[0] ?? "";
const levelOf = (name: string): number => layers.findIndex((layer) => layer.includes(name));
/** These start the whole app, beside the local workspace. */
const compositions = ["demo/run.ts", "demo/screenshots.ts", "demo/start.ts"];

it("has imports that point one way", async () => {
  const faults: string[] = [];
  let seen = 0;
  for await (const file of glob("**/*.ts", { cwd: "src" })) {
    const from = place(file);
    expect(levelOf(from), `src/${file} has no layer`).toBeGreaterThanOrEqual(0);
    const text = readFileSync(join("src", file), "utf8");
    for (const [, path = ""] of text.matchAll(/(?:from|import\()\s*"(\.[^"]+)"/g)) {
      seen += 1;
      const target = normalize(join(dirname(file), path));
      const to = place(target);
      if (from === to || compositions.includes(file)) continue;
      const apart = from === "embedded" ? to !== "errors.ts" : to === "embedded" || to === "demo";
      if (levelOf(to) >= levelOf(from) || (apart && from !== "engine.ts")) faults.push(`${file} → ${target}`);
    }
  }
  expect(seen).toBeGreaterThan(50);
  expect(faults).toEqual([]);
});

it("reads the environment in one place", async () => {
  for await (const file of glob("**/*.ts", { cwd: "src" })) {
    if (file === "config.ts" || file.startsWith("embedded/")) continue;
    const text = readFileSync(join("src", file), "utf8");
    // The bundle names it to set what the page's libraries find there.
    if (file !== "render/font-config.ts" && file !== "demo/page/bundle.ts")
      expect(text, file).not.toMatch(/process\.env/);
  }
});
