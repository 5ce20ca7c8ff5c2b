import { accessSync, constants, mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const beside = fileURLToPath(new URL("../../node_modules/.cache/vault-usage", import.meta.url));

/** Where things are kept that can be made again: beside the packages, or else in the home folder. */
export function cacheFolders(): string[] {
  try {
    return [beside, join(homedir(), ".cache/vault-usage")];
  } catch {
    // A user without a name has no home either, as in a container.
    return [beside];
  }
}

/** The first of these folders that can be written, made where it is missing; undefined where none can. */
export function firstWritable(folders: readonly string[]): string | undefined {
  return folders.find((folder) => {
    try {
      mkdirSync(folder, { recursive: true });
      accessSync(folder, constants.W_OK);
      return true;
    } catch {
      return false;
    }
  });
}
