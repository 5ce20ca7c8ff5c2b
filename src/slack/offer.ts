import type { Logger } from "pino";
import { buildOffer } from "../messages/schedule-notice.ts";
import type { SlackApi } from "../slack-api/index.ts";
import { claim, disclaim } from "../store/claims.ts";
import type { Store } from "../store/open.ts";
import { findAdmins, tellEach } from "./admins.ts";

const KEY = "digest offer";
/** Milliseconds; nobody is to be asked twice. */
const FOR_EVER = 100 * 365 * 86_400_000;

/** Offers the admins a weekly digest: once on a store, and only while nothing was ever scheduled on it. */
export async function offerDigest(
  deps: Pick<SlackApi, "publisher" | "users" | "settings"> & { readonly logger: Logger },
  store: Pick<Store, "schedules" | "claims">,
): Promise<void> {
  if ((await store.schedules.findOne({}, { projection: { _id: 1 } })) !== null) return;
  if (!(await claim(store, KEY, { now: Date.now(), lifetime: FOR_EVER }))) return;
  try {
    await tellEach(deps, await findAdmins(deps.settings.admins, deps.users), buildOffer());
  } catch (error) {
    // Nobody heard of it, so the next start may try.
    await disclaim(store, KEY);
    throw error;
  }
}
