import { expect } from "vitest";
import { usage } from "../helpers/usage.ts";

/** What the reports say of a year, to compare stores by. */
export async function answers(dataDir: string, who = "person3@example.com"): Promise<unknown> {
  const told: unknown[] = [];
  for (const words of [
    ["overview", "last 365 days"],
    ["user", who, "last 365 days"],
  ]) {
    const { status, stdout, stderr } = await usage([...words, "--json", "--now", "2026-11-20T00:00:00Z"], {
      dataDir,
    });
    expect([status, stderr]).toEqual([0, ""]);
    const { figures, charts, tables, dataUpTo, notes } = JSON.parse(stdout);
    told.push({ figures, charts, tables, dataUpTo, notes });
  }
  return told;
}
