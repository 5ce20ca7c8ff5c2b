import type { Json } from "../../src/demo/workspace/index.ts";
import { plain } from "./call.ts";

export const input = (more: Json = {}): Json => ({
  type: "input",
  block_id: "name",
  label: plain("Name"),
  element: { type: "plain_text_input", action_id: "name", max_length: 10, ...more },
});
export const modal = (more: Json = {}): Json => ({
  type: "modal",
  callback_id: "ask",
  title: plain("Ask"),
  submit: plain("Send"),
  blocks: [input()],
  ...more,
});
export const home = (more: Json = {}): Json => ({ type: "home", blocks: [{ type: "divider" }], ...more });
export const fileInput = (more: Json = {}, block: Json = {}): Json => ({
  type: "input",
  block_id: "files",
  label: plain("Files"),
  element: { type: "file_input", action_id: "upload", ...more },
  ...block,
});
