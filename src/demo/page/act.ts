import { z } from "zod";
import { escapeCommandText } from "../workspace/acting/escape.ts";
import { ActingError, type Message, type View, type Workspace } from "../workspace/index.ts";
import type { Act, Outcome } from "./scene.ts";

const id = z.string().min(1).max(300);
const choice = z.union([z.string(), z.array(z.string())]);
const answers = z.record(z.string(), choice);

const act = z.discriminatedUnion("act", [
  z.strictObject({ act: z.literal("line"), as: id, channel: id, text: z.string().min(1).max(12_000) }),
  z.strictObject({
    act: z.literal("click"),
    as: id,
    target: z.union([z.strictObject({ channel: id, ts: id }), z.strictObject({ view: id })]),
    block: id,
    action: id,
    choice: choice.optional(),
    answers: answers.optional(),
  }),
  z.strictObject({ act: z.literal("submit"), as: id, answers }),
  z.strictObject({ act: z.literal("close"), as: id }),
  z.strictObject({ act: z.literal("home"), as: id }),
]) satisfies z.ZodType<Act>;

/** Does what somebody did on the page, and gives what came of it. Throws ZodError for what is no act. */
export async function perform(workspace: Workspace, body: unknown): Promise<Outcome> {
  const parsed = act.parse(body);
  try {
    return await run(workspace, parsed);
  } catch (error) {
    if (error instanceof ActingError) return { error: error.message };
    throw error;
  }
}

async function run(workspace: Workspace, done: Act): Promise<Outcome> {
  switch (done.act) {
    case "line": {
      const { as, channel, text } = done;
      const [word = ""] = text.split(/\s/, 1);
      if (!word.startsWith("/")) {
        workspace.say(as, channel, escapeCommandText(text, workspace.directory, true));
        return {};
      }
      if (!workspace.settings.commands.includes(word)) return { error: notACommand(word) };
      // What goes wrong from here on, the workspace itself shows in the channel.
      await workspace.command(as, channel, text);
      return {};
    }
    case "click": {
      const target = targetOf(workspace, done);
      if ("hash" in target && done.answers) workspace.fill(done.as, target, done.answers);
      const { error } = await workspace.click(done.as, target, done.action, done.choice, {
        blockId: done.block,
      });
      // Under a message the workspace shows it.
      return error === undefined || "ts" in target ? {} : { error };
    }
    case "submit": {
      const { error, body } = await workspace.submitView(done.as, done.answers);
      return { ...(error === undefined ? {} : { error }), ...errorsIn(body) };
    }
    case "close":
      await workspace.closeView(done.as);
      return {};
    case "home": {
      const { error } = await workspace.openHome(done.as);
      return error === undefined ? {} : { error };
    }
  }
}

/** Slack's own words. */
function notACommand(word: string): string {
  return (
    `${word} is not a valid command. In Slack, all messages that start with the "/" character are interpreted as ` +
    'commands. If you are trying to send a message, try preceding the "/" with an empty space.'
  );
}

function targetOf(workspace: Workspace, { as, target }: Act & { act: "click" }): Message | View {
  const views = [workspace.home(as), ...workspace.modals(as)];
  const found =
    "view" in target
      ? views.find((view) => view?.id === target.view)
      : workspace.conversation(as, target.channel).find(({ ts }) => ts === target.ts);
  if (found === undefined) throw new ActingError("that is no longer there");
  return found;
}

function errorsIn(body: unknown): Pick<Outcome, "errors"> {
  const answer = z
    .object({ response_action: z.literal("errors"), errors: z.record(z.string(), z.string()) })
    .safeParse(body);
  return answer.success ? { errors: answer.data.errors } : {};
}
