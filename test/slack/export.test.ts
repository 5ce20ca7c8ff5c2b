import { createHash } from "node:crypto";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import type { Message, StoredFile } from "../../src/demo/workspace/index.ts";
import { PATIENCE } from "../helpers/patience.ts";
import { type FilledEngine, NOW, openFilledEngine, type Pair, startPair } from "./pair.ts";

const ADMIN = "U0ADMIN";
const PERSON = "U0PERSON";
const GENERAL = "C0GENERAL";

let filled: FilledEngine;
let pair: Pair | undefined;
beforeAll(async () => {
  filled = await openFilledEngine();
  await filled.importLines("people.csv", ["email,name", "zoe.angstrom@example.com,Zoë Ångström"]);
});
afterEach(async () => {
  filled.setNow(NOW);
  await pair?.close();
  pair = undefined;
});
afterAll(async () => {
  await filled.close();
});

async function start(options: Partial<Parameters<typeof startPair>[0]> = {}): Promise<Pair> {
  pair = await startPair({ engine: filled.engine, ...options });
  return pair;
}

/** The file that the app shared with somebody last, once it is there. */
async function shared(who: string, before = 0): Promise<StoredFile> {
  if (!pair) throw new Error("nothing runs");
  const { workspace } = pair;
  return workspace.waitFor(() => {
    const files = workspace.files().filter(({ channels }) => channels.includes(workspace.directMessage(who)));
    return files.length > before ? files.at(-1) : undefined;
  }, PATIENCE);
}

const sha256 = (file: StoredFile): string =>
  createHash("sha256")
    .update(file.bytes ?? "")
    .digest("hex");

it("brings a file from under an answer, with its rows and hash", async () => {
  const { ask, workspace } = await start();
  const answer = (await ask("/usage users last 7 days")) as Message;
  await Promise.all([1, 2].map(() => workspace.click(ADMIN, answer, "export", "csv")));
  const file = await shared(ADMIN);
  expect(file.name).toBe("vault-usage-users-2026-11-14-to-2026-11-20.csv");
  const text = file.bytes?.toString() ?? "";
  expect(text.startsWith("\ufeffUser,Name")).toBe(true);
  expect(text.trim().split("\r\n")).toHaveLength(16);
  const [note] = workspace.conversation(ADMIN, workspace.directMessage(ADMIN));
  expect(note?.text).toContain("users last 7 days");
  expect(note?.text).toContain(`15 rows · `);
  expect(note?.text).toContain(`SHA-256 ${sha256(file)}`);
  await workspace.waitForMessage(({ text: said }) => said.includes("it is in your direct messages"));
  await pair?.settle();
  expect(workspace.files().filter(({ channels }) => channels.length > 0)).toHaveLength(1);
  expect(workspace.messages(GENERAL)).toEqual([]);
  expect(workspace.violations).toEqual([]);
});

it("brings a file for words that end so, and says which formats there are", async () => {
  const { ask, workspace } = await start();
  await workspace.command(ADMIN, GENERAL, "/usage overview last week as xlsx");
  const file = await shared(ADMIN);
  expect(file.name).toMatch(/^vault-usage-overview-.*\.xlsx$/);
  expect(file.bytes?.subarray(0, 2).toString()).toBe("PK");
  expect((await ask("/usage overview as xlxs")).text).toBeDefined();
  await workspace.waitForMessage(({ text }) => text.includes("did you mean xlsx?"));
  expect((await ask("/usage status as csv", ADMIN, "C0SECURITY")).text).toContain("is no report");
});

it("lists what was made, and brings it again to those whose it is", async () => {
  const { ask, workspace } = await start();
  await filled.engine.store.archive.deleteMany({});
  await workspace.command(PERSON, GENERAL, "/usage me as csv");
  const own = await shared(PERSON);
  filled.setNow(NOW + 1_000);
  await workspace.command(ADMIN, GENERAL, "/usage overview as csv");
  await shared(ADMIN);

  const mine = (await ask("/usage downloads", PERSON, "C0NOBOT")) as Message;
  expect(mine.text).toContain(`SHA-256 ${sha256(own)}`);
  expect(mine.text).not.toContain("overview");
  const all = (await ask("/usage downloads", ADMIN, "C0NOBOT")) as Message;
  expect(all.text).toContain("overview last 30 days");
  expect(all.text).toContain("me last 30 days");
  expect((await ask("/usage downloads overview", ADMIN, "C0SECURITY")).text).not.toContain("me last");

  await workspace.click(PERSON, mine, "fetch", undefined, { blockId: blockOf(mine) });
  const again = await shared(PERSON, 1);
  expect(sha256(again)).toBe(sha256(own));
  const { audit } = filled.engine.store;
  expect(await audit.findOne({ by: "fetch", who: PERSON })).toMatchObject({ outcome: "answered" });

  // Another's file, named by its id, is not there for them.
  const click = await workspace.click(ADMIN, all, "fetch", undefined, { blockId: blockOf(all) });
  const payload = JSON.parse(JSON.stringify(click.payload).replaceAll(ADMIN, PERSON));
  await workspace.redeliver({ ...click, payload: { ...payload, trigger_id: "another" } });
  await workspace.waitForMessage(
    ({ text }) => text.includes("there is no such file") || text.includes("There is no such file"),
  );
});

function blockOf({ blocks }: Message): string {
  return blocks.find(({ block_id: id }) => id.startsWith("file|"))?.block_id ?? "";
}

it("announces no file that does not come", async () => {
  const { workspace } = await start();
  workspace.fail("files.completeUploadExternal", { error: "internal_error" });
  await workspace.command(ADMIN, GENERAL, "/usage inactive as csv");
  await workspace.waitForMessage(({ text }) => text.includes("Something went wrong"));
  expect(workspace.conversation(ADMIN, workspace.directMessage(ADMIN))).toEqual([]);
});

it("links to what is too large for Slack, for a while", async () => {
  const settings = { PUBLIC_URL: "http://127.0.0.1", LINK_SECRET: "x".repeat(40) };
  const { workspace, url } = await start({ settings, largestFile: 300 });
  await workspace.command(ADMIN, GENERAL, "/usage users as csv");
  const note = await workspace.waitForMessage(({ text }) => text.includes("Too large for Slack"));
  const link = new URL(/http\S+$/.exec(note.text)?.[0] ?? "");
  link.port = new URL(url ?? "").port;
  const whole = await fetch(link);
  expect(whole.status).toBe(200);
  const bytes = Buffer.from(await whole.arrayBuffer());
  expect(note.text).toContain(createHash("sha256").update(bytes).digest("hex"));
  const part = await fetch(link, { headers: { range: "bytes=100-199" } });
  expect(part.status).toBe(206);
  expect(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(100, 200))).toBe(true);
  filled.setNow(NOW + 8 * 86_400_000);
  expect((await fetch(link)).status).toBe(404);
  filled.setNow(NOW);
  await pair?.close();
  const alone = await start({ largestFile: 300 });
  expect((await alone.ask("/usage users as csv")).text).toContain("PUBLIC_URL");
});

it("says which report a file is", async () => {
  const { ask, workspace } = await start();
  await workspace.command(ADMIN, GENERAL, "/usage inactive as csv");
  const file = await shared(ADMIN);
  expect((await ask(`/usage verify ${sha256(file)}`, ADMIN, "C0SECURITY")).text).toContain(
    "A report of ours",
  );
  expect((await ask(`/usage verify ${"0".repeat(64)}`, ADMIN, "C0NOBOT")).text).toContain("None of ours");
  await workspace.command(ADMIN, GENERAL, "/usage verify");
  await workspace.waitFor(() => workspace.modal(ADMIN));
  expect((await workspace.submitView(ADMIN, {})).body).toMatchObject({ response_action: "errors" });
  expect((await workspace.submitView(ADMIN, { hash: "abc" })).body).toMatchObject({
    response_action: "errors",
  });
  const upload = workspace.upload(ADMIN, { name: "mine.csv", bytes: file.bytes ?? Buffer.from("") });
  await workspace.submitView(ADMIN, { file: [upload.id] });
  await workspace.waitForMessage(({ text }) =>
    text.startsWith("A report of ours, byte for byte. (“mine.csv”)"),
  );
  expect((await ask(`/usage verify ${sha256(file)}`, PERSON)).text).toContain("admins only");
  expect(workspace.violations).toEqual([]);
});
