import { quoteWord } from "../domain/words.ts";
import { AppError, UsageError } from "../errors.ts";
import type { SlackUser, SlackUsers } from "../slack-api/users.ts";

/** What Slack makes of people, channels and links in a command's text: `<@U1|name>`, `<mailto:a@b|a@b>`. */
const MARKUP = /<([^<>|]*)(?:\|([^<>]*))?>/g;
const MOST_PEOPLE = 5;
const INSTEAD = "please type the person's e-mail or name instead";

/** A schedule's targets stand behind its rule. */
const SCHEDULE = /^\s*schedules?\s/i;
const RULE = /\s(?:every|cron)\s/i;

/**
 * The text of a command as it was typed, but with the e-mail in the place of each mentioned person; where a schedule's
 * targets stand, with `@` and `#` before the ids of people and channels.
 * @throws UsageError for a person whose e-mail Slack does not tell, AppError when Slack does not answer
 */
export async function readTyped(text: string, users: Pick<SlackUsers, "user">): Promise<string> {
  const rule = SCHEDULE.test(text) ? text.search(RULE) : -1;
  const isTarget = (at: number): boolean => rule >= 0 && at > rule;
  const mentioned = new Set(
    [...text.matchAll(MARKUP)].flatMap(({ index, 1: target = "" }) =>
      isTarget(index) ? [] : (userIdIn(target) ?? []),
    ),
  );
  if (mentioned.size > MOST_PEOPLE) throw new UsageError("ask for one person at a time");
  const words = new Map<string, string>();
  for (const id of mentioned) words.set(id, await wordFor(id, users));
  const read = text.replace(MARKUP, (_, target: string, label: string | undefined, at: number) => {
    if (isTarget(at) && /^[@#][A-Z0-9]+$/.test(target)) return target;
    const id = userIdIn(target);
    if (id !== undefined) return words.get(id) ?? "";
    if (label !== undefined) return target.startsWith("#") ? `#${label}` : label;
    return target.replace(/^mailto:/, "");
  });
  return read.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

function userIdIn(target: string): string | undefined {
  return /^@([UW][A-Z0-9]+)$/.exec(target)?.[1];
}

async function wordFor(id: string, users: Pick<SlackUsers, "user">): Promise<string> {
  const user: SlackUser | undefined = await users.user(id).catch((cause: unknown) => {
    throw new AppError("a mention could not be looked up", {
      cause,
      userMessage: `Slack does not answer who that is; ${INSTEAD}`,
    });
  });
  if (user === undefined) throw new UsageError(`Slack does not tell who that is; ${INSTEAD}`);
  // Not the name: it would be looked for by its beginning, and others may be called the same.
  if (user.email === undefined) {
    throw new UsageError("Slack does not show that person's e-mail; type it instead");
  }
  return quoteWord(user.email);
}
