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
beforeEach(async () => {
  workspace = await createWorkspace({ scopes: [...manifestScopes, "channels:read"] });
});
afterEach(() => workspace.close());

const post = (channel: string, more: Json = {}) =>
  call(workspace, "chat.postMessage", { channel, text: "a", ...more });

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
    expect(await change("chat.update", { ts: theirs.ts, text: "b" })).toMatchObject({
      error: "cant_update_message",
    });
    expect(await change("chat.delete", { ts: theirs.ts })).toMatchObject({ error: "cant_delete_message" });
    expect(await change("chat.update", { ts: "1.1", text: "b" })).toMatchObject({
      error: "message_not_found",
    });
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
    const names: string[] = [];
    for await (const page of client.paginate("users.list", { limit: 4 })) {
      const { members } = page as unknown as { members: { name: string }[] };
      names.push(...members.map(({ name }) => name));
    }
    expect(names).toEqual(workspace.directory.users().map(({ name }) => name));
    const { channels } = await call(workspace, "conversations.list", { exclude_archived: true });
    expect(channels).toMatchObject([
      { id: "C0GENERAL" },
      { id: "C0SECURITY" },
      { id: "C0NOBOT", is_member: false },
    ]);
  });
});

describe("people", () => {
  it("are found by address unless deactivated", async () => {
    const find = (email: string) => call(workspace, "users.lookupByEmail", { email });
    expect(await find("Tomas.Vale@example.com")).toMatchObject({ user: { id: "U0ADMIN", is_admin: true } });
    expect(await find("milo.brandt@example.com")).toMatchObject({ error: "users_not_found" });
    expect(await call(workspace, "users.info", { user: "U0GONE" })).toMatchObject({
      user: { deleted: true },
    });
    expect(await call(workspace, "users.info", { user: "U9" })).toMatchObject({ error: "user_not_found" });
  });

  it("show no address without the scope for it", async () => {
    const narrow = await createWorkspace({ scopes: ["users:read"] });
    const { user } = await call(narrow, "users.info", { user: "U0ADMIN" });
    expect(JSON.stringify(user)).not.toContain("@");
    expect(await call(narrow, "users.lookupByEmail", { email: "a@b.c" })).toMatchObject({
      error: "missing_scope",
    });
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
