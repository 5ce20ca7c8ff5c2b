import { join } from "node:path";
import { clientId, clientSecret, startBitwarden } from "../test/collect/stand-ins/bitwarden.ts";
import { bitwardenEvents } from "./bitwarden-events.ts";
import { runUsage } from "./process.ts";

export interface CollectBench {
  readonly events: number;
  readonly requests: number;
  /** Events a second, with the process's start and the numbers that are made of them. */
  readonly rate: number;
  /** The most of the collecting process, in megabytes. */
  readonly memory: number;
}

/** A year of 200 people from a stand-in for Bitwarden that answers at once, 50 a page. */
export async function benchCollect(folder: string, events: number): Promise<CollectBench> {
  const until = Date.now() - 86_400_000;
  const known = [...bitwardenEvents({ people: 200, events, until })];
  const server = await startBitwarden({ events: known, keeps: "table" });
  try {
    const { ms, memory } = await runUsage(["collect"], join(folder, `collect-${events}`), {
      COLLECT_BITWARDEN_CLIENT_ID: clientId,
      COLLECT_BITWARDEN_CLIENT_SECRET: clientSecret,
      COLLECT_BITWARDEN_URL: server.url,
      COLLECT_SINCE: new Date(until - 366 * 86_400_000).toISOString().slice(0, 10),
    });
    return {
      events: known.length,
      requests: server.requests(),
      rate: Math.round(known.length / (ms / 1_000)),
      memory,
    };
  } finally {
    await server.close();
  }
}
