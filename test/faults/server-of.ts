import { readdirSync, readFileSync } from "node:fs";

/** The store's server of a data folder, by its command line. */
export function serverOf(dataDir: string): number | undefined {
  return readdirSync("/proc")
    .map(Number)
    .filter(Number.isInteger)
    .find((pid) => {
      try {
        const words = readFileSync(`/proc/${pid}/cmdline`, "utf8");
        return words.includes("server-main.ts") && words.includes(dataDir);
      } catch {
        return false;
      }
    });
}
