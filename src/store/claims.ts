import { isDuplicateKey } from "./errors.ts";
import type { Store } from "./open.ts";

/**
 * Says whether nobody has claimed the key within the last `lifetime` milliseconds, and claims it: of several who ask
 * at once, in this process or another on the same store, one is told so. Older claims are forgotten meanwhile.
 */
export async function claim(
  { claims }: Pick<Store, "claims">,
  key: string,
  { now, lifetime }: { readonly now: number; readonly lifetime: number },
): Promise<boolean> {
  const until = new Date(now + lifetime);
  try {
    // A claim that has lapsed is taken over; one that stands makes the upsert collide.
    await claims.updateOne(
      { _id: key, until: { $lte: new Date(now) } },
      { $set: { until } },
      { upsert: true },
    );
  } catch (error) {
    if (isDuplicateKey(error)) return false;
    throw error;
  }
  // What is not forgotten now is later; the claim stands either way.
  await claims.deleteMany({ until: { $lte: new Date(now) } }).catch(() => undefined);
  return true;
}

/** Makes a claim last longer, once what it was for is done. */
export async function prolong({ claims }: Pick<Store, "claims">, key: string, until: number): Promise<void> {
  await claims.updateOne({ _id: key }, { $set: { until: new Date(until) } });
}

/** Lets the key be claimed again, when what it was claimed for did not happen. */
export async function disclaim({ claims }: Pick<Store, "claims">, key: string): Promise<void> {
  await claims.deleteOne({ _id: key });
}
