import { onTestFinished } from "vitest";
import { type Collector, createCollector } from "../../src/collect/index.ts";
import type { CommandDeps } from "../../src/commands/command.ts";
import type { Store } from "../../src/store/open.ts";
import { testEngine } from "../helpers/engine.ts";
import type { StandIn } from "./stand-ins/serve.ts";

/** Closed when the test ends. */
export async function standIn<T extends StandIn>(starting: Promise<T>): Promise<T> {
  const started = await starting;
  onTestFinished(() => started.close());
  return started;
}

/** A collector that never waits, on a store of its own, and the pauses that it would have made in milliseconds. */
export async function collectorOn(
  environment: Record<string, string>,
  clock: () => number,
): Promise<{ collector: Collector; store: Store; deps: CommandDeps; pauses: number[] }> {
  const { engine, deps, config } = await testEngine(environment, clock);
  await engine.store.prepare();
  const pauses: number[] = [];
  const collector = createCollector({
    store: engine.store,
    clock,
    zone: config.REPORT_TIMEZONE,
    config,
    pause: async (ms) => void pauses.push(ms),
  });
  return { collector, store: engine.store, deps, pauses };
}

/** What the store holds of events, in a fixed order. */
export async function storedEvents(store: Store): Promise<unknown[]> {
  return (await store.events.find().toArray()).toSorted((a, b) => (a._id < b._id ? -1 : 1));
}
