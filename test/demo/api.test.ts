import { WebClient } from "@slack/web-api";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  createWorkspace,
  type Json,
  manifestScopes,
  type Workspace,
} from "../../src/demo/workspace/index.ts";
import { call } from "./call.ts";

let workspace: Workspace;
let now: number;
beforeEach(async () => {
  now = Date.UTC(2026, 10, 22);
  workspace = await createWorkspace({
    now: () => now,
    scopes: [...manifestScopes, "channels:read", "im:write"],
    rateLimit: { perSecond: 1, burst: 2 },
  });
});
afterEach(() => workspace.close());

const post = (channel: string, more: Json = {}) =>
  call(workspace, "chat.postMessage", { channel, text: "a", ...more });

describe("who may call", () => {
  it("checks the token", async () => {
    const { appToken } = workspace.settings;
    expect(await call(workspace, "auth.test", {}, "wrong")).toMatchObject({ error: "invalid_auth" });
    expect(await call(workspace, "auth.test", {}, appToken)).toMatchObject({
      error: "not_allowed_token_type",
    });
    expect(await call(workspace, "apps.connections.open")).toMatchObject({ error: "not_allowed_token_type" });
    const bare = await fetch(`${workspace.apiUrl}auth.test`, { method: "POST" });
    expect(await bare.json()).toMatchObject({ error: "not_authed" });
    expect(await call(workspace, "auth.test")).toMatchObject({ ok: true, user_id: "U0USAGEBOT" });
  });

  it("checks scopes and says which are missing", async () => {
    expect(await call(workspace, "team.info")).toMatchObject({
      error: "missing_scope",
      needed: "team:read",
      provided: expect.stringContaining("chat:write"),
    });
    const open = (users: string) => call(workspace, "conversations.open", { users });
    expect(await open("U0ADMIN")).toMatchObject({ ok: true });
    expect(await open("U0ADMIN,U0OWNER")).toMatchObject({ error: "missing_scope", needed: "mpim:write" });
    const channel = workspace.directMessage("U0ADMIN");
    expect(await call(workspace, "conversations.info", { channel })).toMatchObject({
      error: "missing_scope",
      needed: "im:read",
    });
  });

  it("keeps tokens out of what it shows", async () => {
    await call(workspace, "auth.test", { token: workspace.settings.botToken });
    expect(workspace.calls).toMatchObject([{ method: "auth.test", ok: true, args: {} }]);
    expect(JSON.stringify(workspace.calls)).not.toContain(workspace.settings.botToken);
  });
});

describe("arguments", () => {
  it.each<[string, string, Json, string]>([
    ["unknown method", "chat.shout", {}, "unknown_method"],
    ["missing", "chat.postMessage", { text: "a" }, "invalid_arguments"],
    ["ill-typed", "chat.postMessage", { channel: 5, text: "a" }, "invalid_arguments"],
    ["unknown", "chat.postMessage", { channel: "C0GENERAL", text: "a", colour: 1 }, "invalid_arguments"],
    ["another team", "auth.test", { team_id: "T9" }, "team_access_not_granted"],
    ["bad cursor", "users.list", { cursor: "x" }, "invalid_cursor"],
    ["bad type", "conversations.list", { types: "secret" }, "invalid_types"],
  ])("%s: refused", async (_, method, args, error) => {
    expect(await call(workspace, method, args)).toMatchObject({ ok: false, error });
  });

  it("come as a form too, with JSON inside", async () => {
    const client = new WebClient(workspace.settings.botToken, { slackApiUrl: workspace.apiUrl });
    const posted = await client.chat.postMessage({
      channel: "C0GENERAL",
      text: "a",
      blocks: [{ type: "divider" }],
      unfurl_links: false,
    });
    expect(posted.message?.blocks).toMatchObject([{ type: "divider", block_id: expect.any(String) }]);
  });

  it("are refused in another content type", async () => {
    const headers = { "content-type": "text/plain", authorization: "Bearer x" };
    const response = await fetch(`${workspace.apiUrl}auth.test`, { method: "POST", headers, body: "a" });
    expect(await response.json()).toMatchObject({ error: "invalid_post_type" });
  });
});

describe("rates and faults", () => {
  it("limits posts per channel", async () => {
    await post("C0GENERAL");
    await post("C0GENERAL");
    expect(await post("C0GENERAL")).toMatchObject({ status: 429, error: "ratelimited", retryAfter: "1" });
    expect(await post("C0SECURITY")).toMatchObject({ ok: true });
    now += 1000;
    expect(await post("C0GENERAL")).toMatchObject({ ok: true });
    expect(await post("C0GENERAL")).toMatchObject({ status: 429 });
  });

  it("fails as often as told, and the real client waits for a 429", async () => {
    workspace.fail("chat.postMessage", { status: 429, retryAfter: 1 });
    const client = new WebClient(workspace.settings.botToken, {
      slackApiUrl: workspace.apiUrl,
      logger: silent,
      retryConfig: { retries: 1, minTimeout: 1 },
    });
    const start = performance.now();
    await client.chat.postMessage({ channel: "C0GENERAL", text: "a" });
    expect(performance.now() - start).toBeGreaterThan(950);
    expect(workspace.calls.map(({ status }) => status)).toEqual([429, 200]);
  });

  it("has errors of every kind, before or after the work", async () => {
    workspace.fail("chat.postMessage", { error: "internal_error" });
    workspace.fail("chat.postMessage", { status: 503 });
    workspace.fail("chat.postMessage", { reset: true });
    workspace.fail("chat.postMessage", { status: 500, after: true });
    expect(await post("C0GENERAL")).toMatchObject({ error: "internal_error" });
    expect(await post("C0GENERAL")).toMatchObject({ status: 503 });
    await expect(post("C0GENERAL")).rejects.toThrow();
    expect(workspace.messages("C0GENERAL")).toHaveLength(0);
    expect(await post("C0GENERAL")).toMatchObject({ status: 500 });
    expect(workspace.messages("C0GENERAL")).toHaveLength(1);
    expect(await post("C0GENERAL")).toMatchObject({ ok: true });
  });

  it("hangs until it is closed, and then leaves nothing", async () => {
    workspace.fail("*", { hang: true });
    const hanging = expect(post("C0GENERAL")).rejects.toThrow();
    await expect.poll(() => workspace.calls.length).toBe(1);
    await workspace.close();
    await hanging;
    await expect(fetch(workspace.apiUrl)).rejects.toThrow();
  });
});

describe("what is kept", () => {
  it("does not grow for ever", async () => {
    const small = await createWorkspace({ keep: { messages: 3, calls: 2, fileBytes: 10 } });
    for (let index = 0; index < 5; index++)
      await call(small, "chat.postMessage", { channel: "C0GENERAL", text: `m${index}` });
    expect(small.messages("C0GENERAL").map(({ text }) => text)).toEqual(["m2", "m3", "m4"]);
    expect(small.calls).toHaveLength(2);
    await small.close();
  });

  it("tells of changes and waits for messages", async () => {
    const changes: string[] = [];
    const stop = workspace.on("change", ({ kind, id }) => changes.push(`${kind} ${id}`));
    const waiting = workspace.waitForMessage(({ text }) => text === "a");
    await post("C0GENERAL");
    expect(await waiting).toMatchObject({ channel: "C0GENERAL" });
    stop();
    await post("C0GENERAL");
    expect(changes).toEqual(["message C0GENERAL"]);
    await expect(workspace.waitForMessage(() => false, 10)).rejects.toThrow('newest messages: "a", "a"');
  });
});

const silent = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  setLevel() {},
  getLevel: () => "error" as never,
  setName() {},
};
