import type { Logger } from "pino";
import type { Config } from "../config.ts";
import type { SourceName } from "../sources/index.ts";
import type { CollectDeps } from "./range.ts";
import { collectRound, type Round, type RoundOptions } from "./round.ts";
import { vendorsOf } from "./vendors.ts";

export type { Round } from "./round.ts";

/** What brings events from the vaults that the settings name. */
export interface Collector {
  readonly sources: readonly SourceName[];
  /** One round; see {@link RoundOptions}. @throws CollectError, or what the store throws */
  collect(source: SourceName, options?: Partial<Omit<RoundOptions, "earliest">>): Promise<Round>;
}

/** `pause` is how it waits between requests, if not by the clock on the wall. */
export function createCollector(
  deps: CollectDeps & {
    readonly config: Config;
    readonly pause?: (ms: number, signal: AbortSignal) => Promise<void>;
  },
): Collector {
  const { config, clock, pause } = deps;
  const vendors = new Map(
    vendorsOf(config, { clock, ...(pause && { pause }) }).map((vendor) => [vendor.source, vendor] as const),
  );
  const earliest = config.COLLECT_SINCE === undefined ? undefined : Date.parse(config.COLLECT_SINCE);
  return {
    sources: [...vendors.keys()],
    async collect(source, options = {}) {
      const vendor = vendors.get(source);
      if (vendor === undefined) throw new RangeError(`${source} is not collected`);
      return collectRound(deps, vendor, { signal: new AbortController().signal, earliest, ...options });
    },
  };
}

export type CollectLogger = Pick<Logger, "debug" | "info" | "warn" | "error">;
