import { broadcastsIn, broadcastsInBlocks } from "./blocks/broadcast.ts";
import { problemDetails } from "./blocks/problem.ts";
import { checkBlocks } from "./blocks/validate.ts";
import { checkView, mostViewBytes } from "./blocks/view.ts";
import { interactives, textLength } from "./blocks/walk.ts";
import { SlackError } from "./errors.ts";
import { newId } from "./ids.ts";
import { requireScope } from "./methods/method.ts";
import { initialState } from "./state.ts";
import type { Block, Json, Message } from "./types.ts";
import type { ViewContent } from "./views.ts";
import type { World } from "./world.ts";

const mostText = 4000;
/** Slack has a limit on all text of a message that it does not document (bolt-js 2509, 2867: 11,341 was refused). */
const mostBlockText = 10_000;

/** What checking needs to know of a workspace, and where it reports. */
export interface Checks extends Pick<World, "violations"> {
  readonly settings: Pick<World["settings"], "newBlocks" | "scopes">;
  readonly files: Pick<World["files"], "isUsableImage">;
}

/**
 * The content of a message, checked as strictly as Slack does and more: `text` is always needed, because it is what a
 * screen reader reads. Throws `no_text`, `msg_too_long`, `invalid_blocks` or `msg_blocks_too_long`.
 */
export function checkContent(
  world: Checks,
  input: { readonly text?: string | undefined; readonly blocks?: readonly unknown[] | undefined },
  where: string,
): Pick<Message, "text" | "blocks"> {
  const { text = "", blocks = [] } = input;
  if (text.trim() === "") throw new SlackError("no_text");
  if (text.length > mostText) throw new SlackError("msg_too_long");
  const problems = checkBlocks(blocks, { surface: "message", ...blockContext(world) });
  if (problems.length > 0) throw new SlackError("invalid_blocks", problemDetails(problems));
  const stored = withIds(blocks);
  const counted = stored.filter(({ type }) => !["markdown", "table", "data_table"].includes(type));
  if (textLength(counted) > mostBlockText) throw new SlackError("msg_blocks_too_long");
  reportBroadcasts(world, [...broadcastsIn(text), ...broadcastsInBlocks(blocks)], where);
  return { text, blocks: stored };
}

/**
 * A view, checked. Throws `invalid_arguments` (Slack's answer for a bad view), `view_too_large`, or `missing_scope`:
 * who asks for files has to be allowed to read them.
 */
export function checkViewContent(
  world: Checks,
  view: Json,
  type: "modal" | "home",
  where: string,
): ViewContent {
  if (Buffer.byteLength(JSON.stringify(view)) > mostViewBytes) throw new SlackError("view_too_large");
  const problems = checkView(view, type, blockContext(world));
  if (problems.length > 0) throw new SlackError("invalid_arguments", problemDetails(problems));
  const blocks = withIds(view.blocks as readonly unknown[]);
  if (interactives(blocks).some((each) => each.type === "file_input")) requireScope(world, ["files:read"]);
  reportBroadcasts(world, broadcastsInBlocks(blocks), where);
  return {
    private_metadata: "",
    callback_id: "",
    external_id: "",
    clear_on_close: false,
    notify_on_close: false,
    ...view,
    type,
    blocks,
    state: initialState(blocks),
  };
}

function reportBroadcasts({ violations }: Checks, found: readonly string[], where: string): void {
  for (const detail of found) violations.push({ rule: "broadcast", where, detail });
}

function blockContext({ settings, files }: Checks) {
  return { newBlocks: settings.newBlocks, isUsableImage: files.isUsableImage };
}

function withIds(blocks: readonly unknown[]): readonly Block[] {
  return (blocks as readonly Block[]).map((block) => ({
    ...block,
    block_id: block.block_id ?? newId("", 5),
  }));
}
