import { fileTypeOf } from "../workspace/file-types.ts";
import type { SceneFile } from "./scene.ts";

/** What a file is by its name and bytes, where it has any yet. */
export function seeBytes(
  name: string,
  bytes: Buffer | undefined,
): Pick<SceneFile, "name" | "kind" | "bytes" | "picture"> {
  const type = bytes && fileTypeOf(name, bytes);
  return {
    name,
    kind: (type?.filetype ?? "file").toUpperCase(),
    bytes: bytes?.length ?? 0,
    ...(bytes && type?.image ? { picture: sizeOf(type.filetype, bytes) } : {}),
  };
}

/** A PNG says its size in its first chunk. */
function sizeOf(filetype: string, bytes: Buffer): { width?: number; height?: number } {
  if (filetype !== "png" || bytes.length < 24) return {};
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}
