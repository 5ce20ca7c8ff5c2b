import { createHash } from "node:crypto";
import { WebAPIPlatformError, type WebClient } from "@slack/web-api";
import type { CommandDeps } from "../commands/command.ts";
import { loadingModal } from "../messages/modal.ts";
import { claim } from "../store/claims.ts";
import type { Click } from "./click.ts";
import { isShared, type Target } from "./show.ts";

/** What telling where a click happened, and where its answer goes, takes. */
interface PlaceDeps {
  readonly client: Pick<WebClient, "views">;
  readonly commandDeps: Pick<CommandDeps, "store">;
}

/** Whether an answer takes the place of what was clicked, or stands beside it. */
export type Placing = "in place" | "beside";

/** Milliseconds within which a second click on the same thing is the same click. */
const DOUBLE_CLICK = 1_500;

/** Below what was clicked; from a modal or the Home tab, nowhere but in the direct message. */
export function beside({ at }: Click): Target | undefined {
  if (at.type !== "message") return undefined;
  return { type: "message", url: at.url, replace: false, canShare: false };
}

/** Whether nobody else, in this process or another, does the same for the same click. */
export function isFirst({ commandDeps }: PlaceDeps, click: Click): Promise<boolean> {
  return claim(commandDeps.store, clickKey(click), { now: Date.now(), lifetime: DOUBLE_CLICK });
}

/** The same for two clicks that are one. */
export function clickKey(click: Click): string {
  const { person, action, blockId, value } = click;
  const key = JSON.stringify([person.userId, placeOf(click), action, blockId, value]);
  return `click ${createHash("sha256").update(key).digest("base64url")}`;
}

/** What was clicked: a message, or a view. */
export function placeOf({ at }: Click): string {
  return at.type === "message" ? `${at.channel} ${at.ts}` : at.viewId;
}

/** Opens a modal where the answer needs one, within the three seconds that Slack gives. */
export async function targetOf({ client }: PlaceDeps, click: Click, where: Placing): Promise<Target> {
  const { at, triggerId: trigger_id } = click;
  if (at.type === "message") {
    return { type: "message", url: at.url, replace: where === "in place", canShare: isShared(at.channel) };
  }
  if (at.type === "modal" && where === "in place") return { type: "modal", viewId: at.viewId };
  if (at.type === "home") {
    const { view } = await client.views.open({ trigger_id, view: loadingModal });
    return { type: "modal", viewId: view?.id ?? at.viewId };
  }
  try {
    const { view } = await client.views.push({ trigger_id, view: loadingModal });
    return { type: "modal", viewId: view?.id ?? at.viewId };
  } catch (error) {
    // Slack stacks three modals at most; beyond that the one in front shows the answer.
    if (!(error instanceof WebAPIPlatformError) || error.data.error !== "push_limit_reached") throw error;
    return { type: "modal", viewId: at.viewId };
  }
}
