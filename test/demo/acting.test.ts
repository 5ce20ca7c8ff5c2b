import type { App } from "@slack/bolt";
import { afterEach, describe, expect, it } from "vitest";
import { type Pair, startHttp, startSocket } from "./bolt.ts";

let pair: Pair | undefined;
afterEach(async () => {
  await pair?.close();
  pair = undefined;
});

const blocks = [
  { type: "section", text: { type: "plain_text", text: "Usage" } },
  {
    type: "actions",
    block_id: "controls",
    elements: [
      {
        type: "static_select",
        action_id: "period",
        options: [
          { text: { type: "plain_text", text: "Week" }, value: "7" },
          { text: { type: "plain_text", text: "Month" }, value: "30" },
        ],
      },
      {
        type: "button",
        action_id: "share",
        text: { type: "plain_text", text: "Share" },
        value: "overview",
      },
    ],
  },
];

/** Answers a command with controls, replaces it on a choice, and shares it on a click. */
function configure(app: App): void {
  app.command("/usage", async ({ ack, respond, command }) => {
    await ack();
    await respond({ text: `Usage: ${command.text}`, blocks });
  });
  app.action("period", async ({ ack, respond, action }) => {
    await ack();
    const chosen = action.type === "static_select" ? action.selected_option.value : "?";
    await respond({ replace_original: true, text: `Usage of ${chosen} days`, blocks });
  });
  app.action("share", async ({ ack, client, body, action }) => {
    await ack();
    const value = action.type === "button" ? action.value : "?";
    await client.chat.postMessage({ channel: body.channel?.id ?? "", text: `Shared ${value}` });
  });
}

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
    const answer = await workspace.waitForMessage(({ text }) => text === "Usage: overview");
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
});
