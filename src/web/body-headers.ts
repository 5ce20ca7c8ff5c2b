import type { IncomingHttpHeaders, IncomingMessage } from "node:http";

const forms: ReadonlyMap<string, "lines" | "json"> = new Map([
  ["application/x-ndjson", "lines"],
  ["application/ndjson", "lines"],
  ["application/jsonl", "lines"],
  ["application/json", "json"],
]);
/** What node passes over by itself in a moment. */
const SHORT = 100_000;

/** Whether a body is one JSON object a line, or one object or a list; undefined for anything else. */
export function formOf({ "content-type": header = "" }: IncomingHttpHeaders): "lines" | "json" | undefined {
  const [type = "", ...parameters] = header
    .toLowerCase()
    .trim()
    .split(/\s*;\s*/);
  const isUtf8 = parameters.every((each) => !each.startsWith("charset=") || /^charset="?utf-8"?$/.test(each));
  return isUtf8 ? forms.get(type) : undefined;
}

/** How a body is packed; undefined for a way that is not known. */
export function packingOf({
  "content-encoding": header = "",
}: IncomingHttpHeaders): "gzip" | "none" | undefined {
  const name = header.trim().toLowerCase();
  if (name === "gzip" || name === "x-gzip") return "gzip";
  return name === "identity" || name === "" ? "none" : undefined;
}

/** Whether the body comes only after a word from us. */
export function asksFirst({ headers }: IncomingMessage): boolean {
  return /^100-continue$/i.test(headers.expect ?? "");
}

/** Whether so much of a body is to come that the connection is not worth keeping for what follows it. */
export function isLong(request: IncomingMessage): boolean {
  if (request.complete) return false;
  const { "content-length": length = "0", "transfer-encoding": coding } = request.headers;
  return coding !== undefined || Number(length) > (asksFirst(request) ? 0 : SHORT);
}
