import type { Json } from "../types.ts";

type Path = readonly PropertyKey[];

/** Visits every object in a JSON value, outermost first, with where it stands. */
export function walk(value: unknown, visit: (node: Json, path: Path) => void, path: Path = []): void {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) walk(item, visit, [...path, index]);
  } else if (isObject(value)) {
    visit(value, path);
    for (const [key, item] of Object.entries(value)) walk(item, visit, [...path, key]);
  }
}

export function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Characters that a person would read in this value. */
export function textLength(value: unknown): number {
  let length = 0;
  walk(value, (node) => {
    if (typeof node.text === "string") length += node.text.length;
    else if (node.type === "emoji" || node.type === "user" || node.type === "date") length += 1;
  });
  return length;
}

/** An element a person can act on, with the block it is in. */
export interface Interactive {
  readonly element: Json;
  readonly type: string;
  readonly actionId: string;
  readonly blockId: string;
  /** The input block's own fields, where it is in one. */
  readonly input?: Json;
}

/** All elements with an `action_id`, in reading order. */
export function interactives(blocks: readonly Json[]): readonly Interactive[] {
  const found: Interactive[] = [];
  for (const block of blocks) {
    walk(block, (element) => {
      const { action_id, type } = element;
      if (typeof action_id !== "string" || typeof type !== "string") return;
      const input = block.type === "input" ? { input: block } : {};
      found.push({ element, type, actionId: action_id, blockId: String(block.block_id), ...input });
    });
  }
  return found;
}
