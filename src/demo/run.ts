import { once } from "node:events";
import { parseArgs, styleText } from "node:util";
import { createProgressBar } from "../terminal/progress.ts";
import { openInBrowser } from "./open-browser.ts";
import { startDemo } from "./start.ts";
import { converse } from "./terminal.ts";

const help = `npm run demo -- [--port PORT] [--no-open] [--terminal]

Runs the app beside a local stand-in for Slack, with ninety days of an invented company. No Slack account, no
network and no settings are needed; nothing is kept.

  --port PORT   where the page listens on 127.0.0.1 (a free port if not said)
  --no-open     only prints the page's address, and opens no browser
  --terminal    no page: shows a conversation with the app in the terminal, and ends
  --help        this`;

const say = (text = ""): void => void process.stdout.write(`${text}\n`);

function readOptions() {
  const { values } = parseArgs({
    options: {
      port: { type: "string", default: "0" },
      open: { type: "boolean", default: true },
      terminal: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
    allowNegative: true,
  });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Error(`--port takes a number up to 65535, not ${values.port}`);
  return { ...values, port };
}

/** Serves the page until somebody ends it. */
async function show(options: { port: number; open: boolean }): Promise<void> {
  const stopped = Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
  const bar = createProgressBar();
  const onStep = (text: string): void => {
    bar.clear();
    say(text);
  };
  const demo = await startDemo({ port: options.port, onProgress: bar.show, onStep });
  try {
    await demo.workspace.command("U0ADMIN", "C0GENERAL", "/usage overview");
    say(`\n${styleText("bold", "The workspace is at")} ${styleText(["bold", "cyan"], demo.page.url)}\n`);
    say("Try, in #general: /usage overview, /usage user alice, /usage users inactive, /usage help");
    say("Tomas Vale is an admin and sees everything; at the top left you can be somebody else:");
    for (const { id, real_name } of demo.workspace.directory.users())
      if (id === "U0OWNER" || id === "U0MANAGER" || id === "U0PERSON")
        say(`  ${real_name.padEnd(14)} ${demo.page.urlFor(id, "C0GENERAL")}`);
    say("\nCtrl-C ends it. The same without a browser: npm run demo -- --terminal");
    if (options.open) await openInBrowser(demo.page.url);
    await stopped;
    say();
  } finally {
    await demo.close();
  }
}

async function tell(): Promise<void> {
  const bar = createProgressBar();
  const onStep = (text: string): void => {
    bar.clear();
    say(text);
  };
  const demo = await startDemo({ onProgress: bar.show, onStep });
  try {
    await converse(demo.workspace, say);
  } finally {
    await demo.close();
  }
}

try {
  const options = readOptions();
  if (options.help) say(help);
  else if (options.terminal) await tell();
  else await show(options);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
