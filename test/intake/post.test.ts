import { once } from "node:events";
import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import { gzipSync } from "node:zlib";
import { EJSON } from "bson";
import fc from "fast-check";
import { expect, it } from "vitest";
import { tryLease } from "../../src/store/lease.ts";
import { line } from "../helpers/fill.ts";
import { authorized, figures, limitsWith, NOW, post, rigsOnOneStore, TOKEN, until } from "./rig.ts";

const startRig = rigsOnOneStore();
const HOUR = 3_600_000;
const lines = (from: number, count: number, user = "ann"): string =>
  Array.from({ length: count }, (_, i) => `${line(`e${from + i}`, user, NOW - HOUR + i)}\n`).join("");

it("stores what it answers for, and reports show it", async () => {
  const rig = await startRig();
  const body = `${line("e1", "ann", NOW - HOUR, "login")}\n${line("e2", "ann", NOW - HOUR + 1)}\nnot JSON\n{"kind":"fly"}\n`;
  const answer = await post(rig.url, body);
  expect(answer).toEqual({
    status: 200,
    retryAfter: null,
    body: {
      accepted: 2,
      rejected: 2,
      faults: [
        { line: 3, reason: "not a JSON object" },
        { line: 4, reason: expect.stringMatching(/^unknown kind/) },
      ],
    },
  });
  await rig.settled();
  expect(await rig.eventIds()).toEqual(["plain:e1", "plain:e2"]);
  expect(await figures(rig.deps)).toMatchObject({ loginSessions: 1, passwordsAccessed: 1, latestLogins: 1 });
  // The same again, in another form.
  const list = `[${body.split("\n").slice(0, 2).join(",")}]`;
  expect((await post(rig.url, list, { "content-type": "application/json; charset=utf-8" })).status).toBe(200);
  expect((await post(rig.url, line("e3", "bo", NOW), { "content-type": "application/json" })).body).toEqual({
    accepted: 1,
    rejected: 0,
    faults: [],
  });
  expect((await post(rig.url, "")).body).toEqual({ accepted: 0, rejected: 0, faults: [] });
  await rig.settled();
  expect(await figures(rig.deps)).toMatchObject({ loginSessions: 2, passwordsAccessed: 2 });
  await rig.intake.close();
  expect(await rig.store.feeds.find().toArray()).toEqual([
    {
      _id: "post hr",
      source: "plain",
      upTo: null,
      failure: null,
      heardAt: new Date(NOW),
      read: 7,
      added: 3,
      rejected: 2,
      from: expect.any(Date),
      to: new Date(NOW),
      lastFault: { at: new Date(NOW), reason: expect.stringMatching(/^unknown kind/) },
      unknown: [],
    },
  ]);
});

it("counts events without an id by their number in a body, so that a body sent again adds nothing", async () => {
  const rig = await startRig();
  const bare = JSON.stringify({ at: "2026-11-20T08:00:00Z", user: { id: "u1" }, kind: "password_accessed" });
  const body = `${bare}\n${bare}\n`;
  for (let i = 0; i < 3; i++) expect((await post(rig.url, body)).body).toMatchObject({ accepted: 2 });
  await rig.settled();
  expect(await rig.store.events.countDocuments()).toBe(2);
  await post(rig.url, body + bare);
  await rig.settled();
  expect(await rig.store.events.countDocuments()).toBe(3);
});

it("refuses what it cannot take, with the reason", async () => {
  const rig = await startRig({}, limitsWith({ post: { packed: 200_000, unpacked: 400_000 } }));
  const good = lines(0, 1);
  const status = async (body: string | Uint8Array, headers = {}) =>
    (await post(rig.url, body, headers)).status;
  for (const method of ["GET", "PUT", "DELETE"]) {
    const response = await fetch(rig.url, { method, headers: authorized });
    expect([response.status, response.headers.get("allow")]).toEqual([405, "POST"]);
  }
  const answers = new Set<string>();
  for (const authorization of [
    "",
    "Bearer",
    `Bearer ${TOKEN}x`,
    `Bearer ${TOKEN.slice(1)}`,
    `Basic ${TOKEN}`,
    TOKEN,
  ]) {
    const answer = await post(rig.url, good, { authorization });
    expect(answer.status).toBe(401);
    answers.add(JSON.stringify(answer));
  }
  expect(answers.size).toBe(1);
  for (const type of [
    "text/plain",
    "application/x-www-form-urlencoded",
    "application/json; charset=utf-16",
    "",
  ]) {
    expect(await status(good, { "content-type": type }), type).toBe(415);
  }
  for (const encoding of ["br", "deflate", "gzip, gzip", "zstd"]) {
    expect(await status(good, { "content-encoding": encoding }), encoding).toBe(415);
  }
  expect(await post(rig.url, '{"kind":"fly"}\n[1]\n')).toMatchObject({
    status: 422,
    body: { accepted: 0, rejected: 2, error: expect.stringContaining("none") },
  });
  expect((await post(rig.url, lines(0, 3_000))).body).toEqual({ error: expect.stringMatching(/in parts$/) });
  expect(await status(gzipSync("\n".repeat(400_001)), { "content-encoding": "gzip" })).toBe(413);
  expect(await status(gzipSync(Buffer.alloc(1e8)), { "content-encoding": "gzip" })).toBe(413);
  expect(await status(gzipSync(good), { "content-encoding": "gzip" })).toBe(200);
  expect(await status(good)).toBe(200);
  expect(rig.log.join("")).not.toContain(TOKEN);
});

it("stores what came before a body broke off, says so, and takes it again", async () => {
  const rig = await startRig({}, limitsWith({ documentEvents: 100 }));
  const whole = lines(0, 600);
  const packed = gzipSync(whole);
  const gzip = { "content-encoding": "gzip" };
  for (const [body, headers] of [
    [packed.subarray(0, packed.length - 20), gzip],
    [Buffer.concat([packed.subarray(0, 1_000), Buffer.alloc(50, 255), packed.subarray(1_050)]), gzip],
    [whole.slice(0, -30), {}],
    [`[${whole.trim().replaceAll("\n", ",")}`, { "content-type": "application/json" }],
  ] as const) {
    const answer = await post(rig.url, body, headers);
    expect(answer).toMatchObject({ status: 400, body: { error: expect.stringMatching(/breaks off/) } });
    await rig.settled();
    expect(await rig.store.events.countDocuments()).toBeGreaterThanOrEqual(Number(answer.body.accepted));
  }
  expect((await post(rig.url, packed, gzip)).body).toMatchObject({ accepted: 600 });
  await rig.settled();
  expect(await rig.store.events.countDocuments()).toBe(600);
});

it("takes a body in chunks of any size, and survives whoever leaves in the middle", async () => {
  const rig = await startRig();
  const whole = Buffer.from(lines(0, 40));
  const headers = { ...authorized, "transfer-encoding": "chunked" };
  const chunked = httpRequest(rig.url, { method: "POST", headers });
  for (let at = 0; at < whole.length; at += 37) chunked.write(whole.subarray(at, at + 37));
  chunked.end();
  const [response] = await once(chunked, "response");
  response.resume();
  expect(response.statusCode).toBe(200);

  for (let i = 0; i < 5; i++) {
    const left = httpRequest(rig.url, { method: "POST", headers: { ...authorized, "content-length": 1e6 } });
    left.on("error", () => {});
    left.write(lines(100, 20));
    await new Promise((resolve) => setTimeout(resolve, 20));
    left.destroy();
  }
  expect((await post(rig.url, lines(200, 1))).status).toBe(200);
  await rig.settled();
  expect((await rig.eventIds()).includes("plain:e200")).toBe(true);
  expect(rig.log.join("")).not.toContain("could not be stored");
});

it("ends a request that dribbles", async () => {
  const rig = await startRig();
  const { port, pathname } = new URL(rig.url);
  const socket = connect(Number(port), "127.0.0.1");
  let said = "";
  socket.on("data", (chunk) => {
    said += chunk;
  });
  const head = Object.entries({ host: "x", ...authorized, "content-length": "1000" });
  socket.write(
    `POST ${pathname} HTTP/1.1\r\n${head.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`,
  );
  const timer = setInterval(() => socket.write(" "), 50);
  socket.on("error", () => {});
  await once(socket, "close");
  clearInterval(timer);
  // What it is told may be lost, as it goes on sending.
  expect(said).toMatch(/^(HTTP\/1\.1 408 |$)/);
  expect((await post(rig.url, lines(0, 1))).status).toBe(200);
});

it("answers before the body comes to whoever asks first", async () => {
  const rig = await startRig();
  const ask = (headers: Record<string, string>, body: string) =>
    new Promise<[status: number, wasAsked: boolean]>((resolve, reject) => {
      const asking = httpRequest(rig.url, {
        method: "POST",
        headers: {
          ...authorized,
          expect: "100-continue",
          "content-length": Buffer.byteLength(body),
          ...headers,
        },
      });
      let wasAsked = false;
      asking.on("continue", () => {
        wasAsked = true;
        asking.end(body);
      });
      asking.on("response", (response) => {
        response.resume();
        resolve([response.statusCode ?? 0, wasAsked]);
      });
      asking.on("error", reject);
      asking.flushHeaders();
    });
  expect(await ask({}, lines(0, 2))).toEqual([200, true]);
  expect(await ask({ authorization: "Bearer no" }, lines(0, 2))).toEqual([401, false]);
  expect(await ask({ "content-length": "99999999" }, "")).toEqual([413, false]);
});

it("lets a sender come so often, and so many at once", async () => {
  const rig = await startRig({}, limitsWith({ post: { burst: 5, perSecond: 10, atOnceOfOne: 2 } }));
  const answers = await Promise.all(Array.from({ length: 12 }, (_, i) => post(rig.url, lines(i, 1))));
  const busy = answers.filter(({ status }) => status === 429);
  expect(busy.length).toBeGreaterThanOrEqual(12 - 7);
  expect(busy.every(({ retryAfter }) => Number(retryAfter) >= 1)).toBe(true);
  expect(answers.filter(({ status }) => status === 200).length).toBe(12 - busy.length);
  await until(async () => (await post(rig.url, lines(50, 1))).status === 200);

  // Those who are in the middle of it count.
  await new Promise((resolve) => setTimeout(resolve, 600));
  const open = Array.from({ length: 2 }, () => {
    const started = httpRequest(rig.url, {
      method: "POST",
      headers: { ...authorized, "content-length": 1e5 },
    });
    started.on("error", () => {});
    started.write(lines(60, 1));
    return started;
  });
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect((await post(rig.url, lines(70, 1))).status).toBe(429);
  for (const each of open) each.destroy();
  await until(async () => (await post(rig.url, lines(70, 1))).status === 200);
});

it("does not wait for an import, but for room", async () => {
  const rig = await startRig({}, limitsWith({ waiting: 1_000 }));
  const lease = await tryLease(rig.store, "ingest");
  const telling = {
    item: "Payroll root",
    ip: "203.0.113.7",
    url: "https://hidden.example",
    reason: "ticket",
  };
  const event = { at: "2026-11-20T08:00:00Z", user: { id: "u1" }, kind: "login", ...telling };
  expect((await post(rig.url, JSON.stringify(event))).status).toBe(200);
  const [waiting] = await rig.store.inbox.find().toArray();
  expect(waiting).toMatchObject({ count: 1, events: [{ kind: "login", account: { id: "u1" } }] });
  expect(EJSON.stringify(waiting)).not.toMatch(/payroll|203|hidden|ticket/i);
  expect((await post(rig.url, lines(0, 600))).status).toBe(200);
  expect((await post(rig.url, lines(600, 600))).status).toBe(200);
  const full = await post(rig.url, lines(1_200, 1));
  expect([full.status, Number(full.retryAfter) > 0]).toEqual([503, true]);
  expect(await rig.store.events.countDocuments()).toBe(0);
  await lease?.release();
  await rig.settled();
  await until(async () => (await post(rig.url, lines(1_200, 1))).status === 200);
  await rig.settled();
  expect(await rig.store.events.countDocuments()).toBe(1_202);
  expect(await figures(rig.deps)).toMatchObject({ passwordsAccessed: 1_201 });
});

it("says that it could not be stored, and is well afterwards", async () => {
  const rig = await startRig();
  const insertMany = rig.store.inbox.insertMany;
  rig.store.inbox.insertMany = () => Promise.reject(new Error("no disk"));
  const failed = await post(rig.url, lines(0, 1));
  expect([failed.status, Number(failed.retryAfter) > 0]).toEqual([503, true]);
  rig.store.inbox.insertMany = insertMany;
  expect((await post(rig.url, lines(0, 1))).status).toBe(200);
});

it("answers any body, and takes the good records of it", async () => {
  const rig = await startRig({}, limitsWith({ post: { burst: 1e6 } }));
  const piece = fc.oneof(
    fc.constantFrom("{", "}", "[", "]", '"', ",", "\n", '{"data":[', "\u0000", line("x", "ann", NOW)),
    fc.json(),
    fc.string({ unit: "binary", maxLength: 20 }),
  );
  const bodies = fc.oneof(
    fc.array(piece).map((pieces) => Buffer.from(pieces.join(""))),
    fc.uint8Array({ maxLength: 300 }),
  );
  // So that nothing else is at work meanwhile.
  const lease = await tryLease(rig.store, "ingest");
  let count = 0;
  await fc.assert(
    fc.asyncProperty(bodies, fc.constantFrom("none", "packed", "claimed"), async (body, packing) => {
      const id = `good${count++}`;
      const whole = Buffer.concat([Buffer.from(`${line(id, "ann", NOW)}\n`), body]);
      const sent = packing === "packed" ? gzipSync(whole) : whole;
      const answer = await post(rig.url, sent, packing === "none" ? {} : { "content-encoding": "gzip" });
      expect([200, 400, 422]).toContain(answer.status);
      if (packing !== "claimed") expect(answer.body.accepted).toBeGreaterThanOrEqual(1);
    }),
    { numRuns: 40 },
  );
  await lease?.release();
  await rig.settled();
  expect((await rig.eventIds()).filter((id) => id.startsWith("plain:good")).length).toBeGreaterThan(17);
});
