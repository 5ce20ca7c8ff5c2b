import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Message, View } from "../../src/demo/workspace/index.ts";
import { PATIENCE } from "../helpers/patience.ts";
import { type FilledEngine, NOW, openFilledEngine, type Pair, startPair } from "./pair.ts";

const ADMIN = "U0ADMIN";
const MANAGER = "U0MANAGER";
const PERSON = "U0PERSON";
const GENERAL = "C0GENERAL";
const DAY = 86_400_000;
/** Longer than what counts as one click, in milliseconds. */
const DOUBLE_CLICK = 1_600;

let filled: FilledEngine;
let pair: Pair | undefined;
beforeAll(async () => {
  filled = await openFilledEngine(45);
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

const asked = async (line: string, who = ADMIN, channel = GENERAL): Promise<Message> =>
  (await pair?.ask(line, who, channel)) as Message;

/** The message after it changed. */
async function changed(message: Message, act: () => Promise<unknown>): Promise<Message> {
  if (!pair) throw new Error("nothing runs");
  await act();
  return pair.workspace.waitForMessage(
    (each) => each.ts === message.ts && each.channel === message.channel && each.text !== message.text,
  );
}

const blockText = (of: Pick<Message | View, "blocks">): string => JSON.stringify(of.blocks);

function optionsOf(
  of: Pick<Message | View, "blocks">,
  actionId: string,
): readonly { value: string; text: string }[] {
  const elements = of.blocks.flatMap((block) =>
    block.type === "actions" ? (block.elements as never[]) : [],
  );
  const menu = elements.find((element: { action_id: string }) => element.action_id === actionId) as
    | { options: { value: string; text: { text: string } }[] }
    | undefined;
  return menu?.options.map(({ value, text }) => ({ value, text: text.text })) ?? [];
}

describe("under an answer", () => {
  it("turns pages in place, as of the moment that it was asked", async () => {
    const { workspace } = await start();
    const first = await asked("/usage users last 7 days");
    expect(first.text).toContain("Users 1–20 of 45");
    const second = await changed(first, () => workspace.click(ADMIN, first, "page_next"));
    expect(second.text).toContain("Users 21–40 of 45");
    filled.setNow(NOW + 30 * DAY);
    const third = await changed(second, () => workspace.click(ADMIN, second, "page_next"));
    expect(third.text).toContain("Users 41–45 of 45");
    expect(blockText(third)).toContain("14–20 Nov 2026");
    expect(blockText(third)).not.toContain("page_next");
    filled.setNow(NOW);
    const back = await changed(third, () => workspace.click(ADMIN, third, "page_back"));
    expect(back.text).toBe(second.text);
    expect(workspace.ephemeral(ADMIN, GENERAL)).toHaveLength(1);
  });

  it("asks for another period in place, and for two days in a modal", async () => {
    const { workspace } = await start();
    const first = await asked("/usage overview");
    const week = await changed(first, () => workspace.click(ADMIN, first, "period", "last 7 days"));
    expect(week.text).toMatch(/^Product usage, last 7 days/);
    await workspace.click(ADMIN, week, "period", "pick");
    const modal = await workspace.waitFor(() => workspace.modal(ADMIN));
    expect(blockText(modal)).toContain('"initial_date":"2026-11-14"');
    const wrong = await workspace.submitView(ADMIN, { from: "2026-11-10", to: "2026-11-01" });
    expect(wrong.body).toMatchObject({ response_action: "errors", errors: { to: expect.any(String) } });
    const future = await workspace.submitView(ADMIN, { from: "2027-01-01", to: "2027-01-02" });
    expect(future.body).toMatchObject({ errors: { from: "This day lies in the future." } });
    const picked = await changed(week, () =>
      workspace.submitView(ADMIN, { from: "2026-11-01", to: "2026-11-10" }),
    );
    expect(workspace.modal(ADMIN)).toBeUndefined();
    expect(picked.text).toMatch(/^Product usage, 1–10 Nov 2026/);
    // Chosen days are one of the menu's choices from then on.
    expect(optionsOf(picked, "period")[0]).toEqual({
      value: "2026-11-01..2026-11-10",
      text: "1–10 Nov 2026",
    });
    expect(workspace.violations).toEqual([]);
  });

  it("opens a person, the inactive and everybody beside it", async () => {
    const { workspace } = await start();
    const overview = await asked("/usage overview");
    const people = optionsOf(overview, "person");
    expect(people).toHaveLength(45);
    const tomas = people.find(({ text }) => text === "Person 5");
    await workspace.click(ADMIN, overview, "person", tomas?.value ?? "");
    const person = await workspace.waitForMessage(({ text }) => text.startsWith("Person 5, last 30 days"));
    expect(person.ephemeralTo).toBe(ADMIN);
    await workspace.click(ADMIN, overview, "open_inactive");
    await workspace.waitForMessage(({ text }) => text.startsWith("Inactive people, last 30 days"));
    await workspace.click(ADMIN, person, "open_overview");
    await workspace.waitFor(() => (workspace.ephemeral(ADMIN, GENERAL).length === 4 ? true : undefined));
    // Whom a name of 300 characters means is told by a short handle.
    const long = people.find(({ text }) => text.startsWith("NNN"));
    await workspace.click(ADMIN, overview, "person", long?.value ?? "");
    await workspace.waitForMessage(({ text }) => text.startsWith("NNN"));
    expect(workspace.violations).toEqual([]);
  });

  it("shows the last of several choices, however long each takes", async () => {
    const { workspace } = await start();
    const overview = await asked("/usage overview");
    const periods = ["last 90 days", "this year", "today", "yesterday", "this week"];
    await Promise.all(periods.map((period) => workspace.click(ADMIN, overview, "period", period)));
    const isLast = (text = ""): boolean => /^Product usage, this week|^Product usage, week/.test(text);
    await workspace.waitFor(
      () => (isLast(workspace.ephemeral(ADMIN, GENERAL)[0]?.text) ? true : undefined),
      PATIENCE,
    );
    // Nothing comes after it.
    await pair?.settle();
    const [now] = workspace.ephemeral(ADMIN, GENERAL);
    const last = workspace.calls.findLast(({ method }) => method === "response_url");
    expect(now?.text).toBe(last?.args.text);
    expect(isLast(now?.text)).toBe(true);
  });

  it("means the same after a restart", async () => {
    const { workspace } = await start();
    const first = await asked("/usage users sort accessed by week");
    await pair?.restart();
    const second = await changed(first, () => workspace.click(ADMIN, first, "page_next"));
    expect(second.text).toContain("Users 21–40 of 45");
  });

  it("does one thing for a double click", async () => {
    const { workspace } = await start();
    const overview = await asked("/usage overview");
    await Promise.all([1, 2, 3].map(() => workspace.click(ADMIN, overview, "open_inactive")));
    await workspace.waitForMessage(({ text }) => text.startsWith("Inactive people"));
    await pair?.settle();
    expect(workspace.ephemeral(ADMIN, GENERAL)).toHaveLength(2);
  });

  it("tells of a control that another version made", async () => {
    const { workspace } = await start();
    const overview = await asked("/usage overview");
    const click = await workspace.click(ADMIN, overview, "open_inactive");
    const payload = JSON.parse(JSON.stringify(click.payload).replaceAll("menus|1 ", "menus|9 "));
    await workspace.redeliver({ ...click, payload: { ...payload, trigger_id: "another" } });
    await workspace.waitForMessage(({ text }) => text.includes("another version of the app"));
  });
});

describe("sharing", () => {
  it("posts once what is shown, and says who shared it", async () => {
    const { workspace } = await start();
    const overview = await asked("/usage users last 7 days");
    const second = await changed(overview, () => workspace.click(ADMIN, overview, "page_next"));
    const done = await changed(second, () =>
      Promise.all([1, 2].map(() => workspace.click(ADMIN, second, "share"))),
    );
    await pair?.settle();
    const posts = workspace.messages(GENERAL);
    expect(posts).toHaveLength(1);
    const [post] = posts;
    expect(post?.text).toContain("Users 21–40 of 45");
    expect(post?.text).toMatch(/Shared by <@U0ADMIN>$/);
    expect(blockText(post as Message)).not.toContain('"actions"');
    expect(blockText(post as Message)).toContain('"image"');
    expect(done.text).toContain("Shared to this channel.");
    expect(blockText(done)).not.toContain('"share"');

    // Two pages later the button is there again, for what was shared before.
    const first = await changed(done, () => workspace.click(ADMIN, done, "page_back"));
    const again = await changed(first, () => workspace.click(ADMIN, first, "page_next"));
    await sleep(DOUBLE_CLICK);
    await workspace.click(ADMIN, again, "share");
    await workspace.waitForMessage(({ text }) => text.includes("This was shared already."));
    expect(workspace.messages(GENERAL)).toHaveLength(1);
    expect(workspace.violations).toEqual([]);
  });

  it("masks who anybody is where that is set", async () => {
    const { workspace } = await start({ settings: { MASK_NAMES_IN_CHANNELS: "true" } });
    for (const line of ["/usage overview", "/usage user p7@example.com"]) {
      const answer = await asked(line);
      const before = workspace.messages(GENERAL).length;
      await changed(answer, () => workspace.click(ADMIN, answer, "share"));
      const post = workspace.messages(GENERAL)[before] as Message;
      const all = `${post.text} ${blockText(post)}`;
      expect(all).not.toMatch(/Person 7\b.*p7|p7@|example\.com|Zoë|NNN/);
      expect(all).toContain(line.includes("user") ? "One person" : "Person 1");
      const titles = workspace.files().map(({ title }) => title);
      if (line.includes("user")) expect(titles).toContain("One person: activity");
    }
  });

  it("says what is in the way, and shares once that is gone", async () => {
    const { workspace } = await start();
    const answer = await asked("/usage overview", ADMIN, "C0NOBOT");
    await workspace.click(ADMIN, answer, "share");
    await workspace.waitForMessage(({ text }) => text.includes("invite me with /invite"));
    expect(workspace.messages("C0NOBOT")).toEqual([]);
    const inChannel = await asked("/usage overview");
    workspace.fail("chat.postMessage", { reset: true });
    await workspace.click(ADMIN, inChannel, "share");
    await workspace.waitForMessage(({ text }) => text.includes("did not say whether"));
    const done = await changed(inChannel, () => workspace.click(ADMIN, inChannel, "share"));
    expect(done.text).toContain("Shared to this channel.");
    expect(workspace.messages(GENERAL)).toHaveLength(1);
  });

  it("has no button where nobody else is", async () => {
    const { workspace } = await start();
    const answer = await asked("/usage overview", ADMIN, workspace.directMessage(ADMIN));
    expect(blockText(answer)).not.toContain('"share"');
  });
});

describe("who may see what", () => {
  it("shows managers their people, everyone themselves, and others nothing", async () => {
    const { workspace } = await start();
    const refusal = await asked("/usage overview", PERSON);
    expect(refusal.text).toContain("/usage me shows your own");
    expect((await asked("/usage me", PERSON)).text).toMatch(/^The vault knows nobody with your e-mail/);
    const own = await asked("/usage me", ADMIN);
    expect(own.text).toMatch(/^Person 5, last 30 days/);

    await filled.importLines("people.csv", [
      "email,name,team,manager,kind",
      "p6@example.com,,Sales,priya.nandan@example.com,person",
      "p7@example.com,,Sales,Priya.Nandan@example.com,person",
      "zoe.angstrom@example.com,Zoë Ångström,Sales,,person",
    ]);
    const team = await asked("/usage overview", MANAGER);
    expect(team.text).toContain("Users 1–2 of 2");
    expect(team.text).toContain("shown for the 2 people whose manager is priya.nandan@example.com");
    expect(blockText(team)).not.toMatch(/Person 5|p5@/);
    expect((await asked("/usage user p5@example.com", MANAGER)).text).toMatch(/^Nobody is called/);
    expect((await asked("/usage user p6@example.com", MANAGER)).text).toMatch(/^Person 6/);
    expect((await asked("/usage status", MANAGER)).text).toContain("admins only");
    expect((await asked("/usage me", PERSON)).text).toMatch(/^Zoë Ångström, last 30 days/);

    // Whom a mention means is for those alone who may ask for others.
    const mention = await asked("/usage me @ingrid.solem", PERSON);
    expect(mention.text).not.toContain("ingrid.solem@example.com");

    // A control is nobody's right: what it asks for is looked at anew.
    const people = optionsOf(team, "person");
    expect(people.map(({ text }) => text).sort()).toEqual(["Person 6", "Person 7"]);
    expect(workspace.violations).toEqual([]);
  });

  it("looks at each click anew", async () => {
    let time = Date.now();
    const { workspace } = await start({ clock: () => time });
    const overview = await asked("/usage overview");
    time += 120_000;
    workspace.fail("users.info", { error: "internal_error" }, 5);
    await workspace.click(ADMIN, overview, "page_next");
    await workspace.waitForMessage(({ text }) => text.includes("could not check with Slack"));
  });

  it("keeps who asked for what", async () => {
    const { workspace } = await start();
    const { audit } = filled.engine.store;
    await audit.deleteMany({});
    const overview = await asked("/usage overview last week");
    await asked("/usage overview", PERSON);
    await asked("/usage overview nonsense");
    await changed(overview, () => workspace.click(ADMIN, overview, "share"));
    const kept = await audit.find({}, { sort: { at: 1, _id: 1 } }).toArray();
    const told = kept.map(({ who, by, what, where, sees, outcome, workspace: team }) =>
      [who, by, what, where, sees, outcome, team].join(" | "),
    );
    expect(told.sort()).toEqual(
      [
        "U0ADMIN | command | overview last week | C0GENERAL | everybody | answered | T0VAULT01",
        "U0ADMIN | command | overview nonsense | C0GENERAL | everybody | failed | T0VAULT01",
        "U0ADMIN | share | overview last week | C0GENERAL | everybody | answered | T0VAULT01",
        "U0PERSON | command | overview | C0GENERAL | self | refused | T0VAULT01",
      ].sort(),
    );
    expect(kept.find(({ outcome }) => outcome === "refused")?.reason).toContain("/usage me");
  });
});

describe("the Home tab", () => {
  it("shows the day, the trend, who went quiet, and opens reports in modals", async () => {
    const { workspace } = await start();
    const opened = await workspace.openHome(ADMIN);
    expect(opened.error).toBeUndefined();
    const home = await workspace.waitFor(() => {
      const view = workspace.home(ADMIN);
      return view && blockText(view).includes('"image"') ? view : undefined;
    });
    const shown = blockText(home);
    expect(shown).toContain("Today so far");
    expect(shown).toContain("Login Sessions");
    expect(shown).toContain("Last 30 days");
    await workspace.click(ADMIN, home, "open_users");
    const modal = await workspace.waitFor(() => {
      const view = workspace.modal(ADMIN);
      return view && blockText(view).includes("Users 1–20 of 4") ? view : undefined;
    });
    await workspace.click(ADMIN, modal, "page_next");
    await workspace.waitFor(() => {
      const view = workspace.modal(ADMIN);
      return view && blockText(view).includes("Users 21–40 of 4") ? true : undefined;
    });
    const turned = workspace.modal(ADMIN) as View;
    expect(optionsOf(turned, "period").map(({ value }) => value)).not.toContain("pick");
    // Deeper than Slack stacks modals, the one in front shows the answer.
    for (const step of ["person", "open_overview", "person", "open_overview"]) {
      const front = workspace.modal(ADMIN) as View;
      const choice = step === "person" ? optionsOf(front, "person")[5]?.value : undefined;
      await workspace.click(ADMIN, front, step, choice);
      await workspace.waitFor(() => {
        const view = workspace.modal(ADMIN);
        const title = view && blockText(view);
        const isThere = step === "person" ? title?.includes("last active") : title?.includes("Product usage");
        return isThere ? true : undefined;
      });
    }
    expect(workspace.modals(ADMIN).length).toBeLessThanOrEqual(3);
    expect(workspace.violations).toEqual([]);
  });

  it("shows others themselves, or why not", async () => {
    const { workspace } = await start();
    await workspace.openHome("U0OWNER");
    await workspace.openHome(PERSON);
    await workspace.waitFor(() => {
      const view = workspace.home(PERSON);
      return view && /Your own usage/.test(blockText(view)) ? view : undefined;
    });
  });

  it("opens one modal for a double click", async () => {
    const { workspace } = await start();
    await workspace.openHome(ADMIN);
    const home = await workspace.waitFor(() => {
      const view = workspace.home(ADMIN);
      return view && blockText(view).includes("open_users") ? view : undefined;
    });
    await Promise.all([1, 2].map(() => workspace.click(ADMIN, home, "open_users")));
    await workspace.waitFor(() => workspace.modal(ADMIN));
    await pair?.settle();
    expect(workspace.modals(ADMIN)).toHaveLength(1);
  });
});
