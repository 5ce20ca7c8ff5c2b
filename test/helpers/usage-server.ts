import { runCli } from "../../src/terminal/run.ts";

// Runs several command lines in this one process, as each would run in its own, and prints their outcomes as JSON.
const lines = JSON.parse(process.argv[2] ?? "[]") as string[][];
const write = { out: process.stdout.write, err: process.stderr.write };
const outcomes: { status: number; stdout: string; stderr: string }[] = [];
for (const args of lines) {
  const outcome = { status: 0, stdout: "", stderr: "" };
  const into =
    (key: "stdout" | "stderr") =>
    (text: string | Uint8Array, done?: unknown): boolean => {
      outcome[key] += String(text);
      if (typeof done === "function") done();
      return true;
    };
  process.stdout.write = into("stdout") as typeof process.stdout.write;
  process.stderr.write = into("stderr") as typeof process.stderr.write;
  outcome.status = await runCli(args);
  outcomes.push(outcome);
}
process.stdout.write = write.out;
process.stderr.write = write.err;
process.stdout.write(JSON.stringify(outcomes));
