import type { App } from "@slack/bolt";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Json } from "../../src/demo/workspace/index.ts";
import { type Pair, startHttp } from "./bolt.ts";
import { call, of, plain } from "./call.ts";
import { home, modal } from "./view-makers.ts";

let pair: Pair;
let now: number;
let respondTo: (name: string) => Json | undefined;
beforeEach(async () => {
  now = Date.now();
  respondTo = () => undefined;
  pair = await startHttp(configure, { now: () => now });
});
afterEach(() => pair.close());

function configure(app: App): void {
  app.command("/usage", ({ ack }) => ack());
  app.action("more", ({ ack }) => ack());
  app.view("ask", ({ ack, view }) => ack(respondTo(view.state.values.name?.name?.value ?? "") as never));
  app.view({ callback_id: "ask", type: "view_closed" }, ({ ack }) => ack());
}

const trigger = async () => (await pair.workspace.command("U0ADMIN", "C0GENERAL", "/usage")).triggerId ?? "";
const open = async (view: Json, id?: string) =>
  call(pair.workspace, "views.open", { trigger_id: id ?? (await trigger()), view });
const publish = (view: Json, more: Json = {}) =>
  call(pair.workspace, "views.publish", { user_id: "U0ADMIN", view, ...more });

describe("triggers", () => {
  it("open one view within three seconds", async () => {
    const id = await trigger();
    expect(await open(modal(), id)).toMatchObject({
      ok: true,
      view: { type: "modal", hash: expect.any(String) },
    });
    expect(await open(modal(), id)).toMatchObject({ error: "exchanged_trigger_id" });
    expect(await open(modal(), "1.2")).toMatchObject({ error: "invalid_trigger_id" });
    const late = await trigger();
    now += 3001;
    expect(await open(modal(), late)).toMatchObject({ error: "expired_trigger_id" });
    const intime = await trigger();
    now += 3000;
    expect(await open(modal(), intime)).toMatchObject({ ok: true });
  });

  it("of a message do not push", async () => {
    await open(modal());
    const args = { trigger_id: await trigger(), view: modal() };
    expect(await call(pair.workspace, "views.push", args)).toMatchObject({ error: "invalid_trigger_id" });
  });
});

describe("a modal", () => {
  it("is filled in and submitted; errors keep it open", async () => {
    const { workspace } = pair;
    await open(modal());
    await expect(workspace.submitView("U0ADMIN")).rejects.toThrow('"name" has to be filled in');
    await expect(workspace.submitView("U0ADMIN", { name: of(11) })).rejects.toThrow("0 to 10 characters");
    respondTo = (name) =>
      name === "Bob" ? { response_action: "errors", errors: { name: "Not Bob" } } : undefined;
    const refused = await workspace.submitView("U0ADMIN", { name: "Bob" });
    expect(refused.body).toMatchObject({ response_action: "errors" });
    expect(workspace.modal("U0ADMIN")?.state).toMatchObject({ name: { name: { value: "Bob" } } });
    await workspace.submitView("U0ADMIN", { name: "Ann" });
    expect(workspace.modal("U0ADMIN")).toBeUndefined();
    await expect(workspace.submitView("U0ADMIN")).rejects.toThrow("no modal open");
  });

  it("is updated, pushed upon and cleared by the answer", async () => {
    const { workspace } = pair;
    await open(modal({ notify_on_close: true }));
    respondTo = () => ({ response_action: "update", view: modal({ title: plain("Again") }) });
    await workspace.submitView("U0ADMIN", { name: "Ann" });
    expect(workspace.modal("U0ADMIN")).toMatchObject({
      title: plain("Again"),
      state: { name: { name: { value: "Ann" } } },
    });
    respondTo = () => ({
      response_action: "push",
      view: modal({ title: plain("Next"), notify_on_close: true }),
    });
    await workspace.submitView("U0ADMIN", { name: "Ann" });
    expect(workspace.modals("U0ADMIN")).toHaveLength(2);
    expect(await workspace.closeView("U0ADMIN")).toMatchObject({
      status: 200,
      payload: { type: "view_closed" },
    });
    respondTo = () => ({ response_action: "clear" });
    await workspace.submitView("U0ADMIN", { name: "Ann" });
    expect(workspace.modals("U0ADMIN")).toEqual([]);
    await open(modal());
    respondTo = () => ({ response_action: "errors", errors: { nowhere: "a" } });
    expect(await workspace.submitView("U0ADMIN", { name: "Ann" })).toMatchObject({
      error: "invalid_arguments",
    });
    expect(workspace.violations).toMatchObject([{ rule: "ack" }]);
  });

  it("is updated by id or name, not over a newer one", async () => {
    const { workspace } = pair;
    const { view } = (await open(modal({ external_id: "ask-1" }))) as unknown as { view: Json };
    const update = (args: Json) =>
      call(workspace, "views.update", { view: modal({ external_id: "ask-1" }), ...args });
    expect(await update({ view_id: view.id, hash: view.hash })).toMatchObject({ ok: true });
    expect(await update({ view_id: view.id, hash: view.hash })).toMatchObject({ error: "hash_conflict" });
    expect(await update({ external_id: "ask-1" })).toMatchObject({ ok: true });
    expect(await update({ view_id: "V9" })).toMatchObject({ error: "not_found" });
    expect(await update({})).toMatchObject({ error: "invalid_arguments" });
  });

  it("is pushed at most twice", async () => {
    const { workspace } = pair;
    await open(modal({ blocks: [{ type: "actions", elements: [button] }] }));
    const push = async () => {
      const top = workspace.modal("U0ADMIN");
      if (top === undefined) throw new Error("no modal");
      const { triggerId, payload } = await workspace.click("U0ADMIN", top, "more");
      expect(payload).toMatchObject({ container: { type: "view", view_id: top.id } });
      expect(payload).not.toHaveProperty("response_url");
      const view = modal({ blocks: [{ type: "actions", elements: [button] }] });
      return call(workspace, "views.push", { trigger_id: triggerId, view });
    };
    expect(await push()).toMatchObject({ ok: true });
    expect(await push()).toMatchObject({ view: { previous_view_id: expect.any(String) } });
    expect(await push()).toMatchObject({ error: "push_limit_reached" });
  });
});

const button = { type: "button", action_id: "more", text: plain("More") };

describe("Home", () => {
  it("is published, with a hash if another may have been faster", async () => {
    const { workspace } = pair;
    const first = (await publish(home())) as unknown as { view: Json };
    expect(await publish(home(), { hash: first.view.hash })).toMatchObject({ ok: true });
    expect(await publish(home(), { hash: first.view.hash })).toMatchObject({ error: "hash_conflict" });
    expect(await publish(home({ title: plain("a") }))).toMatchObject({ error: "invalid_arguments" });
    expect(await publish(home(), { user_id: "U0GONE" })).toMatchObject({ error: "user_not_found" });
    await publish(home({ blocks: [{ type: "actions", elements: [button] }] }));
    const view = workspace.home("U0ADMIN");
    if (view === undefined) throw new Error("no Home");
    const click = await workspace.click("U0ADMIN", view, "more");
    expect(click.payload).toMatchObject({ view: { id: view.id, type: "home" } });
    expect(click.payload).not.toHaveProperty("response_url");
  });
});
