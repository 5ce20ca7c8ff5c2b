import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  createWorkspace,
  type Json,
  type View,
  viewProblems,
  type Workspace,
  type WorkspaceOptions,
} from "../../src/demo/workspace/index.ts";
import { type Pair, startHttp } from "./bolt.ts";
import { call, pixel, plain } from "./call.ts";
import { fileInput, home, modal } from "./view-makers.ts";

const csv = { name: "people.csv", bytes: Buffer.from("a,b\n1,2\n") };
const ask = (more: Json = {}, block: Json = {}) => modal({ blocks: [fileInput(more, block)] });

let workspace: Workspace;
async function start(options: WorkspaceOptions = {}): Promise<void> {
  workspace = await createWorkspace({ fileDelay: 0, ...options });
}
afterEach(() => workspace?.close());

/** Opens a modal; no app is there to be asked, but the trigger is good all the same. */
async function open(view: Json): Promise<Json> {
  const { triggerId } = await workspace.command("U0ADMIN", "C0GENERAL", "/usage");
  return call(workspace, "views.open", { trigger_id: triggerId, view });
}
const submit = (...ids: string[]) => workspace.submitView("U0ADMIN", { upload: ids });
const upload = (name: string, bytes: Uint8Array = csv.bytes, userId = "U0ADMIN") =>
  workspace.upload(userId, { name, bytes }).id;

describe("the element", () => {
  it.each<[string, Json, string]>([
    ["no files at all", ask({ max_files: 0 }), "must be at least 1"],
    ["eleven files", ask({ max_files: 11 }), "must be at most 10"],
    ["half a file", ask({ max_files: 1.5 }), "must be"],
    ["no file types", ask({ filetypes: [] }), "no fewer than 1 items"],
    ["a file type with a dot", ask({ filetypes: [".csv"] }), "must be a file extension without a dot"],
    ["no action_id", ask({ action_id: undefined }), "missing required field: action_id"],
    ["a placeholder", ask({ placeholder: plain("a") }), "invalid additional property: placeholder"],
    ["dispatched actions", ask({}, { dispatch_action: true }), "unsupported type: file_input"],
    ["a Home tab", home({ blocks: [fileInput()] }), "unsupported type: file_input"],
    [
      "an actions block",
      modal({ blocks: [{ type: "actions", elements: [fileInput().element] }] }),
      "unsupported type: file_input",
    ],
  ])("is refused with %s", (_, view, words) => {
    expect(viewProblems(view)).toEqual([expect.stringContaining(words)]);
  });

  it("is right with all it can have", () => {
    expect(viewProblems(ask({ filetypes: ["csv", "XLSX"], max_files: 10 }))).toEqual([]);
    expect(viewProblems(ask({}, { dispatch_action: false, hint: plain("a") }))).toEqual([]);
  });

  it("is for apps that may read files", async () => {
    await start({ scopes: ["commands", "chat:write"] });
    expect(await open(ask())).toMatchObject({ error: "missing_scope", needed: "files:read" });
    expect(await open(modal())).toMatchObject({ ok: true });
  });
});

describe("a person's choice", () => {
  beforeEach(() => start());

  it("is empty at first, and has to be made where it is not optional", async () => {
    await open(ask());
    expect(workspace.modal("U0ADMIN")?.state).toEqual({
      files: { upload: { type: "file_input", files: [] } },
    });
    await expect(submit()).rejects.toThrow('"upload" has to be filled in');
    await open(ask({}, { optional: true }));
    const { payload } = await submit();
    expect(payload).toMatchObject({ view: { state: { values: { files: { upload: { files: [] } } } } } });
  });

  it("is of files of their own, each once", async () => {
    await open(ask());
    await expect(submit(upload("a.csv", csv.bytes, "U0MANAGER"))).rejects.toThrow("has uploaded no file");
    await expect(submit("F0NONE")).rejects.toThrow("U0ADMIN has uploaded no file F0NONE");
    const id = upload("a.csv");
    await expect(submit(id, id)).rejects.toThrow('"upload" takes each file once');
  });

  it("is of the types, the number and the size that the input takes", async () => {
    await open(ask({ filetypes: ["csv", "xlsx"], max_files: 2 }));
    await expect(submit(upload("a.pdf"))).rejects.toThrow(
      "a.pdf cannot be taken here. These can: csv, xlsx.",
    );
    await expect(submit(upload("csv"))).rejects.toThrow("cannot be taken");
    const right = [upload("a.csv"), upload("B.XLSX"), upload("c.csv")];
    await expect(submit(...right)).rejects.toThrow("Choose no more than 2 files.");
    await expect(submit(upload("a.csv", Buffer.alloc(10_000_001)))).rejects.toThrow("at most 10 MB");
    await submit(...right.slice(0, 2));
    expect(workspace.calls.map(({ error }) => error)).toEqual([undefined]);
  });

  it("can be taken back", async () => {
    await open(ask());
    const view = workspace.modal("U0ADMIN") as View;
    const id = upload("a.csv");
    const chosen = (answer: string | string[]) =>
      workspace.fill("U0ADMIN", view, { upload: answer }).state.files?.upload?.files;
    expect(chosen(id)).toEqual([id]);
    expect(chosen("")).toEqual([]);
  });
});

describe("an uploaded file", () => {
  it("has somebody who is there, a name and some bytes, up to 50 MB", async () => {
    await start();
    expect(() => upload("a.csv", csv.bytes, "U0GONE")).toThrow("nobody who can act");
    expect(() => upload(" ")).toThrow("has to have a name");
    expect(() => upload("a.csv", Buffer.alloc(0))).toThrow("a.csv is empty");
    expect(() => upload("a.csv", Buffer.alloc(50_000_001))).toThrow("larger than 50 MB");
    const id = upload("a.csv", Buffer.alloc(50_000_000));
    expect(workspace.files()).toMatchObject([{ id, name: "a.csv", owner: "U0ADMIN", length: 50_000_000 }]);
    expect(await call(workspace, "files.delete", { file: id })).toMatchObject({ error: "cant_delete_file" });
  });

  it("is for the app's token and scope only, once it is ready", async () => {
    let now = Date.UTC(2026, 10, 22);
    await start({ now: () => now, fileDelay: 300 });
    await open(ask());
    const id = upload("pixel.png", pixel);
    const { payload } = await submit(id);
    const [file] = filesIn(payload);
    expect(file).toMatchObject({ id, user: "U0ADMIN", size: pixel.length, mimetype: "" });
    expect(await download(file, workspace.settings.botToken)).toMatchObject({ status: 404 });
    now += 300;
    expect(await call(workspace, "files.info", { file: id })).toMatchObject({
      file: { user: "U0ADMIN", mimetype: "image/png" },
    });
    expect(await download(file, workspace.settings.botToken)).toEqual({ status: 200, bytes: pixel });
    expect(await download(file, "xoxb-another")).toMatchObject({ status: 403 });
    expect(await download(file, undefined)).toMatchObject({ status: 403 });
  });

  it("is not for an app without files:read", async () => {
    await start({ scopes: ["commands"] });
    const id = upload("a.csv");
    const url = `${workspace.origin}/files/${id}/a.csv`;
    expect(await download({ url_private_download: url }, workspace.settings.botToken)).toMatchObject({
      status: 403,
    });
    expect(await call(workspace, "files.info", { file: id })).toMatchObject({ error: "missing_scope" });
  });
});

describe("a real app", () => {
  let pair: Pair;
  afterEach(() => pair.close());

  it("gets the files with the submission, and their bytes with its token", async () => {
    const got: unknown[] = [];
    pair = await startHttp(
      (app) => {
        app.command("/usage", async ({ ack, client, body }) => {
          await ack();
          await client.views.open({
            trigger_id: body.trigger_id,
            view: ask({ filetypes: ["csv"] }) as never,
          });
        });
        app.view("ask", async ({ ack, view, client }) => {
          await ack();
          for (const file of view.state.values.files?.upload?.files ?? [])
            got.push({ ...file, ...(await download(file as unknown as Json, client.token)) });
        });
      },
      { fileDelay: 0 },
    );
    await pair.workspace.command("U0ADMIN", "C0GENERAL", "/usage");
    await pair.workspace.waitFor(() => pair.workspace.modal("U0ADMIN"));
    const { id } = pair.workspace.upload("U0ADMIN", csv);
    const { error } = await pair.workspace.submitView("U0ADMIN", { upload: [id] });
    expect(error).toBeUndefined();
    await expect.poll(() => got).toHaveLength(1);
    expect(got[0]).toMatchObject({
      id,
      name: "people.csv",
      title: "people.csv",
      mimetype: "text/csv",
      filetype: "csv",
      size: csv.bytes.length,
      user: "U0ADMIN",
      created: expect.any(Number),
      status: 200,
      bytes: csv.bytes,
    });
    expect(pair.workspace.modal("U0ADMIN")).toBeUndefined();
    expect(pair.workspace.violations).toEqual([]);
  });
});

function filesIn(payload: Json): readonly Json[] {
  const { view } = payload as { view: { state: { values: Record<string, Record<string, Json>> } } };
  return view.state.values.files?.upload?.files as readonly Json[];
}

async function download(
  file: Json | undefined,
  token: string | undefined,
): Promise<{ readonly status: number; readonly bytes: Buffer }> {
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const response = await fetch(String(file?.url_private_download), { headers });
  return { status: response.status, bytes: Buffer.from(await response.arrayBuffer()) };
}
