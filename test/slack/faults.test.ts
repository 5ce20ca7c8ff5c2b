import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Answer, type FilledEngine, openFilledEngine, type Pair, startPair } from "./pair.ts";

let filled: FilledEngine;
let pair: Pair | undefined;
beforeAll(async () => {
  filled = await openFilledEngine(4);
});
afterEach(async () => {
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

const kinds = (answer: Answer): string[] => answer.blocks.map((block) => block.type);
const REFUSED = /shown to its admins and to managers/;
const UNSURE = /could not check with Slack/;

describe("access", () => {
  it("is the workspace's owners and admins when ADMINS is not set", async () => {
    const { ask } = await start();
    expect((await ask("/usage user p2", "U0OWNER")).text).toContain("Login Sessions");
    expect((await ask("/usage", "U0PERSON")).text).toMatch(REFUSED);
    expect((await ask("/usage user p2 last wrong", "U0PERSON")).text).toMatch(REFUSED);
    expect((await ask("/usage help", "U0PERSON")).text).toContain("/usage overview");
  });

  it("is not needed for help, which tells nothing of the people that are mentioned", async () => {
    const { ask, workspace } = await start();
    const answer = await ask("/usage help @ingrid.solem", "U0PERSON");
    expect(answer.text).toContain("There is no command");
    expect(JSON.stringify(answer)).not.toContain("@example.com");
    expect(workspace.calls.map(({ method }) => method)).not.toContain("users.info");
  });

  it("is whom ADMINS names by id, e-mail or user group, and nobody else", async () => {
    const settings = { ADMINS: "U0PERSON, Priya.Nandan@example.com" };
    const { ask } = await start({ settings });
    expect((await ask("/usage user nobody", "U0PERSON")).text).toContain("Nobody is called");
    expect((await ask("/usage user nobody", "U0MANAGER")).text).toContain("Nobody is called");
    expect((await ask("/usage user nobody", "U0OWNER")).text).toMatch(REFUSED);
    await pair?.close();
    const group = await start({ settings: { ADMINS: "@vault-admins" } });
    expect((await group.ask("/usage user nobody", "U0OWNER")).text).toContain("Nobody is called");
    expect((await group.ask("/usage user nobody", "U0PERSON")).text).toMatch(REFUSED);
  });

  it("fails closed when Slack cannot say", async () => {
    const { ask, workspace } = await start();
    workspace.fail("users.info", { status: 500 }, 2);
    expect((await ask("/usage", "U0ADMIN")).text).toMatch(UNSURE);
    workspace.fail("users.info", { status: 429, retryAfter: 60 });
    expect((await ask("/usage", "U0OWNER")).text).toMatch(UNSURE);
    workspace.fail("users.info", { error: "missing_scope" });
    expect((await ask("/usage", "U0OWNER")).text).toMatch(UNSURE);
    expect((await ask("/usage user nobody", "U0OWNER")).text).toContain("Nobody is called");
    await pair?.close();
    for (const ADMINS of ["@vault-admins", "@nobody-has-this"]) {
      const workspaceOptions = { paidPlan: ADMINS !== "@vault-admins" };
      const free = await start({ settings: { ADMINS }, workspaceOptions });
      expect((await free.ask("/usage", "U0OWNER")).text).toMatch(UNSURE);
      await free.close();
    }
    pair = undefined;
  });
});

describe("pictures", () => {
  it("are waited for, and sent once while nothing changes", async () => {
    const { ask, workspace } = await start({ workspaceOptions: { fileDelay: 400 } });
    expect(kinds(await ask("/usage"))).toContain("image");
    expect(kinds(await ask("/usage"))).toContain("image");
    expect(workspace.files()).toHaveLength(1);
    expect(workspace.calls.filter(({ method }) => method === "response_url").every(({ ok }) => ok)).toBe(
      true,
    );
  });

  it("are left out, and it is said, when Slack never gets ready", async () => {
    const { ask, log } = await start({ workspaceOptions: { fileDelay: 60_000 } });
    const answer = await ask("/usage");
    expect(kinds(answer)).not.toContain("image");
    expect(kinds(answer)).toContain("table");
    expect(JSON.stringify(answer.blocks)).toContain("The chart could not be shown. ");
    expect(log.join()).toContain("a chart is left out");
  });

  it("are left out, and sent anew the next time, when Slack has lost them", async () => {
    const { ask, workspace } = await start();
    const before = await ask("/usage");
    const id = workspace.files()[0]?.id ?? "";
    expect(JSON.stringify(before.blocks)).toContain(id);
    await fetch(`${workspace.apiUrl}files.delete`, {
      method: "POST",
      headers: { authorization: `Bearer ${workspace.settings.botToken}`, "content-type": "application/json" },
      body: JSON.stringify({ file: id }),
    });
    const without = await ask("/usage");
    expect(kinds(without)).not.toContain("image");
    expect(kinds(without)).toContain("table");
    expect(kinds(await ask("/usage"))).toContain("image");
  });

  it("are left out when the upload fails", async () => {
    const { ask, workspace } = await start();
    workspace.fail("upload", { status: 500 });
    expect(kinds(await ask("/usage"))).not.toContain("image");
    workspace.fail("files.getUploadURLExternal", { error: "missing_scope" });
    expect(kinds(await ask("/usage"))).not.toContain("image");
  });
});

describe("refusals and limits", () => {
  it("gives the plain table where Slack refuses its own, and no picture where it refuses that", async () => {
    const { ask, workspace } = await start();
    workspace.fail("response_url", { error: "invalid_blocks" });
    const plain = await ask("/usage");
    expect(kinds(plain)).toContain("image");
    expect(kinds(plain)).toContain("rich_text");
    expect(kinds(plain)).not.toContain("table");
    workspace.fail("response_url", { error: "invalid_blocks" }, 3);
    expect(kinds(await ask("/usage"))).not.toContain("image");
    workspace.fail("response_url", { error: "invalid_blocks" }, 4);
    const bare = await ask("/usage");
    expect(bare.blocks).toEqual([]);
    expect(bare.text).toContain("Login Sessions: ");
  });

  it("waits out a short rate limit once, and tries a broken line once more", async () => {
    const { ask, workspace } = await start();
    workspace.fail("files.getUploadURLExternal", { status: 429, retryAfter: 0 });
    workspace.fail("response_url", { reset: true });
    expect(kinds(await ask("/usage"))).toContain("image");
    workspace.fail("response_url", { status: 429, retryAfter: 0 });
    expect((await ask("/usage help")).text).toContain("/usage overview");
  });
});

it("tells a reference for what nobody expected, and logs no secret", async () => {
  const engine: typeof filled.engine = {
    ...filled.engine,
    commandDeps: (front) => ({
      ...filled.engine.commandDeps(front),
      clock: () => {
        throw new Error("the clock at mongodb://me:hunter2@host stands still");
      },
    }),
  };
  const { ask, log, workspace } = await start({ engine, newReference: () => "7f3a" });
  expect((await ask("/usage")).text).toMatch(/^Something went wrong, reference 7f3a/);
  const written = log.join("\n");
  expect(written).toContain('"reference":"7f3a"');
  expect(written).toContain("stands still");
  const { botToken, signingSecret } = workspace.settings;
  for (const secret of [botToken, signingSecret, "/response/", "hunter2"])
    expect(written).not.toContain(secret);
});
