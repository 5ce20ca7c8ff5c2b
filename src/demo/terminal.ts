import { mkdir, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { styleText } from "node:util";
import { showMessage } from "./show-message.ts";
import type { Workspace } from "./workspace/index.ts";

const PICTURES = "data/demo";
const CHANNEL = "C0GENERAL";
const PATIENCE = 30_000;

const conversation = [
  ["U0ADMIN", "/usage overview"],
  ["U0ADMIN", "/usage user alice last 90 days"],
  ["U0ADMIN", "/usage users inactive"],
  ["U0ADMIN", "/usage user mara"],
  ["U0PERSON", "/usage overview"],
] as const;

type Say = (text?: string) => void;

/** A conversation with the app, told in the terminal; pictures are saved. */
export async function converse(workspace: Workspace, say: Say): Promise<void> {
  await mkdir(PICTURES, { recursive: true });
  say(
    "\nThe app runs as in production, beside a local stand-in for Slack. In #general, seen by the one who asks:",
  );
  for (const [person, line] of conversation) await ask(workspace, person, line, say);
  say(`\nThe pictures are in ${PICTURES}. The same in your terminal: npm run --silent usage -- help`);
}

/** Types a line as somebody, and shows what comes back. */
async function ask(workspace: Workspace, person: string, line: string, say: Say): Promise<void> {
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
