import type { Json } from "../types.ts";
import { findProblems, type Problem } from "./problem.ts";
import { blockTypes, type Surface } from "./types.ts";
import { isObject, textLength, walk } from "./walk.ts";

const mostBlocks: Readonly<Record<Surface, number>> = { message: 50, modal: 100, home: 100 };
const mostTableText = 10_000;
const mostMarkdown = 12_000;

export interface BlockContext {
  readonly surface: Surface;
  readonly newBlocks: readonly string[];
  /** Whether the workspace has this file as an image that is ready. */
  readonly isUsableImage: (reference: Json) => boolean;
}

/** Everything Slack would refuse about these blocks. An empty list means that they are right. */
export function checkBlocks(blocks: readonly unknown[], context: BlockContext): Problem[] {
  const most = mostBlocks[context.surface];
  if (blocks.length > most) return [{ message: `no more than ${most} items allowed`, path: ["blocks"] }];
  const each = blocks.flatMap((block, index) => checkBlock(block, ["blocks", index], context));
  return [...each, ...checkTogether(blocks.filter(isObject), context)];
}

function checkBlock(block: unknown, path: readonly PropertyKey[], context: BlockContext): Problem[] {
  if (!isObject(block)) return [{ message: "must be a valid object", path }];
  if (block.type === undefined) return [{ message: "missing required field: type", path }];
  const type = blockTypes[String(block.type)];
  if (type === undefined || !type.surfaces.includes(context.surface) || isSwitchedOff(type, block, context))
    return [{ message: `unsupported type: ${String(block.type)}`, path: [...path, "type"] }];
  const problems = findProblems(type.schema, block, path);
  walk(
    block,
    (node, at) => {
      if (isObject(node.slack_file) && !context.isUsableImage(node.slack_file))
        problems.push({ message: "invalid slack file", path: [...at, "slack_file"] });
      for (const key of ["focus_on_load", "response_url_enabled"])
        if (node[key] === true && context.surface === "message")
          problems.push({ message: `invalid additional property: ${key}`, path: at });
      if (node.type === "file_input" && context.surface !== "modal")
        problems.push({ message: "unsupported type: file_input", path: [...at, "type"] });
    },
    path,
  );
  return [...problems, ...checkActionIds(block, path)];
}

function isSwitchedOff(type: { isNew?: true }, block: Json, context: BlockContext): boolean {
  return type.isNew === true && !context.newBlocks.includes(String(block.type));
}

function checkActionIds(block: Json, path: readonly PropertyKey[]): Problem[] {
  const seen = new Set<unknown>();
  const problems: Problem[] = [];
  walk(
    block,
    ({ action_id: id }, at) => {
      if (seen.has(id)) problems.push({ message: `action_id already exists: ${String(id)}`, path: at });
      if (id !== undefined) seen.add(id);
    },
    path,
  );
  return problems;
}

/** What is limited for the whole list, not for one block. */
function checkTogether(blocks: readonly Json[], { surface }: BlockContext): Problem[] {
  const path = ["blocks"];
  const problems: Problem[] = [];
  const ids = blocks.flatMap((block) => (block.block_id === undefined ? [] : [block.block_id]));
  const doubled = ids.find((id, index) => ids.indexOf(id) !== index);
  if (doubled !== undefined) problems.push({ message: `block_id already exists: ${String(doubled)}`, path });
  const tables = blocks.filter((block) => block.type === "table" || block.type === "data_table");
  if (tables.length > 1) problems.push({ message: "only_one_table_allowed", path });
  if (textLength(tables) > mostTableText)
    problems.push({ message: `table text must be less than ${mostTableText + 1} characters`, path });
  if (blocks.filter((block) => block.type === "data_visualization").length > 2)
    problems.push({ message: "no more than 2 data_visualization blocks allowed", path });
  if (textLength(blocks.filter((block) => block.type === "markdown")) > mostMarkdown)
    problems.push({ message: `markdown text must be less than ${mostMarkdown + 1} characters`, path });
  let focused = 0;
  walk(blocks, (node) => {
    if (node.focus_on_load === true) focused += 1;
  });
  if (surface !== "message" && focused > 1)
    problems.push({ message: "only one element may have focus_on_load", path });
  return problems;
}
