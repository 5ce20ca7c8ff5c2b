import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type axe from "axe-core";
import type { Page } from "puppeteer-core";

/**
 * What is seriously wrong for people with assistive technology: each rule with the elements that break it. What is
 * within frames is not looked at; no script gets in there.
 */
export async function seriousViolations(page: Page): Promise<string[]> {
  // As a script the page's own policy would keep it out.
  await page.evaluate(await readFile(fileURLToPath(import.meta.resolve("axe-core/axe.min.js")), "utf8"));
  const violations = await page.evaluate(async () => {
    const { axe: checker } = window as unknown as { axe: typeof axe };
    return (await checker.run({ iframes: false })).violations;
  });
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(" | ")}`);
}
