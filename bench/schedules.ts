import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { Agent } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { SMTPServer } from "smtp-server";
import { openEngine } from "../src/app.ts";
import { parseConfig } from "../src/config.ts";
import { createWorkspace } from "../src/demo/workspace/index.ts";
import type { Target } from "../src/domain/target.ts";
import type { ScheduleDocument } from "../src/store/schedule-documents.ts";
import { fill, openSink, type SlackBench, startApp, summary, volley } from "./app.ts";
import { peakOf } from "./process.ts";

/** What many schedules of one minute cost. */
export interface SchedulesBench {
  readonly schedules: number;
  /** Of them to an e-mail address; the others to a channel. */
  readonly mails: number;
  /** Seconds from the slot until the last was delivered, and how many a second that is. */
  readonly seconds: number;
  readonly rate: number;
  /** The most memory of the app, in megabytes. */
  readonly memory: number;
  /** Acknowledgements of commands meanwhile, in milliseconds. */
  readonly acks: SlackBench;
}

const MINUTE = 60_000;
/** Every so many-th goes to an e-mail address. */
const MAILS = 5;
const LONGEST = 15 * MINUTE;

/** Has so many schedules fall due at one minute in the real app, in a process of its own, and asks it for reports meanwhile. */
export async function benchSchedules(count: number): Promise<SchedulesBench> {
  const folder = await mkdtemp(join(tmpdir(), "vault-usage-bench-"));
  const dataDir = join(folder, "data");
  await fill(dataDir, folder);
  const workspace = await createWorkspace({
    fileDelay: 0,
    keep: { messages: 200, calls: 200, fileBytes: 5e7 },
  });
  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onData(stream, _, done) {
      stream.resume().on("end", () => done());
    },
  });
  const server = smtp.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  const engine = await openEngine(parseConfig({ DATA_DIR: dataDir }));
  const { store } = engine;
  await store.prepare();
  // Late enough that the app is up by then.
  const slot = (Math.floor(Date.now() / MINUTE) + 1) * MINUTE + (Date.now() % MINUTE > 40_000 ? MINUTE : 0);
  await store.schedules.insertMany(Array.from({ length: count }, (_, i) => scheduleOf(i, slot)));
  const app = await startApp(workspace, dataDir, {
    SMTP_URL: `smtp://127.0.0.1:${port}`,
    MAIL_FROM: "usage@example.com",
    MAIL_ALLOWED_DOMAINS: "example.com",
  });
  const agent = new Agent({ keepAlive: true });
  const sink = await openSink();
  try {
    workspace.setRequestUrl(app.url);
    await volley(workspace, app.url, agent, "overview", sink.url, 1);
    await sleep(slot - Date.now());
    const acks: number[] = [];
    for (let open = count; open > 0; ) {
      if (Date.now() > slot + LONGEST) throw new Error(`${open} of ${count} were not delivered in time`);
      acks.push(...(await volley(workspace, app.url, agent, "overview", sink.url, 1)));
      await sleep(200);
      open = count - (await store.deliveries.countDocuments({ state: "sent" }));
    }
    const seconds = (Date.now() - slot) / 1_000;
    return {
      schedules: count,
      mails: Math.ceil(count / MAILS),
      seconds: Math.round(seconds * 10) / 10,
      rate: Math.round((count / seconds) * 10) / 10,
      memory: peakOf(app.pid),
      acks: summary("acknowledgement meanwhile", acks),
    };
  } finally {
    agent.destroy();
    await app.stop();
    await sink.close();
    await engine.close();
    await new Promise<void>((resolve) => smtp.close(() => resolve()));
    await workspace.close();
    await rm(folder, { recursive: true, force: true });
  }
}

function scheduleOf(i: number, slot: number): ScheduleDocument {
  const at = new Date();
  const email = `p${i}@example.com`;
  const target: Target =
    i % MAILS === 0
      ? { channel: "email", to: email, name: email }
      : { channel: "slack", to: "C0SECURITY", name: "#security" };
  return {
    _id: `b${String(i).padStart(4, "0")}`,
    request: `overview last ${7 + (i % 3)} days`,
    formats: i % 10 === 0 ? ["csv"] : [],
    targets: [target],
    rule: { kind: "cron", expression: `${new Date(slot).getUTCMinutes()} * * * *` },
    zone: "UTC",
    whenEmpty: "send",
    owner: { who: "keeper", front: "terminal" },
    createdAt: at,
    changedAt: at,
    wantedAt: at,
    state: "active",
    pausedWhy: null,
    next: new Date(slot),
  };
}

if (import.meta.main) console.log(await benchSchedules(Number(process.argv[2] ?? 1_000)));
