import { createHmac } from "node:crypto";
import { request } from "node:http";

/** What came back over HTTP; status 0 is no answer at all. */
export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

const none: Answer = { status: 0, type: "", text: "" };

/** Posts a body on a connection of its own; gives up when the signal says so. A broken connection is status 0. */
export function post(
  url: string,
  body: string,
  headers: Record<string, string>,
  signal: AbortSignal,
): Promise<Answer> {
  return new Promise((resolve) => {
    const length = String(Buffer.byteLength(body));
    const options = {
      method: "POST",
      agent: false,
      signal,
      headers: { ...headers, "content-length": length },
    } as const;
    const sent = request(url, options, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", () => resolve(none));
      response.on("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          type: response.headers["content-type"] ?? "",
          text: Buffer.concat(chunks).toString(),
        }),
      );
    });
    sent.on("error", () => resolve(none));
    sent.end(body);
  });
}

/** The two headers by which an app knows that a request is Slack's. `timestamp` is in seconds. */
export function signature(secret: string, timestamp: number, body: string): Record<string, string> {
  const digest = createHmac("sha256", secret).update(`v0:${timestamp}:${body}`).digest("hex");
  return { "x-slack-request-timestamp": String(timestamp), "x-slack-signature": `v0=${digest}` };
}
