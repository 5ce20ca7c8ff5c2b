import { Readable } from "node:stream";
import { runCli } from "../../src/terminal/run.ts";
import type { CommandLine, Outcome } from "./usage.ts";

// Runs the command lines that come, one after the other, each as it would run in a process of its own.
let queue = Promise.resolve();
process.on("message", (line: CommandLine) => {
  queue = queue.then(async () => void process.send?.(await run(line)));
});

async function run({ args, env, input }: CommandLine): Promise<Outcome> {
  const outcome = { status: 0, stdout: "", stderr: "" };
  const into =
    (key: "stdout" | "stderr") =>
    (text: string | Uint8Array, done?: unknown): boolean => {
      outcome[key] += String(text);
      if (typeof done === "function") done();
      return true;
    };
  const write = { out: process.stdout.write, err: process.stderr.write };
  process.stdout.write = into("stdout") as typeof process.stdout.write;
  process.stderr.write = into("stderr") as typeof process.stderr.write;
  Object.defineProperty(process, "stdin", { configurable: true, value: Readable.from([Buffer.from(input)]) });
  Object.assign(process.env, env);
  outcome.status = await runCli(args);
  for (const name of Object.keys(env)) delete process.env[name];
  process.stdout.write = write.out;
  process.stderr.write = write.err;
  // A process of one command line ends with its listeners.
  process.stdout.removeAllListeners("error");
  process.removeAllListeners("SIGINT");
  return outcome;
}
