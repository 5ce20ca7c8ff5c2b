import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import type { FeedName, InboxEvent } from "../store/feed-documents.ts";
import type { Feeds } from "./feeds.ts";
import type { Inbox, Parcel } from "./inbox.ts";
import type { IntakeLimits } from "./limits.ts";
import type { ReadLine } from "./line-reader.ts";

const TRIED_AGAIN = 1_000;
const TRIED_AT_THE_END = 100;

/** Gathers what comes line by line, of all senders, and puts it into the inbox some hundreds together. */
export interface Gather {
  /** Takes an event, or counts what is none. */
  add(line: ReadLine): void;
  /** Counts a line for which there is no room. */
  drop(line: ReadLine): void;
  /** Whether as much is held as may be: nothing more should be read. */
  isFull(): boolean;
  /** Resolves when there is room again, or at the end. */
  room(): Promise<void>;
  /** Stores what is held, if that can be done within some seconds. */
  close(): Promise<void>;
}

export function createGather({
  inbox,
  feeds,
  limits: { syslog: limits, patience },
  logger,
}: {
  readonly inbox: Pick<Inbox, "put" | "room">;
  readonly feeds: Pick<Feeds, "heard">;
  readonly limits: Pick<IntakeLimits, "syslog" | "patience">;
  readonly logger: Pick<Logger, "warn" | "error">;
}): Gather {
  let parcels = new Map<string, { feed: FeedName; events: InboxEvent[] }>();
  /** Gathered, and on the way to the store. */
  let gathered = 0;
  let leaving = 0;
  let timer: NodeJS.Timeout | undefined;
  let storing: Promise<void> | undefined;
  let waiters: (() => void)[] = [];
  const end = new AbortController();
  let giveUpAt = Number.POSITIVE_INFINITY;

  const isFull = (): boolean => gathered + leaving >= limits.held;
  const wakeAll = (): void => {
    const woken = waiters;
    waiters = [];
    for (const wake of woken) wake();
  };
  const storeSome = async (): Promise<void> => {
    const some: Parcel[] = [...parcels.values()];
    parcels = new Map();
    leaving = gathered;
    gathered = 0;
    for (let isStored = false; !isStored; ) {
      try {
        // At the end the bound is none: what is held is little, and would be lost.
        if (!end.signal.aborted) await inbox.room(end.signal).catch(() => undefined);
        await inbox.put(some);
        isStored = true;
      } catch (error) {
        if (performance.now() > giveUpAt) {
          logger.error({ err: error, events: leaving }, "events that were sent by syslog are lost");
          break;
        }
        logger.warn({ err: error }, "what was sent by syslog could not be stored yet; that is tried again");
        await sleep(end.signal.aborted ? TRIED_AT_THE_END : TRIED_AGAIN);
      }
    }
    leaving = 0;
    wakeAll();
  };
  const store = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (storing !== undefined || gathered === 0) return;
    storing = storeSome().finally(() => {
      storing = undefined;
      if (gathered >= limits.together || end.signal.aborted) store();
      else if (gathered > 0) timer ??= setTimeout(store, limits.gathering);
    });
  };

  return {
    add({ feed, record }) {
      if (record.type === "rejected") feeds.heard(feed, { read: 1, rejected: 1, reason: record.reason });
      if (record.type !== "event") return;
      feeds.heard(feed, { read: 1, rejected: 0 });
      const parcel = parcels.get(feed._id) ?? { feed, events: [] };
      parcels.set(feed._id, parcel);
      parcel.events.push(
        record.unknown === undefined ? record.event : { ...record.event, unknown: record.unknown },
      );
      gathered += 1;
      if (gathered >= limits.together) store();
      else if (storing === undefined) timer ??= setTimeout(store, limits.gathering);
    },
    drop({ feed, record }) {
      const reason =
        record.type === "rejected" ? record.reason : "too much waits to be stored, so it was dropped";
      feeds.heard(feed, { read: 1, rejected: 1, reason });
    },
    isFull,
    async room() {
      while (isFull() && !end.signal.aborted) {
        await new Promise<void>((resolve) => void waiters.push(resolve));
      }
    },
    async close() {
      giveUpAt = performance.now() + patience;
      end.abort();
      do {
        store();
        await storing;
      } while (gathered > 0 || storing !== undefined);
      wakeAll();
    },
  };
}
