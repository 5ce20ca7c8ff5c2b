import { WebClient } from "@slack/web-api";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createWorkspace, type Json, manifestScopes, type Workspace } from "../../src/demo/workspace/index.ts";
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
    expect(await call(workspace, "auth.test", {}, appToken)).toMatchObject({ error: "not_allowed_token_type" });
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
    expect(await call(workspace, "conversations.info", { channel: "C0PRIVATE" })).toMatchObject({
      error: "missing_scope",
      needed: "groups:read",
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

describe("channels", () => {
  it.each([
    ["C0NOBOT", "not_in_channel"],
    ["C0HIDDEN", "channel_not_found"],
    ["C0NOWHERE", "channel_not_found"],
    ["general", "channel_not_found"],
    ["C0OLD", "is_archived"],
    ["U0GONE", "channel_not_found"],
  ])("posting to %s is %s", async (channel, error) => {
    expect(await post(channel)).toMatchObject({ ok: false, error });
  });

  it("takes a person's id for the direct message", async () => {
    expect(await post("U0ADMIN")).toMatchObject({ channel: workspace.directMessage("U0ADMIN") });
    expect(workspace.messages(workspace.directMessage("U0ADMIN"))).toHaveLength(1);
  });

  it("shows ephemeral messages to one person who is there", async () => {
    const whisper = (user: string) =>
      call(workspace, "chat.postEphemeral", { channel: "C0SECURITY", user, text: "psst" });
    expect(await whisper("U0PERSON")).toMatchObject({ error: "user_not_in_channel" });
    const { message_ts: ts } = await whisper("U0ADMIN");
    expect(workspace.ephemeral("U0ADMIN", "C0SECURITY")).toMatchObject([{ ts }]);
    expect(workspace.conversation("U0OWNER", "C0SECURITY")).toEqual([]);
    const edit = { channel: "C0SECURITY", ts, text: "a" };
    expect(await call(workspace, "chat.update", edit)).toMatchObject({ error: "message_not_found" });
  });

  it("updates and deletes the app's own messages only", async () => {
    const theirs = workspace.say("U0ADMIN", "C0GENERAL", "hello");
    const { ts } = await post("C0GENERAL", { blocks: [{ type: "divider" }] });
    const change = (method: string, args: Json) => call(workspace, method, { channel: "C0GENERAL", ...args });
    expect(await change("chat.update", { ts: theirs.ts, text: "b" })).toMatchObject({ error: "cant_update_message" });
    expect(await change("chat.delete", { ts: theirs.ts })).toMatchObject({ error: "cant_delete_message" });
    expect(await change("chat.update", { ts: "1.1", text: "b" })).toMatchObject({ error: "message_not_found" });
    expect(await change("chat.update", { ts, text: "b" })).toMatchObject({ error: "invalid_arguments" });
    expect(await change("chat.update", { ts, blocks: [] })).toMatchObject({ error: "no_text" });
    expect(await change("chat.update", { ts, text: "b", blocks: [] })).toMatchObject({ ok: true });
    expect(workspace.messages("C0GENERAL").at(-1)).toMatchObject({ ts, text: "b", blocks: [], edited: true });
    expect(await change("chat.delete", { ts })).toMatchObject({ ok: true });
    expect(workspace.messages("C0GENERAL")).toHaveLength(1);
  });

  it("answers in threads that exist", async () => {
    const { ts } = await post("C0GENERAL");
    expect(await post("C0GENERAL", { thread_ts: ts })).toMatchObject({ ok: true });
    expect(await post("C0GENERAL", { thread_ts: "1.1" })).toMatchObject({ error: "thread_not_found" });
  });

  it("lists in pages", async () => {
    const client = new WebClient(workspace.settings.botToken, { slackApiUrl: workspace.apiUrl });
    const names: (string | undefined)[] = [];
    for await (const page of client.paginate("users.list", { limit: 4 }))
      names.push(...(page as { members: { name?: string }[] }).members.map(({ name }) => name));
    expect(names).toEqual(workspace.directory.users().map(({ name }) => name));
    const { channels } = await call(workspace, "conversations.list", { exclude_archived: true });
    expect(channels).toMatchObject([{ id: "C0GENERAL" }, { id: "C0SECURITY" }, { id: "C0NOBOT", is_member: false }]);
  });
});

describe("people", () => {
  it("are found by address unless deactivated", async () => {
    const find = (email: string) => call(workspace, "users.lookupByEmail", { email });
    expect(await find("Tomas.Vale@example.com")).toMatchObject({ user: { id: "U0ADMIN", is_admin: true } });
    expect(await find("milo.brandt@example.com")).toMatchObject({ error: "users_not_found" });
    expect(await call(workspace, "users.info", { user: "U0GONE" })).toMatchObject({ user: { deleted: true } });
    expect(await call(workspace, "users.info", { user: "U9" })).toMatchObject({ error: "user_not_found" });
  });

  it("show no address without the scope for it", async () => {
    const narrow = await createWorkspace({ scopes: ["users:read"] });
    const { user } = await call(narrow, "users.info", { user: "U0ADMIN" });
    expect(JSON.stringify(user)).not.toContain("@");
    expect(await call(narrow, "users.lookupByEmail", { email: "a@b.c" })).toMatchObject({ error: "missing_scope" });
    await narrow.close();
  });

  it("are in user groups, on a paid plan", async () => {
    const users = (usergroup: string) => call(workspace, "usergroups.users.list", { usergroup });
    expect(await users("S0ADMINS")).toMatchObject({ users: ["U0OWNER", "U0ADMIN"] });
    expect(await users("S9")).toMatchObject({ error: "no_such_subteam" });
    expect(await call(workspace, "usergroups.list", { include_users: "true" })).toMatchObject({
      usergroups: [{ handle: "vault-admins", users: ["U0OWNER", "U0ADMIN"] }],
    });
    const free = await createWorkspace({ paidPlan: false });
    expect(await call(free, "usergroups.list")).toMatchObject({ error: "plan_upgrade_required" });
    await free.close();
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
    const client = new WebClient(workspace.settings.botToken, { slackApiUrl: workspace.apiUrl, logger: silent });
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
