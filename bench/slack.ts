import { mkdtemp, rm } from "node:fs/promises";
import { Agent } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createWorkspace, type Message, type Workspace } from "../src/demo/workspace/index.ts";
import { fill, openSink, type SlackBench, startApp, summary, volley, WHERE, WHO } from "./app.ts";
import { runUsage } from "./process.ts";

/** Command lines that run beside the app. */
const BESIDE = 3;
const ROUNDS = 3;

/**
 * Times the real app, in a process of its own as in production: the acknowledgements of commands that come at once,
 * how long something else has to wait meanwhile, and the way from one command to its answer, uploads included. The
 * store of `dataDir` is used if given, else a small one is made.
 */
export async function benchSlack(
  options: { readonly dataDir?: string; readonly commands?: number; readonly answers?: number } = {},
): Promise<SlackBench[]> {
  const { commands = 50, answers = 10 } = options;
  const folder = await mkdtemp(join(tmpdir(), "vault-usage-bench-"));
  const dataDir = options.dataDir ?? join(folder, "data");
  if (options.dataDir === undefined) await fill(dataDir, folder);
  // How long Slack looks at a file is its own affair.
  const workspace = await createWorkspace({ fileDelay: 0 });
  const app = await startApp(workspace, dataDir);
  try {
    workspace.setRequestUrl(app.url);
    // Warms everything up, as a running app is.
    for (const line of ["/usage overview", "/usage help"]) await timeAnswer(workspace, line);
    for (let round = 0; round < 2; round++) await rush(workspace, app.url, commands);

    const rounds: Round[] = [];
    for (let round = 0; round < ROUNDS; round++) rounds.push(await rush(workspace, app.url, commands));
    // Other work on the machine makes a round slower and never faster.
    const best = rounds.toSorted((a, b) => Math.max(...a.acks) - Math.max(...b.acks))[0];
    const rows = [
      summary(`acknowledgement, ${commands} commands at once, best of ${ROUNDS} rounds`, best?.acks ?? []),
      summary("another request meanwhile", best?.others ?? []),
      summary(`all ${commands} answers`, [best?.answered ?? Number.NaN]),
    ];
    for (const [what, line] of [
      ["command to answer without a chart", () => "/usage help"],
      ["command to answer, picture unchanged", () => "/usage overview"],
      // Each asks for another period, so that no picture was there before.
      ["command to answer with a new picture", (i: number) => `/usage overview last ${20 + i} days`],
    ] as const) {
      const times: number[] = [];
      for (let i = 0; i < answers; i++) times.push(await timeAnswer(workspace, line(i)));
      rows.push(summary(what, times));
    }
    rows.push(...(await timeClicks(workspace, answers)));
    const beside = watchHealth(new URL("/health", app.url));
    for (let i = 0; i < BESIDE; i++) await runUsage(["overview"], dataDir);
    rows.push(summary("another request while the command line asks for an overview", await beside.stop()));
    return rows;
  } finally {
    await app.stop();
    await workspace.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Asks for something small all the time: whatever holds the app up shows as a slow answer. */
function watchHealth(url: URL): { stop(): Promise<number[]> } {
  const times: number[] = [];
  let isOn = true;
  const watching = (async () => {
    while (isOn) {
      const start = performance.now();
      await (await fetch(url)).text();
      times.push(performance.now() - start);
      await sleep(5);
    }
  })();
  return {
    async stop() {
      isOn = false;
      await watching;
      return times;
    },
  };
}

interface Round {
  readonly acks: readonly number[];
  readonly others: readonly number[];
  readonly answered: number;
}

/** Sends commands for an overview at once, and waits for all the answers. */
async function rush(workspace: Workspace, url: string, commands: number): Promise<Round> {
  const sink = await openSink(commands);
  const agent = new Agent({ keepAlive: true, maxSockets: commands });
  try {
    // Connections are there before, as Slack's are.
    await volley(workspace, url, agent, "help", sink.url, commands);
    await sleep(500);
    sink.reset();
    const watch = watchHealth(new URL("/health", url));
    const start = performance.now();
    const acks = await volley(workspace, url, agent, "overview", sink.url, commands);
    await sink.full();
    return { acks, others: await watch.stop(), answered: performance.now() - start };
  } finally {
    agent.destroy();
    await sink.close();
  }
}

async function timeAnswer(workspace: Workspace, line: string): Promise<number> {
  const seen = workspace.ephemeral(WHO, WHERE).length;
  const start = performance.now();
  await workspace.command(WHO, WHERE, line);
  const answer = await workspace.waitFor(() => workspace.ephemeral(WHO, WHERE)[seen], 30_000);
  const time = performance.now() - start;
  // An error comes quickly, and would make the numbers look good.
  if (!/Login Sessions|usage overview/.test(answer.text)) throw new Error(`${line}: ${answer.text}`);
  return time;
}

/** The ways from a click under an answer to what it brings, each with something that was not asked for before. */
async function timeClicks(workspace: Workspace, clicks: number): Promise<SlackBench[]> {
  const answerTo = async (line: string): Promise<Message> => {
    const seen = workspace.ephemeral(WHO, WHERE).length;
    await workspace.command(WHO, WHERE, line);
    return workspace.waitFor(() => workspace.ephemeral(WHO, WHERE)[seen], 30_000);
  };
  const timed = async (
    what: string,
    on: Message,
    choices: readonly (readonly [action: string, choice?: string])[],
    isInPlace: boolean,
  ): Promise<SlackBench> => {
    const times: number[] = [];
    let message = on;
    for (const [action, choice] of choices) {
      const { length } = workspace.ephemeral(WHO, WHERE);
      const start = performance.now();
      await workspace.click(WHO, message, action, choice);
      const next = await workspace.waitFor(() => {
        const seen = workspace.ephemeral(WHO, WHERE);
        if (!isInPlace) return seen[length];
        return seen.find((each) => each.ts === message.ts && each !== message);
      }, 30_000);
      times.push(performance.now() - start);
      if (!/^(Users|Product usage|Inactive|Person)/.test(next.text)) throw new Error(`${what}: ${next.text}`);
      if (isInPlace) message = next;
    }
    return summary(what, times);
  };
  const users = await answerTo("/usage users last 27 days");
  const turning = Array.from(
    { length: clicks },
    (_, i) => [i % 2 === 0 ? "page_next" : "page_back"] as const,
  );
  const turned = await timed("click to the next page, in place", users, turning, true);
  const overview = await answerTo("/usage overview last 26 days");
  const quiet = await timed("click to the inactive people", overview, [["open_inactive"]], false);
  const periods = [
    "last 7 days",
    "last 90 days",
    "this month",
    "last month",
    "this week",
    "last week",
    "last year",
  ];
  const redrawn = await timed(
    "click to another period with a new picture, in place",
    overview,
    periods.slice(0, clicks).map((period) => ["period", period]),
    true,
  );
  const people = personChoices(users).slice(0, clicks);
  const drilled = await timed(
    "click to a person with two new pictures",
    users,
    people.map((value) => ["person", value]),
    false,
  );
  return [turned, quiet, redrawn, drilled];
}

function personChoices({ blocks }: Message): string[] {
  const menus = blocks.flatMap((block) => (block.type === "actions" ? (block.elements as Menu[]) : []));
  const options = menus.find((menu) => menu.action_id === "person")?.options ?? [];
  return options.map(({ value }) => value);
}

interface Menu {
  readonly action_id: string;
  readonly options?: readonly { readonly value: string }[];
}

if (import.meta.main) console.table(await benchSlack());
