import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openDataDir } from "../helpers/engine.ts";
import { usage, usageAlone } from "../helpers/usage.ts";

const now = "2026-10-20T12:00:00Z";
const sha256 = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

it("makes files, lists them, gets them again, and says which is which", async () => {
  const { dataDir, folder } = await openDataDir();
  const events = join(folder, "events.jsonl");
  const lines = ["=SUM(1)", "Bo", "Cy"].map((name, i) =>
    JSON.stringify({ id: `e${i}`, at: "2026-10-19T08:00:00Z", user: { id: `u${i}`, name }, kind: "login" }),
  );
  await writeFile(events, `${lines.join("\n")}\n`);
  await usage(["import", events], { dataDir });

  const csv = join(folder, "people.csv");
  const made = await usageAlone(["users", "2026-10", "--now", now, "--out", csv], { dataDir });
  const bytes = await readFile(csv);
  expect(made.stdout).toBe(`${csv}: 3 rows, ${bytes.length} bytes, SHA-256 ${sha256(bytes)}\n`);
  expect(bytes.toString()).toContain("'=SUM(1)");
  const { rows } = JSON.parse(
    (
      await usage(["users", "2026-10", "--now", now, "--out", join(folder, "people.xlsx"), "--json"], {
        dataDir,
      })
    ).stdout,
  );
  expect(rows).toBe(3);
  expect((await readdir(folder)).sort()).toEqual(["data", "events.jsonl", "people.csv", "people.xlsx"]);

  const listed = JSON.parse((await usage(["downloads", "mine", "--json"], { dataDir })).stdout);
  expect(listed).toMatchObject({
    total: 2,
    files: [
      { format: "xlsx", request: "users 2026-10", rows: 3, isThere: true },
      { format: "csv", sha256: sha256(bytes), size: bytes.length, definitions: 1, front: "terminal" },
    ],
  });
  const again = join(folder, "again.csv");
  await usage(["downloads", listed.files[1].id, "--out", again], { dataDir });
  expect((await readFile(again)).equals(bytes)).toBe(true);

  expect((await usage(["verify", again], { dataDir })).stdout).toContain("A report of ours, byte for byte");
  await writeFile(again, `${bytes}x`);
  const other = await usage(["verify", again], { dataDir });
  expect([other.status, other.stdout]).toEqual([0, expect.stringContaining("None of ours")]);
  expect((await usage(["verify", join(folder, "nothing")], { dataDir })).stderr).toMatch(/^there is no file/);
  expect((await usage(["users", "as", "pfd"], { dataDir })).stderr).toContain("did you mean pdf");
  expect((await usage(["status", "as", "csv"], { dataDir })).stderr).toContain("status is no report");
});
