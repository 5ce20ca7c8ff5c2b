import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { MongoServerError } from "mongodb";
import { AppError } from "../errors.ts";
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

export type LeaseName = "ingest";

export function isDuplicateKey(error: unknown): boolean {
  return error instanceof MongoServerError && error.code === 11000;
}

/** Takes the lease if nobody holds it. */
export async function tryLease(store: Pick<Store, "leases">, name: LeaseName): Promise<Lease | undefined> {
  const owner = randomUUID();
  const take = async (): Promise<boolean> => {
    const now = Date.now();
    try {
      await store.leases.updateOne(
        { _id: name, $or: [{ owner }, { until: { $lt: new Date(now) } }] },
        { $set: { owner, until: new Date(now + LASTS_MS) } },
        { upsert: true },
      );
      goodUntil = now + LASTS_MS;
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  };
  let goodUntil = 0;
  if (!(await take())) return undefined;
  const timer = setInterval(() => {
    // A renewal that fails is noticed by check(), once the lease has run out.
    take().catch(() => {});
  }, RENEWED_MS);
  return {
    check() {
      if (Date.now() < goodUntil) return;
      throw new AppError(`lease "${name}" lapsed`, {
        retryable: true,
        userMessage: "the store did not answer for too long; run the same command again, nothing is lost",
      });
    },
    async release() {
      clearInterval(timer);
      await store.leases.deleteOne({ _id: name, owner });
    },
  };
}

/** Does `work` with the lease, waiting for as long as another process holds it; `onWait` is told so once. */
export async function withLease<T>(
  store: Pick<Store, "leases">,
  name: LeaseName,
  work: (lease: Lease) => Promise<T>,
  onWait: () => void = () => {},
): Promise<T> {
  let lease = await tryLease(store, name);
  if (!lease) onWait();
  while (!lease) {
    await sleep(ASKED_AGAIN_MS);
    lease = await tryLease(store, name);
  }
  try {
    return await work(lease);
  } finally {
    await lease.release();
  }
}
