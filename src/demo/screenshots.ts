import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "puppeteer-core";
import sharp from "sharp";
import { launchBrowser } from "../render/browser.ts";
import { startDemo } from "./start.ts";

const FOLDER = "docs";
/** A Friday morning in Oslo; so the same pictures come of every run. */
const NOW = Date.parse("2026-11-20T09:58:00Z");
const ADMIN = "U0ADMIN";
const PATIENCE = 15_000;

interface Shot {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly isDark?: boolean;
  readonly place: string;
  /** Typed first; the picture is of the answer. */
  readonly line?: string;
}

const shots: readonly Shot[] = [
  { name: "slack-overview", width: 1200, height: 1375, place: "C0GENERAL", line: "/usage overview" },
  { name: "slack-user", width: 1200, height: 1350, place: "C0SECURITY", line: "/usage user alice" },
  { name: "slack-home", width: 1200, height: 1150, place: "home" },
  { name: "slack-phone", width: 360, height: 780, place: "C0GENERAL" },
  { name: "slack-dark", width: 1200, height: 1375, isDark: true, place: "C0GENERAL" },
];

/** Brings the page to what the picture is to show, with nothing still on its way. */
async function prepare(page: Page, url: string, { width, height, isDark, line, place }: Shot): Promise<void> {
  await page.setViewport({ width, height, deviceScaleFactor: 2 });
  const features = [
    { name: "prefers-color-scheme", value: isDark ? "dark" : "light" },
    { name: "prefers-reduced-motion", value: "reduce" },
  ];
  await page.emulateMediaFeatures(features);
  await page.emulateTimezone("Europe/Oslo");
  await page.goto(url);
  if (line !== undefined) {
    await page.locator("#composer").fill(line);
    await page.focus("#composer");
    await page.keyboard.press("Enter");
  }
  await page.waitForSelector(place.startsWith("mail") ? "iframe" : ".block-image img", { timeout: PATIENCE });
  await page.waitForNetworkIdle({ idleTime: 300, concurrency: 1, timeout: PATIENCE });
  await page.evaluate("document.activeElement?.blur()");
}

/** Has a report sent by e-mail, and gives where it is read. */
async function sendMail({ workspace, mailbox }: Awaited<ReturnType<typeof startDemo>>): Promise<string> {
  const channel = "C0SECURITY";
  const say = async (line: string): Promise<string> => {
    const { length } = workspace.ephemeral(ADMIN, channel);
    await workspace.command(ADMIN, channel, line);
    return (await workspace.waitFor(() => workspace.ephemeral(ADMIN, channel)[length], PATIENCE)).text;
  };
  const to = workspace.directory.user(ADMIN)?.email;
  const made = await say(
    `/usage schedule overview last week every monday 09:00 to #security ${to} as pdf,xlsx if empty skip`,
  );
  const [, id] = /Scheduled as (\w+)/.exec(made) ?? [];
  if (id === undefined) throw new Error(`no schedule came of it: ${made}`);
  await say(`/usage schedules run ${id}`);
  const mail = await mailbox.waitForMail(() => true, PATIENCE);
  return `mail/${mail.id}`;
}

const started = Date.now();
const [demo, browser] = await Promise.all([
  startDemo({ port: 0, clock: () => NOW + Date.now() - started }),
  launchBrowser(),
]);
try {
  await mkdir(FOLDER, { recursive: true });
  const mail = { name: "mailbox", width: 1200, height: 1400, place: await sendMail(demo) };
  for (const shot of [...shots, mail]) {
    const page = await browser.newPage();
    await prepare(page, demo.page.urlFor(ADMIN, shot.place), shot);
    const file = join(FOLDER, `${shot.name}.png`);
    const picture = sharp(await page.screenshot()).png({ palette: true, effort: 10 });
    const { size } = await picture.toFile(file);
    process.stdout.write(`${file}  ${Math.round(size / 1000)} KB\n`);
    await page.close();
  }
} finally {
  await browser.close();
  await demo.close();
}
