import { startDemo } from "./src/demo/start.ts";
import { launchBrowser } from "./src/render/browser.ts";
import { mkdirSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
mkdirSync("/tmp/look5", { recursive: true });
const [demo, browser] = await Promise.all([startDemo({ port: 0 }), launchBrowser()]);
const ask = async (line: string) => {
  const n = demo.workspace.ephemeral("U0ADMIN", "C0GENERAL").length;
  await demo.workspace.command("U0ADMIN", "C0GENERAL", line);
  const m = await demo.workspace.waitFor(() => demo.workspace.ephemeral("U0ADMIN", "C0GENERAL")[n], 20000);
  console.log(`> ${line}\n${m.text}\n`);
  return m.text;
};
const made = await ask("/usage schedule overview last week every monday 09:00 to #security tomas.vale@example.com as pdf,xlsx");
const id = /Scheduled as (\w+)/.exec(made)?.[1] ?? "";
await ask("/usage schedules");
await ask(`/usage schedules run ${id}`);
await demo.workspace.waitFor(() => demo.workspace.messages("C0SECURITY").find((m) => /Every Monday/i.test(m.text)), 30000).catch((e) => console.log(String(e).slice(0, 500)));
await sleep(6000);
await ask(`/usage schedules history ${id}`);
for (const [name, place, w, h] of [["security", "C0SECURITY", 1200, 1800], ["mail", "mail", 1300, 1400], ["mailphone", "mail", 360, 780]] as const) {
  const page = await browser.newPage();
  await page.setViewport({ width: w, height: h, deviceScaleFactor: 1 });
  await page.goto(demo.page.urlFor("U0ADMIN", place));
  await sleep(1500);
  if (place === "mail") { await page.evaluate(`document.querySelector('a[href*="/mail/"]')?.click()`); await sleep(1500); }
  await page.screenshot({ path: `/tmp/look5/${name}.png` });
  await page.close();
}
await browser.close();
await demo.close();
