import { App, HTTPReceiver, LogLevel, SocketModeReceiver } from "@slack/bolt";
import { createWorkspace, type Workspace, type WorkspaceOptions } from "../../src/demo/workspace/index.ts";

/** A real Bolt app beside a workspace, both ended together. */
export interface Pair {
  readonly app: App;
  readonly workspace: Workspace;
  close(): Promise<void>;
}

const quiet = { logLevel: LogLevel.ERROR } as const;

/** Over HTTP, on a port of its own. */
export async function startHttp(configure: (app: App) => void, options?: WorkspaceOptions): Promise<Pair> {
  const workspace = await createWorkspace(options);
  const { botToken, signingSecret } = workspace.settings;
  const receiver = new HTTPReceiver({ signingSecret, ...quiet });
  const app = new App({
    token: botToken,
    receiver,
    clientOptions: { slackApiUrl: workspace.apiUrl },
    ...quiet,
  });
  configure(app);
  const server = await receiver.start(0);
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  workspace.setRequestUrl(`http://127.0.0.1:${port}/slack/events`);
  return {
    app,
    workspace,
    async close() {
      await receiver.stop();
      await workspace.close();
    },
  };
}

/** Over Socket Mode. */
export async function startSocket(configure: (app: App) => void, options?: WorkspaceOptions): Promise<Pair> {
  const workspace = await createWorkspace(options);
  const { botToken, appToken } = workspace.settings;
  const clientOptions = { slackApiUrl: workspace.apiUrl };
  // The receiver's own client, which opens the connection, takes its options from here only.
  const receiver = new SocketModeReceiver({ appToken, installerOptions: { clientOptions }, ...quiet });
  const app = new App({ token: botToken, receiver, clientOptions, ...quiet });
  configure(app);
  await app.start();
  return {
    app,
    workspace,
    async close() {
      await app.stop();
      await workspace.close();
    },
  };
}
