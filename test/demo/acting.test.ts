import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { type Pair, startHttp, startSocket } from "./bolt.ts";
import { answered, blocks, configure } from "./controls.ts";

let pair: Pair | undefined;
afterEach(async () => {
  await pair?.close();
  pair = undefined;
});

describe.each([
  ["HTTP", startHttp],
  ["Socket Mode", startSocket],
])("a Bolt app over %s", (_, start) => {
  it("answers a command and clicks", async () => {
    pair = await start(configure);
    const { workspace } = pair;
    const delivery = await workspace.command("U0ADMIN", "C0GENERAL", "/usage overview");
    expect(delivery).toMatchObject({ status: 200, body: undefined });
    expect(delivery.error).toBeUndefined();
    expect(delivery.ms).toBeLessThan(3000);
    const answer = await workspace.waitForMessage(answered);
    expect(answer).toMatchObject({ channel: "C0GENERAL", ephemeralTo: "U0ADMIN" });
    expect(workspace.messages("C0GENERAL")).toEqual([]);

    await workspace.click("U0ADMIN", answer, "period", "30");
    const replaced = await workspace.waitForMessage(({ text }) => text === "Usage of 30 days");
    expect(replaced.ts).toBe(answer.ts);
    await workspace.click("U0ADMIN", replaced, "share");
    await workspace.waitForMessage(({ text }) => text === "Shared overview");
    expect(workspace.messages("C0GENERAL")).toHaveLength(1);
    expect(workspace.violations).toEqual([]);
  });

  it("shows what stands in an acknowledgement", async () => {
    pair = await start((app) => {
      app.command("/usage", async ({ ack, command }) => {
        if (command.text === "object") await ack({ text: "visible", response_type: "in_channel" });
        else await ack(command.text === "text" ? "only you" : { text: "a", blocks: [{ type: "sparkle" }] });
      });
    });
    const { workspace } = pair;
    await workspace.command("U0ADMIN", "C0GENERAL", "/usage object");
    await workspace.command("U0ADMIN", "C0GENERAL", "/usage text");
    expect(workspace.messages("C0GENERAL")).toMatchObject([{ text: "visible" }]);
    expect(workspace.ephemeral("U0ADMIN", "C0GENERAL")).toMatchObject([{ text: "only you" }]);
    const bad = await workspace.command("U0ADMIN", "C0GENERAL", "/usage bad");
    expect(bad.error).toBe("invalid_blocks");
    expect(workspace.violations).toMatchObject([{ rule: "ack" }]);
  });

  it("is told off for acknowledging late", async () => {
    pair = await start(
      (app) => {
        app.command("/usage", async ({ ack }) => {
          await sleep(120);
          await ack();
        });
      },
      { ackTimeout: 60 },
    );
    const { workspace } = pair;
    const delivery = await workspace.command("U0ADMIN", "C0GENERAL", "/usage");
    expect(delivery).toMatchObject({ error: "operation_timeout", status: 0 });
    expect(workspace.ephemeral("U0ADMIN", "C0GENERAL")).toMatchObject([
      { user: "USLACKBOT", text: expect.stringContaining("operation_timeout") },
    ]);
    await sleep(80);
  });

  it("hears of the Home tab, and again when it did not answer", async () => {
    const heard: unknown[] = [];
    pair = await start((app) => {
      app.event("app_home_opened", async ({ event, client, context, body }) => {
        heard.push([body.event_id, context.retryNum]);
        await client.views.publish({ user_id: event.user, view: { type: "home", blocks } });
      });
    });
    const { workspace } = pair;
    const first = await workspace.openHome("U0ADMIN");
    const home = await workspace.waitFor(() => workspace.home("U0ADMIN"));
    expect(home).toMatchObject({ type: "home", userId: "U0ADMIN" });
    await workspace.redeliver(first, { retry: { num: 1, reason: "http_timeout" } });
    await expect.poll(() => heard.length).toBe(2);
    expect(heard.map((each) => (each as unknown[])[0])).toEqual(Array(2).fill(first.payload.event_id));
    expect((heard[1] as unknown[])[1]).toBe(1);
  });
});

describe("signatures", () => {
  it("that are wrong or old are answered 401", async () => {
    pair = await startHttp(configure);
    const { workspace } = pair;
    const send = (options: object) => workspace.command("U0ADMIN", "C0GENERAL", "/usage", options);
    expect(await send({ signingSecret: "wrong" })).toMatchObject({ status: 401, error: "dispatch_failed" });
    const old = Math.floor(Date.now() / 1000) - 301;
    expect(await send({ timestamp: old })).toMatchObject({ status: 401, error: "dispatch_failed" });
    expect(await send({})).toMatchObject({ status: 200 });
    await workspace.waitForMessage(answered);
  });

  it("nobody listening is dispatch_failed", async () => {
    pair = await startHttp(configure);
    const { workspace } = pair;
    workspace.setRequestUrl("http://127.0.0.1:1/slack/events");
    expect(await workspace.command("U0ADMIN", "C0GENERAL", "/usage")).toMatchObject({
      error: "dispatch_failed",
    });
    workspace.setRequestUrl(undefined);
    expect(await workspace.command("U0ADMIN", "C0GENERAL", "/usage")).toMatchObject({
      error: "dispatch_failed",
    });
  });
});
