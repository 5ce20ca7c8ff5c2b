import type { AccountRef } from "../domain/event.ts";
import { accountOf, emailOf, idOf } from "./fields.ts";
import { isKeeperRobot } from "./keeper-kinds.ts";
import type { Fields } from "./source.ts";
import { Rejection } from "./source.ts";

/** The account of a user name, which is an e-mail as a rule; `undefined` for none. */
export function keeperUser(username: unknown, name?: string): AccountRef | undefined {
  const email = emailOf(username);
  const user = email ?? idOf(username, "user name");
  return user === undefined ? undefined : accountOf(user, { email, name });
}

/**
 * Who did it. The user name of what a program did is that of the person who owns the program, who did nothing and is
 * no robot: such events are of an account of their own. Throws a {@link Rejection} if nobody is named.
 */
export function keeperAccount(name: string, fields: Fields): AccountRef {
  const user = keeperUser(fields.username);
  if (isKeeperRobot(name)) {
    const app = idOf(fields.app_uid, "application id") ?? user?.id;
    if (app !== undefined) return accountOf(`app:${app}`, { robot: true });
  }
  if (user === undefined) throw new Rejection("no user");
  return user;
}
