import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { openEngine } from "../src/app.ts";
import { parseConfig } from "../src/config.ts";
import { freePort } from "../src/demo/free-port.ts";
import { createWorkspace } from "../src/demo/workspace/index.ts";
import type { Store } from "../src/store/open.ts";
import { startApp, summary } from "./app.ts";
import { benchEvents } from "./events.ts";
import { peakOf } from "./process.ts";

/** What taking in events costs. */
export interface IntakeBench {
  readonly way: string;
  readonly events: number;
  /** Events a second that were stored, and that reports then saw. */
  readonly stored: number;
  readonly seen: number;
  /** Milliseconds until a body of 1,000 lines was answered for. */
  readonly answer?: number;
  readonly answer95?: number;
  /** The most memory of the app, in megabytes. */
  readonly memory: number;
}

const TOKEN = "a-token-of-thirty-two-characters-or-more";
const LINES = 1_000;
const AT_ONCE = 4;
const PEOPLE = 500;

/** Has the real app, in a process of its own, take so many events by each way. */
export async function benchIntake(events: number): Promise<IntakeBench[]> {
  return [await benchPost(events), await benchSyslog(events)];
}

async function benchPost(events: number): Promise<IntakeBench> {
  return withApp({ INGEST_TOKENS: `bench:${TOKEN}` }, async ({ url, store, pid }) => {
    const lines = [...benchEvents({ people: PEOPLE, events, until: Date.now() })]
      .join("")
      .trimEnd()
      .split("\n");
    const bodies = Array.from({ length: Math.ceil(lines.length / LINES) }, (_, i) =>
      lines.slice(i * LINES, (i + 1) * LINES).join("\n"),
    );
    const times: number[] = [];
    const start = performance.now();
    const post = async (): Promise<void> => {
      for (let body = bodies.pop(); body !== undefined; body = bodies.pop()) {
        const began = performance.now();
        const response = await fetch(new URL("/api/events", url), {
          method: "POST",
          body,
          headers: { authorization: `Bearer ${TOKEN}`, "content-type": "application/x-ndjson" },
        });
        await response.arrayBuffer();
        if (response.status === 200) times.push(performance.now() - began);
        else {
          bodies.push(body);
          await sleep(1_000 * Number(response.headers.get("retry-after") ?? 1));
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, post));
    const stored = performance.now() - start;
    await seen(store);
    const { median, p95 } = summary("", times);
    return {
      way: `POST, bodies of ${LINES} lines, ${AT_ONCE} at once`,
      events,
      stored: rate(events, stored),
      seen: rate(events, performance.now() - start),
      answer: median,
      answer95: p95,
      memory: peakOf(pid),
    };
  });
}

async function benchSyslog(events: number): Promise<IntakeBench> {
  const port = await freePort();
  return withApp({ SYSLOG_TCP: String(port) }, async ({ store, pid }) => {
    const until = Date.now() - 1_000;
    const start = performance.now();
    const send = async (part: number): Promise<void> => {
      const socket = connect(port, "127.0.0.1");
      for (let i = part; i < events; i += AT_ONCE) {
        const at = new Date(until - (events - i) * 300).toISOString();
        const line = `<110>1 ${at} h Keeper - ${i} [Keeper@Commander audit_event_type="open_record" username="p${i % PEOPLE}@example.com"] User opened record\n`;
        if (!socket.write(line)) await once(socket, "drain");
      }
      socket.end();
      await once(socket, "close");
    };
    await Promise.all(Array.from({ length: AT_ONCE }, (_, part) => send(part)));
    while (((await store.feeds.findOne({ _id: "syslog keeper Commander" }))?.read ?? 0) < events)
      await sleep(50);
    const stored = performance.now() - start;
    await seen(store);
    return {
      way: `syslog over TCP, ${AT_ONCE} connections`,
      events,
      stored: rate(events, stored),
      seen: rate(events, performance.now() - start),
      memory: peakOf(pid),
    };
  });
}

/** Resolves when nothing waits any more. */
async function seen({ inbox, stale, leases }: Store): Promise<void> {
  for (;;) {
    const left = await Promise.all([inbox, stale, leases].map((each) => each.countDocuments()));
    if (left.every((count) => count === 0)) return;
    await sleep(50);
  }
}

async function withApp<T>(
  settings: Readonly<Record<string, string>>,
  work: (app: {
    readonly url: string;
    readonly pid: number | undefined;
    readonly store: Store;
  }) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "vault-usage-bench-"));
  const dataDir = join(folder, "data");
  const workspace = await createWorkspace();
  const app = await startApp(workspace, dataDir, settings);
  const engine = await openEngine(parseConfig({ DATA_DIR: dataDir }));
  try {
    return await work({ ...app, store: engine.store });
  } finally {
    await engine.close();
    await app.stop();
    await workspace.close();
    await rm(folder, { recursive: true, force: true });
  }
}

function rate(events: number, ms: number): number {
  return Math.round((events / ms) * 1_000);
}

if (import.meta.main) console.table(await benchIntake(Number(process.argv[2] ?? 100_000)));
