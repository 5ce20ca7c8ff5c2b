import { type RequestOptions, request } from "node:http";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { createPage, type Page } from "../../src/demo/page/index.ts";
import { createWorkspace, type Workspace } from "../../src/demo/workspace/index.ts";

let workspace: Workspace;
let page: Page;
let right: Record<string, string>;
beforeAll(async () => {
  workspace = await createWorkspace();
  page = await createPage({ workspace });
});
afterAll(async () => {
  await page?.close();
  await workspace?.close();
});
beforeEach(() => {
  right = { origin: new URL(page.url).origin, "content-type": "application/octet-stream" };
});

/** Gives status and body; not with `fetch`, which keeps a caller from saying where a request comes from. */
function post(
  path: string,
  headers: RequestOptions["headers"],
  body: string | undefined = "a,b",
): Promise<[number | undefined, string]> {
  return new Promise((resolve, reject) => {
    const sent = request(new URL(path, page.url), { method: "POST", headers }, async (response) => {
      resolve([response.statusCode, await text(response)]);
      sent.destroy();
    });
    sent.on("error", reject);
    if (body === "") sent.flushHeaders();
    else sent.end(body);
  });
}

const people = "/upload?as=U0ADMIN&name=Pers%C3%B8ner%20%2F%201.csv";

it("takes a file, as the person who chose it", async () => {
  const [status, body] = await post(people, right);
  expect(status).toBe(200);
  const { id } = JSON.parse(body);
  const file = workspace.file(id);
  expect(file).toMatchObject({ name: "Persøner / 1.csv", owner: "U0ADMIN" });
  expect(file?.bytes?.toString()).toBe("a,b");
});

it("takes none from other pages", async () => {
  const before = workspace.files().length;
  const { origin: _, ...nowhere } = right;
  for (const headers of [
    nowhere,
    { ...right, origin: "http://evil.example" },
    { ...right, host: "evil.example" },
    { ...right, "sec-fetch-site": "cross-site" },
    { ...right, "content-type": "text/plain" },
    { ...right, "content-type": "multipart/form-data; boundary=a" },
    { ...right, "content-type": "application/json" },
  ])
    expect(await post(people, headers)).toMatchObject([403, expect.any(String)]);
  expect(workspace.files()).toHaveLength(before);
});

it("says what is wrong with a file", async () => {
  const large = { ...right, "content-length": "50000001" };
  expect(await post(people, large, "")).toEqual([200, '{"error":"A file can have at most 50 MB."}']);
  const unsaid = { ...right, "transfer-encoding": "chunked" };
  expect(await post(people, unsaid)).toEqual([200, '{"error":"A file can have at most 50 MB."}']);
  const nobody = await post("/upload?as=U0GONE&name=a.csv", right);
  expect(nobody).toEqual([200, '{"error":"U0GONE is nobody who can act here"}']);
  expect(await post("/upload?as=U0ADMIN", right)).toMatchObject([400, expect.any(String)]);
});
