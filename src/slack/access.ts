import type { Viewer } from "../domain/viewer.ts";
import { AccessError } from "../errors.ts";
import type { SlackUsers } from "../slack-api/users.ts";

/** Whose use of the vault somebody may see, as far as Slack and the directory say. */
interface Access {
  readonly viewer: Viewer;
  /** Why it may be more: Slack could not say who is in a user group of admins. */
  readonly doubt?: unknown;
}

/** Looks up what somebody may see. @throws AccessError where Slack does not say who that is */
export type Accesses = (userId: string) => Promise<Access>;

/**
 * Everybody's use is shown to the people that `admins` names (Slack ids, e-mails, `@usergroup` handles), or, when it
 * is undefined, to the workspace's owners and admins; to others what `viewerOf` says of their e-mail.
 */
export function createAccesses(
  admins: readonly string[] | undefined,
  users: Pick<SlackUsers, "user" | "members">,
  viewerOf: (email: string) => Promise<Viewer>,
): Accesses {
  const emails = new Set(admins?.filter((each) => each.includes("@", 1)).map((each) => each.toLowerCase()));
  const handles = admins?.filter((each) => each.startsWith("@")).map((each) => each.slice(1)) ?? [];
  const ids = new Set(admins);

  return async (userId) => {
    const [user, ...groups] = await Promise.allSettled([
      users.user(userId),
      ...handles.map((handle) => isMember(userId, handle)),
    ]);
    if (user.status === "rejected") throw unanswered(user.reason);
    // Whoever left, or is another organisation's, is nobody here, however they are named.
    if (user.value === undefined || user.value.isOutsider) return { viewer: { sees: "self" } };
    const { email } = user.value;
    const isAdmin =
      ids.has(userId) ||
      groups.some((group) => group.status === "fulfilled" && group.value) ||
      (admins === undefined ? user.value.isAdmin : email !== undefined && emails.has(email));
    if (isAdmin) return { viewer: { sees: "everybody", email } };
    const failure = groups.find((answer) => answer.status === "rejected");
    const viewer: Viewer = email === undefined ? { sees: "self" } : await viewerOf(email);
    return failure === undefined ? { viewer } : { viewer, doubt: failure.reason };
  };

  async function isMember(userId: string, handle: string): Promise<boolean> {
    const members = await users.members(handle);
    if (members === undefined) throw new Error(`ADMINS names @${handle}, and no user group is called so`);
    return members.has(userId);
  }
}

/** What to throw instead of an error: a refusal may be wrong where Slack did not answer. */
export function inDoubt(error: unknown, { doubt }: Pick<Access, "doubt">): unknown {
  return error instanceof AccessError && doubt !== undefined ? unanswered(doubt) : error;
}

function unanswered(cause: unknown): AccessError {
  return new AccessError("Slack does not say who is an admin", {
    cause,
    retryable: true,
    userMessage:
      "I could not check with Slack whether you may see this, so I show nothing. Please try again in a minute.",
  });
}
