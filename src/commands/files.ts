import { seesAsMuch } from "../domain/viewer.ts";
import { AccessError } from "../errors.ts";
import type { ArchiveDocument } from "../store/documents.ts";
import type { Store } from "../store/open.ts";
import type { FileOwner } from "./export.ts";

/**
 * Whether somebody may have a file, asked anew each time: who sees everybody may have every file, others what was made
 * for them as long as they may still see as much.
 */
export function mayFetch(
  file: Pick<ArchiveDocument, "who" | "workspace" | "sees">,
  { who, workspace, sees }: FileOwner,
): boolean {
  if (sees === "everybody") return true;
  return file.who === who && file.workspace === workspace && seesAsMuch(sees, file.sees);
}

/** @throws AccessError alike for a file that there is not, is gone, or is not theirs */
export async function findFile(
  { archive }: Pick<Store, "archive">,
  id: string,
  owner: FileOwner,
): Promise<ArchiveDocument> {
  const file = await archive.findOne({ _id: id });
  if (file === null || file.file === null || !mayFetch(file, owner)) {
    throw new AccessError("no such file, or not theirs", {
      userMessage: "there is no such file, or it is not there any more",
    });
  }
  return file;
}
