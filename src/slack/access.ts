import { AccessError } from "../errors.ts";
import type { SlackUsers } from "./users.ts";

/** @throws AccessError for everybody who is no admin, and whenever Slack cannot say */
export type Gate = (userId: string) => Promise<void>;

/**
 * Lets through the people that `admins` names (Slack ids, e-mails, `@usergroup` handles), or, when it is undefined,
 * the workspace's owners and admins.
 */
export function createGate(admins: readonly string[] | undefined, users: SlackUsers): Gate {
  const emails = new Set(admins?.filter((each) => each.includes("@", 1)).map((each) => each.toLowerCase()));
  const handles = admins?.filter((each) => each.startsWith("@")).map((each) => each.slice(1)) ?? [];
  const needsUser = admins === undefined || emails.size > 0;

  return async (userId) => {
    if (admins?.includes(userId)) return;
    const answers = await Promise.allSettled([
      ...(needsUser ? [isListed(userId)] : []),
      ...handles.map((handle) => isMember(userId, handle)),
    ]);
    if (answers.some((answer) => answer.status === "fulfilled" && answer.value)) return;
    const failure = answers.find((answer) => answer.status === "rejected");
    if (failure) {
      throw new AccessError("Slack does not say who is an admin", {
        cause: failure.reason,
        retryable: true,
        userMessage:
          "I could not check with Slack whether you may see this, so I show nothing. Please try again in a minute.",
      });
    }
    throw new AccessError(`${userId} is no admin`, {
      userMessage: "Who uses the vault is shown to its admins only; please ask one of them.",
    });
  };

  async function isListed(userId: string): Promise<boolean> {
    const user = await users.user(userId);
    if (user === undefined || user.isOutsider) return false;
    return admins === undefined ? user.isAdmin : user.email !== undefined && emails.has(user.email);
  }

  async function isMember(userId: string, handle: string): Promise<boolean> {
    const members = await users.members(handle);
    if (members === undefined) throw new Error(`ADMINS names @${handle}, and no user group is called so`);
    return members.has(userId);
  }
}
