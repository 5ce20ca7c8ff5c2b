import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CommandDeps, CommandOptions } from "../../src/commands/command.ts";
import { runCommand } from "../../src/commands/index.ts";
import type { Reply } from "../../src/commands/reply.ts";
import type { Store } from "../../src/store/open.ts";

/** Imports a text as a file of that name, as somebody at a terminal would. */
export async function importText(
  deps: CommandDeps,
  name: string,
  text: string,
  options: CommandOptions = {},
): Promise<Extract<Reply, { type: "imports" }>> {
  const folder = await mkdtemp(join(tmpdir(), "vault-usage-fill-"));
  const file = join(folder, name);
  await writeFile(file, text);
  const reply = await runCommand(["import", file], deps, options).finally(() =>
    rm(folder, { recursive: true }),
  );
  if (reply.type !== "imports") throw new Error("an import answers with imports");
  return reply;
}

/** A line of the plain format; `at` is an ISO instant or milliseconds, `user` an e-mail and also the account. */
export function line(id: string, user: string, at: string | number, kind = "password_accessed"): string {
  return JSON.stringify({
    id,
    at: new Date(at).toISOString(),
    user: { id: user, email: `${user}@example.com` },
    kind,
  });
}

/** Takes everything out of a store, so that a property need not open one for each example. */
export async function emptyStore(store: Store): Promise<void> {
  const { events, hours, accounts, decisions, imports, people, sessions, daily, stale, meta } = store;
  for (const collection of [
    events,
    hours,
    accounts,
    decisions,
    imports,
    people,
    sessions,
    daily,
    stale,
    meta,
  ]) {
    await collection.deleteMany({});
  }
}
