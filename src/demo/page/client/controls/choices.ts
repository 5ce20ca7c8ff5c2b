import type { Answers, Choice, Json, SceneView } from "../../scene.ts";
import type { Block, Control } from "../blocks/block-types.ts";

/** What is chosen from the beginning, if anything. */
export function initialChoice(element: Control): Choice | undefined {
  const [, initial] = Object.entries(element).find(([key]) => key.startsWith("initial_")) ?? [];
  return asChoice(initial);
}

/** Options are chosen by their values; people, days and texts by themselves. */
function asChoice(held: unknown): Choice | undefined {
  if (held === null || held === undefined) return undefined;
  if (Array.isArray(held)) return held.map((each) => String(asChoice(each)));
  return typeof held === "object" ? String((held as { value: unknown }).value) : String(held);
}

function choiceIn({ type: _, ...held }: Json = {}): Choice | undefined {
  return asChoice(Object.values(held)[0]);
}

/**
 * All that is in a view's inputs, by block and action: what was typed on the page (by view, block and action), else
 * what the workspace has.
 */
export function answersOf(view: SceneView, typed: Answers, channel: string | undefined): Answers {
  const answers: Record<string, Choice> = {};
  for (const block of view.blocks as unknown as readonly Block[]) {
    if (block.type !== "input") continue;
    const { action_id: action, default_to_current_conversation: isHere } = block.element;
    const key = `${block.block_id}/${action}`;
    const held = choiceIn(view.state[block.block_id]?.[action]);
    const choice = typed[`${view.id}/${key}`] ?? held ?? (isHere ? channel : undefined);
    if (choice !== undefined) answers[key] = choice;
  }
  return answers;
}

export const isEmpty = (choice: Choice | undefined): boolean => choice === undefined || choice.length === 0;

export const listOf = (choice: Choice | undefined): readonly string[] =>
  choice === undefined || choice === "" ? [] : typeof choice === "string" ? [choice] : choice;

export const oneOf = (choice: Choice | undefined): string => listOf(choice)[0] ?? "";
