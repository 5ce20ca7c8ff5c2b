import { type Asking, audited } from "../commands/audited.ts";
import type { CommandDeps } from "../commands/command.ts";
import { requireAudience, runCommand } from "../commands/index.ts";
import { answer } from "../commands/report.ts";
import type { Asked } from "../domain/asked.ts";
import type { Report } from "../domain/report.ts";
import { formatRequest } from "../domain/request.ts";
import type { Viewer } from "../domain/viewer.ts";
import { splitWords } from "../domain/words.ts";
import { buildText } from "../messages/notice.ts";
import type { Accesses } from "./access.ts";
import { inDoubt } from "./access.ts";
import { readTyped } from "./identity.ts";
import { errorFacts } from "./log.ts";
import { type ShowDeps, show, type Target, tell } from "./show.ts";
import type { SlackUsers } from "./users.ts";

/** What answering takes. */
export interface AnswerDeps extends ShowDeps {
  readonly commandDeps: CommandDeps;
  readonly users: SlackUsers;
  readonly accesses: Accesses;
}

/** Somebody in Slack, and where they are. */
export interface Person {
  readonly userId: string;
  readonly workspace: string | undefined;
  /** A channel, "modal" or "home". */
  readonly where: string;
}

const OPEN_TO_ALL = "help";

/** Answers a typed command. Throws what is to be told: UsageError, AccessError, or anything unexpected. */
export async function answerCommand(
  deps: AnswerDeps,
  person: Person,
  text: string,
  target: Target,
): Promise<void> {
  const { commandDeps, users } = deps;
  const at = commandDeps.clock();
  const reply = await kept(deps, person, "command", text, async (sees) => {
    const [name] = splitWords(text);
    // What is open to all looks nobody up.
    if (name?.toLowerCase() === OPEN_TO_ALL) return runCommand(splitWords(text), commandDeps);
    return withViewer(deps, person, async (viewer) => {
      sees(viewer);
      // Before anybody who is mentioned is looked up: their e-mail is for those alone who may ask for others.
      requireAudience(name, viewer, commandDeps);
      const words = splitWords(await readTyped(text, users));
      return runCommand(words, commandDeps, { viewer, now: at });
    });
  });
  if (reply.type === "report") return show(deps, reply.report, { at, page: 0 }, target);
  await tell(deps, buildText(reply.text), target);
}

/** The report that a control asks for. Whether the person may see it is looked up anew. */
export async function answerAsked(
  deps: AnswerDeps,
  person: Person,
  { request, at }: Pick<Asked, "request" | "at">,
  by: "click" | "share" | "home",
): Promise<Report> {
  return kept(deps, person, by, formatRequest(request), (sees) =>
    withViewer(deps, person, (viewer) => {
      sees(viewer);
      return answer(request, deps.commandDeps, { viewer, now: at });
    }),
  );
}

/** Does what depends on whose use the person may see. */
export async function withViewer<T>(
  { accesses }: Pick<AnswerDeps, "accesses">,
  { userId }: Pick<Person, "userId">,
  work: (viewer: Viewer) => Promise<T>,
): Promise<T> {
  const access = await accesses(userId);
  try {
    return await work(access.viewer);
  } catch (error) {
    throw inDoubt(error, access);
  }
}

/** Makes an answer, with a note of who asked. */
function kept<T>(
  { commandDeps, logger }: AnswerDeps,
  { userId, workspace, where }: Person,
  by: Asking["by"],
  what: string,
  produce: (sees: (viewer: Viewer) => void) => Promise<T>,
): Promise<T> {
  const asking = { who: userId, by, what, where, ...(workspace === undefined ? {} : { workspace }) };
  return audited(commandDeps, asking, produce, (failure) =>
    logger.error({ err: errorFacts(failure), ...asking }, "it could not be kept that somebody asked"),
  );
}
