import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createWorkspace, type Json, type Workspace } from "../../src/demo/workspace/index.ts";
import { call, of, plain, times } from "./call.ts";
import { home, input, modal } from "./view-makers.ts";

let workspace: Workspace;
beforeAll(async () => {
  workspace = await createWorkspace();
});
afterAll(() => workspace.close());

const divider = { type: "divider" };
/** No app is there to be asked, but the trigger is good all the same. */
const open = async (view: Json) => {
  const { triggerId } = await workspace.command("U0ADMIN", "C0GENERAL", "/usage");
  return call(workspace, "views.open", { trigger_id: triggerId, view });
};
const publish = (view: Json) => call(workspace, "views.publish", { user_id: "U0ADMIN", view });

describe("limits of views", () => {
  const limits: [string, number, (size: number) => Json][] = [
    ["blocks", 100, (size) => modal({ blocks: times(size, () => divider) })],
    ["title", 24, (size) => modal({ title: plain(of(size)) })],
    ["submit", 24, (size) => modal({ submit: plain(of(size)) })],
    ["close", 24, (size) => modal({ close: plain(of(size)) })],
    ["private_metadata", 3000, (size) => modal({ private_metadata: of(size) })],
    ["callback_id", 255, (size) => modal({ callback_id: of(size) })],
    ["external_id", 255, (size) => modal({ external_id: of(size) })],
    ["input label", 2000, (size) => modal({ blocks: [{ ...input(), label: plain(of(size)) }] })],
    ["input hint", 2000, (size) => modal({ blocks: [{ ...input(), hint: plain(of(size)) }] })],
    ["input length", 3000, (size) => modal({ blocks: [input({ max_length: size })] })],
    ["home blocks", 100, (size) => home({ blocks: times(size, () => divider) })],
  ];
  it.each(limits)("%s: %i pass, one more is refused", async (_, size, make) => {
    const show = (view: Json) => (view.type === "home" ? publish(view) : open(view));
    expect(await show(make(size))).toMatchObject({ ok: true });
    expect(await show(make(size + 1))).toMatchObject({
      error: "invalid_arguments",
      errors: [expect.any(String)],
    });
  });

  it("250 KB", async () => {
    const bytes = (size: number) => {
      const empty = home({ blocks: times(90, () => ({ type: "section", text: plain(of(2700)) })) });
      const rest = size - Buffer.byteLength(JSON.stringify({ ...empty, private_metadata: "" }));
      return { ...empty, private_metadata: of(rest) };
    };
    expect(await publish(bytes(250_000))).toMatchObject({ ok: true });
    expect(await publish(bytes(250_001))).toMatchObject({ error: "view_too_large" });
  });

  it.each<[string, Json, string]>([
    ["no title", modal({ title: undefined }), "missing required field: title"],
    ["no submit for an input", modal({ submit: undefined }), "missing required field: submit"],
    ["mrkdwn title", modal({ title: { type: "mrkdwn", text: "a" } }), "unsupported type: mrkdwn"],
    ["another type", home(), "unsupported type: home"],
    ["unknown property", modal({ footer: "a" }), "invalid additional property: footer"],
    ["a table", modal({ blocks: [{ type: "table", rows: [] }] }), "unsupported type: table"],
    ["no blocks", modal({ blocks: [] }), "no fewer than 1 items"],
    ["button as an input", modal({ blocks: [input({ type: "button" })] }), "unsupported type: button"],
    [
      "two elements in focus",
      modal({ blocks: times(2, (i) => ({ ...input({ focus_on_load: true }), block_id: `b${i}` })) }),
      "only one element may have focus",
    ],
    ["min above max", modal({ blocks: [input({ min_length: 11 })] }), "must not be greater"],
  ])("%s is refused", async (_, view, words) => {
    const refused = await open(view);
    expect(refused).toMatchObject({ ok: false, error: "invalid_arguments" });
    expect(JSON.stringify(refused.errors)).toContain(words);
  });
});
