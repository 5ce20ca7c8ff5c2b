import type { Logger } from "pino";
import { AppError } from "../errors.ts";
import type { SlackMessage } from "../messages/message.ts";
import type { SlackApi } from "../slack-api/index.ts";
import { errorFacts } from "../slack-api/log.ts";
import type { SlackUsers } from "../slack-api/users.ts";

/** More are not told of the same thing. */
const MOST = 10;

/**
 * The Slack ids of at most ten of the people that `admins` names (Slack ids, e-mails, `@usergroup` handles), or, when
 * it is undefined, of the workspace's owners and admins; nobody who left. Whom Slack does not tell of is left out.
 * @throws AppError when that leaves nobody
 */
export async function findAdmins(
  admins: readonly string[] | undefined,
  users: SlackUsers,
): Promise<readonly string[]> {
  const idsOf = async (name: string): Promise<Iterable<string>> => {
    if (name.startsWith("@")) return (await users.members(name.slice(1))) ?? [];
    if (!name.includes("@")) return [name];
    const id = await users.idOf(name);
    return id === undefined ? [] : [id];
  };
  const asked = admins === undefined ? [users.admins()] : admins.map(idsOf);
  const answers = await Promise.allSettled<Iterable<string>>(asked);
  const found = new Set(
    answers.flatMap((answer) => (answer.status === "fulfilled" ? [...answer.value] : [])),
  );
  const there: string[] = [];
  for (const id of found) {
    if (there.length >= MOST) break;
    const user = await users.user(id).catch(() => undefined);
    if (user !== undefined && !user.isOutsider) there.push(id);
  }
  if (there.length > 0) return there;
  const failure = answers.find((answer) => answer.status === "rejected");
  throw new AppError("no admin is known to Slack", { cause: failure?.reason, retryable: true });
}

/** Posts to each of several people. @throws AppError when none of them could be told */
export async function tellEach(
  { publisher, logger }: Pick<SlackApi, "publisher"> & { readonly logger: Pick<Logger, "warn"> },
  ids: readonly string[],
  message: SlackMessage,
): Promise<void> {
  const told = await Promise.allSettled(ids.map((id) => publisher.post(id, () => message)));
  const failures = told.flatMap((each) => (each.status === "rejected" ? [each.reason] : []));
  for (const error of failures) logger.warn({ err: errorFacts(error) }, "somebody could not be told");
  if (failures.length === told.length)
    throw new AppError("nobody could be told", { cause: failures[0], retryable: true });
}
