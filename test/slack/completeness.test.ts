import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import type { Message } from "../../src/demo/workspace/index.ts";
import { feed } from "../helpers/feeds.ts";
import { type FilledEngine, NOW, openFilledEngine, type Pair, startPair } from "./pair.ts";

const ADMIN = "U0ADMIN";
const OWNER = "U0OWNER";
const MANAGER = "U0MANAGER";
const PERSON = "U0PERSON";
const GENERAL = "C0GENERAL";
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const SILENT = "Keeper: nothing comes since 20 Nov 2026 08:00";
const REASON = "the vault refuses the key";

let filled: FilledEngine;
let pair: Pair;

/** A vault that works, and one that does not. */
async function putFeeds(at: number): Promise<void> {
  const failure = { since: new Date(NOW - 2 * HOUR), at: new Date(at), reason: REASON };
  for (const { _id, ...rest } of [
    feed("collect bitwarden", "bitwarden", { upTo: new Date(at - 2 * MINUTE), heardAt: new Date(at) }),
    feed("collect keeper", "keeper", { failure }),
  ]) {
    await filled.engine.store.feeds.replaceOne({ _id }, rest, { upsert: true });
  }
}

beforeAll(async () => {
  filled = await openFilledEngine();
  await filled.importLines("people.csv", [
    "email,name,manager",
    "p6@example.com,,priya.nandan@example.com",
    "zoe.angstrom@example.com,Zoe,",
  ]);
  await putFeeds(NOW);
  pair = await startPair({ engine: filled.engine });
});
beforeEach(async () => {
  filled.setNow(NOW);
  await putFeeds(NOW);
});
afterAll(async () => {
  await pair.close();
  await filled.close();
});

/** What the app told somebody by itself of silent sources, beside a workspace. */
const notices = ({ workspace }: Pair, who: string): Message[] =>
  workspace
    .messages(workspace.directMessage(who))
    .filter(({ text }) => text.startsWith("Usage data may be missing"));

it("tells the admins once a day, however many processes there are and how often they start", async () => {
  const { workspace } = pair;
  const { store } = filled.engine;
  const first = await workspace.waitFor(() => notices(pair, ADMIN)[0]);
  expect(first.text).toContain(`${SILENT}: ${REASON}`);
  expect(first.text).not.toContain("Bitwarden");
  await workspace.waitFor(() => notices(pair, OWNER)[0]);
  const second = await startPair({ engine: filled.engine });
  try {
    await second.settle();
    const count = (): number => notices(pair, ADMIN).length + notices(second, ADMIN).length;
    const restartBoth = async (at: number, change?: () => Promise<unknown>): Promise<void> => {
      filled.setNow(at);
      await putFeeds(at);
      await change?.();
      await Promise.all([pair.restart(), second.restart()]);
      await Promise.all([pair.settle(), second.settle()]);
    };
    await restartBoth(NOW + 10 * MINUTE);
    await restartBoth(NOW + 23 * HOUR);
    expect(count()).toBe(1);
    await restartBoth(NOW + DAY + 10 * MINUTE);
    expect(count()).toBe(2);
    await restartBoth(NOW + DAY + HOUR);
    expect(count()).toBe(2);
    // Once it is well again there is nothing to tell.
    const isWell = { $set: { failure: null, heardAt: new Date(NOW + 3 * DAY) } };
    await restartBoth(NOW + 3 * DAY, () => store.feeds.updateOne({ _id: "collect keeper" }, isWell));
    expect(count()).toBe(2);
    for (const who of [MANAGER, PERSON, "U0GONE"])
      expect([...notices(pair, who), ...notices(second, who)]).toEqual([]);
  } finally {
    await second.close();
  }
});

it("tells it again when Slack took no message, and logs it in any case", async () => {
  const { workspace, log } = pair;
  filled.setNow(NOW + 5 * DAY);
  await putFeeds(NOW + 5 * DAY);
  const [before, logged] = [notices(pair, ADMIN).length, log.length];
  workspace.fail("chat.postMessage", { error: "restricted_action" }, 2);
  await pair.restart();
  await expect.poll(() => log.slice(logged).join("\n")).toContain("nobody could be told of a silent source");
  expect(log.slice(logged).some((line) => line.includes(REASON))).toBe(true);
  expect(notices(pair, ADMIN)).toHaveLength(before);
  await pair.restart();
  await workspace.waitFor(() => notices(pair, ADMIN)[before]);
});

it("says how far each vault reaches and what is silent, and to admins alone why", async () => {
  const { workspace } = pair;
  const shown = (await pair.ask("/usage overview last week")) as Message;
  const [head, , warning] = shown.blocks;
  expect(head?.type).toBe("header");
  expect(warning).toMatchObject({ type: "section", text: { text: `⚠ ${SILENT}: ${REASON}` } });
  expect(shown.text).toContain(`Warning: ${SILENT}: ${REASON}`);
  expect(JSON.stringify(shown.blocks)).toContain(
    "Data complete up to: Keeper (nothing yet), plain events today 09:45, Bitwarden today 09:58",
  );
  await workspace.click(ADMIN, shown, "share");
  const shared = await workspace.waitFor(() => workspace.messages(GENERAL).at(-1));
  expect(shared.text).toContain(`Warning: ${SILENT}\n`);
  expect(JSON.stringify(shared)).not.toContain(REASON);

  for (const [who, words] of [
    [MANAGER, "overview"],
    [PERSON, "me"],
  ] as const) {
    const { text } = await pair.ask(`/usage ${words}`, who);
    expect(text).toContain(`Warning: ${SILENT}\n`);
    expect(text).toContain("Data complete up to: Keeper (nothing yet), ");
    expect(text).not.toContain(REASON);
  }
  const status = await pair.ask("/usage status");
  expect(status.text).toContain(`⚠ nothing comes since 20 Nov 2026 08:00: ${REASON}`);
  expect(workspace.violations).toEqual([]);
});

it("says it on the Home tab", async () => {
  const { workspace } = pair;
  for (const [who, more] of [
    [ADMIN, `: ${REASON}`],
    [PERSON, ""],
  ] as const) {
    await workspace.openHome(who);
    const home = await workspace.waitFor(() => {
      const view = JSON.stringify(workspace.home(who) ?? {});
      return view.includes(SILENT) ? view : undefined;
    });
    expect(home).toContain(`⚠ ${SILENT}${more}"`);
    expect(home).toContain("Data complete up to: Keeper (nothing yet), plain events today 09:45, ");
  }
});
