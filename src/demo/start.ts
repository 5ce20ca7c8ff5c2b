import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { createFront, openEngine } from "../app.ts";
import type { CommandDeps } from "../commands/command.ts";
import { runCommand } from "../commands/index.ts";
import { parseConfig } from "../config.ts";
import { freePort } from "./free-port.ts";
import { createMailbox, type Mailbox } from "./mailbox/index.ts";
import { createPage, type Page } from "./page/index.ts";
import { writeSample } from "./sample-files.ts";
import { createWorkspace, type Workspace } from "./workspace/index.ts";

export interface DemoOptions {
  /** Where the page listens; 0 takes a free port. None serves no page. */
  readonly port?: number;
  /** What all parts go by, in milliseconds since the epoch; the sample ends then. */
  readonly clock?: () => number;
  readonly timeZone?: string;
  /** How many days of the sample, from the newest; the stories in it need all 90. */
  readonly days?: number;
  readonly onProgress?: CommandDeps["onProgress"];
  /** Told a line of text at each step. */
  readonly onStep?: (text: string) => void;
}

/** The app beside a local stand-in for Slack, with ninety days of an invented company. */
export interface Demo<P = Page> {
  readonly workspace: Workspace;
  /** Where all e-mail of the app ends. */
  readonly mailbox: Mailbox;
  readonly page: P;
  /** Ends everything, and deletes what it wrote. */
  close(): Promise<void>;
}

const examples = ["/usage overview", "/usage user alice", "/usage users inactive", "/usage help"];

/** Starts the demo; when it is there, the page answers. */
export function startDemo(options: DemoOptions & { readonly port: number }): Promise<Demo>;
export function startDemo(options?: DemoOptions): Promise<Demo<Page | undefined>>;
export async function startDemo(options: DemoOptions = {}): Promise<Demo<Page | undefined>> {
  const {
    port,
    clock = Date.now,
    timeZone = "Europe/Oslo",
    days,
    onProgress = () => {},
    onStep = () => {},
  } = options;
  const folder = await mkdtemp(join(tmpdir(), "vault-usage-demo-"));
  const opened: { close(): Promise<void> }[] = [
    { close: () => rm(folder, { recursive: true, force: true }) },
  ];
  const close = async (): Promise<void> => {
    for (const part of opened.splice(0).reverse()) await part.close();
  };
  try {
    const workspace = await createWorkspace({ now: clock });
    opened.push(workspace);
    const mailbox = await createMailbox({ now: clock });
    opened.push(mailbox);
    const appPort = await freePort();
    const { botToken, signingSecret } = workspace.settings;
    const config = parseConfig({
      DATA_DIR: join(folder, "data"),
      REPORT_TIMEZONE: timeZone,
      SLACK_BOT_TOKEN: botToken,
      SLACK_SIGNING_SECRET: signingSecret,
      SLACK_API_URL: workspace.apiUrl,
      SMTP_URL: mailbox.smtpUrl,
      MAIL_FROM: "Vault Usage <usage@example.com>",
      MAIL_ALLOWED_DOMAINS: "example.com",
      PUBLIC_URL: `http://127.0.0.1:${appPort}`,
      LINK_SECRET: randomBytes(32).toString("hex"),
      PORT: String(appPort),
    });
    const engine = await openEngine(config, clock);
    opened.push(engine);

    onStep("Ninety days of an invented company of sixty people, imported as a vault's exports:");
    const files = await writeSample(join(folder, "exports"), {
      now: clock(),
      timeZone,
      ...(days && { days }),
    });
    const deps = engine.commandDeps({ front: "terminal", onProgress, onNotice: onStep });
    const imported = await runCommand(["import", ...files], deps);
    if (imported.type === "imports") onStep(imported.text);

    const front = await createFront({ config, engine, clock, logger: pino({ level: "warn" }) });
    opened.push({ close: () => front.stop() });
    const { url } = await front.start();
    workspace.setRequestUrl(url);
    const page = port === undefined ? undefined : await createPage({ workspace, mailbox, port, examples });
    if (page) opened.push(page);
    return { workspace, mailbox, page, close };
  } catch (error) {
    await close();
    throw error;
  }
}
