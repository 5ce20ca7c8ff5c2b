import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  createWorkspace,
  type Json,
  messageProblems,
  viewProblems,
  type Workspace,
} from "../../src/demo/workspace/index.ts";
import { limits, wrong } from "./block-cases.ts";
import {
  actions,
  button,
  cell,
  image,
  mrkdwn,
  option,
  options,
  richText,
  section,
  select,
  table,
} from "./block-makers.ts";
import { call, of, plain, times } from "./call.ts";

let workspace: Workspace;
beforeAll(async () => {
  workspace = await createWorkspace();
});
afterAll(() => workspace.close());

const post = (blocks: readonly Json[], to = workspace) =>
  call(to, "chat.postMessage", { channel: "C0GENERAL", text: "text", blocks });
describe("limits of blocks", () => {
  it.each(limits)("%s: %i pass, one more is refused", async (_, size, make) => {
    expect(await post(make(size))).toMatchObject({ ok: true });
    const refused = await post(make(size + 1));
    expect(refused).toMatchObject({ ok: false, error: "invalid_blocks" });
    expect(JSON.stringify(refused.response_metadata)).toMatch(/"\[ERROR\] .*json-pointer/);
  });

  it.each(wrong)("%s is refused", async (_, blocks, words) => {
    const refused = await post(blocks);
    expect(refused).toMatchObject({ ok: false, error: "invalid_blocks" });
    expect(JSON.stringify(refused.errors)).toContain(words);
  });

  it("points at what is wrong", async () => {
    const refused = await post([{ type: "divider" }, section(plain(""))]);
    expect(refused.errors).toEqual(["must be more than 0 characters [json-pointer:/blocks/1/text/text]"]);
  });

  it("passes one of every kind", async () => {
    const all = [
      section(mrkdwn("*a*"), { block_id: "s", accessory: image({ type: "image" }), expand: true }),
      { type: "header", text: plain("a") },
      { type: "divider" },
      image({ title: plain("a") }),
      { type: "context", elements: [mrkdwn("a"), plain("b"), image()] },
      actions(
        button({ style: "primary" }),
        select({ options: options(2), initial_option: option("v1") }),
        { type: "users_select", action_id: "who", initial_user: "U0ADMIN" },
        { type: "datepicker", action_id: "from", initial_date: "2026-10-01" },
        { type: "timepicker", action_id: "at", initial_time: "09:30" },
      ),
      richText({ type: "text", text: "a", style: { bold: true } }, { type: "user", user_id: "U0ADMIN" }),
      { type: "markdown", text: "# a" },
      table([[cell("a"), richText({ type: "text", text: "b" })]], { column_settings: [{ align: "right" }] }),
    ];
    expect(await post(all)).toMatchObject({ ok: true });
  });

  it("has a limit for all text together", async () => {
    expect(await post(times(4, () => section(plain(of(2500)))))).toMatchObject({ ok: true });
    const longer = times(4, (index) => section(plain(of(index === 0 ? 2501 : 2500))));
    expect(await post(longer)).toMatchObject({ error: "msg_blocks_too_long" });
  });

  it("has newer blocks where they are switched on", async () => {
    const modern = await createWorkspace({ newBlocks: ["data_table", "data_visualization"] });
    const rows = (count: number) => [
      { type: "data_table", caption: "People", rows: times(count, () => [cell("a")]) },
    ];
    expect(await post(rows(101), modern)).toMatchObject({ ok: true });
    expect(await post(rows(102), modern)).toMatchObject({ error: "invalid_blocks" });
    const chart = (points: number, names = ["a"], more: Json = {}) => {
      const categories = times(points, (index) => `d${index}`);
      const data = categories.map((label) => ({ label, value: 1 }));
      const series = names.map((name) => ({ name, data }));
      return {
        type: "data_visualization",
        title: "Trend",
        chart: { type: "line", series, axis_config: { categories }, ...more },
      };
    };
    const names = (count: number) => times(count, (index) => `s${index}`);
    expect(await post([chart(20, names(6)), chart(1)], modern)).toMatchObject({ ok: true });
    for (const charts of [
      times(3, () => chart(1)),
      [chart(21)],
      [chart(1, names(7))],
      [chart(1, ["a", "a"])],
      [chart(1, ["a"], { axis_config: { categories: ["other"] } })],
      [chart(1, ["a"], { type: "radar" })],
    ])
      expect(await post(charts, modern)).toMatchObject({ error: "invalid_blocks" });
    await modern.close();
  });
});

describe("text of a message", () => {
  const send = (args: Json) => call(workspace, "chat.postMessage", { channel: "C0GENERAL", ...args });

  it("is always needed, and has a limit", async () => {
    expect(await send({ blocks: [{ type: "divider" }] })).toMatchObject({ error: "no_text" });
    expect(await send({ text: " " })).toMatchObject({ error: "no_text" });
    expect(await send({ text: of(4000) })).toMatchObject({ ok: true });
    expect(await send({ text: of(4001) })).toMatchObject({ error: "msg_too_long" });
    expect(await send({ text: "a", blocks: "no JSON" })).toMatchObject({ error: "invalid_blocks_format" });
  });

  it("that would wake the channel is a violation, wherever it stands", async () => {
    const before = workspace.violations.length;
    await send({ text: "Hi <!channel>" });
    await post([section(mrkdwn("<!here|here>"))]);
    await post([richText({ type: "broadcast", range: "everyone" })]);
    await post([section(plain("<!channel>")), section(mrkdwn("&lt;!channel&gt;"))]);
    const found = workspace.violations.slice(before).map(({ detail }) => detail);
    expect(found).toEqual(["<!channel>", "<!here|here>", "broadcast everyone"]);
  });
});

describe("the checks alone", () => {
  it("say what a workspace would say", () => {
    expect(
      messageProblems({ text: "a", blocks: [image({ image_url: undefined, slack_file: { id: "F1" } })] }),
    ).toEqual([]);
    expect(messageProblems({ text: "a <!here>", blocks: [] })).toEqual(["broadcast: <!here>"]);
    expect(messageProblems({ blocks: [] })).toEqual(["no_text"]);
    expect(messageProblems({ text: "a", blocks: [{ type: "sparkle" }] })).toEqual([
      "invalid_blocks: unsupported type: sparkle [json-pointer:/blocks/0/type]",
    ]);
    expect(viewProblems({ type: "home", blocks: [{ type: "divider" }] })).toEqual([]);
    expect(viewProblems({ type: "modal", blocks: [] })).not.toEqual([]);
  });

  it("never throw, whatever they are given", () => {
    const types = [
      "section",
      "header",
      "actions",
      "context",
      "image",
      "table",
      "rich_text",
      "input",
      "markdown",
    ];
    const keys = [
      "text",
      "fields",
      "elements",
      "rows",
      "accessory",
      "slack_file",
      "alt_text",
      "element",
      "label",
    ];
    const wild = fc.dictionary(fc.constantFrom(...keys), fc.jsonValue({ maxDepth: 4 }));
    const block = fc.tuple(fc.constantFrom(...types), wild).map(([type, rest]) => ({ ...rest, type }));
    const blocks = fc.array(fc.oneof(block, fc.jsonValue()), { maxLength: 5 });
    fc.assert(
      fc.property(blocks, (some) => {
        messageProblems({ text: "a", blocks: some });
        viewProblems({ type: "modal", title: plain("a"), blocks: some });
      }),
    );
  });
});
