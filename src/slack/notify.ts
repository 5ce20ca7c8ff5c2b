import type { Logger } from "pino";
import type { Notice } from "../schedules/notice.ts";
import type { SlackApi } from "../slack-api/index.ts";

/** Tells the owner of a schedule what they have to know, or the admins where the owner is gone. */
export function createNotifier(
  _deps: Pick<SlackApi, "publisher" | "users" | "client"> & {
    /** As the settings name them; undefined: the workspace's owners and admins. */
    readonly admins: readonly string[] | undefined;
    readonly clock: () => number;
    readonly logger: Logger;
  },
): (notice: Notice) => Promise<void> {
  return async () => {};
}
