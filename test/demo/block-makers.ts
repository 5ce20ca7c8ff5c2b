import type { Json } from "../../src/demo/workspace/index.ts";
import { plain, times } from "./call.ts";

export const section = (text: Json, more: Json = {}): Json => ({ type: "section", text, ...more });
export const mrkdwn = (text: string): Json => ({ type: "mrkdwn", text });
export const actions = (...elements: Json[]): Json => ({ type: "actions", elements });
export const button = (more: Json = {}): Json => ({
  type: "button",
  action_id: "go",
  text: plain("Go"),
  ...more,
});
export const option = (value: string, more: Json = {}): Json => ({ text: plain("Option"), value, ...more });
export const options = (count: number): Json[] => times(count, (index) => option(`v${index}`));
export const select = (more: Json): Json => ({ type: "static_select", action_id: "pick", ...more });
export const image = (more: Json = {}): Json => ({
  type: "image",
  alt_text: "Chart",
  image_url: "https://example.com/a.png",
  ...more,
});
export const cell = (text: string): Json => ({ type: "raw_text", text });
export const table = (rows: readonly (readonly Json[])[], more: Json = {}): Json => ({
  type: "table",
  rows,
  ...more,
});
export const richText = (...elements: Json[]): Json => ({
  type: "rich_text",
  elements: [{ type: "rich_text_section", elements }],
});
export const confirm = (more: Json): Json =>
  button({
    confirm: {
      title: plain("Sure?"),
      text: plain("Really?"),
      confirm: plain("Yes"),
      deny: plain("No"),
      ...more,
    },
  });
