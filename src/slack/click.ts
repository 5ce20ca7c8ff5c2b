import { z } from "zod";
import { AppError } from "../errors.ts";
import type { Person } from "./answer.ts";

const id = z.object({ id: z.string() });
const action = z.object({
  action_id: z.string(),
  block_id: z.string(),
  value: z.string().optional(),
  selected_option: z.object({ value: z.string() }).nullish(),
});
const payload = z.object({
  user: id,
  team: id.nullish(),
  trigger_id: z.string(),
  response_url: z.string().optional(),
  channel: id.optional(),
  container: z.object({ message_ts: z.string().optional() }),
  view: z.object({ id: z.string(), type: z.string() }).optional(),
});

/** A click on one of the app's controls, or a choice in one of its menus. */
export interface Click {
  readonly person: Person;
  readonly action: string;
  readonly blockId: string;
  /** What was chosen, or what the button carries; empty where nothing is. */
  readonly value: string;
  readonly triggerId: string;
  readonly at:
    | { readonly type: "message"; readonly channel: string; readonly ts: string; readonly url: string }
    | { readonly type: "modal" | "home"; readonly viewId: string };
}

/** Reads what Slack tells of a click. @throws AppError for what is no click on a message, a modal or the Home tab */
export function readClick(body: unknown, chosen: unknown): Click {
  const read = payload.safeParse(body);
  const what = action.safeParse(chosen);
  const at = read.success ? placeOf(read.data) : undefined;
  if (!read.success || !what.success || at === undefined) throw new AppError("a click was not understood");
  const { user, team, trigger_id: triggerId } = read.data;
  const { action_id, block_id, value, selected_option } = what.data;
  return {
    person: {
      userId: user.id,
      workspace: team?.id,
      where: at.type === "message" ? at.channel : at.type,
    },
    action: action_id,
    blockId: block_id,
    value: selected_option?.value ?? value ?? "",
    triggerId,
    at,
  };
}

function placeOf({
  channel,
  container,
  response_url,
  view,
}: z.infer<typeof payload>): Click["at"] | undefined {
  if (view?.type === "modal" || view?.type === "home") return { type: view.type, viewId: view.id };
  if (channel === undefined || container.message_ts === undefined || response_url === undefined)
    return undefined;
  return { type: "message", channel: channel.id, ts: container.message_ts, url: response_url };
}
