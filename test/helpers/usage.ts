import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const cli = fileURLToPath(new URL("../../src/cli.ts", import.meta.url));
const many = fileURLToPath(new URL("usage-many.ts", import.meta.url));

export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface UsageOptions {
  readonly dataDir: string;
  readonly env?: Record<string, string>;
  readonly input?: string | Uint8Array;
}

/** Runs the command line as a user would, in a process of its own. */
export function usage(args: readonly string[], options: UsageOptions): Promise<Outcome> {
  return run(cli, args, options);
}

/** Several command lines one after the other, in one process, which saves what starting one costs. */
export async function usageMany(
  lines: readonly (readonly string[])[],
  options: UsageOptions,
): Promise<readonly Outcome[]> {
  const { status, stdout, stderr } = await run(many, [JSON.stringify(lines)], options);
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Outcome[];
}

function run(script: string, args: readonly string[], options: UsageOptions): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, ...args], {
      env: { PATH: process.env.PATH, DATA_DIR: options.dataDir, ...options.env },
      stdio: "pipe",
    });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text) => {
      stderr += text;
    });
    child.on("error", reject);
    child.on("close", (status) => resolve({ status, stdout, stderr }));
    // A command that refuses its input early closes the pipe.
    child.stdin.on("error", () => {});
    child.stdin.end(options.input ?? "");
  });
}
