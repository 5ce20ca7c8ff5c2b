import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { Workspace } from "../../src/demo/workspace/index.ts";

/** What Slack sends; of it only what the tests look at. */
export interface Payload {
  readonly type: string;
  readonly trigger_id: string;
  readonly actions?: readonly Readonly<Record<string, unknown>>[];
  readonly view?: { readonly id: string; readonly state: { readonly values: Values } };
}
type Values = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;

/** An app that acknowledges all and does nothing by itself. */
export interface FakeApp {
  /** All interactions so far, oldest first. */
  readonly received: Payload[];
  /** The next acknowledgements have this body, or this status. */
  answers: (object | number)[];
  /** Calls the workspace's Web API. Throws what Slack has against it. */
  call(method: string, args: object): Promise<Readonly<Record<string, unknown>>>;
  close(): Promise<void>;
}

export async function startFakeApp(workspace: Workspace): Promise<FakeApp> {
  const app: FakeApp = {
    received: [],
    answers: [],
    async call(method, args) {
      const response = await fetch(`${workspace.apiUrl}${method}`, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          authorization: `Bearer ${workspace.settings.botToken}`,
        },
        body: JSON.stringify(args),
      });
      const answer = (await response.json()) as Readonly<Record<string, unknown>>;
      if (answer.ok !== true) throw new Error(`${method}: ${JSON.stringify(answer)}`);
      return answer;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  const server = createServer(async (request, response) => {
    const payload = new URLSearchParams(await text(request)).get("payload");
    if (payload !== null) app.received.push(JSON.parse(payload));
    const answer = app.answers.shift();
    const status = typeof answer === "number" ? answer : 200;
    response.writeHead(status, { "content-type": "application/json" });
    response.end(typeof answer === "object" ? JSON.stringify(answer) : "");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  workspace.setRequestUrl(`http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`);
  return app;
}
