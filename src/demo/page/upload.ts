import type { IncomingMessage } from "node:http";
import { buffer } from "node:stream/consumers";
import { z } from "zod";
import { mostUploadBytes } from "../workspace/acting/upload.ts";
import { ActingError, type Workspace } from "../workspace/index.ts";
import type { Uploaded } from "./scene.ts";

const query = z.strictObject({ as: z.string().min(1).max(300), name: z.string().min(1).max(255) });

/**
 * Takes a file that somebody chose on the page: its bytes are the body, and `as` and `name` stand in the query. Throws
 * ZodError for another query.
 */
export async function receiveUpload(
  workspace: Pick<Workspace, "upload">,
  params: URLSearchParams,
  request: IncomingMessage,
): Promise<Uploaded> {
  const { as, name } = query.parse(Object.fromEntries(params));
  // Refused before it is read; a body cannot be longer than it says.
  const length = Number(request.headers["content-length"]);
  if (!(length <= mostUploadBytes))
    return { error: `A file can have at most ${mostUploadBytes / 1_000_000} MB.` };
  const bytes = await buffer(request);
  try {
    return { id: workspace.upload(as, { name, bytes }).id };
  } catch (error) {
    if (error instanceof ActingError) return { error: error.message };
    throw error;
  }
}
