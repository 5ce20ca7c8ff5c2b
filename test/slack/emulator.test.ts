import { createHmac, randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { WebClient } from "@slack/web-api";
import { createEmulator, type Emulator } from "emulate";
import { pino } from "pino";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createFront } from "../../src/app.ts";
import { parseConfig } from "../../src/config.ts";
import { manifestScopes } from "../../src/demo/workspace/index.ts";
import type { SlackFront } from "../../src/slack/front.ts";
import { PATIENCE } from "../helpers/patience.ts";
import { type FilledEngine, openFilledEngine, sharedCharts } from "./pair.ts";

/**
 * The app beside a Slack API that nobody here wrote, with strict scopes. What that one does not have, people who type
 * and click, is done by hand: signed payloads to the app, and a server for its response URLs.
 */
const SECRET = "a-signing-secret-of-the-test";
const TOKEN = "xoxb-emulated";
const READER = "xoxp-reader";

let slack: Emulator;
let client: WebClient;
let filled: FilledEngine;
let front: SlackFront;
let appUrl = "";
let admin = "";
let channel = "";
const log: string[] = [];

interface Answer {
  readonly text: string;
  readonly blocks: readonly { readonly type: string; readonly block_id?: string }[];
  readonly replace_original?: boolean;
}

const answers: Answer[] = [];
const responses = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  answers.push(JSON.parse(Buffer.concat(chunks).toString()));
  response.end("ok");
});

beforeAll(async () => {
  const seed = {
    tokens: {},
    slack: {
      strict_scopes: true,
      users: [
        { name: "tomas.vale", real_name: "Tomas Vale", email: "tomas.vale@example.com", is_admin: true },
      ],
      channels: [{ name: "reports" }],
      tokens: [
        { token: TOKEN, type: "bot", scopes: [...manifestScopes], user: "U000000001" },
        // To look at what came of it; the app does not have it.
        { token: READER, type: "user", scopes: ["channels:history", "files:read"], user: "U000000001" },
      ],
    },
  };
  slack = await createEmulator({ service: "slack", port: await freePort(), seed });
  client = new WebClient(TOKEN, { slackApiUrl: `${slack.url}/api/` });
  admin = (await client.users.lookupByEmail({ email: "tomas.vale@example.com" })).user?.id ?? "";
  // The app has no scope that lists channels; its default one is there from the start.
  channel = "C000000001";
  await new Promise<void>((resolve) => responses.listen(0, "127.0.0.1", resolve));
  filled = await openFilledEngine();
  const config = parseConfig({
    SLACK_BOT_TOKEN: TOKEN,
    SLACK_SIGNING_SECRET: SECRET,
    SLACK_API_URL: `${slack.url}/api/`,
    PORT: "0",
  });
  const logger = pino({ level: "warn" }, { write: (line: string) => void log.push(line) });
  front = await createFront({
    config,
    logger,
    engine: filled.engine,
    charts: sharedCharts,
    offersDigest: false,
  });
  appUrl = (await front.start()).url ?? "";
});
afterAll(async () => {
  await front.stop();
  await filled.close();
  await slack.close();
  responses.close();
});

/** A port that was free a moment ago, since the emulator takes only a number. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function send(body: string, type = "application/x-www-form-urlencoded"): Promise<void> {
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const signature = createHmac("sha256", SECRET).update(`v0:${timestamp}:${body}`).digest("hex");
  const response = await fetch(appUrl, {
    method: "POST",
    headers: {
      "content-type": type,
      "x-slack-request-timestamp": timestamp,
      "x-slack-signature": `v0=${signature}`,
    },
    body,
  });
  expect(response.status).toBe(200);
}

const responseUrl = (): string =>
  `http://127.0.0.1:${(responses.address() as AddressInfo).port}/response/${randomUUID()}`;

async function until<T>(find: () => Promise<T | undefined> | T | undefined): Promise<T> {
  const deadline = performance.now() + PATIENCE;
  for (;;) {
    const found = await find();
    if (found !== undefined) return found;
    if (performance.now() > deadline) throw new Error(`nothing came; the log: ${log.join("")}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function next(act: () => Promise<void>): Promise<Answer> {
  const before = answers.length;
  await act();
  return until(() => answers[before]);
}

async function trigger(view?: string): Promise<string> {
  const options = { user_id: admin, ...(view === undefined ? {} : { view_id: view }) };
  const { trigger_id: id } = (await client.apiCall("views.generateTriggerId", options)) as {
    trigger_id?: string;
  };
  return id ?? "";
}

/** The ids of the views of that kind in the emulator's own page, the newest first. */
async function views(kind: "app home" | "modal"): Promise<string[]> {
  const page = await (await fetch(`${slack.url}/?tab=views`)).text();
  const rows = page.split("<tr").filter((row) => row.includes(`>${kind}<`));
  return rows.flatMap((row) => /\bV[A-Z0-9]{8,}\b/.exec(row)?.[0] ?? []);
}

const command = (text: string) => async () =>
  send(
    String(
      new URLSearchParams({
        command: "/usage",
        text,
        user_id: admin,
        team_id: "T000000001",
        channel_id: channel,
        trigger_id: randomUUID(),
        response_url: responseUrl(),
      }),
    ),
  );

interface ClickPlace {
  readonly container: object;
  readonly channel?: { readonly id: string };
  readonly response_url?: string;
  readonly view?: object;
}

async function click(place: ClickPlace, action: object, triggerId: string): Promise<void> {
  const payload = {
    type: "block_actions",
    user: { id: admin },
    team: { id: "T000000001" },
    api_app_id: "A000000001",
    trigger_id: triggerId,
    ...place,
    actions: [{ type: "button", action_ts: "1.0", ...action }],
  };
  await send(String(new URLSearchParams({ payload: JSON.stringify(payload) })));
}

const inMessage = (): ClickPlace => ({
  container: { type: "message", message_ts: "1700000000.000100", channel_id: channel, is_ephemeral: true },
  channel: { id: channel },
  response_url: responseUrl(),
});

function rowOf(answer: Answer, name: string): string {
  const id = answer.blocks.find((block) => block.block_id?.startsWith(`${name}|`))?.block_id;
  if (id === undefined) throw new Error(`there is no row of controls ${name}`);
  return id;
}

it("answers, turns pages, shares, and opens modals and the Home tab", async () => {
  const overview = await next(command("overview"));
  expect(overview.blocks.map((block) => block.type)).toContain("image");
  const { files } = await client.files.list({});
  expect(files?.map((file) => file.mimetype)).toContain("image/png");

  const turned = await next(async () =>
    click(
      inMessage(),
      { action_id: "page_next", block_id: rowOf(overview, "pages"), value: "1" },
      await trigger(),
    ),
  );
  expect(turned.replace_original).toBe(true);
  expect(turned.text).toContain("Users 11–14 of 14");

  const shared = await next(async () =>
    click(
      inMessage(),
      { action_id: "share", block_id: rowOf(overview, "menus"), value: "share" },
      await trigger(),
    ),
  );
  expect(shared.text).toContain("Shared to this channel");

  const exported = await next(command("inactive as csv"));
  expect(exported.text).toContain("it is in your direct messages");
  const shownFiles = (await client.files.list({})).files ?? [];
  expect(shownFiles.find(({ name }) => name?.endsWith(".csv"))?.ims).toHaveLength(1);

  const reader = new WebClient(READER, { slackApiUrl: `${slack.url}/api/` });
  const { messages } = await reader.conversations.history({ channel });
  expect(messages?.[0]?.text).toContain("Users 1–10 of 14");
  expect(messages?.[0]?.text).toContain(`Shared by <@${admin}>`);

  const event = { type: "app_home_opened", user: admin, tab: "home", channel: "D1", event_ts: "1.0" };
  const envelope = { type: "event_callback", event_id: "Ev1", team_id: "T000000001", event };
  await send(JSON.stringify(envelope), "application/json");
  const [home = ""] = await until(async () => {
    const found = await views("app home");
    return found.length > 0 ? found : undefined;
  });

  const asked = rowOf(overview, "menus");
  const place = (id: string, type: string) => ({
    container: { type: "view", view_id: id },
    view: { id, type },
  });
  const people = { action_id: "open_users", block_id: asked, value: "users last 30 days" };
  await click(place(home, "home"), people, await trigger());
  const [modal = ""] = await until(async () => {
    const found = await views("modal");
    return found.length > 0 ? found : undefined;
  });
  // Slack stacks three at most.
  for (const [period, depth] of [
    ["today", 2],
    ["yesterday", 3],
    ["last week", 3],
  ] as const) {
    const everybody = { action_id: "open_overview", block_id: asked, value: `overview ${period}` };
    await click(place(modal, "modal"), everybody, await trigger(modal));
    await until(async () => ((await views("modal")).length === depth ? true : undefined));
  }
  expect(log).toEqual([]);
});
