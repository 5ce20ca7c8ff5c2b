import type { Interactive } from "../blocks/walk.ts";
import { ActingError } from "../errors.ts";
import { type FileInputRules, fileProblem } from "../file-input.ts";
import type { Json } from "../types.ts";
import type { World } from "../world.ts";

/**
 * Whether a person may have these files in a file input: their own ones, each once, and what the input takes. Does
 * nothing for other elements. Throws ActingError.
 */
export function checkFiles(
  world: Pick<World, "files">,
  userId: string,
  { type, element, actionId }: Interactive,
  { files: ids }: Json,
): void {
  if (type !== "file_input" || !Array.isArray(ids)) return;
  if (new Set(ids).size < ids.length) throw new ActingError(`"${actionId}" takes each file once`);
  const files = ids.map((id: string) => {
    const file = world.files.find(id);
    if (file === undefined || file.owner !== userId)
      throw new ActingError(`${userId} has uploaded no file ${id}`);
    return { name: file.name, size: file.length };
  });
  const problem = fileProblem(element as FileInputRules, files);
  if (problem !== undefined) throw new ActingError(`"${actionId}": ${problem}`);
}
