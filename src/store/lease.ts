import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { AppError } from "../errors.ts";
import { isDuplicateKey } from "./errors.ts";
import type { Store } from "./open.ts";

const LASTS_MS = 10_000;
const RENEWED_MS = 2_500;
const ASKED_AGAIN_MS = 500;

/** The right to do something that one process at a time may do. */
export interface Lease {
  /** @throws AppError (retryable) when the lease may have lapsed, so that another process may hold it */
  check(): void;
  release(): Promise<void>;
}

export type LeaseName = "ingest" | `collect ${string}`;

/** Takes the lease if nobody holds it. The clocks of processes that share a store have to agree within seconds. */
export async function tryLease(
  store: Pick<Store, "leases" | "beforeClose">,
  name: LeaseName,
): Promise<Lease | undefined> {
  const owner = randomUUID();
  const taken = Date.now();
  try {
    await store.leases.updateOne(
      { _id: name, until: { $lt: new Date(taken) } },
      { $set: { owner, until: new Date(taken + LASTS_MS) } },
      { upsert: true },
    );
  } catch (error) {
    if (isDuplicateKey(error)) return undefined;
    throw error;
  }
  let goodUntil = taken + LASTS_MS;
  // For good: somebody else may have had it in between, and what was read before is not to be relied on.
  let lapsed = false;
  const renew = async (): Promise<void> => {
    const now = Date.now();
    const until = new Date(now + LASTS_MS);
    const { matchedCount } = await store.leases.updateOne({ _id: name, owner }, { $set: { until } });
    if (matchedCount === 0 || now >= goodUntil) lapsed = true;
    else goodUntil = now + LASTS_MS;
  };
  // A renewal that fails is noticed by check(), once the lease has run out.
  const timer = setInterval(() => renew().catch(() => {}), RENEWED_MS);
  const release = async (): Promise<void> => {
    clearInterval(timer);
    store.beforeClose.delete(release);
    // If this fails the lease lapses by itself, and the reason for the failure is told by whatever failed first.
    await store.leases.deleteOne({ _id: name, owner }).catch(() => {});
  };
  store.beforeClose.add(release);
  return {
    check() {
      lapsed ||= Date.now() >= goodUntil;
      if (!lapsed) return;
      throw new AppError(`lease "${name}" lapsed`, {
        retryable: true,
        userMessage: "the store did not answer for too long; run the same command again, nothing is lost",
      });
    },
    release,
  };
}

/**
 * Does `work` with the lease, waiting for as long as another process holds it; `onWait` is told so once, and `signal`
 * ends the waiting.
 */
export async function withLease<T>(
  store: Pick<Store, "leases" | "beforeClose">,
  name: LeaseName,
  work: (lease: Lease) => Promise<T>,
  onWait: () => void = () => {},
  signal?: AbortSignal,
): Promise<T> {
  let lease = await tryLease(store, name);
  if (!lease) onWait();
  while (!lease) {
    await sleep(ASKED_AGAIN_MS, undefined, signal && { signal });
    lease = await tryLease(store, name);
  }
  try {
    return await work(lease);
  } finally {
    await lease.release();
  }
}
