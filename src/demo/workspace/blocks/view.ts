import { z } from "zod";
import type { Json } from "../types.ts";
import { findProblems, type Problem } from "./problem.ts";
import { plainText, text } from "./text.ts";
import { type BlockContext, checkBlocks } from "./validate.ts";
import { isObject } from "./walk.ts";

/** Bytes of a whole view as JSON. */
export const mostViewBytes = 250_000;

const common = {
  blocks: z.array(z.unknown()).min(1),
  private_metadata: z.string().max(3000).optional(),
  callback_id: text(255).optional(),
  external_id: text(255).optional(),
};
const schemas = {
  home: z.strictObject({ type: z.literal("home"), ...common }),
  modal: z.strictObject({
    type: z.literal("modal"),
    title: plainText(24),
    submit: plainText(24).optional(),
    close: plainText(24).optional(),
    clear_on_close: z.boolean().optional(),
    notify_on_close: z.boolean().optional(),
    ...common,
  }),
};

/** Everything Slack would refuse about a view, given that it should be of this type. */
export function checkView(
  view: Json,
  type: "modal" | "home",
  context: Omit<BlockContext, "surface">,
): Problem[] {
  if (view.type !== type)
    return [{ message: `unsupported type: ${String(view.type)}`, path: ["view", "type"] }];
  const problems = findProblems(schemas[type], view, ["view"]);
  const blocks = Array.isArray(view.blocks) ? view.blocks : [];
  for (const { message, path } of checkBlocks(blocks, { ...context, surface: type }))
    problems.push({ message, path: ["view", ...path] });
  const asks = blocks.some((block: unknown) => isObject(block) && block.type === "input");
  if (type === "modal" && asks && view.submit === undefined)
    problems.push({ message: "missing required field: submit", path: ["view"] });
  return problems;
}
