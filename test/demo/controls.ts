import type { App } from "@slack/bolt";
import type { Message } from "../../src/demo/workspace/index.ts";
import { plain } from "./call.ts";

const option = (text: string, value: string) => ({ text: plain(text), value });
/** A message with one control of each kind. */
export const blocks = [
  { type: "section", text: plain("Usage") },
  {
    type: "actions",
    block_id: "controls",
    elements: [
      {
        type: "static_select",
        action_id: "period",
        options: [option("Week", "7"), option("Month", "30")],
        initial_option: option("Week", "7"),
      },
      { type: "button", action_id: "share", text: plain("Share"), value: "overview" },
      { type: "overflow", action_id: "export", options: [option("CSV", "csv"), option("PDF", "pdf")] },
      { type: "users_select", action_id: "who" },
    ],
  },
] as never[];

/** Answers a command with controls, replaces it on a choice, and shares it on a click. */
export function configure(app: App): void {
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
    await client.chat.postMessage({ channel: body.channel?.id ?? "", text: `Shared ${value}`, blocks });
  });
  app.action(/export|who/, async ({ ack }) => ack());
}

/** The answer of that app. */
export const answered = ({ text }: Message) => text.startsWith("Usage");
