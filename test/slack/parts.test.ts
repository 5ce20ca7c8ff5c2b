import { expect, it } from "vitest";
import { parseConfig } from "../../src/config.ts";
import { BusyError, createLimit } from "../../src/render/limit.ts";
import { createAccesses } from "../../src/slack/access.ts";
import { findAdmins } from "../../src/slack/admins.ts";
import { readTyped } from "../../src/slack/identity.ts";
import { createCache, createOnce } from "../../src/slack-api/cache.ts";
import { nextForm } from "../../src/slack-api/forms.ts";
import { withoutSecrets } from "../../src/slack-api/log.ts";
import { slackSettings } from "../../src/slack-api/settings.ts";
import type { SlackUser, SlackUsers } from "../../src/slack-api/users.ts";

it("names the settings that are missing", () => {
  const missing = (environment: Record<string, string>) => () => slackSettings(parseConfig(environment));
  expect(missing({})).toThrow(
    /SLACK_BOT_TOKEN, and SLACK_SIGNING_SECRET .* or SLACK_APP_TOKEN .*npm run demo/,
  );
  expect(missing({ SLACK_APP_TOKEN: "xapp-1" })).toThrow(/^SLACK_BOT_TOKEN has to be set/);
  expect(missing({ SLACK_BOT_TOKEN: "xoxb-1" })).toThrow(/^SLACK_SIGNING_SECRET .* or SLACK_APP_TOKEN/);
  const both = { SLACK_BOT_TOKEN: "xoxb-1", SLACK_APP_TOKEN: "xapp-1", SLACK_SIGNING_SECRET: "s".repeat(20) };
  expect(slackSettings(parseConfig(both)).reach.by).toBe("socket");
});

it("tries a picture again, a refused table never, and ends with what cannot be refused", () => {
  const fullForm = { images: true, table: true, blocks: true, tries: 1 };
  const image = { error: "invalid_blocks", part: "image" } as const;
  const table = { error: "invalid_blocks", part: "table" } as const;
  const second = nextForm(fullForm, image, 4);
  expect(second).toEqual({ ...fullForm, tries: 2 });
  const third = nextForm(second, image, 3);
  expect(nextForm(third, image, 2)).toMatchObject({ images: false, table: true, blocks: true });
  expect(nextForm(fullForm, table, 4)).toMatchObject({ images: true, table: false, tries: 1 });
  expect(nextForm(third, table, 1)).toMatchObject({ blocks: false });
});

const people: Record<string, SlackUser> = {
  U1: {
    name: "Somebody",
    timeZone: undefined,
    isGuest: false,
    email: "ann@example.com",
    isAdmin: false,
    isOutsider: false,
  },
  U2: {
    name: "Somebody",
    timeZone: undefined,
    isGuest: false,
    email: undefined,
    isAdmin: false,
    isOutsider: false,
  },
};
const users: Pick<SlackUsers, "user"> = {
  user: async (id) => {
    if (id === "U9") throw new Error("no answer");
    return people[id];
  },
};

it("reads mentions, links and escapes as they were typed", async () => {
  const read = (text: string) => readTyped(text, users);
  expect(await read("user <@U1|ann> last 7 days")).toBe("user ann@example.com last 7 days");
  expect(await read("user <@U1>")).toBe("user ann@example.com");
  expect(await read("user <mailto:b@x.io|b@x.io>")).toBe("user b@x.io");
  expect(await read("user &lt;@U1&gt; &amp;amp; <#C1|ops> <!subteam^S1|@team>")).toBe(
    "user <@U1> &amp; #ops @team",
  );
  // A name instead would be looked for by its beginning, and may be somebody else's.
  await expect(read("user <@U2|x>")).rejects.toMatchObject({
    name: "UsageError",
    userMessage: "Slack does not show that person's e-mail; type it instead",
  });
  await expect(read("user <@U3>")).rejects.toThrow(/type the person's e-mail/);
  await expect(read("user <@U9>")).rejects.toMatchObject({
    userMessage: expect.stringContaining("type the"),
  });
});

it("lets nobody through who left, or cannot be looked up, however they are named", async () => {
  const known: Record<string, SlackUser> = {
    U1: {
      name: "Somebody",
      timeZone: undefined,
      isGuest: false,
      email: "ann@example.com",
      isAdmin: true,
      isOutsider: true,
    },
    U2: {
      name: "Somebody",
      timeZone: undefined,
      isGuest: false,
      email: "bo@example.com",
      isAdmin: false,
      isOutsider: false,
    },
  };
  const slack: Pick<SlackUsers, "user" | "members"> = {
    async user(id) {
      if (id === "U9") throw new Error("no answer");
      return known[id];
    },
    members: async () => new Set(["U1", "U2"]),
  };
  const viewerOf = async (email: string) => ({ sees: "team", email }) as const;
  const named = createAccesses(["U1", "U9", "ann@example.com", "@admins"], slack, viewerOf);
  expect(await named("U1")).toEqual({ viewer: { sees: "self" } });
  expect(await named("U2")).toEqual({ viewer: { sees: "everybody", email: "bo@example.com" } });
  expect(await named("U3")).toEqual({ viewer: { sees: "self" } });
  await expect(named("U9")).rejects.toThrow("does not say");
  const unnamed = createAccesses(undefined, slack, viewerOf);
  expect(await unnamed("U1")).toEqual({ viewer: { sees: "self" } });
  expect(await unnamed("U2")).toEqual({ viewer: { sees: "team", email: "bo@example.com" } });
});

it("keeps what was loaded for a while, and no failure", async () => {
  let now = 0;
  let loads = 0;
  const cache = createCache<number>({ most: 2, lifetime: 100, clock: () => now });
  const load = async () => {
    loads += 1;
    if (loads === 1) throw new Error("first");
    return loads;
  };
  await expect(cache.get("a", load)).rejects.toThrow("first");
  expect(await Promise.all([cache.get("a", load), cache.get("a", load)])).toEqual([2, 2]);
  now = 100;
  expect(await cache.get("a", load)).toBe(3);
  await cache.get("b", load);
  await cache.get("c", load);
  expect(await cache.get("a", load)).toBe(6);
  const isFirst = createOnce(2);
  expect(["x", "x", "y", "z", "x"].map(isFirst)).toEqual([true, false, true, true, true]);
});

it("runs so many at once, lets so many wait, and refuses the others", async () => {
  const limit = createLimit({ running: 2, waiting: 2 });
  let active = 0;
  let most = 0;
  const task = async () => {
    active += 1;
    most = Math.max(most, active);
    await new Promise((resolve) => setTimeout(resolve, 5));
    active -= 1;
    throw new Error("each fails");
  };
  const results = await Promise.allSettled([1, 2, 3, 4, 5].map(() => limit(task)));
  const refused = results.filter((each) => each.status === "rejected" && each.reason instanceof BusyError);
  expect(refused).toHaveLength(1);
  expect(most).toBe(2);
  expect(await limit(async () => "free again")).toBe("free again");
});

it("writes no secrets", () => {
  const text = withoutSecrets(
    "xoxb-12-ab xapp-1-A https://hooks.slack.com/commands/T1/2/abc mongodb://me:pw@host/db https://files.slack.com/upload/v1/abc",
  );
  expect(text).toBe("[secret] [secret] [secret] mongodb://me:[secret]@host/db [secret]");
});

it("finds the admins that the settings name, or the workspace's own", async () => {
  const slack: SlackUsers = {
    user: async (id) => ({
      name: id,
      timeZone: undefined,
      isGuest: false,
      email: undefined,
      isAdmin: false,
      isOutsider: id === "U4",
    }),
    members: async (handle) => (handle === "admins" ? new Set(["U2", "U4"]) : undefined),
    idOf: async (email) => (email === "ann@example.com" ? "U3" : undefined),
    admins: async () => Array.from({ length: 20 }, (_, i) => `U${i + 10}`),
  };
  const named = ["U1", "@admins", "@nobody", "ann@example.com", "bo@example.com"];
  expect(await findAdmins(named, slack)).toEqual(["U1", "U2", "U3"]);
  expect(await findAdmins(undefined, slack)).toHaveLength(10);
  const silent = { ...slack, admins: () => Promise.reject(new Error("no answer")) };
  await expect(findAdmins(undefined, silent)).rejects.toThrow(/no admin/);
});
