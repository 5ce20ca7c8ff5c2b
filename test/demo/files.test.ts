import { WebClient } from "@slack/web-api";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createWorkspace, type Workspace } from "../../src/demo/workspace/index.ts";
import { call, pixel, upload } from "./call.ts";

let workspace: Workspace;
let now: number;
beforeEach(async () => {
  now = Date.UTC(2026, 10, 22);
  workspace = await createWorkspace({ now: () => now });
});
afterEach(() => workspace.close());

const show = (file: { id: string } | { url: string }) =>
  call(workspace, "chat.postMessage", {
    channel: "C0GENERAL",
    text: "Chart",
    blocks: [{ type: "image", alt_text: "Chart", slack_file: file }],
  });

describe("an uploaded image", () => {
  it("is not usable before it is ready", async () => {
    const { id } = await upload(workspace, "chart.png", pixel);
    const info = () => call(workspace, "files.info", { file: id });
    expect(await info()).toMatchObject({ file: { mimetype: "", size: pixel.length } });
    const refused = await show({ id });
    expect(refused).toMatchObject({ error: "invalid_blocks" });
    expect(refused.errors).toEqual(["invalid slack file [json-pointer:/blocks/0/slack_file]"]);
    now += 299;
    expect(await show({ id })).toMatchObject({ error: "invalid_blocks" });
    now += 1;
    expect(await info()).toMatchObject({ file: { mimetype: "image/png", filetype: "png" } });
    expect(await show({ id })).toMatchObject({ ok: true });
    const { file } = (await info()) as unknown as { file: { url_private: string } };
    expect(await show({ url: file.url_private })).toMatchObject({ ok: true });
  });

  it("may be ready at once, or never", async () => {
    workspace.setFileDelay(0);
    expect(await show({ id: (await upload(workspace, "chart.png", pixel)).id })).toMatchObject({ ok: true });
    workspace.setFileDelay(Number.POSITIVE_INFINITY);
    expect(await show({ id: (await upload(workspace, "chart.png", pixel)).id })).toMatchObject({ ok: false });
  });

  it("has to be an image, inside too, and still there", async () => {
    workspace.setFileDelay(0);
    const text = await upload(workspace, "chart.png", Buffer.from("not a picture"));
    const csv = await upload(workspace, "people.csv", Buffer.from("a,b"));
    const gone = await upload(workspace, "chart.png", pixel);
    await call(workspace, "files.delete", { file: gone.id });
    for (const { id } of [text, csv, gone])
      expect(await show({ id })).toMatchObject({ error: "invalid_blocks" });
    expect(await call(workspace, "files.info", { file: gone.id })).toMatchObject({ error: "file_not_found" });
    expect(await call(workspace, "files.delete", { file: gone.id })).toMatchObject({
      error: "file_not_found",
    });
  });
});

describe("the three steps", () => {
  const begin = async (length: number) => {
    const { upload_url: url, file_id: id } = await call(workspace, "files.getUploadURLExternal", {
      filename: "a.csv",
      length,
    });
    return { id: String(id), send: (body: string) => fetch(String(url), { method: "POST", body }) };
  };
  const complete = (id: string, more = {}) =>
    call(workspace, "files.completeUploadExternal", { files: [{ id, title: "People" }], ...more });

  it("need the promised length, on an address that works once", async () => {
    const short = await begin(4);
    expect((await short.send("abc")).status).toBe(400);
    expect((await short.send("abcd")).status).toBe(404);
    expect(await complete(short.id)).toMatchObject({ error: "file_not_found" });
    const right = await begin(3);
    expect((await right.send("abc")).status).toBe(200);
    expect((await right.send("abc")).status).toBe(404);
    expect(await complete(right.id)).toMatchObject({ ok: true });
    expect(await complete(right.id)).toMatchObject({ error: "file_update_failed" });
    expect(await call(workspace, "files.getUploadURLExternal", { filename: "a", length: 0 })).toMatchObject({
      error: "invalid_arguments",
    });
  });

  it("share only where the app is, with a comment or blocks but not both", async () => {
    const { id, send } = await begin(3);
    await send("abc");
    expect(await complete(id, { channel_id: "C0NOBOT" })).toMatchObject({ error: "not_in_channel" });
    expect(await complete(id, { channel_id: "U0ADMIN" })).toMatchObject({ error: "channel_not_found" });
    const both = { channel_id: "C0GENERAL", initial_comment: "Hi", blocks: [{ type: "divider" }] };
    expect(await complete(id, both)).toMatchObject({ error: "invalid_arguments" });
    expect(await complete(id, { channel_id: "C0GENERAL", initial_comment: "Hi" })).toMatchObject({
      ok: true,
    });
    expect(workspace.messages("C0GENERAL")).toMatchObject([{ text: "Hi", files: [id] }]);
    expect(workspace.file(id)?.bytes?.toString()).toBe("abc");
  });

  it("take alt text for images only", async () => {
    const ask = (filename: string) =>
      call(workspace, "files.getUploadURLExternal", { filename, length: 3, alt_text: "Chart" });
    expect(await ask("chart.png")).toMatchObject({ ok: true });
    expect(await ask("report.pdf")).toMatchObject({ error: "invalid_arguments" });
  });

  it("work with the real client, and the bytes come back to the app only", async () => {
    workspace.setFileDelay(0);
    const { botToken } = workspace.settings;
    const client = new WebClient(botToken, { slackApiUrl: workspace.apiUrl });
    const result = await client.filesUploadV2({
      channel_id: "C0GENERAL",
      initial_comment: "Here",
      filename: "chart.png",
      file: pixel,
    });
    const id = result.files[0]?.files?.[0]?.id ?? "";
    const { file } = await client.files.info({ file: id });
    expect(file).toMatchObject({ mimetype: "image/png", channels: ["C0GENERAL"] });
    const url = file?.url_private ?? "";
    expect((await fetch(url)).status).toBe(403);
    const mine = await fetch(url, { headers: { authorization: `Bearer ${botToken}` } });
    expect(Buffer.from(await mine.arrayBuffer())).toEqual(pixel);
  });
});
