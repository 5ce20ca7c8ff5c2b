import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const cli = fileURLToPath(new URL("../../src/cli.ts", import.meta.url));
const server = fileURLToPath(new URL("usage-server.ts", import.meta.url));

export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command line for a process that runs several. */
export interface CommandLine {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly input: string | Uint8Array;
}

interface UsageOptions {
  readonly dataDir: string;
  readonly env?: Record<string, string>;
  readonly input?: string | Uint8Array;
}

/** What every process gets of this one's environment; `NODE_COMPILE_CACHE` saves it a third of its start. */
function inherited(): Record<string, string> {
  const { PATH = "", NODE_COMPILE_CACHE } = process.env;
  return { PATH, ...(NODE_COMPILE_CACHE !== undefined && { NODE_COMPILE_CACHE }) };
}

let shared: ReturnType<typeof startServer> | undefined;

/**
 * Runs the command line as a user would, but in a process that is there for all tests and runs one after the other,
 * since starting one takes longer than most commands. What is about the process itself is for `usageAlone`.
 */
export function usage(args: readonly string[], options: UsageOptions): Promise<Outcome> {
  shared ??= startServer(() => {
    shared = undefined;
  });
  return shared.run(args, options);
}

/** Several command lines one after the other, in a process of their own, which has to end by itself then. */
export async function usageMany(
  lines: readonly (readonly string[])[],
  options: UsageOptions,
): Promise<readonly Outcome[]> {
  const own = startServer();
  const outcomes: Outcome[] = [];
  for (const args of lines) outcomes.push(await own.run(args, options));
  await own.end();
  return outcomes;
}

/** Runs the command line as a user does, in a process of its own. */
export function usageAlone(args: readonly string[], options: UsageOptions): Promise<Outcome> {
  const { promise, resolve, reject } = Promise.withResolvers<Outcome>();
  const env = { ...inherited(), DATA_DIR: options.dataDir, ...options.env };
  const child = spawn(process.execPath, [cli, ...args], { env, stdio: "pipe" });
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
  return promise;
}

function startServer(onEnd = (): void => {}) {
  const child: ChildProcess = fork(server, {
    env: inherited(),
    execArgv: [],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    serialization: "advanced",
  });
  const ended = once(child, "exit");
  ended.then(onEnd, onEnd);
  let queue: Promise<unknown> = Promise.resolve();
  /** Keeps this process waiting for the other while that has something to do, and no longer. */
  const hold = (isHeld: boolean): void => {
    child[isHeld ? "ref" : "unref"]();
    child.channel?.[isHeld ? "ref" : "unref"]();
  };
  const ask = async (line: CommandLine): Promise<Outcome> => {
    hold(true);
    const answer = once(child, "message");
    child.send(line);
    const [outcome] = await Promise.race([
      answer,
      ended.then(() => Promise.reject(new Error(`the process ended while it ran ${line.args.join(" ")}`))),
    ]);
    hold(false);
    return outcome;
  };
  return {
    run(args: readonly string[], { dataDir, env = {}, input = "" }: UsageOptions): Promise<Outcome> {
      const outcome = queue.then(() => ask({ args, env: { DATA_DIR: dataDir, ...env }, input }));
      queue = outcome.catch(() => undefined);
      return outcome;
    },
    async end(): Promise<void> {
      hold(true);
      child.disconnect();
      const [status] = await ended;
      if (status !== 0) throw new Error(`the process ended with ${status}`);
    },
  };
}
