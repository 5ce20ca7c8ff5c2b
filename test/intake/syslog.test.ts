import { createSocket } from "node:dgram";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { fileURLToPath } from "node:url";
import { EJSON } from "bson";
import fc from "fast-check";
import { expect, it, onTestFinished } from "vitest";
import { tryLease } from "../../src/store/lease.ts";
import { importText } from "../helpers/fill.ts";
import { figures, limitsWith, type Rig, rigsOnOneStore, until } from "./rig.ts";

const startRig = rigsOnOneStore();
const read = (path: string): string => readFileSync(new URL(path, import.meta.url), "utf8");
const pem = (name: string): string => fileURLToPath(new URL(`fixtures/${name}.pem`, import.meta.url));
const samples = ["keeper/commander", "cyberark/syslog", "devolutions/server", "delinea/cef", "pmp/audit"].map(
  (path) => read(`../sources/fixtures/${path}.syslog`),
);
const passbolt = read("../sources/fixtures/passbolt/siem.ndjson")
  .trim()
  .split("\n")
  .map((json) => `<13>1 2026-03-04T08:01:22Z vault passbolt - - - ${json}`);
const keeperLine = (id: string, second: number, kind = "copy_password"): string => {
  const at = new Date(Date.parse("2026-11-20T08:00:00Z") + second * 1_000).toISOString();
  return `<110>1 ${at} 203.0.113.7 Keeper - ${id} [Keeper@Commander audit_event_type="${kind}" username="ann@example.com"] hidden text`;
};
const frame = (text: string): string => `${Buffer.byteLength(text)} ${text}`;
const onTcp = { SYSLOG_TCP: "0", SYSLOG_TIMEZONE: "Europe/Oslo" };

async function open(rig: Rig, setting = "SYSLOG_TCP"): Promise<Socket> {
  const socket = connect(rig.intake.ports[setting] ?? 0, "127.0.0.1");
  socket.on("error", () => {});
  onTestFinished(() => void socket.destroy());
  await once(socket, "connect");
  return socket;
}

/** Sends bytes in pieces, each on its own, and closes in good order. */
async function send(socket: Socket, bytes: Uint8Array, size = 1e6): Promise<void> {
  socket.setNoDelay(true);
  for (let at = 0; at < bytes.length; at += size) {
    if (!socket.write(bytes.subarray(at, at + size))) await once(socket, "drain");
    if (size < 1e6) await new Promise((resolve) => setImmediate(resolve));
  }
  socket.end();
  await once(socket, "close");
}

async function feed(rig: Rig, id: string) {
  return rig.store.feeds.findOne({ _id: id });
}

/** Resolves once a feed has heard so many records. */
async function heard(rig: Rig, id: string, count: number): Promise<void> {
  await until(async () => ((await feed(rig, id))?.read ?? 0) >= count);
}

it("takes lines of every vault that speaks syslog, over TCP, framed in any way and split anywhere", async () => {
  const lines = [...samples.flatMap((text) => text.trimEnd().split(/\r?\n/)), ...passbolt];
  const counts: Record<string, unknown>[] = [];
  const ids: string[][] = [];
  for (const [join, size] of [
    [(all: readonly string[]) => `${all.join("\n")}\n`, 1e6],
    [(all: readonly string[]) => all.map(frame).join(""), 61],
    [(all: readonly string[]) => all.map((line) => `${frame(line)}\n`).join(""), 7],
  ] as const) {
    const rig = await startRig(onTcp);
    // Only what begins like a message can be counted.
    const framed = lines.map((line) => (line.startsWith("<") ? line : `<13>${line}`));
    await send(await open(rig), Buffer.from(join(framed)), size);
    await rig.intake.close();
    const feeds = await rig.store.feeds.find().sort({ _id: 1 }).toArray();
    counts.push(
      Object.fromEntries(feeds.map(({ _id, read, added, rejected }) => [_id, { read, added, rejected }])),
    );
    ids.push(await rig.eventIds());
    for (const collection of await rig.store.db.listCollections().toArray()) {
      for await (const document of rig.store.db.collection(collection.name).find()) {
        expect(EJSON.stringify(document)).not.toMatch(
          /203\.0\.113|192\.0\.2|hidden|payroll|bank|127\.0\.0\.1/i,
        );
      }
    }
    expect(rig.log.join("")).not.toMatch(/203\.0\.113|hidden|ann@example/i);
  }
  expect(counts[1]).toEqual(counts[0]);
  expect(counts[2]).toEqual(counts[0]);
  expect(ids[1]).toEqual(ids[0]);
  expect(ids[2]).toEqual(ids[0]);
  for (const fed of ["cyberark", "delinea", "devolutions", "keeper Commander", "passbolt SIEM", "pmp"]) {
    const found = counts[0]?.[`syslog ${fed}`] as { added: number } | undefined;
    expect([fed, (found?.added ?? 0) > 3]).toEqual([fed, true]);
  }
}, 60_000);

it("adds nothing when lines are sent again over another connection, and tells true ones apart", async () => {
  const rig = await startRig(onTcp);
  const line = "<14>1 2026-11-20T09:01:00+01:00 h Devolutions Server 7 [9] 43 1 [User:ann@example.com] x";
  const sent = Buffer.from(`${line}\n${line}\n${line.replace(" 43 ", " 10 ")}\n`);
  await send(await open(rig), sent);
  await heard(rig, "syslog devolutions", 3);
  await send(await open(rig), sent);
  await heard(rig, "syslog devolutions", 6);
  await rig.settled();
  expect(await rig.store.events.countDocuments()).toBe(3);
  expect(await figures(rig.deps)).toMatchObject({ passwordsAccessed: 2, passwordsAutofilled: 1 });
});

it("counts lines that are no vault's, with a reason that tells nothing of them", async () => {
  const rig = await startRig({ SYSLOG_TCP: "0" }, limitsWith({ syslog: { longestLine: 1_000 } }));
  const lines = [
    "<13>1 2026-11-20T08:00:00Z h sshd - - - hidden",
    `<13>${"y".repeat(2_000)}`,
    "<13>\xff",
    '{"syslog":{"text":"CEF:0|Thycotic Software|Secret Server|1|2|USER - LOGIN|2|suser=eve"}}',
    "<37>Nov 20 09:01:00 pmp PMP: {ann@example.com:1.2.3.4} {User Logged in} {Nov 20, 2026 09:01:00 AM} {Success} {P} {N/A:N/A:N/A}",
  ];
  await send(await open(rig), Buffer.from(`${lines.join("\n")}\n\n${keeperLine("1", 0)}`, "latin1"));
  await rig.intake.close();
  expect(await feed(rig, "syslog other")).toMatchObject({ source: "other", read: 4, rejected: 4, added: 0 });
  expect(await feed(rig, "syslog pmp")).toMatchObject({
    rejected: 1,
    lastFault: { reason: expect.stringContaining("SYSLOG_TIMEZONE says") },
  });
  expect(await rig.eventIds()).toEqual(["keeper:1"]);
});

it("lets an import say that its days came in another dialect", async () => {
  const rig = await startRig(onTcp);
  await send(await open(rig), Buffer.from(`${keeperLine("1", 0)}\n`));
  await rig.settled();
  await until(async () => (await feed(rig, "syslog keeper Commander"))?.dialect === "Commander");
  const event = {
    audit_event: "copy_password",
    username: "ann@example.com",
    timestamp: "2026-11-20T08:00:00Z",
    enterprise_id: 4711,
    category: "usage",
    remote_address: "203.0.113.8",
    client_version: "Web App.17.1.0",
  };
  const { warnings } = await importText(rig.deps, "siem.ndjson", JSON.stringify(event));
  expect(warnings).toEqual([
    expect.stringContaining("there are events of 20 Nov 2026 from Commander already"),
  ]);
});

it("takes datagrams, one message each", async () => {
  const rig = await startRig({ SYSLOG_UDP: "0", SYSLOG_TIMEZONE: "UTC" });
  const socket = createSocket("udp4");
  const lines = [
    keeperLine("1", 0),
    `${keeperLine("2", 1)}\n`,
    keeperLine("3", 2).replace("hidden", "a\nb"),
    "junk",
  ];
  for (const line of lines) {
    await new Promise((resolve) => socket.send(line, rig.intake.ports.SYSLOG_UDP, "127.0.0.1", resolve));
  }
  await heard(rig, "syslog keeper Commander", 3);
  await heard(rig, "syslog other", 1);
  socket.close();
  await rig.settled();
  expect(await rig.eventIds()).toEqual(["keeper:1", "keeper:2", "keeper:3"]);
});

it("hears nobody whom SYSLOG_ALLOW does not name", async () => {
  const settings = { SYSLOG_TCP: "0", SYSLOG_TLS: "0", SYSLOG_UDP: "0", SYSLOG_ALLOW: "10.0.0.0/8, ::1" };
  const tls = { SYSLOG_TLS_CERT: pem("for-tests-only.cert"), SYSLOG_TLS_KEY: pem("for-tests-only.key") };
  const rig = await startRig({ ...settings, ...tls });
  for (const setting of ["SYSLOG_TCP", "SYSLOG_TLS"]) {
    const socket = await open(rig, setting);
    socket.write(`${keeperLine("1", 0)}\n`);
    await once(socket, "close");
  }
  const socket = createSocket("udp4");
  await new Promise((resolve) =>
    socket.send(keeperLine("2", 0), rig.intake.ports.SYSLOG_UDP, "127.0.0.1", resolve),
  );
  await until(() => rig.log.some((line) => line.includes("SYSLOG_ALLOW does not name them")));
  socket.close();
  await rig.intake.close();
  expect(await rig.store.events.countDocuments()).toBe(0);
  expect(await rig.store.feeds.countDocuments()).toBe(0);
  expect(rig.log.filter((line) => line.includes("refused")).join("")).not.toContain("127.0.0.1");
});

it("speaks TLS, and asks senders for a certificate where it is to", async () => {
  const cert = pem("for-tests-only.cert");
  const base = { SYSLOG_TLS: "0", SYSLOG_TLS_CERT: cert, SYSLOG_TLS_KEY: pem("for-tests-only.key") };
  const sendTls = async (rig: Rig, text: string, more: object = {}): Promise<string> => {
    const port = rig.intake.ports.SYSLOG_TLS ?? 0;
    const socket = connectTls({
      port,
      host: "127.0.0.1",
      servername: "localhost",
      ca: read("fixtures/for-tests-only.cert.pem"),
      ...more,
    });
    let failure = "";
    socket.on("error", (error: NodeJS.ErrnoException) => {
      failure = error.code ?? error.message;
    });
    // Resumed, so that what the server says of the certificate is heard.
    socket.resume();
    socket.write(text);
    socket.end();
    await new Promise((resolve) => socket.once("close", resolve));
    return failure;
  };
  const limits = limitsWith({ syslog: { connectionsOfOne: 2 } });
  const rig = await startRig(base, limits);
  expect(await sendTls(rig, frame(keeperLine("1", 0)))).toBe("");
  await heard(rig, "syslog keeper Commander", 1);
  // Whoever does not speak TLS is no sender.
  const plain = await open(rig, "SYSLOG_TLS");
  plain.write(`${keeperLine("2", 0)}\n`);
  await once(plain, "close");
  await rig.intake.close();

  const asking = await startRig({ ...base, SYSLOG_TLS_CA: cert }, limits);
  const own = {
    cert: read("fixtures/for-tests-only.cert.pem"),
    key: read("fixtures/for-tests-only.key.pem"),
  };
  const strange = {
    cert: read("fixtures/for-tests-only-stranger.cert.pem"),
    key: read("fixtures/for-tests-only-stranger.key.pem"),
  };
  // Whether they hear of it before the connection ends is up to the system.
  await sendTls(asking, frame(keeperLine("3", 0)));
  await sendTls(asking, frame(keeperLine("4", 0)), strange);
  expect(await sendTls(asking, frame(keeperLine("5", 0)), own)).toBe("");
  await heard(asking, "syslog keeper Commander", 1);
  await asking.settled();
  await asking.intake.close();
  expect(await asking.eventIds()).toEqual(["keeper:5"]);
  expect(asking.log.some((line) => line.includes("the handshake failed"))).toBe(true);
});

it("reads no faster than it can store, loses nothing of a connection, and counts what it drops of datagrams", async () => {
  const rig = await startRig(
    { SYSLOG_TCP: "0", SYSLOG_UDP: "0" },
    limitsWith({ waiting: 2_000, syslog: { held: 1_000 } }),
  );
  // Somebody else stores meanwhile.
  const lease = await tryLease(rig.store, "ingest");
  // More than what the system itself holds.
  const count = 8_000;
  const filler = "x".repeat(3_000);
  const socket = await open(rig);
  const sending = send(
    socket,
    Buffer.from(
      Array.from({ length: count }, (_, i) => `${keeperLine(String(i), i / 100)}${filler}\n`).join(""),
    ),
  );
  await until(async () => (await rig.store.inbox.countDocuments()) > 0 && socket.writableLength > 0);
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  const [waiting] = await rig.store.inbox
    .aggregate<{ n: number }>([{ $group: { _id: null, n: { $sum: "$count" } } }])
    .toArray();
  // The bound, what was on its way, and no more.
  expect(waiting?.n).toBeLessThan(2_000 + 3_000);
  const drop = createSocket("udp4");
  for (let i = 0; i < 20; i++) {
    await new Promise((resolve) =>
      drop.send(keeperLine(`udp${i}`, 0), rig.intake.ports.SYSLOG_UDP, "127.0.0.1", resolve),
    );
  }
  await until(async () => ((await feed(rig, "syslog keeper Commander"))?.rejected ?? 0) === 20);
  expect((await feed(rig, "syslog keeper Commander"))?.lastFault?.reason).toMatch(/dropped/);
  drop.close();
  await lease?.release();
  await sending;
  await until(async () => (await rig.store.events.countDocuments()) === count, 30_000);
  await rig.settled();
  expect(await figures(rig.deps)).toMatchObject({ passwordsAccessed: count });
}, 60_000);

it("stores what was read when it ends", async () => {
  const rig = await startRig({ SYSLOG_TCP: "0" }, limitsWith({ syslog: { gathering: 60_000 } }));
  const socket = await open(rig);
  socket.write(`${keeperLine("1", 0)}\n${frame(keeperLine("2", 0))}${keeperLine("half", 0).slice(0, -30)}`);
  await until(() => socket.bytesWritten > 200 && socket.writableLength === 0);
  await new Promise((resolve) => setTimeout(resolve, 100));
  const closed = once(socket, "close");
  await rig.intake.close();
  await closed;
  expect(await rig.eventIds()).toEqual(["keeper:1", "keeper:2"]);
  expect(await rig.store.inbox.countDocuments()).toBe(0);
});

it("has so many connections of one sender, and none with a line that never ends", async () => {
  const rig = await startRig(
    { SYSLOG_TCP: "0" },
    limitsWith({ syslog: { connectionsOfOne: 3, connections: 50, unfinished: 100 } }),
  );
  const kept = await Promise.all([open(rig), open(rig), open(rig)]);
  const refused = await open(rig);
  await once(refused, "close");
  kept[0]?.write(keeperLine("1", 0));
  await once(kept[0] as Socket, "close");
  kept[1]?.write(`${keeperLine("2", 0)}\n`);
  const next = await open(rig);
  next.write(`${keeperLine("3", 0)}\n`);
  await heard(rig, "syslog keeper Commander", 2);
  await rig.settled();
  expect(await rig.eventIds()).toEqual(["keeper:2", "keeper:3"]);
});

it("is there after anything that somebody may send", async () => {
  const rig = await startRig({ SYSLOG_TCP: "0", SYSLOG_UDP: "0", SYSLOG_TIMEZONE: "UTC" });
  const lines = samples.flatMap((text) => text.trimEnd().split("\n"));
  const piece = fc.oneof(
    fc.constantFrom(...lines, "\n", "12 <1>", "9999 <", "<110>1 ", "{", "\0"),
    fc.string({ unit: "binary", maxLength: 40 }),
  );
  const bytes = fc.oneof(
    fc.array(piece).map((pieces) => Buffer.from(pieces.join(""))),
    fc.uint8Array({ maxLength: 400 }).map((each) => Buffer.from(each)),
  );
  const datagrams = createSocket("udp4");
  await fc.assert(
    fc.asyncProperty(bytes, fc.constantFrom(1e6, 50), fc.boolean(), async (input, size, isReset) => {
      const socket = await open(rig);
      if (isReset) {
        socket.write(input);
        socket.resetAndDestroy();
      } else await send(socket, input, size);
      await new Promise((resolve) =>
        datagrams.send(input, rig.intake.ports.SYSLOG_UDP, "127.0.0.1", resolve),
      );
    }),
    { numRuns: 100 },
  );
  datagrams.close();
  await send(await open(rig), Buffer.from(`${keeperLine("last", 0)}\n`));
  await until(async () => (await rig.eventIds()).includes("keeper:last"));
  await rig.settled();
}, 60_000);

it("names the setting that is wrong", async () => {
  const taken = await startRig({ SYSLOG_TCP: "0" });
  const port = String(taken.intake.ports.SYSLOG_TCP);
  await expect(startRig({ SYSLOG_TCP: port })).rejects.toThrow(`SYSLOG_TCP has to be a free port`);
  const files = { SYSLOG_TLS: "0", SYSLOG_TLS_CERT: pem("for-tests-only.cert") };
  await expect(startRig({ ...files, SYSLOG_TLS_KEY: "/no/such/file" })).rejects.toThrow(
    "SYSLOG_TLS_KEY has to be a file",
  );
  await expect(startRig({ ...files, SYSLOG_TLS_KEY: pem("for-tests-only-stranger.key") })).rejects.toThrow(
    "of one certificate and its key",
  );
});
