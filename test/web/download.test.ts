import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createLinks } from "../../src/delivery/links.ts";
import { type ArchiveFacts, archiveFile, removeExpired } from "../../src/store/archive.ts";
import type { Store } from "../../src/store/open.ts";
import { serveDownload } from "../../src/web/download.ts";
import { readRange } from "../../src/web/range.ts";
import { atEndOfFile, testEngine } from "../helpers/engine.ts";

const SECRET = "a secret of thirty-two characters";
const NOW = Date.parse("2026-11-20T10:00:00Z");
const HOUR = 3_600_000;

let store: Store;
let base = "";
let mayFetch = true;
let now = NOW;
const asked: string[] = [];
const failures: unknown[] = [];
const bytes = Buffer.from(Array.from({ length: 600_000 }, (_, i) => i % 251));

const links = () => createLinks({ baseUrl: base, secret: SECRET });
const server = createServer((request, response) => {
  const deps = {
    store,
    links: links(),
    clock: () => now,
    onFailure: (error: unknown) => failures.push(error),
    async mayFetch({ who }: { who: string }) {
      asked.push(who);
      return mayFetch;
    },
  };
  void serveDownload(deps, request, response);
});

const later = atEndOfFile();
beforeAll(async () => {
  const { engine } = await testEngine({}, Date.now, later);
  store = engine.store;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

async function kept(at = NOW): Promise<string> {
  const facts: ArchiveFacts = {
    at: new Date(at),
    name: 'users "é".csv',
    format: "csv",
    mediaType: "text/csv; charset=utf-8",
    request: "users last 30 days",
    report: "users",
    period: { from: "2026-10-22", to: "2026-11-20", timeZone: "UTC", label: "last 30 days" },
    asOf: new Date(at),
    dataUpTo: null,
    definitions: 1,
    version: "0.1.0",
    front: "slack",
    who: "U0ADMIN",
    sees: "everybody",
  };
  async function* parts() {
    yield bytes;
  }
  return (await archiveFile(store, facts, parts(), () => 1))._id;
}

const linkTo = (file: string, until = NOW + HOUR): string =>
  links().make({ file, who: "U0ADMIN", workspace: "T0", until }, "users.csv");

it("gives the file, or a part of it", async () => {
  const url = linkTo(await kept());
  const whole = await fetch(url);
  expect(whole.status).toBe(200);
  expect(Object.fromEntries(whole.headers)).toMatchObject({
    "content-disposition": 'attachment; filename="users____.csv"',
    "content-length": "600000",
    "accept-ranges": "bytes",
    "x-content-type-options": "nosniff",
    "cache-control": "private, no-store",
  });
  expect(Buffer.from(await whole.arrayBuffer()).equals(bytes)).toBe(true);
  const part = await fetch(url, { headers: { range: "bytes=261000-530000" } });
  expect([part.status, part.headers.get("content-range")]).toEqual([206, "bytes 261000-530000/600000"]);
  expect(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(261_000, 530_001))).toBe(true);
  const end = await fetch(url, { headers: { range: "bytes=-5" } });
  expect(Buffer.from(await end.arrayBuffer()).equals(bytes.subarray(-5))).toBe(true);
  expect((await fetch(url, { headers: { range: "bytes=600000-" } })).status).toBe(416);
  const head = await fetch(url, { method: "HEAD" });
  expect([head.status, head.headers.get("content-length")]).toEqual([200, "600000"]);
  expect(asked).toContain("U0ADMIN");
});

it("answers everything else alike", async () => {
  const file = await kept();
  const good = linkTo(file);
  const [, , token = ""] = new URL(good).pathname.split("/");
  const [body = "", signature = ""] = token.split(".");
  const other = createHmac("sha256", "another secret").update(`file ${body}`).digest("base64url");
  const unpurposed = createHmac("sha256", SECRET).update(body).digest("base64url");
  const changed = Buffer.from(Buffer.from(body, "base64url").toString().replace("ADMIN", "OTHER")).toString(
    "base64url",
  );
  const gone = await kept(NOW - 500 * 24 * HOUR);
  await removeExpired(store, NOW, 400);
  const answers: string[] = [];
  const look = async (url: string): Promise<void> => {
    const response = await fetch(url);
    answers.push(
      JSON.stringify([response.status, response.headers.get("content-type"), await response.text()]),
    );
  };
  for (const path of [
    `/files/${body}.${other}/x`,
    `/files/${body}.${unpurposed}/x`,
    `/files/${changed}.${signature}/x`,
    `/files/${token.slice(0, -1)}/x`,
    "/files/x",
    `/files/${file}`,
    "/files/",
    "/files/%2e%2e/x",
  ]) {
    await look(`${base}${path}`);
  }
  await look(linkTo("no such file"));
  await look(linkTo(gone));
  await look(linkTo(file, NOW));
  mayFetch = false;
  await look(good);
  mayFetch = true;
  now = NOW + HOUR;
  await look(good);
  now = NOW;
  expect(new Set(answers)).toEqual(new Set([expect.stringMatching(/^\[404,/)]));
  expect(new Set(answers).size).toBe(1);
  expect((await fetch(good)).status).toBe(200);
});

it("reads ranges as RFC 9110 has them", () => {
  expect(readRange("bytes=0-0", 10)).toEqual({ start: 0, end: 1 });
  expect(readRange("bytes=5-", 10)).toEqual({ start: 5, end: 10 });
  expect(readRange("bytes=5-99", 10)).toEqual({ start: 5, end: 10 });
  expect(readRange("bytes=-99", 10)).toEqual({ start: 0, end: 10 });
  for (const odd of [undefined, "bytes=5-2", "bytes=-", "bytes=0-1,3-4", "items=0-1", "bytes=a-b"])
    expect(readRange(odd, 10)).toBeUndefined();
  for (const beyond of ["bytes=10-", "bytes=-0"]) expect(readRange(beyond, 10)).toBe("unsatisfiable");
  fc.assert(
    fc.property(fc.string(), fc.nat(1_000), (text, size) => {
      const range = readRange(`bytes=${text}`, size);
      if (typeof range !== "object") return;
      expect(range.start).toBeGreaterThanOrEqual(0);
      expect(range.end).toBeLessThanOrEqual(size);
      expect(range.start).toBeLessThan(range.end);
    }),
  );
});
