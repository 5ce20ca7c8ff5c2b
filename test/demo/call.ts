import type { Json, Workspace } from "../../src/demo/workspace/index.ts";

/** Calls a method of the Web API as JSON; gives Slack's answer with the HTTP status. */
export async function call(
  workspace: Workspace,
  method: string,
  args: Json = {},
  token: string = workspace.settings.botToken,
): Promise<Json & { readonly status: number; readonly retryAfter: string | null }> {
  const response = await fetch(`${workspace.apiUrl}${method}`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
    body: JSON.stringify(args),
  });
  const text = await response.text();
  const body = text.startsWith("{") ? (JSON.parse(text) as Json) : { text };
  return { ...body, status: response.status, retryAfter: response.headers.get("retry-after") };
}

/** A picture of one pixel. */
export const pixel = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

/** The three steps of an upload; gives the file's id and the answer to the last. */
export async function upload(
  workspace: Workspace,
  filename: string,
  bytes: Buffer,
  more: Json = {},
): Promise<{ readonly id: string; readonly completed: Json }> {
  const begun = await call(workspace, "files.getUploadURLExternal", { filename, length: bytes.length });
  await fetch(String(begun.upload_url), { method: "POST", body: new Uint8Array(bytes) });
  const id = String(begun.file_id);
  const completed = await call(workspace, "files.completeUploadExternal", { files: [{ id }], ...more });
  return { id, completed };
}

export const plain = (text: string): Json => ({ type: "plain_text", text });
export const of = (length: number): string => "x".repeat(length);
export const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));
