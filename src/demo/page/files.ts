import type { ServerResponse } from "node:http";
import { fileTypeOf } from "../workspace/file-types.ts";
import type { Workspace } from "../workspace/index.ts";
import { see } from "./see.ts";

/** Sends a file that this person sees; all but pictures only to be saved. */
export function serveFile(workspace: Workspace, userId: string, id: string, response: ServerResponse): void {
  const file = see(workspace, userId).files[id] && workspace.file(id);
  if (file?.bytes === undefined) return void response.writeHead(404).end("there is no such file");
  sendFile(file.name, file.bytes, response);
}

/** Sends bytes as a file of this name; all but pictures only to be saved. */
export function sendFile(name: string, bytes: Buffer, response: ServerResponse): void {
  const { mimetype, image } = fileTypeOf(name, bytes);
  response.writeHead(200, {
    "content-type": image ? mimetype : "application/octet-stream",
    "content-disposition": disposition(image === true ? "inline" : "attachment", name),
    "content-length": bytes.length,
    "cache-control": "private, max-age=3600",
  });
  response.end(bytes);
}

/** By RFC 6266: the name as it is for browsers, and one in ASCII for whatever does not know better. */
function disposition(kind: "inline" | "attachment", name: string): string {
  const plain = name.replace(/[^\x20-\x7e]|["\\%/]/g, "_");
  const exact = encodeURIComponent(name.toWellFormed()).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${kind}; filename="${plain}"; filename*=UTF-8''${exact}`;
}
