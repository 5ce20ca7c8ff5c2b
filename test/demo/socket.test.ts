import { once } from "node:events";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { createWorkspace, type Json, type Workspace } from "../../src/demo/workspace/index.ts";
import { call } from "./call.ts";

let workspace: Workspace;
beforeEach(async () => {
  workspace = await createWorkspace();
});
afterEach(() => workspace.close());

const invite = () => call(workspace, "apps.connections.open", {}, workspace.settings.appToken);

/** A bare connection that acknowledges all it gets, and what it got. */
async function connect(): Promise<{ readonly socket: WebSocket; readonly got: Json[] }> {
  const { url } = await invite();
  const socket = new WebSocket(String(url));
  const got: Json[] = [];
  socket.on("message", (data) => {
    const message = JSON.parse(String(data)) as Json;
    got.push(message);
    if (message.envelope_id !== undefined) socket.send(JSON.stringify({ envelope_id: message.envelope_id }));
  });
  await once(socket, "message");
  return { socket, got };
}

describe("Socket Mode", () => {
  it("says hello and sends each payload to one connection in turn", async () => {
    const [first, second] = [await connect(), await connect()];
    expect(second.got).toMatchObject([
      { type: "hello", num_connections: 2, connection_info: { app_id: "A0USAGE01" } },
    ]);
    for (let index = 0; index < 4; index++) {
      const delivery = await workspace.command("U0ADMIN", "C0GENERAL", "/usage");
      expect(delivery).toMatchObject({ status: 200, body: undefined });
    }
    expect([first.got.length, second.got.length]).toEqual([3, 3]);
    expect(first.got[1]).toMatchObject({ type: "slash_commands", accepts_response_payload: true });
    await workspace.openHome("U0ADMIN", { retry: { num: 2, reason: "timeout" } });
    const event = [...first.got, ...second.got].find(({ type }) => type === "events_api");
    expect(event).toMatchObject({
      retry_attempt: 2,
      retry_reason: "timeout",
      payload: { type: "event_callback" },
    });
  });

  it("takes ten connections, each on an address of its own", async () => {
    for (let index = 0; index < 10; index++) await connect();
    expect(await invite()).toMatchObject({ error: "too_many_websockets" });
    expect(workspace.connections).toBe(10);
  });

  it("refuses an address that was used", async () => {
    const { url } = await invite();
    await once(new WebSocket(String(url)), "message");
    const again = new WebSocket(String(url));
    const [error] = await once(again, "error");
    expect(String(error)).toContain("403");
  });

  it("tells clients to reconnect", async () => {
    const { socket, got } = await connect();
    workspace.refreshSockets();
    await once(socket, "close");
    expect(got.at(-1)).toMatchObject({ type: "disconnect", reason: "refresh_requested" });
    expect(workspace.connections).toBe(0);
  });

  it("is off where it is not enabled, and ends with the workspace", async () => {
    const plain = await createWorkspace({ socketMode: false });
    const { appToken } = plain.settings;
    expect(await call(plain, "apps.connections.open", {}, appToken)).toMatchObject({
      error: "socket_mode_disabled",
    });
    await plain.close();
    const { socket } = await connect();
    await workspace.close();
    expect(socket.readyState).toBe(WebSocket.CLOSED);
    const url = `${workspace.origin.replace("http", "ws")}/link/?ticket=a`;
    await once(new WebSocket(url), "error");
  });
});
