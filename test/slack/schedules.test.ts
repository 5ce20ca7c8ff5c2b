import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Interactive, Message, View } from "../../src/demo/workspace/index.ts";
import { interactives } from "../../src/demo/workspace/index.ts";
import { PATIENCE } from "../helpers/patience.ts";
import { type FilledEngine, NOW, openFilledEngine, type Pair, startPair } from "./pair.ts";

const ADMIN = "U0ADMIN";
const OWNER = "U0OWNER";
const MANAGER = "U0MANAGER";
const GENERAL = "C0GENERAL";
const SECURITY = "C0SECURITY";
const WEEKLY = "overview last week every monday 09:00 in Europe/Oslo";

let filled: FilledEngine;
let pair: Pair;
/** What Slack's answers are kept by, so that a test can let them grow old. */
let slackTime = Date.now();

beforeAll(async () => {
  filled = await openFilledEngine();
  await filled.importLines("people.csv", [
    "email,name,team,manager,kind",
    "p6@example.com,,Sales,priya.nandan@example.com,person",
  ]);
  pair = await startPair({
    engine: filled.engine,
    clock: () => slackTime,
    settings: { MASK_NAMES_IN_CHANNELS: "true" },
  });
});
beforeEach(() => filled.setNow(NOW));
afterEach(async () => {
  const { store } = filled.engine;
  await store.schedules.deleteMany({});
  expect(pair.workspace.violations).toEqual([]);
});
afterAll(async () => {
  await pair.close();
  await filled.close();
});

const blockText = (of: Pick<Message | View, "blocks">): string => JSON.stringify(of.blocks);
const dm = (who: string): string => pair.workspace.directMessage(who);

/** Types a command, and gives the answer. */
const ask = async (line: string, who = ADMIN, channel = GENERAL): Promise<Message> =>
  (await pair.ask(`/usage ${line}`, who, channel)) as Message;

/** Sets a schedule up as somebody types it; gives its id. */
async function scheduled(words: string, who = ADMIN, channel = GENERAL): Promise<string> {
  const { text } = await ask(`schedule ${words}`, who, channel);
  const [, id] = /^Scheduled as ([a-z0-9]{4})/.exec(text) ?? [];
  if (id === undefined) throw new Error(text);
  return id;
}

/** The controls that carry these words, or hold a choice of these words. */
function control(of: Pick<Message | View, "blocks">, words: string): Interactive & { choice?: string } {
  for (const found of interactives(of.blocks)) {
    if (found.element.value === words) return found;
    const options = (found.element.options ?? []) as { value: string }[];
    if (options.some(({ value }) => value === words)) return { ...found, choice: words };
  }
  throw new Error(`there is no “${words}” in ${blockText(of)}`);
}

/** Clicks the control of these words. */
function press(who: string, on: Message | View, words: string) {
  const { actionId, blockId, choice } = control(on, words);
  return pair.workspace.click(who, on, actionId, choice, { blockId });
}

const modalWith = (text: string, who = ADMIN): Promise<View> =>
  pair.workspace.waitFor(() => {
    const view = pair.workspace.modal(who);
    return view && JSON.stringify(view).includes(text) ? view : undefined;
  });

/** A message of the app that is there or to come, in a conversation. */
const said = (channel: string, text: string | RegExp): Promise<Message> =>
  pair.workspace.waitForMessage(
    (message) =>
      message.channel === channel &&
      (typeof text === "string" ? message.text.includes(text) : text.test(message.text)),
    PATIENCE,
  );

const answers = { channels: [GENERAL], people: [], time: "09:00", zone: "Europe/Oslo" };

describe("the form", () => {
  it("opens by command, refuses by input, previews, and saves once", async () => {
    const { workspace } = pair;
    await workspace.command(ADMIN, GENERAL, "/usage schedule");
    const form = await modalWith("Schedule a report");
    expect(form.state).toMatchObject({
      report: { report: { selected_option: { value: "overview last week" } } },
      zone: { zone: { value: "Europe/Oslo" } },
      people: { people: { selected_users: [ADMIN] } },
    });
    expect(blockText(form)).not.toContain('"emails"');

    const wrong = { zone: "Europe/Osl", words: "every mnth", channels: ["C0HIDDEN"] };
    const refused = await workspace.submitView(ADMIN, { ...answers, ...wrong });
    expect(refused.body).toEqual({
      response_action: "errors",
      errors: {
        zone: expect.stringContaining("did you mean Europe/Oslo"),
        words: expect.stringContaining("did you mean month"),
        channels: expect.stringContaining("invite me with /invite"),
      },
    });
    const nobody = await workspace.submitView(ADMIN, { ...answers, words: "", channels: [] });
    expect(nobody.body).toMatchObject({ errors: { channels: expect.stringContaining("at least one") } });

    // A channel that the app is not in can be chosen, but nothing is saved until it is let in.
    await workspace.submitView(ADMIN, { ...answers, channels: ["C0NOBOT"] });
    const closed = await modalWith("cannot be saved");
    expect(blockText(closed)).toContain("✕ #coffee: I am not in this channel");
    expect(closed.submit).toBeUndefined();
    await workspace.closeView(ADMIN);

    await workspace.submitView(ADMIN, {
      ...answers,
      people: [OWNER],
      words: "every month on the 15th",
      time: "08:30",
      files: ["xlsx", "pdf"],
    });
    const preview = await modalWith("Goes to");
    const shown = blockText(preview);
    expect(shown).toContain("Every month on the 15th 08:30 (Europe/Oslo)");
    expect(shown).toContain("Next Tue 15 Dec 2026 08:30");
    expect(shown).toContain("✓ #general: a channel that the app is in; its members will see it");
    expect(shown).toContain("✓ @Ingrid Solem: a member of the workspace");
    expect(shown).toMatch(/\d+ rows as of now/);
    expect(shown).toContain("with Excel, PDF");
    const saves = await Promise.all([1, 2].map(() => workspace.submitView(ADMIN).catch(() => undefined)));
    expect(saves[0]?.body).toEqual({ response_action: "clear" });
    expect(workspace.modals(ADMIN)).toEqual([]);
    const done = await workspace.waitForMessage(({ text }) => text.startsWith("Scheduled as"));
    expect(done.ephemeralTo).toBe(ADMIN);
    expect(done.text).toContain("every month on the 15th 08:30 (Europe/Oslo); to #general, @Ingrid Solem");
    await pair.settle();
    const kept = await filled.engine.store.schedules.find({}).toArray();
    expect(kept).toHaveLength(1);
    expect(kept[0]).toMatchObject({ formats: ["xlsx", "pdf"], owner: { who: ADMIN, front: "slack" } });
    control(done, `run ${kept[0]?._id}`);
  });

  it("opens from under a report, with that report, and waits for a slow one", async () => {
    const { workspace } = pair;
    const answer = await ask("users last 7 days sort accessed");
    await press(ADMIN, answer, "users sort passwordsAccessed last 7 days");
    const form = await modalWith("Schedule a report");
    expect(form.state).toMatchObject({
      report: { report: { selected_option: { value: "users sort passwordsAccessed last 7 days" } } },
      rule: { rule: { selected_option: { value: "every monday" } } },
    });
    slackTime += 3_600_000;
    workspace.fail("conversations.info", { status: 429, retryAfter: 1 });
    const slow = await workspace.submitView(ADMIN, answers);
    expect(slow.ms).toBeLessThan(2_900);
    expect(JSON.stringify(slow.body)).toContain("Looking at what");
    const preview = await modalWith("Goes to");
    expect(blockText(preview)).toContain("✓ #general");
    await workspace.submitView(ADMIN);
    await workspace.waitForMessage(({ text }) => text.includes("users sort passwordsAccessed last 7 days;"));
  });

  it("changes a schedule, whose own rule it offers", async () => {
    const { workspace } = pair;
    const id = await scheduled(`${WEEKLY.replace("monday", "monday, thursday")} to #general`);
    await workspace.command(ADMIN, GENERAL, `/usage schedules edit ${id}`);
    const form = await modalWith(`Change ${id}`);
    expect(form.state).toMatchObject({
      rule: { rule: { selected_option: { value: "every monday, thursday" } } },
      channels: { channels: { selected_conversations: [GENERAL] } },
    });
    await workspace.submitView(ADMIN, { rule: "every weekday", time: "07:15", people: [] });
    await modalWith("Goes to");
    await workspace.submitView(ADMIN);
    const done = await workspace.waitForMessage(({ text }) => text.startsWith(`Changed ${id}`));
    expect(done.text).toContain("every weekday 07:15 (Europe/Oslo)");
  });

  it("is nobody's but managers' and admins'", async () => {
    expect((await ask("schedule", "U0PERSON")).text).toContain("/usage me shows your own");
    expect(pair.workspace.modal("U0PERSON")).toBeUndefined();
    expect(blockText(await ask("me", ADMIN, SECURITY))).not.toContain("Schedule…");
  });

  it("takes mentions for where to send, and e-mails for whom about", async () => {
    const { text } = await ask("schedule user @tomas.vale last week every monday to @ingrid.solem #security");
    expect(text).toContain("user tomas.vale@example.com last week");
    expect(text).toContain("to @Ingrid Solem, #security");
    const { text: mail } = await ask(`schedule ${WEEKLY} to boss@example.com`, ADMIN, SECURITY);
    expect(mail).toContain("SMTP_URL");
  });
});

describe("the list", () => {
  it("pauses, resumes and deletes in place, and shows the newest twelve", async () => {
    const { workspace } = pair;
    const id = await scheduled(`${WEEKLY} to #general`);
    const other = await scheduled("inactive every month on the 1st 08:00 to me");
    const list = await ask("schedules");
    expect(list.text).toMatch(/^2 schedules/);
    const changed = (title: string) =>
      workspace.waitForMessage(({ ts, text }) => ts === list.ts && text.startsWith(title));
    await press(ADMIN, list, `pause ${id}`);
    const paused = await changed(`Paused ${id}`);
    expect(paused.text).toContain("; paused");
    expect(paused.text).toContain(other);
    await press(ADMIN, paused, `resume ${id}`);
    const resumed = await changed(`Resumed ${id}`);
    expect(resumed.text).toContain("next Mon 23 Nov 2026 09:00");
    expect(control(resumed, `delete ${id} yes`).element).toMatchObject({
      style: "danger",
      confirm: { style: "danger" },
    });
    await press(ADMIN, resumed, `delete ${id} yes`);
    expect((await changed(`Deleted ${id}`)).text).not.toContain("overview");

    const one = await ask(`schedules ${other}`);
    await press(ADMIN, one, `edit ${other}`);
    await modalWith(`Change ${other}`);
    await workspace.closeView(ADMIN);
    const { schedules } = filled.engine.store;
    const template = await schedules.findOne({ _id: other });
    const many = Array.from({ length: 39 }, (_, i) => `z${String(i).padStart(3, "0")}`);
    await schedules.insertMany(many.map((_id) => ({ ...template, _id }) as never));
    const first = await ask("schedules");
    expect(first.text).toContain("The newest 12 of 40 schedules");
  });

  it("runs now once for a double click, with figures, chart and files, and tests to whoever asks", async () => {
    const { workspace } = pair;
    const id = await scheduled(`users last week every monday 09:00 in Europe/Oslo to #security as csv`);
    const list = await ask("schedules", ADMIN, SECURITY);
    filled.setNow(NOW + 60_000);
    await Promise.all([1, 2].map(() => press(ADMIN, list, `run ${id}`)));
    const post = await said(SECURITY, "set up by <@U0ADMIN>");
    expect(blockText(post)).toContain('"image"');
    // Names are masked in channels, and whole in a direct message.
    expect(`${post.text}${blockText(post)}`).not.toMatch(/Zoë|p7@example|NNN/);
    await workspace.waitFor(() => workspace.files().find(({ channels }) => channels.includes(SECURITY)));
    filled.setNow(NOW + 120_000);
    await press(ADMIN, list, `test ${id}`);
    const test = await said(dm(ADMIN), "A test of what comes");
    expect(test.text).toContain("Zoë");
    await pair.settle();
    expect(workspace.messages(SECURITY).filter(({ text }) => text.includes(id))).toHaveLength(1);

    await press(ADMIN, list, `history ${id}`);
    const history = await workspace.waitForMessage(({ text }) => text.startsWith("The last 2 runs"));
    expect(history.text).toContain("as a test: sent");
    expect(history.text).toMatch(/✓ #security: sent today 11:0[12], with 1 file/);
    expect((await ask("schedules", ADMIN, "C0NOBOT")).text).toContain(
      "Last: Fri 20 Nov 2026 11:01 by hand, sent",
    );
    expect(await filled.engine.store.audit.findOne({ what: `schedules run ${id}` })).toMatchObject({
      by: "click",
      outcome: "answered",
    });
  });

  it("is theirs alone for a manager", async () => {
    const { workspace } = pair;
    const id = await scheduled(`${WEEKLY} to #general`);
    const own = await scheduled(`${WEEKLY} to me`, MANAGER);
    const list = await ask("schedules", MANAGER);
    expect(list.text).toContain(own);
    expect(list.text).not.toContain(id);
    const click = await press(MANAGER, list, `pause ${own}`);
    const payload = JSON.parse(JSON.stringify(click.payload).replaceAll(own, id));
    await workspace.redeliver({ ...click, payload: { ...payload, trigger_id: "another" } });
    await workspace.waitForMessage(({ text }) => text.includes(`There is no schedule ${id}`));
    expect(await filled.engine.store.schedules.findOne({ _id: id })).toMatchObject({ state: "active" });
  });

  it("stands in the Home tab, and opens in a modal from there", async () => {
    const { workspace } = pair;
    const id = await scheduled(`${WEEKLY} to #general`);
    const paused = await scheduled(`${WEEKLY} to #security`);
    await ask(`schedules pause ${paused}`);
    await workspace.openHome(ADMIN);
    const home = await workspace.waitFor(() => {
      const view = workspace.home(ADMIN);
      return view && blockText(view).includes("2 schedules") ? view : undefined;
    });
    expect(blockText(home)).toContain(
      `Next: Mon 23 Nov 2026 09:00 (Europe/Oslo) · ${id} · overview last week`,
    );
    expect(blockText(home)).toContain(`${paused} · overview last week to #security: paused`);
    await press(ADMIN, home, "list");
    const list = await modalWith(`resume ${paused}`);
    await press(ADMIN, list, `resume ${paused}`);
    const resumed = await modalWith(`Resumed ${paused}`);
    await press(ADMIN, resumed, `edit ${id}`);
    await modalWith(`Change ${id}`);
    expect(workspace.modals(ADMIN)).toHaveLength(2);
    await workspace.submitView(ADMIN, { people: [] });
    await modalWith("Goes to");
    await workspace.submitView(ADMIN);
    await said(dm(ADMIN), `Changed ${id}`);
    expect(workspace.modals(ADMIN)).toEqual([]);
  });
});

describe("what went wrong", () => {
  const archive = (id: string, is_archived: boolean) => {
    const { directory } = pair.workspace;
    directory.putChannel({ ...directory.channel(id), is_archived } as never);
  };

  it("is told to the owner, who retries, edits or pauses", async () => {
    const { workspace } = pair;
    const id = await scheduled(`${WEEKLY} to #security @ingrid.solem`);
    archive(SECURITY, true);
    filled.setNow(Date.parse("2026-11-23T08:00:00Z"));
    await ask(`schedules run ${id}`);
    const notice = await said(dm(ADMIN), /^A report did not arrive/);
    expect(notice.text).toContain("by hand: sent in part");
    expect(notice.text).toContain("✕ #security: failed: this channel is archived");
    expect(notice.text).toContain("✓ @Ingrid Solem: sent");
    archive(SECURITY, false);
    slackTime += 3_600_000;
    await press(ADMIN, notice, `retry ${id} now 2026-11-23T08:00:00.000Z`);
    await said(SECURITY, id);
    await press(ADMIN, notice, `pause ${id}`);
    await workspace.waitForMessage(({ text }) => text.startsWith(`Paused ${id}`));
    await press(ADMIN, notice, `edit ${id}`);
    await modalWith(`Change ${id}`);
    await workspace.closeView(ADMIN);
    await pair.settle();
    expect(workspace.messages(dm(OWNER)).filter(({ text }) => text.includes(id))).toHaveLength(1);
  });

  it("is told with the pause that it led to, and to the admins where the owner is gone", async () => {
    const { workspace } = pair;
    const id = await scheduled(`${WEEKLY} to #leads`, MANAGER);
    const { directory } = workspace;
    const owner = directory.user(MANAGER);
    directory.putUser({ ...owner, deleted: true } as never);
    slackTime += 3_600_000;
    filled.setNow(Date.parse("2026-11-23T08:00:00Z"));
    // As the alarm would, at nine.
    const { enterRun } = await import("../../src/schedules/ledger.ts");
    const { store } = filled.engine;
    const found = await store.schedules.findOne({ _id: id });
    const now = Date.parse("2026-11-23T08:00:00Z");
    if (found === null) throw new Error("there is a schedule");
    const entry = {
      schedule: found,
      kind: "slot",
      slot: now,
      targets: found.targets,
      now,
      wakeAt: now,
    } as const;
    await enterRun(store, entry);
    const [notice] = await Promise.all([ADMIN, OWNER].map((who) => said(dm(who), id)));
    expect(notice?.text).toContain("Its owner Priya Nandan is not there any more, so you are told.");
    expect(notice?.text).toContain("It is paused now, for none of its targets can be reached");
    await press(ADMIN, notice as Message, `resume ${id}`);
    await workspace.waitForMessage(({ text }) => text.startsWith(`Resumed ${id}`));
    // Whoever changes it has it from then on.
    await ask(`schedules edit ${id} ${WEEKLY} to #security`);
    expect(await store.schedules.findOne({ _id: id })).toMatchObject({ owner: { who: ADMIN } });
    directory.putUser(owner as never);
    slackTime += 3_600_000;
  });

  it("is in doubt where Slack did not say, and sent again only when somebody says so", async () => {
    const { workspace } = pair;
    const id = await scheduled(`${WEEKLY} to #security`);
    filled.setNow(NOW + 300_000);
    workspace.fail("chat.postMessage", { reset: true, after: true });
    await ask(`schedules run ${id}`);
    const notice = await said(dm(ADMIN), /^Did this report arrive\?/);
    const count = () => workspace.messages(SECURITY).filter(({ text }) => text.includes(id)).length;
    expect(count()).toBe(1);
    const words = `resend ${id} now ${new Date(NOW + 300_000).toISOString()}`;
    expect(control(notice, words).element.confirm).toMatchObject({
      text: { text: expect.stringContaining("may arrive twice") },
    });
    await press(ADMIN, notice, words);
    await workspace.waitFor(() => (count() === 2 ? true : undefined));
    expect(await ask(`schedules history ${id}`, ADMIN, "C0NOBOT")).toMatchObject({ text: /by hand: sent/ });
  });
});

it("takes names that would do harm in a careless message", async () => {
  const { workspace } = pair;
  const wild = { id: "U0WILD", name: "wild", real_name: "<!channel> *x* & `y`", email: "wild@example.com" };
  workspace.directory.putUser(wild);
  const id = await scheduled("user p0@example.com last week every monday 09:00 to @wild", ADMIN, SECURITY);
  const list = await ask("schedules", ADMIN, SECURITY);
  expect(list.text).toContain("to @&lt;!channel&gt; *x* &amp; `y`");
  workspace.directory.putUser({ ...wild, deleted: true });
  slackTime += 3_600_000;
  filled.setNow(NOW + 600_000);
  await press(ADMIN, list, `run ${id}`);
  const notice = await said(dm(ADMIN), "is not in the workspace any more");
  expect(notice.text).toContain("✕ @&lt;!channel&gt; *x*");
});

it("keeps what nobody seems to read, when somebody says so", async () => {
  const { createNotifier } = await import("../../src/slack/notify.ts");
  const id = await scheduled(`${WEEKLY} to #security`);
  const { store } = filled.engine;
  const schedule = await store.schedules.findOne({ _id: id });
  const posts: Message[] = [];
  const publisher = { post: async (_: string, build: () => unknown) => void posts.push(build() as Message) };
  const users = { user: async () => ({ name: "Tomas Vale", isOutsider: false }) };
  const deps = { publisher, users, admins: undefined, clock: () => NOW, logger: { warn() {} } };
  await createNotifier(deps as never)({
    about: "unread",
    schedule: schedule as never,
    to: schedule?.owner as never,
    mayNothing: false,
    times: 12,
  });
  expect(posts[0]?.text).toContain("It was sent 12 times without a sign that anybody reads it");
  filled.setNow(NOW + 86_400_000);
  await ask(`schedules keep ${id}`, ADMIN, SECURITY);
  const kept = await store.schedules.findOne({ _id: id });
  expect(kept?.wantedAt.getTime()).toBe(NOW + 86_400_000);
});

it("offers a weekly digest to the admins once, over several starts", async () => {
  const { store } = filled.engine;
  await store.claims.deleteMany({ _id: "digest offer" });
  const other = await startPair({ engine: filled.engine, offersDigest: true });
  try {
    const { workspace } = other;
    const offers = (who: string) =>
      workspace
        .messages(workspace.directMessage(who))
        .filter(({ text }) => /every Monday at nine/.test(text));
    const offer = await workspace.waitFor(() => offers(ADMIN)[0]);
    await workspace.waitFor(() => offers(OWNER)[0]);
    await other.restart();
    await other.settle();
    expect(offers(ADMIN)).toHaveLength(1);
    expect([...offers(MANAGER), ...offers("U0GONE")]).toEqual([]);
    await workspace.click(ADMIN, offer, "schedule_form");
    const form = await workspace.waitFor(() => workspace.modal(ADMIN));
    expect(form.state).toMatchObject({
      report: { report: { selected_option: { value: "overview last week" } } },
      rule: { rule: { selected_option: { value: "every monday" } } },
      time: { time: { selected_time: "09:00" } },
    });
    await workspace.closeView(ADMIN);
    const second = offers(OWNER)[0] as Message;
    await workspace.click(OWNER, second, "schedule_dismiss");
    await workspace.waitForMessage(({ ts, text }) => ts === second.ts && text.startsWith("All right."));
  } finally {
    await other.close();
  }
});
