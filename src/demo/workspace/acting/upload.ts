import { ActingError } from "../errors.ts";
import type { StoredFile } from "../types.ts";
import type { World } from "../world.ts";
import { activePerson } from "./person.ts";

/** Bytes of a file that a person uploads. */
export const mostUploadBytes = 50_000_000;

export interface NewFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Stores a file as a person's own. Throws ActingError for an empty or too large one, or one without a name. */
export function uploadAs(
  world: Pick<World, "directory" | "files">,
  userId: string,
  { name, bytes }: NewFile,
): StoredFile {
  const owner = activePerson(world, userId).id;
  if (name.trim() === "") throw new ActingError("a file has to have a name");
  if (bytes.length === 0) throw new ActingError(`${name} is empty`);
  if (bytes.length > mostUploadBytes)
    throw new ActingError(`${name} is larger than ${mostUploadBytes / 1_000_000} MB`);
  return world.files.add({ name: name.toWellFormed(), owner, bytes: Buffer.from(bytes) });
}
