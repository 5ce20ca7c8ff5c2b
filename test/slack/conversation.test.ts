import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { runCommand } from "../../src/commands/index.ts";
import { operator } from "../../src/domain/viewer.ts";
import { formatCount } from "../../src/domain/words.ts";
import { type Answer, type FilledEngine, openFilledEngine, type Pair, startPair, wildNames } from "./pair.ts";

let filled: FilledEngine;
let pair: Pair | undefined;
beforeAll(async () => {
  filled = await openFilledEngine();
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

describe.each(["http", "socket"] as const)("over %s", (by) => {
  it("answers overview, users, a person, help and mistakes", async () => {
    const { ask, workspace } = await start({ by });
    expect(workspace.connections).toBe(by === "http" ? 0 : 2);

    const overview = await ask("/usage");
    expect(kinds(overview)).toEqual([
      "header",
      "context",
      "section",
      "section",
      "image",
      "table",
      "context",
      "actions",
      "context",
      "actions",
    ]);
    const reply = await runCommand(
      ["overview"],
      filled.engine.commandDeps({ front: "slack", onProgress() {}, onNotice() {} }),
      { viewer: operator },
    );
    if (reply.type !== "report") throw new Error("no report");
    for (const { title, value } of reply.report.figures) {
      expect(overview.text).toContain(`${title}: ${formatCount(value)} (`);
    }
    expect(overview.text).toContain(reply.report.headline);
    expect(overview.text).toContain("Users 1–10 of 14");
    expect(overview.text).toContain("Person 12: Active, Sessions 30, ");
    expect(overview.text).not.toContain("<!channel>");
    const shown = JSON.stringify(overview.blocks);
    for (const name of wildNames.slice(0, 2)) expect(shown).toContain(JSON.stringify(name).slice(1, -1));
    expect(shown).toContain(`"raw_text","text":"${"N".repeat(59)}…"`);

    const people = await ask("/usage users active last 7 days");
    expect(people.text).toContain("Active users 1–");
    const person = await ask("/usage user @tomas.vale");
    expect(person.text).toMatch(/^Person 5, last 30 days/);
    expect(person.text).not.toContain("Latest Logins: ");
    expect(kinds(person).filter((kind) => kind === "image")).toHaveLength(2);

    expect((await ask("/usage user p6@example.com 2026-10")).text).toMatch(/^Person 6, October 2026/);
    expect((await ask("/usage help")).text).toContain("/usage overview");
    expect((await ask("/usage user nobody")).text).toMatch(/^Nobody is called “nobody”/);
    expect((await ask("/usage user Person")).text).toContain("say which by e-mail");
    expect((await ask("/usage overview last fortnight")).text).toContain("is no period");
    expect((await ask("/usage overveiw")).text).toContain("did you mean overview?");
    expect(workspace.violations).toEqual([]);
    expect(workspace.messages("C0GENERAL")).toEqual([]);
  });
});

it("answers where the app is no member", async () => {
  const { ask } = await start();
  expect((await ask("/usage overview", "U0ADMIN", "C0NOBOT")).text).toContain("Login Sessions: ");
});

it("answers the same delivery once", async () => {
  const { workspace } = await start();
  const delivery = await workspace.command("U0ADMIN", "C0GENERAL", "/usage help");
  expect((await workspace.redeliver(delivery)).error).toBeUndefined();
  await workspace.waitForMessage(({ ephemeralTo }) => ephemeralTo === "U0ADMIN");
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(workspace.ephemeral("U0ADMIN", "C0GENERAL")).toHaveLength(1);
});

it("refuses what Slack has not signed", async () => {
  const { workspace } = await start();
  const delivery = await workspace.command("U0ADMIN", "C0GENERAL", "/usage", {
    signingSecret: "somebody-elses-secret",
  });
  expect(delivery.status).toBe(401);
  const old = Math.floor(Date.now() / 1000) - 600;
  expect((await workspace.command("U0ADMIN", "C0GENERAL", "/usage", { timestamp: old })).status).toBe(401);
});

it("names the setting that Slack or the machine does not accept", async () => {
  const { url } = await start();
  const { port } = new URL(String(url));
  await expect(startPair({ engine: filled.engine, settings: { PORT: port } })).rejects.toThrow(
    /^PORT has to be/,
  );
  const wrong = { SLACK_BOT_TOKEN: "xoxb-of-another-app" };
  await expect(startPair({ engine: filled.engine, settings: wrong })).rejects.toThrow(
    /^SLACK_BOT_TOKEN has to be/,
  );
  const workspaceOptions = { socketMode: false };
  await expect(startPair({ engine: filled.engine, by: "socket", workspaceOptions })).rejects.toThrow(
    /^SLACK_APP_TOKEN has to be/,
  );
});
