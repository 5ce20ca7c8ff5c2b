import type { Logger } from "pino";
import { buildSilence } from "../messages/silence.ts";
import type { SlackApi } from "../slack-api/index.ts";
import { findAdmins, tellEach } from "./admins.ts";

/** Tells the admins, as the settings name them, of sources that are silent. Throws when nobody could be told. */
export function createSilenceTeller(
  deps: Pick<SlackApi, "publisher" | "users" | "settings"> & { readonly logger: Pick<Logger, "warn"> },
): (warnings: readonly string[]) => Promise<void> {
  return async (warnings) =>
    tellEach(deps, await findAdmins(deps.settings.admins, deps.users), buildSilence(warnings));
}
