import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { styleText } from "node:util";
import { pino } from "pino";
import { openEngine } from "../app.ts";
import { runCommand } from "../commands/index.ts";
import { parseConfig } from "../config.ts";
import { createSlackFront } from "../slack/front.ts";
import { createProgressBar } from "../terminal/progress.ts";
import { writeSample } from "./sample-files.ts";
import { showMessage } from "./show-message.ts";
import { createWorkspace, type Workspace } from "./workspace/index.ts";

const PICTURES = "data/demo";
const ZONE = "Europe/Oslo";
const ADMIN = "U0ADMIN";
const ORDINARY_PERSON = "U0PERSON";
const CHANNEL = "C0GENERAL";
const PATIENCE = 30_000;

const conversation = [
  [ADMIN, "/usage overview"],
  [ADMIN, "/usage user alice last 90 days"],
  [ADMIN, "/usage users inactive"],
  [ADMIN, "/usage user mara"],
  [ORDINARY_PERSON, "/usage overview"],
] as const;

const say = (text = ""): void => void process.stdout.write(`${text}\n`);

/** Types a line as somebody, and shows what comes back. */
async function ask(workspace: Workspace, person: string, line: string): Promise<void> {
  const before = workspace.ephemeral(person, CHANNEL).length;
  const name = workspace.directory.user(person)?.real_name ?? person;
  const { ms, error } = await workspace.command(person, CHANNEL, line);
  if (error !== undefined) throw new Error(`${line} was not acknowledged: ${error}`);
  const started = performance.now();
  const answer = await workspace.waitFor(() => workspace.ephemeral(person, CHANNEL)[before], PATIENCE);
  const taken = Math.round(performance.now() - started);
  const timing = `acknowledged after ${Math.round(ms)} ms, answered after ${taken} ms`;
  say(`\n${styleText(["bold", "magenta"], `${name}: ${line}`)}  ${styleText("dim", timing)}\n`);
  const pictures: Promise<void>[] = [];
  const text = showMessage(answer, (id) => {
    const file = workspace.file(id);
    const path = join(
      PICTURES,
      `${line.replace(/^\/usage /, "").replace(/\W+/g, "-")}-${pictures.length + 1}.png`,
    );
    if (file?.bytes) pictures.push(writeFile(path, file.bytes));
    return relative(process.cwd(), path);
  });
  await Promise.all(pictures);
  say(text.replace(/^(?=.)/gm, "  "));
}

const folder = await mkdtemp(join(tmpdir(), "vault-usage-demo-"));
const opened: { close(): Promise<void> }[] = [{ close: () => rm(folder, { recursive: true, force: true }) }];
try {
  await mkdir(PICTURES, { recursive: true });
  const workspace = await createWorkspace();
  opened.push(workspace);
  const { botToken, signingSecret, apiUrl } = { ...workspace.settings, apiUrl: workspace.apiUrl };
  const config = parseConfig({
    DATA_DIR: join(folder, "data"),
    REPORT_TIMEZONE: ZONE,
    SLACK_BOT_TOKEN: botToken,
    SLACK_SIGNING_SECRET: signingSecret,
    SLACK_API_URL: apiUrl,
    PORT: "0",
  });
  const engine = await openEngine(config);
  opened.push(engine);

  say("Ninety days of an invented company of sixty people, imported as a vault's exports:");
  const files = await writeSample(join(folder, "exports"), { now: Date.now(), timeZone: ZONE });
  const bar = createProgressBar();
  const deps = engine.commandDeps({ front: "terminal", onProgress: bar.show, onNotice: say });
  const imported = await runCommand(["import", ...files], deps);
  bar.clear();
  if (imported.type === "imports") say(imported.text);

  const front = createSlackFront({ config, engine, logger: pino({ level: "warn" }) });
  opened.push({ close: () => front.stop() });
  const { url } = await front.start();
  workspace.setRequestUrl(url);
  say(
    "\nThe app runs as in production, beside a local stand-in for Slack. In #general, seen by the one who asks:",
  );
  for (const [person, line] of conversation) await ask(workspace, person, line);
  say(`\nThe pictures are in ${PICTURES}. The same in your terminal: npm run --silent usage -- help`);
} finally {
  for (const part of opened.reverse()) await part.close();
}
