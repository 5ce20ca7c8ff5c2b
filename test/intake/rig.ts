import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { type Logger, pino } from "pino";
import { afterAll, beforeAll, onTestFinished } from "vitest";
import type { CommandDeps } from "../../src/commands/command.ts";
import { runCommand } from "../../src/commands/index.ts";
import { parseConfig } from "../../src/config.ts";
import { type Intake, startIntake } from "../../src/intake/index.ts";
import { type IntakeLimits, intakeLimits } from "../../src/intake/limits.ts";
import type { Store } from "../../src/store/open.ts";
import { eventsRoute } from "../../src/web/events.ts";
import { testEngine } from "../helpers/engine.ts";
import { emptyStore } from "../helpers/fill.ts";

/** When the tests play. */
export const NOW = Date.parse("2026-11-20T10:00:00Z");
export const TOKEN = "a-token-of-thirty-two-characters-or-more";

type Deep<T> = { readonly [K in keyof T]?: T[K] extends number ? T[K] : Deep<T[K]> };

export function limitsWith({ post, syslog, ...more }: Deep<IntakeLimits> = {}): IntakeLimits {
  return {
    ...intakeLimits,
    pause: 20,
    rest: 0,
    ...more,
    post: { ...intakeLimits.post, ...post },
    syslog: { ...intakeLimits.syslog, gathering: 30, ...syslog },
  };
}

export interface Rig {
  readonly store: Store;
  readonly deps: CommandDeps;
  readonly intake: Intake;
  readonly limits: IntakeLimits;
  /** Where events are posted. */
  readonly url: string;
  /** What was logged, a JSON object each. */
  readonly log: readonly string[];
  /** Resolves once reports see all that was sent. */
  settled(): Promise<void>;
  /** Ids of the events that reports see. */
  eventIds(): Promise<string[]>;
}

/** One store for the tests of a file, empty at the start of each rig. */
export function rigsOnOneStore(): (
  settings?: Readonly<Record<string, string>>,
  limits?: IntakeLimits,
) => Promise<Rig> {
  let shared: Awaited<ReturnType<typeof testEngine>>;
  beforeAll(async () => {
    shared = await testEngine(
      {},
      () => NOW,
      (work) => afterAll(work),
    );
  });
  return async (settings = {}, limits = limitsWith()) => {
    const { store } = shared.engine;
    await emptyStore(store);
    for (const each of [store.inbox, store.feeds, store.leases]) await each.deleteMany({});
    return startRig(shared.deps, store, settings, limits);
  };
}

async function startRig(
  deps: CommandDeps,
  store: Store,
  settings: Readonly<Record<string, string>>,
  limits: IntakeLimits,
): Promise<Rig> {
  const log: string[] = [];
  const logger: Logger = pino({ level: "debug" }, { write: (line: string) => void log.push(line) });
  const config = parseConfig({ INGEST_TOKENS: `hr:${TOKEN}`, ...settings });
  const intake = await startIntake({ config, store, clock: () => NOW, logger, zone: undefined, limits });
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing ??= intake.close();
    return closing;
  };
  onTestFinished(close);
  const { post } = intake;
  const url = post === undefined ? "" : await serveOn(eventsRoute({ post, logger }).serve);
  return {
    store,
    deps,
    intake: { ...intake, close },
    limits,
    url: `${url}/api/events`,
    log,
    settled: () =>
      until(async () => {
        const left = [store.inbox, store.stale, store.leases].map((each) => each.countDocuments());
        return (await Promise.all(left)).every((count) => count === 0);
      }),
    async eventIds() {
      return (await store.events.find().sort({ _id: 1 }).toArray()).map(({ _id }) => _id);
    },
  };
}

/** A server that answers everything in one way, closed when the test ends; gives its address. */
export async function serveOn(listener: RequestListener): Promise<string> {
  const server = createServer({ requestTimeout: 1_000, connectionsCheckingInterval: 100 }, listener);
  server.on("checkContinue", listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export const authorized = { authorization: `Bearer ${TOKEN}`, "content-type": "application/x-ndjson" };

/** Posts a body as a sender would, and gives the answer. */
export async function post(
  url: string,
  body: string | Uint8Array,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ status: number; retryAfter: string | null; body: Record<string, unknown> }> {
  const response = await fetch(url, { method: "POST", body, headers: { ...authorized, ...headers } });
  const told = (await response.json()) as Record<string, unknown>;
  return { status: response.status, retryAfter: response.headers.get("retry-after"), body: told };
}

/** Waits for what is to come within some seconds. */
export async function until(isSo: () => boolean | Promise<boolean>, patience = 10_000): Promise<void> {
  const deadline = performance.now() + patience;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`it did not come to ${isSo}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Figures of the month in which the tests play. */
export async function figures(deps: CommandDeps): Promise<Record<string, number>> {
  const reply = await runCommand(["overview", "2026-11"], deps);
  if (reply.type !== "report") throw new Error("an overview is a report");
  return Object.fromEntries(reply.report.figures.map(({ key, value }) => [key, value]));
}
