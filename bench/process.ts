import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const cli = fileURLToPath(new URL("../src/cli.ts", import.meta.url));

/** What a command line cost: wall time in milliseconds, and the most memory of it and of its store in megabytes. */
export interface Cost {
  readonly ms: number;
  readonly memory: number;
  readonly storeMemory: number;
}

/** Runs the command line as a user would; fails when that fails. */
export function runUsage(
  args: readonly string[],
  dataDir: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Cost> {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(process.execPath, [cli, ...args], {
      env: { PATH: process.env.PATH, DATA_DIR: dataDir, ...env },
      stdio: ["ignore", "ignore", "inherit"],
    });
    let [memory, storeMemory] = [0, 0];
    const timer = setInterval(() => {
      memory = Math.max(memory, peakOf(child.pid));
      storeMemory = Math.max(storeMemory, peakOf(serverOf(dataDir)));
    }, 250);
    child.on("error", reject);
    child.on("close", (status) => {
      clearInterval(timer);
      if (status === 0) resolve({ ms: performance.now() - start, memory, storeMemory });
      else reject(new Error(`usage ${args.join(" ")} ended with ${status}`));
    });
  });
}

/** The most memory that a process ever had, in megabytes; only where there is `/proc`, elsewhere 0. */
export function peakOf(pid: number | undefined): number {
  try {
    return Math.round(
      Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024,
    );
  } catch {
    return 0;
  }
}

function serverOf(dataDir: string): number | undefined {
  try {
    return readdirSync("/proc")
      .map(Number)
      .find((pid) => {
        if (!Number.isInteger(pid)) return false;
        try {
          const words = readFileSync(`/proc/${pid}/cmdline`, "utf8");
          return words.includes("server-main.ts") && words.includes(dataDir);
        } catch {
          return false;
        }
      });
  } catch {
    return undefined;
  }
}
