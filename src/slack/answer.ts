import { type Asking, audited } from "../commands/audited.ts";
import type { CommandDeps } from "../commands/command.ts";
import type { FileOwner } from "../commands/export.ts";
import { requireAudience, runCommand } from "../commands/index.ts";
import type { Reply } from "../commands/reply.ts";
import { answer } from "../commands/report.ts";
import type { Asked } from "../domain/asked.ts";
import type { Report } from "../domain/report.ts";
import { formatRequest } from "../domain/request.ts";
import { isAmong, type Viewer } from "../domain/viewer.ts";
import { splitWords } from "../domain/words.ts";
import { errorFacts } from "../slack-api/log.ts";
import type { SlackUsers } from "../slack-api/users.ts";
import type { Accesses } from "./access.ts";
import { inDoubt } from "./access.ts";
import { readTyped } from "./identity.ts";
import type { ShowDeps } from "./show.ts";

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

/**
 * What a typed command answers, and to whom as the archive knows them. Throws what is to be told: UsageError, AccessError,
 * or anything unexpected.
 */
export async function replyTo(
  deps: AnswerDeps,
  person: Person,
  text: string,
  at: number,
): Promise<{ readonly reply: Reply; readonly owner: FileOwner }> {
  const { commandDeps, users } = deps;
  return kept(deps, person, "command", text, async (told) => {
    const [name] = splitWords(text);
    // What is open to all looks nobody up.
    if (name?.toLowerCase() === OPEN_TO_ALL)
      return {
        reply: await runCommand(splitWords(text), commandDeps),
        owner: ownerOf(person, { sees: "self" }),
      };
    return withViewer(deps, person, async (viewer) => {
      told(viewer);
      requireAudience(name, viewer, commandDeps);
      // A mention's e-mail is for those alone who may ask for others.
      const words = splitWords(await readTyped(text, isAmong(viewer, "managers") ? users : nobody));
      const owner = ownerOf(person, viewer);
      return { reply: await runCommand(words, commandDeps, { viewer, owner, now: at }), owner };
    });
  });
}

/** What a command answers whose words a control carries. Throws as `replyTo`; `then` goes on from the answer. */
export function runWords<T>(
  deps: AnswerDeps,
  person: Person,
  words: readonly string[],
  then: (reply: Reply, run: (words: readonly string[]) => Promise<Reply>) => Promise<T>,
): Promise<T> {
  return kept(deps, person, "click", words.join(" "), (told) =>
    withViewer(deps, person, async (viewer) => {
      told(viewer);
      const owner = ownerOf(person, viewer);
      const run = (each: readonly string[]) => runCommand(each, deps.commandDeps, { viewer, owner });
      return then(await run(words), run);
    }),
  );
}

/** Looks nobody up. */
const nobody: Pick<SlackUsers, "user"> = { user: async () => undefined };

/** The person as the archive knows them. */
export function ownerOf({ userId: who, workspace }: Person, { sees }: Pick<Viewer, "sees">): FileOwner {
  return { who, workspace, sees };
}

/** The report that a control asks for, and for whom. Whether the person may see it is looked up anew. */
export async function answerAsked(
  deps: AnswerDeps,
  person: Person,
  { request, at }: Pick<Asked, "request" | "at">,
  by: Exclude<Asking["by"], "command">,
  what = formatRequest(request),
): Promise<{ readonly report: Report; readonly owner: FileOwner }> {
  return kept(deps, person, by, what, (told) =>
    withViewer(deps, person, async (viewer) => {
      told(viewer);
      const report = await answer(request, deps.commandDeps, {
        viewer,
        now: at,
        tellsReasons: by !== "share",
      });
      return { report, owner: ownerOf(person, viewer) };
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
export function kept<T>(
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
