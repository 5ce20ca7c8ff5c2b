import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Json, Message } from "../../src/demo/workspace/index.ts";
import { type Pair, startHttp } from "./bolt.ts";
import { call, of, plain } from "./call.ts";

let pair: Pair;
let now: number;
beforeEach(async () => {
  now = Date.now();
  pair = await startHttp(
    (app) => {
      app.command("/usage", ({ ack }) => ack());
      app.action("go", ({ ack }) => ack());
    },
    { now: () => now },
  );
});
afterEach(() => pair.close());

const blocks = [{ type: "actions", elements: [{ type: "button", action_id: "go", text: plain("Go") }] }];
const send = async (url: string, body: Json, type = "application/json") => {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": type },
    body: JSON.stringify(body),
  });
  return `${response.status} ${await response.text()}`;
};
const fromCommand = async () =>
  (await pair.workspace.command("U0ADMIN", "C0NOBOT", "/usage")).responseUrl ?? "";
const fromClick = async (message: Message) =>
  (await pair.workspace.click("U0ADMIN", message, "go")).responseUrl ?? "";

describe("a response URL", () => {
  it("works five times, whatever comes of it", async () => {
    const url = await fromCommand();
    for (let index = 0; index < 4; index++) expect(await send(url, { text: "a" })).toBe("200 ok");
    expect(await send(url, { text: "" })).toMatch(/^400 .*no_text/);
    expect(await send(url, { text: "a" })).toMatch(/^404 .*used_url/);
    expect(pair.workspace.ephemeral("U0ADMIN", "C0NOBOT")).toHaveLength(4);
  });

  it("works for half an hour", async () => {
    const url = await fromCommand();
    now += 30 * 60_000;
    expect(await send(url, { text: "a" })).toBe("200 ok");
    now += 1;
    expect(await send(url, { text: "a" })).toMatch(/^404 .*expired_url/);
    expect(await send(`${url}x`, { text: "a" })).toMatch(/^404 .*invalid_url/);
  });

  it("answers one person, or all if asked, also where the app is not", async () => {
    const url = await fromCommand();
    await send(url, { text: "whisper" });
    await send(url, { text: "shout", response_type: "in_channel" });
    expect(pair.workspace.ephemeral("U0ADMIN", "C0NOBOT")).toMatchObject([{ text: "whisper" }]);
    expect(pair.workspace.messages("C0NOBOT")).toMatchObject([{ text: "shout" }]);
  });

  it.each<[string, Json, string]>([
    ["no text", { blocks }, "no_text"],
    ["long text", { text: of(4001) }, "msg_too_long"],
    ["wrong blocks", { text: "a", blocks: [{ type: "sparkle" }] }, "invalid_blocks"],
    ["unknown property", { text: "a", channel: "C0GENERAL" }, "invalid_arguments"],
    ["replacing a command", { text: "a", replace_original: true }, "no_original_message"],
    ["deleting a command", { delete_original: true }, "no_original_message"],
  ])("refuses %s", async (_, body, error) => {
    expect(await send(await fromCommand(), body)).toMatch(new RegExp(`^400 .*${error}`));
  });

  it("takes JSON only", async () => {
    expect(await send(await fromCommand(), { text: "a" }, "text/plain")).toMatch(/^400 .*invalid_post_type/);
  });

  it("replaces and deletes an ephemeral message, which stays ephemeral", async () => {
    await send(await fromCommand(), { text: "a", blocks });
    const message = await pair.workspace.waitForMessage(({ text }) => text === "a");
    const url = await fromClick(message);
    const visible = { text: "b", blocks, replace_original: true, response_type: "in_channel" };
    expect(await send(url, visible)).toMatch(/^400 .*cannot_make_visible/);
    expect(await send(url, { text: "b", blocks, replace_original: true })).toBe("200 ok");
    expect(pair.workspace.ephemeral("U0ADMIN", "C0NOBOT")).toMatchObject([{ text: "b", ts: message.ts }]);
    expect(await send(url, { delete_original: true })).toBe("200 ok");
    expect(await send(url, { text: "c", replace_original: true })).toMatch(/^400 .*no_original_message/);
    expect(pair.workspace.conversation("U0ADMIN", "C0NOBOT")).toEqual([]);
  });

  it("replaces a visible message, or adds to it", async () => {
    await call(pair.workspace, "chat.postMessage", { channel: "C0GENERAL", text: "a", blocks });
    const message = await pair.workspace.waitForMessage(({ text }) => text === "a");
    const url = await fromClick(message);
    await send(url, { text: "only you" });
    await send(url, { text: "b", replace_original: true });
    expect(pair.workspace.messages("C0GENERAL")).toMatchObject([{ text: "b", blocks: [], ts: message.ts }]);
    expect(pair.workspace.ephemeral("U0ADMIN", "C0GENERAL")).toMatchObject([{ text: "only you" }]);
  });

  it("can be made to fail", async () => {
    pair.workspace.fail("response_url", { status: 500 });
    const url = await fromCommand();
    expect(await send(url, { text: "a" })).toBe("500 upstream error");
    expect(await send(url, { text: "a" })).toBe("200 ok");
  });
});
