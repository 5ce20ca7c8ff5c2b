import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { createLinks } from "../../src/delivery/links.ts";
import { createUnsubscribeLinks } from "../../src/delivery/unsubscribe.ts";
import { serveUnsubscribe } from "../../src/web/unsubscribe.ts";

const SECRET = "a secret of thirty-two characters";
const NOW = Date.parse("2026-11-20T10:00:00Z");
const DAY = 86_400_000;
const CLAIMS = { schedule: "s1", email: "ann+o'hara@example.com", until: NOW + 400 * DAY };

let base = "";
let now = NOW;
let describeFails = false;
const left: string[] = [];
const failures: unknown[] = [];
const links = () => createUnsubscribeLinks({ baseUrl: `${base}/`, secret: SECRET });
const server = createServer((request, response) => {
  const deps = {
    links: links(),
    clock: () => now,
    unsubscribe: async (schedule: string, email: string) => void left.push(`${schedule} ${email}`),
    async describe(schedule: string) {
      if (describeFails) throw new Error("the store is away");
      return schedule === "s1" ? `"<script>alert(1)</script> & weekly"` : undefined;
    },
    onFailure: (error: unknown) => failures.push(error),
  };
  void serveUnsubscribe(deps, request, response);
});

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());
beforeEach(() => {
  left.length = 0;
  now = NOW;
});

it("asks first, and does it on a button, once or twice", async () => {
  const url = links().make(CLAIMS);
  expect(url.startsWith(`${base}/unsubscribe/`)).toBe(true);
  const asked = await fetch(url);
  expect(asked.status).toBe(200);
  expect(Object.fromEntries(asked.headers)).toMatchObject({
    "cache-control": "private, no-store",
    "content-security-policy": expect.stringMatching(/^default-src 'none';.*form-action 'self'/),
    "referrer-policy": "no-referrer",
  });
  const page = await asked.text();
  expect(page).toContain("ann+o&#39;hara@example.com");
  expect(page).toContain("&lt;script&gt;alert(1)&lt;/script&gt; &amp; weekly");
  expect(page).toContain('<form method="post"><button>');
  expect(page).not.toMatch(/<script|src=|https?:/);
  expect((await fetch(url, { method: "HEAD" })).status).toBe(200);
  expect(left).toEqual([]);
  for (const body of ["", "List-Unsubscribe=One-Click"]) {
    const done = await fetch(url, {
      method: "POST",
      body,
      headers: { "content-type": "application/x-www-form-urlencoded" },
    });
    expect([done.status, await done.text()]).toEqual([200, expect.stringContaining("You are unsubscribed")]);
  }
  expect(new Set(left)).toEqual(new Set(["s1 ann+o'hara@example.com"]));
  const gone = await fetch(links().make({ ...CLAIMS, schedule: "gone" }), { method: "POST" });
  expect(await gone.text()).toContain("this report");
});

it("answers every other link alike, and changes nothing", async () => {
  const good = links().make(CLAIMS);
  const [body = "", signature = ""] = new URL(good).pathname.split("/").at(-1)?.split(".") ?? [];
  const file = createLinks({ baseUrl: base, secret: SECRET }).make(
    { file: "f", who: "w", until: NOW + DAY },
    "x",
  );
  const foreign = createUnsubscribeLinks({ baseUrl: base, secret: `${SECRET}!` }).make(CLAIMS);
  const answers = await Promise.all(
    [
      links().make({ ...CLAIMS, until: NOW }),
      foreign,
      file.replace("/files/", "/unsubscribe/").replace(/\/x$/, ""),
      `${base}/unsubscribe/${body}x.${signature}`,
      `${base}/unsubscribe/${body}.${signature.slice(1)}`,
      `${base}/unsubscribe/`,
      `${good}/x`,
    ].flatMap((url) =>
      ["GET", "POST"].map(async (method) => {
        const response = await fetch(url, { method });
        return `${response.status} ${await response.text()}`;
      }),
    ),
  );
  expect(new Set(answers)).toEqual(new Set([expect.stringMatching(/^404 This link does not work/)]));
  expect(new Set(answers).size).toBe(1);
  now = CLAIMS.until;
  expect((await fetch(good, { method: "POST" })).status).toBe(404);
  now = NOW;
  for (const method of ["PUT", "DELETE", "OPTIONS"]) {
    const refused = await fetch(good, { method });
    expect([refused.status, refused.headers.get("allow")]).toEqual([405, "GET, HEAD, POST"]);
  }
  expect(left).toEqual([]);
  describeFails = true;
  expect((await fetch(good)).status).toBe(503);
  expect(failures).toHaveLength(1);
});
