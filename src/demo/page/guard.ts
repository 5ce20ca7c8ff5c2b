import type { IncomingMessage } from "node:http";

/** Sent with every answer: the page loads and frames only itself, and is shown in no other page. */
export const securityHeaders = {
  "content-security-policy": [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "frame-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; "),
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
} as const;

/**
 * Why a request is refused, if it is. Whoever could make a browser on this machine ask us, by a name that resolves to
 * the loopback address or by a form on another page, would act as the people of the workspace.
 */
export function refusal(request: IncomingMessage, port: number): string | undefined {
  const { host = "", origin, "sec-fetch-site": site = "same-origin" } = request.headers;
  const isOurs = ["127.0.0.1", "localhost", "[::1]"].some((name) => host === `${name}:${port}`);
  if (!isOurs) return "this page is for this machine only";
  const isNavigation = request.method === "GET" && request.url?.split("?")[0] === "/";
  if (!isNavigation && site !== "same-origin" && site !== "none") return "not from another page";
  if (request.method !== "POST") return undefined;
  if (origin !== `http://${host}`) return "not from another page";
  const type = request.headers["content-type"]?.split(";")[0];
  // Both are types that a browser sends to another origin only after asking, and so never.
  const right = request.url?.split("?")[0] === "/upload" ? "application/octet-stream" : "application/json";
  return type === right ? undefined : `the content type has to be ${right}`;
}
