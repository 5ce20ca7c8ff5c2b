import { adminCommands } from "./admin-commands.ts";
import type { Command, Context } from "./command.ts";
import { CommandError, refuse } from "./errors.ts";
import { readCommands } from "./read-commands.ts";
import type { Doc } from "./values.ts";
import type { Message } from "./wire.ts";
import { writeCommands } from "./write-commands.ts";

/**
 * What a driver asks first. There is deliberately no `setName`, `logicalSessionTimeoutMinutes` or
 * `topologyVersion`: without them no driver sends sessions, transactions or waiting heartbeats.
 */
const hello: Command = ({ now }) => ({
  helloOk: true,
  isWritablePrimary: true,
  ismaster: true,
  maxBsonObjectSize: 16 * 1024 * 1024,
  maxMessageSizeBytes: 48_000_000,
  maxWriteBatchSize: 100_000,
  localTime: new Date(now()),
  minWireVersion: 0,
  maxWireVersion: 21,
  readOnly: false,
});

const buildInfo: Command = () => ({
  version: "7.0.0",
  versionArray: [7, 0, 0, 0],
  modules: ["embedded"],
  pid: process.pid,
  maxBsonObjectSize: 16 * 1024 * 1024,
});

/** Every command there is; whatever is not here is refused with 59 (CommandNotFound). */
const commands = new Map<string, Command>(
  Object.entries({
    hello,
    ismaster: hello,
    isMaster: hello,
    buildInfo,
    buildinfo: buildInfo,
    ping: () => ({}),
    endSessions: () => ({}),
    ...readCommands,
    ...writeCommands,
    ...adminCommands,
  }),
);

/** Runs a command; the reply carries what went wrong, so this throws only where the store itself is broken. */
export function runCommand(context: Context, { body, sections }: Message): Doc | Buffer {
  const [name = ""] = Object.keys(body);
  try {
    const command = commands.get(name);
    if (command === undefined) refuse(59, `no such command: '${name}'`);
    const level = (body.readConcern as Doc | undefined)?.level;
    if (level !== undefined && !["local", "available", "majority"].includes(String(level)))
      refuse(2, `readConcern level '${String(level)}'`);
    if (body.txnNumber !== undefined) refuse(20, "Transactions");
    const reply = command(context, body, sections);
    return Buffer.isBuffer(reply) ? reply : { ...reply, ok: 1 };
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return { ok: 0, errmsg: error.message, code: error.code, codeName: error.codeName, ...error.extra };
  }
}
