import { afterEach, describe, expect, it } from "vitest";
import { ActingError } from "../../src/demo/workspace/index.ts";
import { type Pair, startHttp } from "./bolt.ts";
import { answered, configure } from "./controls.ts";

let pair: Pair | undefined;
afterEach(async () => {
  await pair?.close();
  pair = undefined;
});

describe("what people send", () => {
  it("a command has the fields and the escaping of Slack", async () => {
    pair = await startHttp(configure);
    const { workspace } = pair;
    const { payload } = await workspace.command(
      "U0MANAGER",
      "C0PRIVATE",
      "/usage user @tomas.vale @vault-admins #coffee a&b <x> ann@example.com https://a.b/c @nobody",
    );
    expect(payload).toMatchObject({
      command: "/usage",
      user_id: "U0MANAGER",
      user_name: "priya.nandan",
      channel_name: "privategroup",
      is_enterprise_install: "false",
      text:
        "user <@U0ADMIN|tomas.vale> <!subteam^S0ADMINS|@vault-admins> <#C0NOBOT|coffee> a&amp;b &lt;x&gt; " +
        "<mailto:ann@example.com|ann@example.com> <https://a.b/c> @nobody",
    });
    await workspace.waitForMessage(answered);
  });

  it("a click has the message, unless it is ephemeral, and what was picked", async () => {
    pair = await startHttp(configure);
    const { workspace } = pair;
    await workspace.command("U0ADMIN", "C0GENERAL", "/usage");
    const whispered = await workspace.waitForMessage(answered);
    const { payload } = await workspace.click("U0ADMIN", whispered, "share");
    expect(payload).toMatchObject({
      type: "block_actions",
      container: { type: "message", is_ephemeral: true, message_ts: whispered.ts },
      state: {
        values: { controls: { period: { selected_option: { value: "7" } }, who: { selected_user: null } } },
      },
      actions: [{ type: "button", action_id: "share", block_id: "controls", value: "overview" }],
    });
    expect(payload).not.toHaveProperty("message");
    const shared = await workspace.waitForMessage(({ text }) => text === "Shared overview");
    await workspace.click("U0PERSON", shared, "who", "U0OWNER");
    const seen = await workspace.click("U0PERSON", shared, "export", "pdf");
    expect(seen.payload).toMatchObject({
      message: { ts: shared.ts, text: "Shared overview", bot_id: "B0USAGE01" },
      state: { values: { controls: { who: { selected_user: "U0OWNER" } } } },
      actions: [{ type: "overflow", selected_option: { value: "pdf" } }],
    });
  });

  it("a double click is told twice, with triggers of their own", async () => {
    pair = await startHttp(configure);
    const { workspace } = pair;
    await workspace.command("U0ADMIN", "C0GENERAL", "/usage");
    const answer = await workspace.waitForMessage(answered);
    const click = () => workspace.click("U0ADMIN", answer, "share");
    const [first, second] = await Promise.all([click(), click()]);
    expect(first.triggerId).not.toBe(second.triggerId);
    expect(first.payload.actions).toMatchObject([{ action_id: "share", value: "overview" }]);
    await workspace.waitFor(() => workspace.messages("C0GENERAL")[1]);
  });

  it("nobody does what cannot be done", async () => {
    pair = await startHttp(configure);
    const { workspace } = pair;
    const { command, click } = workspace;
    await expect(command("U0GONE", "C0GENERAL", "/usage")).rejects.toThrow(ActingError);
    await expect(command("U0PERSON", "C0SECURITY", "/usage")).rejects.toThrow("not in");
    await expect(command("U0ADMIN", "C0OLD", "/usage")).rejects.toThrow("archived");
    await expect(command("U0ADMIN", "C0GENERAL", "/frob")).rejects.toThrow("not a valid command");
    await command("U0ADMIN", "C0GENERAL", "/usage");
    const answer = await workspace.waitForMessage(answered);
    await expect(click("U0ADMIN", answer, "delete")).rejects.toThrow("there is: period, share, export, who");
    await expect(click("U0PERSON", answer, "share")).rejects.toThrow("does not see");
    await expect(click("U0ADMIN", answer, "period")).rejects.toThrow("say what is chosen");
    await expect(click("U0ADMIN", answer, "period", "99")).rejects.toThrow('no option "99"');
    await expect(click("U0ADMIN", answer, "share", "a")).rejects.toThrow("takes no choice");
    await expect(click("U0ADMIN", { ...answer, ts: "1.1" }, "share")).rejects.toThrow("does not see");
  });
});
