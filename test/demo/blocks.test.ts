import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createWorkspace, type Json, type Workspace } from "../../src/demo/workspace/index.ts";
import { call, of, plain, times } from "./call.ts";

let workspace: Workspace;
beforeAll(async () => {
  workspace = await createWorkspace();
});
afterAll(() => workspace.close());

const post = (blocks: readonly Json[], to = workspace) =>
  call(to, "chat.postMessage", { channel: "C0GENERAL", text: "text", blocks });
const section = (text: Json, more: Json = {}): Json => ({ type: "section", text, ...more });
const mrkdwn = (text: string): Json => ({ type: "mrkdwn", text });
const actions = (...elements: Json[]): Json => ({ type: "actions", elements });
const button = (more: Json = {}): Json => ({
  type: "button",
  action_id: "go",
  text: plain("Go"),
  ...more,
});
const option = (value: string, more: Json = {}): Json => ({ text: plain("Option"), value, ...more });
const options = (count: number): Json[] => times(count, (index) => option(`v${index}`));
const select = (more: Json): Json => ({ type: "static_select", action_id: "pick", ...more });
const image = (more: Json = {}): Json => ({
  type: "image",
  alt_text: "Chart",
  image_url: "https://example.com/a.png",
  ...more,
});
const cell = (text: string): Json => ({ type: "raw_text", text });
const table = (rows: readonly (readonly Json[])[], more: Json = {}): Json => ({
  type: "table",
  rows,
  ...more,
});
const richText = (...elements: Json[]): Json => ({
  type: "rich_text",
  elements: [{ type: "rich_text_section", elements }],
});
const confirm = (more: Json): Json =>
  button({
    confirm: {
      title: plain("Sure?"),
      text: plain("Really?"),
      confirm: plain("Yes"),
      deny: plain("No"),
      ...more,
    },
  });

/** Name, the largest that passes, and blocks made for a size: one more is refused. */
const limits: [string, number, (size: number) => Json[]][] = [
  ["blocks in a message", 50, (size) => times(size, () => ({ type: "divider" }))],
  ["section text", 3000, (size) => [section(mrkdwn(of(size)))]],
  ["section fields", 10, (size) => [{ type: "section", fields: times(size, () => plain("a")) }]],
  ["section field text", 2000, (size) => [{ type: "section", fields: [plain(of(size))] }]],
  ["header text", 150, (size) => [{ type: "header", text: plain(of(size)) }]],
  ["context elements", 10, (size) => [{ type: "context", elements: times(size, () => plain("a")) }]],
  ["actions elements", 25, (size) => [actions(...times(size, (i) => button({ action_id: `a${i}` })))]],
  ["button text", 75, (size) => [actions(button({ text: plain(of(size)) }))]],
  ["button value", 2000, (size) => [actions(button({ value: of(size) }))]],
  ["button url", 3000, (size) => [actions(button({ url: `https://a.b/${of(size - 12)}` }))]],
  ["button label", 75, (size) => [actions(button({ accessibility_label: of(size) }))]],
  ["action_id", 255, (size) => [actions(button({ action_id: of(size) }))]],
  ["block_id", 255, (size) => [{ type: "divider", block_id: of(size) }]],
  ["options", 100, (size) => [actions(select({ options: options(size) }))]],
  ["option text", 75, (size) => [actions(select({ options: [option("a", { text: plain(of(size)) })] }))]],
  ["option value", 75, (size) => [actions(select({ options: [option(of(size))] }))]],
  [
    "option description",
    75,
    (size) => [actions(select({ options: [option("a", { description: plain(of(size)) })] }))],
  ],
  [
    "option groups",
    100,
    (size) => [
      actions(select({ option_groups: times(size, () => ({ label: plain("a"), options: options(1) })) })),
    ],
  ],
  [
    "option group label",
    75,
    (size) => [actions(select({ option_groups: [{ label: plain(of(size)), options: options(1) }] }))],
  ],
  ["placeholder", 150, (size) => [actions(select({ options: options(1), placeholder: plain(of(size)) }))]],
  [
    "overflow options",
    5,
    (size) => [actions({ type: "overflow", action_id: "more", options: options(size) })],
  ],
  ["radio options", 10, (size) => [actions({ type: "radio_buttons", action_id: "a", options: options(size) })]],
  ["checkboxes", 10, (size) => [actions({ type: "checkboxes", action_id: "a", options: options(size) })]],
  ["confirm title", 100, (size) => [actions(confirm({ title: plain(of(size)) }))]],
  ["confirm text", 300, (size) => [actions(confirm({ text: plain(of(size)) }))]],
  ["confirm button", 30, (size) => [actions(confirm({ confirm: plain(of(size)) }))]],
  ["alt_text", 2000, (size) => [image({ alt_text: of(size) })]],
  ["image title", 2000, (size) => [image({ title: plain(of(size)) })]],
  ["table rows", 100, (size) => [table(times(size, () => [cell("a")]))]],
  ["table columns", 20, (size) => [table([times(size, () => cell("a"))])]],
  ["table settings", 20, (size) => [table([[cell("a")]], { column_settings: times(size, () => null) })]],
  ["table text", 10_000, (size) => [table([[cell(of(size - 5000)), cell(of(5000))]])]],
  ["tables", 1, (size) => times(size, () => table([[cell("a")]]))],
  ["markdown", 12_000, (size) => [{ type: "markdown", text: of(size) }]],
  [
    "markdown of a message",
    12_000,
    (size) => [
      { type: "markdown", text: of(6000) },
      { type: "markdown", text: of(size - 6000) },
    ],
  ],
];

/** Blocks that are wrong however small, with a part of what Slack says. */
const wrong: [string, Json[], string][] = [
  ["unknown block", [{ type: "sparkle" }], "unsupported type: sparkle"],
  ["no type", [{}], "missing required field: type"],
  ["file block", [{ type: "file", source: "remote", external_id: "a" }], "unsupported type"],
  ["new table", [{ type: "data_table", caption: "a", rows: [[cell("a")], [cell("b")]] }], "unsupported type"],
  ["new chart", [{ type: "data_visualization", title: "a" }], "unsupported type"],
  ["input in a message", [{ type: "input", label: plain("a"), element: button() }], "unsupported type"],
  ["unknown property", [{ type: "divider", color: "red" }], "invalid additional property: color"],
  ["mrkdwn in a header", [{ type: "header", text: mrkdwn("a") }], "unsupported type: mrkdwn"],
  ["mrkdwn on a button", [actions(button({ text: mrkdwn("a") }))], "unsupported type: mrkdwn"],
  ["empty section", [section(mrkdwn(""))], "must be more than 0 characters"],
  ["section without text", [{ type: "section" }], "missing required field: text"],
  ["empty header", [{ type: "header", text: plain("") }], "must be more than 0 characters"],
  ["empty button value", [actions(button({ value: "" }))], "must be more than 0 characters"],
  ["no action_id", [actions({ type: "button", text: plain("Go") })], "missing required field: action_id"],
  ["empty actions", [actions()], "no fewer than 1 items"],
  ["empty context", [{ type: "context", elements: [] }], "no fewer than 1 items"],
  ["same action_id in a block", [actions(button(), button())], "action_id already exists"],
  [
    "same block_id",
    [
      { type: "divider", block_id: "a" },
      { type: "divider", block_id: "a" },
    ],
    "block_id already exists",
  ],
  ["unknown style", [actions(button({ style: "warning" }))], "must be one of primary, danger"],
  ["a URL that is none", [actions(button({ url: "javascript:alert(1)" }))], "must be a valid URL"],
  ["no options", [actions(select({ options: [] }))], "no fewer than 1 items"],
  ["neither options nor groups", [actions(select({}))], "exactly one of options and option_groups"],
  ["same option twice", [actions(select({ options: [option("a"), option("a")] }))], "must be unique"],
  [
    "initial_option not offered",
    [actions(select({ options: options(2), initial_option: option("v9") }))],
    "initial_option must be one of",
  ],
  ["url in a select's option", [actions(select({ options: [option("a", { url: "https://a.b" })] }))], "url"],
  ["focus in a message", [actions(select({ options: options(1), focus_on_load: true }))], "focus_on_load"],
  ["multi-select in actions", [actions(select({ type: "multi_static_select", options: options(1) }))], "unsupported type"],
  ["image without alt_text", [image({ alt_text: undefined })], "missing required field: alt_text"],
  ["empty alt_text", [image({ alt_text: "" })], "must be more than 0 characters"],
  ["image without source", [image({ image_url: undefined })], "exactly one of image_url and slack_file"],
  ["image with two sources", [image({ slack_file: { id: "F1" } })], "exactly one of image_url"],
  ["image of this machine", [image({ image_url: "http://127.0.0.1/a.png" })], "downloading image failed"],
  ["image that is no file", [image({ image_url: undefined, slack_file: { id: "F1" } })], "invalid slack file"],
  ["empty cell", [table([[cell("")]])], "must be more than 0 characters"],
  ["blank cell", [table([[cell(" ")]])], "must be more than 0 characters"],
  ["cell of another kind", [table([[mrkdwn("a")]])], "unsupported type: mrkdwn"],
  ["uneven rows", [table([[cell("a")], [cell("a"), cell("b")]])], "same number of cells"],
  ["no rows", [table([])], "no fewer than 1 items"],
  ["empty rich text", [richText()], "no fewer than 1 items"],
  ["empty run", [richText({ type: "text", text: "" })], "must be more than 0 characters"],
  ["unknown run", [richText({ type: "sparkle" })], "unsupported type: sparkle"],
  ["unknown run style", [richText({ type: "text", text: "a", style: { loud: true } })], "loud"],
];

describe("limits of blocks", () => {
  it.each(limits)("%s: %i pass, one more is refused", async (_, size, make) => {
    expect(await post(make(size))).toMatchObject({ ok: true });
    const refused = await post(make(size + 1));
    expect(refused).toMatchObject({ ok: false, error: "invalid_blocks" });
    expect(refused.response_metadata).toMatchObject({ messages: [expect.stringMatching(/^\[ERROR\] .*json-pointer/)] });
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
    const charts = (count: number) => times(count, () => ({ type: "data_visualization", title: "a" }));
    expect(await post(charts(2), modern)).toMatchObject({ ok: true });
    expect(await post(charts(3), modern)).toMatchObject({ error: "invalid_blocks" });
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
