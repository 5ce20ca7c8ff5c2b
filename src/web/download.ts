import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { FILES_PATH, type LinkClaims, type Links } from "../delivery/links.ts";
import { LONGEST_TOKEN } from "../delivery/signed.ts";
import { openArchived } from "../store/archive.ts";
import type { ArchiveDocument } from "../store/documents.ts";
import type { Store } from "../store/open.ts";
import { readRange } from "./range.ts";

export interface DownloadDeps {
  readonly store: Pick<Store, "archive" | "db">;
  readonly links: Links;
  readonly clock: () => number;
  /** Told of what went wrong on this side. */
  onFailure(error: unknown): void;
  /** Whether the person may still have the file; keeps that they asked for it. */
  mayFetch(claims: LinkClaims, file: ArchiveDocument): Promise<boolean>;
}

/** A token, and the name that follows it, of which nothing depends. */
const PATH = new RegExp(`^${FILES_PATH}/([^/?]{1,${LONGEST_TOKEN}})(?:/[^/?]*)?(?:\\?.*)?$`);

/**
 * Answers a signed link with its file, or the part of it that is asked for. Every other answer is the same, whether
 * the link is not ours, has lapsed, the file is gone or no more theirs: nobody learns what there is.
 */
export async function serveDownload(
  deps: DownloadDeps,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  let file: ArchiveDocument | undefined;
  try {
    file = await findFile(deps, request.url ?? "");
  } catch (error) {
    deps.onFailure(error);
    response.writeHead(503, { "retry-after": "60", ...guarded }).end();
    return;
  }
  if (file === undefined) return notThere(response);
  const range = readRange(request.headers.range, file.size);
  if (range === "unsatisfiable") {
    response.writeHead(416, { "content-range": `bytes */${file.size}` }).end();
    return;
  }
  const { start, end } = range ?? { start: 0, end: file.size };
  response.writeHead(range === undefined ? 200 : 206, {
    "content-type": file.mediaType,
    "content-length": end - start,
    "content-disposition": `attachment; filename="${file.name.replace(/[^\w.-]/g, "_")}"`,
    "accept-ranges": "bytes",
    etag: `"${file.sha256}"`,
    ...(range === undefined ? {} : { "content-range": `bytes ${start}-${end - 1}/${file.size}` }),
    ...guarded,
  });
  if (request.method === "HEAD" || end === start) return void response.end();
  const bytes = openArchived(deps.store, file, { start, end });
  if (bytes === undefined) return void response.destroy();
  // Whoever stops reading ends the reading here, too.
  await pipeline(bytes, response).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ERR_STREAM_PREMATURE_CLOSE") deps.onFailure(error);
    response.destroy();
  });
}

const guarded = {
  "cache-control": "private, no-store",
  "x-content-type-options": "nosniff",
  "content-security-policy": "default-src 'none'; sandbox",
  "referrer-policy": "no-referrer",
} as const;

async function findFile(deps: DownloadDeps, path: string): Promise<ArchiveDocument | undefined> {
  const [, token = ""] = PATH.exec(path) ?? [];
  const claims = deps.links.read(token, deps.clock());
  if (claims === undefined) return undefined;
  const file = await deps.store.archive.findOne({ _id: claims.file });
  if (file === null || file.file === null) return undefined;
  return (await deps.mayFetch(claims, file)) ? file : undefined;
}

function notThere(response: ServerResponse): void {
  const text = "This link does not lead to a file, or not any more. Ask for the report again in Slack.\n";
  response.writeHead(404, { "content-type": "text/plain; charset=utf-8", ...guarded }).end(text);
}
