import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { chmod, mkdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { MongoClient } from "mongodb";
import { afterEach, describe, expect, it } from "vitest";
import { openEmbedded } from "../../src/embedded/index.ts";
import { PATIENCE } from "../helpers/patience.ts";
import { isForeign, makeDataDir } from "./harness.ts";

const poll = (look: () => unknown) => expect.poll(look, { timeout: PATIENCE });
const openerScript = fileURLToPath(new URL("./opener.ts", import.meta.url));

describe.skipIf(isForeign)("one store, several processes", () => {
  const closers: (() => unknown)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });

  async function newDataDir(): Promise<string> {
    const { dataDir, remove } = await makeDataDir();
    closers.push(remove);
    return dataDir;
  }

  async function open(dataDir: string) {
    const store = await openEmbedded({ dataDir });
    closers.push(() => store.close());
    const client = new MongoClient(store.uri);
    closers.push(() => client.close());
    return { ...store, numbers: client.db("t").collection<{ _id: number }>("numbers") };
  }

  /** Another process that opens the store, says "open", and closes it when its input ends. */
  async function startOpener(dataDir: string): Promise<ChildProcess> {
    const child = spawn(process.execPath, [openerScript, dataDir], { stdio: ["pipe", "pipe", "inherit"] });
    closers.push(() => child.kill("SIGKILL"));
    if (child.stdout !== null) await once(child.stdout, "data");
    return child;
  }

  it("nobody else can enter", async () => {
    const dataDir = await newDataDir();
    await open(dataDir);
    const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);
    expect(mode(dataDir)).toBe("700");
    expect(mode(join(dataDir, "store"))).toBe("700");
    for (const file of readdirSync(join(dataDir, "store")))
      expect([file, statSync(join(dataDir, "store", file)).mode & 0o077]).toEqual([file, 0]);
  });

  it("a folder that others could enter is closed to them", async () => {
    const dataDir = await newDataDir();
    await mkdir(join(dataDir, "store"), { recursive: true });
    await chmod(join(dataDir, "store"), 0o777);
    await open(dataDir);
    expect(statSync(join(dataDir, "store")).mode & 0o077).toBe(0);
  });

  it("a path too long for a socket gets a short one", async () => {
    const dataDir = join(await newDataDir(), "long".repeat(30));
    const { uri, numbers } = await open(dataDir);
    const socket = decodeURIComponent(new URL(uri).host);
    closers.unshift(() => rm(dirname(socket), { recursive: true, force: true }));
    expect(socket).not.toContain("longlong");
    await numbers.insertOne({ _id: 1 });
  });

  it("six that start at once have one server", async () => {
    const dataDir = await newDataDir();
    const stores = await Promise.all(Array.from({ length: 6 }, () => open(dataDir)));
    await Promise.all(stores.map(({ numbers }, i) => numbers.insertOne({ _id: i })));
    expect(await stores[0]?.numbers.countDocuments()).toBe(6);
    await poll(() => serversOf(dataDir)).toHaveLength(1);
  });

  it("the first may go while the second stays, and the data stay after the last", async () => {
    const dataDir = await newDataDir();
    const first = await startOpener(dataDir);
    const second = await open(dataDir);
    await second.numbers.insertOne({ _id: 1 });
    first.stdin?.end();
    await once(first, "exit");
    await second.numbers.insertOne({ _id: 2 });
    await second.close();
    await poll(() => serversOf(dataDir)).toEqual([]);
    expect(existsSync(join(dataDir, "store", "store.sock"))).toBe(false);
    const third = await open(dataDir);
    expect(await third.numbers.countDocuments()).toBe(2);
  });

  it("a server whose openers were killed goes by itself", async () => {
    const dataDir = await newDataDir();
    const first = await startOpener(dataDir);
    first.kill("SIGKILL");
    await poll(() => serversOf(dataDir)).toEqual([]);
  });

  it("the opener that started the server may be killed while another works", async () => {
    const dataDir = await newDataDir();
    const first = await startOpener(dataDir);
    const second = await open(dataDir);
    first.kill("SIGKILL");
    for (let i = 0; i < 50; i++) await second.numbers.insertOne({ _id: i });
    expect(await second.numbers.countDocuments()).toBe(50);
  });

  it("after the server was killed the next stands at the same address, and the driver finds it", async () => {
    const dataDir = await newDataDir();
    const [one, two] = [await open(dataDir), await open(dataDir)];
    await one.numbers.insertOne({ _id: 1 });
    await two.numbers.countDocuments();
    const [pid] = serversOf(dataDir);
    process.kill(pid ?? 0, "SIGKILL");
    // What the driver writes to a connection that has just died (EPIPE) it does not send again by itself.
    await poll(() => two.numbers.countDocuments().catch(String)).toBe(1);
    await poll(() => one.numbers.insertOne({ _id: 2 }).then(() => "in", String)).toBe("in");
    expect(await two.numbers.countDocuments()).toBe(2);
    await poll(() => serversOf(dataDir)).toHaveLength(1);
    expect(serversOf(dataDir)).not.toContain(pid);
  });

  it("what is no store is refused in one line", async () => {
    const dataDir = await newDataDir();
    await mkdir(join(dataDir, "store", "store.db"), { recursive: true, mode: 0o700 });
    await expect(openEmbedded({ dataDir })).rejects.toThrow(/does not start/);
  });

  it("a file of another format is left alone, and the message says so", async () => {
    const dataDir = await newDataDir();
    const first = await open(dataDir);
    await first.numbers.insertOne({ _id: 1 });
    await first.close();
    const setFormat = (format: number) => {
      const database = new DatabaseSync(join(dataDir, "store", "store.db"));
      const { user_version } = database.prepare("PRAGMA user_version").get() as { user_version: number };
      database.exec(`PRAGMA user_version = ${format}`);
      database.close();
      return user_version;
    };
    const format = setFormat(99);
    const userMessage = expect.stringMatching(
      new RegExp(
        `^the store in ${join(dataDir, "store")} was written by another version .*format 99.*knows ${format}`,
      ),
    );
    await expect(openEmbedded({ dataDir })).rejects.toMatchObject({ name: "AppError", userMessage });
    expect(setFormat(format)).toBe(99);
    expect(await (await open(dataDir)).numbers.countDocuments()).toBe(1);
  });

  it("a connection that speaks something else is closed, and the server stays", async () => {
    const dataDir = await newDataDir();
    const { uri, numbers } = await open(dataDir);
    await numbers.insertOne({ _id: 1 });
    const { connect } = await import("node:net");
    const path = decodeURIComponent(new URL(uri).host);
    for (const bytes of [
      "GET / HTTP/1.1\r\n\r\n".padEnd(40),
      "\x20\0\0\0".padEnd(32, "\xff"),
      `${"\x15\0\0\0".padEnd(16, "\0")}\0\0\0\0\0`,
    ]) {
      const socket = connect(path);
      socket.on("error", () => {});
      socket.resume().write(Buffer.from(bytes, "latin1"));
      await Promise.race([once(socket, "close"), new Promise((resolve) => setTimeout(resolve, 200))]);
      socket.destroy();
    }
    expect(await numbers.countDocuments()).toBe(1);
  });
});

/** Process ids of the servers of this folder. */
function serversOf(dataDir: string): number[] {
  const list = existsSync("/proc/self/cmdline")
    ? readdirSync("/proc")
        .filter((name) => /^\d+$/.test(name))
        .map((pid) => `${pid} ${commandLine(pid)}`)
    : execFileSync("ps", ["-axo", "pid,command"], { encoding: "utf8" }).split("\n");
  return list
    .filter((line) => line.includes("server-main.ts") && line.includes(dataDir))
    .map((line) => Number.parseInt(line, 10));
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return "";
  }
}
