import { rmSync, writeSync } from "node:fs";
import { enableCompileCache } from "node:module";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import type { AppError } from "../errors.ts";

/** Another process has the store; the one that started this tries to join that instead. */
const exitTaken = 3;
/** What was written to the error output is for people to read. */
const exitTold = 4;

const [, , folder = "", socket = ""] = process.argv;

/** Held until this process ends, however it ends; nothing else may ever open the file of the lock. */
function takeLock(): DatabaseSync {
  process.umask(0o077);
  try {
    const lock = new DatabaseSync(join(folder, "lock.db"));
    lock.exec("BEGIN EXCLUSIVE");
    return lock;
  } catch (error) {
    if (error instanceof Error && error.message.includes("locked")) process.exit(exitTaken);
    throw error;
  }
}

const lock = takeLock();
// Beside the code it was compiled from, where only those can write who could change the code as well.
enableCompileCache(fileURLToPath(new URL("../../node_modules/.cache/embedded", import.meta.url)));
const { serve } = await import("./server.ts");
// Whoever holds the lock is alone, so a socket that is still here was left by a server that died.
rmSync(socket, { force: true });
let stop = (): void => {};
try {
  ({ stop } = serve(folder, socket, () => {
    lock.close();
    setImmediate(() => process.exit(0));
  }));
} catch (error) {
  const told = (error as Partial<AppError>).userMessage;
  if (told === undefined) throw error;
  writeSync(2, told);
  process.exit(exitTold);
}
for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, stop);
process.on("SIGHUP", () => {});
