import type { IncomingMessage } from "node:http";
import { isObject } from "./blocks/walk.ts";
import { SlackError } from "./errors.ts";
import type { Json } from "./types.ts";

const mostBytes = 1_000_000_000;

/** Reads a whole request body. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > mostBytes) throw new SlackError("request_too_large");
  }
  return Buffer.concat(chunks);
}

/**
 * The arguments of an API call: the query's, then the body's, which is a form or JSON. Throws `missing_post_type`,
 * `invalid_post_type`, `invalid_json`, `json_not_object` or `invalid_array_arg` (the same name twice).
 */
export async function parseArgs(request: IncomingMessage, body: Buffer): Promise<Json> {
  const query = new URL(request.url ?? "/", "http://localhost").searchParams;
  const fromQuery = fromEntries([...query]);
  if (body.length === 0) return fromQuery;
  const type = request.headers["content-type"]?.split(";")[0]?.trim();
  switch (type) {
    case undefined:
      throw new SlackError("missing_post_type");
    case "application/json":
      return { ...fromQuery, ...parseJsonObject(body) };
    case "application/x-www-form-urlencoded":
      return { ...fromQuery, ...fromEntries([...new URLSearchParams(body.toString())]) };
    case "multipart/form-data":
      return { ...fromQuery, ...fromEntries([...(await formData(request, body))]) };
    default:
      throw new SlackError("invalid_post_type");
  }
}

function fromEntries(entries: readonly (readonly [string, unknown])[]): Json {
  const args = Object.fromEntries(entries);
  if (Object.keys(args).length < entries.length) throw new SlackError("invalid_array_arg");
  return args;
}

/** Throws `invalid_json` or `json_not_object`. */
export function parseJsonObject(body: Buffer): Json {
  let value: unknown;
  try {
    value = JSON.parse(body.toString());
  } catch (cause) {
    throw new SlackError("invalid_json", { detail: String(cause) });
  }
  if (!isObject(value)) throw new SlackError("json_not_object");
  return value;
}

function formData(request: IncomingMessage, body: Buffer): Promise<FormData> {
  const headers = { "content-type": request.headers["content-type"] ?? "" };
  return new Response(new Uint8Array(body), { headers }).formData();
}

/** An uploaded file's bytes: the raw body, or the one file of a form, as the SDK sends it. */
export async function uploadedBytes(request: IncomingMessage, body: Buffer): Promise<Buffer> {
  if (!request.headers["content-type"]?.startsWith("multipart/form-data")) return body;
  const files = [...(await formData(request, body)).values()].filter((value) => typeof value !== "string");
  const [file] = files;
  if (file === undefined || files.length > 1) throw new SlackError("invalid_form_data");
  return Buffer.from(await file.arrayBuffer());
}
