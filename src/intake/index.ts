import type { Logger } from "pino";
import type { Config } from "../config.ts";
import type { Store } from "../store/open.ts";
import { startDrain } from "./drain.ts";
import { createFeeds } from "./feeds.ts";
import { createInbox, FULL_PATIENCE } from "./inbox.ts";
import { type IntakeLimits, intakeLimits } from "./limits.ts";
import { type Taken, takeBody } from "./post.ts";
import { createSenders, type Senders } from "./senders.ts";
import { startSyslog } from "./syslog.ts";

export type { Taken } from "./post.ts";

/** What those who post events are answered with. */
export interface Post extends Senders {
  readonly limits: IntakeLimits["post"];
  /** Seconds after which to come again, when nothing can be taken now. */
  full(): number | undefined;
  /** @see takeBody */
  take(
    sender: string,
    bytes: AsyncIterable<Uint8Array>,
    how: { readonly lineByLine: boolean },
  ): Promise<Taken>;
}

/** What vaults send by themselves. */
export interface Intake {
  /** Undefined where nobody may post. */
  readonly post: Post | undefined;
  /** Where syslog is heard, by the settings that say so. */
  readonly ports: Readonly<Record<string, number>>;
  /** Takes no more, stores what has come, and ends. */
  close(): Promise<void>;
}

/**
 * Starts whatever the settings have of it, and moves on what waits from before.
 * @throws ConfigError naming a setting that is wrong
 */
export async function startIntake({
  config,
  store,
  clock,
  logger,
  zone,
  limits = intakeLimits,
}: {
  readonly config: Pick<
    Config,
    | "INGEST_TOKENS"
    | "SYSLOG_TCP"
    | "SYSLOG_TLS"
    | "SYSLOG_UDP"
    | "SYSLOG_TLS_CERT"
    | "SYSLOG_TLS_KEY"
    | "SYSLOG_TLS_CA"
    | "SYSLOG_ALLOW"
    | "SYSLOG_TIMEZONE"
  >;
  readonly store: Store;
  readonly clock: () => number;
  readonly logger: Pick<Logger, "debug" | "info" | "warn" | "error">;
  /** The zone of a store that is empty. */
  readonly zone: string | undefined;
  readonly limits?: IntakeLimits;
}): Promise<Intake> {
  await store.prepare();
  const feeds = createFeeds({ store, clock, logger });
  const inbox = createInbox({ store, clock, limits, logger, onPut: () => drain.nudge() });
  const drain = startDrain({ store, zone, inbox, feeds, limits, logger });
  const end = async (): Promise<void> => {
    await drain.close();
    await feeds.close();
  };
  let syslog: Awaited<ReturnType<typeof startSyslog>>;
  try {
    await inbox.count();
    syslog = await startSyslog({ config, inbox, feeds, clock, limits, logger });
  } catch (error) {
    await end();
    throw error;
  }
  const tokens = config.INGEST_TOKENS;
  return {
    post: tokens && {
      ...createSenders(tokens, limits.post),
      limits: limits.post,
      full: () => (inbox.isFull() ? FULL_PATIENCE : undefined),
      take: (sender, bytes, how) => takeBody({ inbox, feeds, clock, limits }, sender, bytes, how),
    },
    ports: syslog.ports,
    async close() {
      await syslog.close();
      await end();
    },
  };
}
