import type { WebClient } from "@slack/web-api";
import { AppError } from "../errors.ts";
import { openArchived } from "../store/archive.ts";
import type { ArchiveDocument } from "../store/documents.ts";
import type { Store } from "../store/open.ts";
import { patiently } from "./client.ts";

const UPLOAD_TIMEOUT = 120_000;

/** Brings the bytes of a file of the archive to Slack, which shows them to nobody yet; gives the file's id there. */
export async function uploadArchived(
  client: Pick<WebClient, "files">,
  store: Pick<Store, "archive" | "db">,
  file: ArchiveDocument,
): Promise<string> {
  const { upload_url: url, file_id: id } = await patiently(() =>
    client.files.getUploadURLExternal({ filename: file.name, length: file.size }),
  );
  const bytes = openArchived(store, file);
  if (url === undefined || id === undefined || bytes === undefined)
    throw new AppError("Slack gave no upload address");
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": file.mediaType, "content-length": String(file.size) },
    body: bytes as unknown as ReadableStream,
    duplex: "half",
    signal: AbortSignal.timeout(UPLOAD_TIMEOUT),
  } as RequestInit);
  if (!response.ok) throw new AppError(`Slack did not take the upload: ${response.status}`);
  return id;
}
