import type { AccountRef } from "../domain/event.ts";
import { accountOf, emailOf, idOf } from "./fields.ts";
import { isKeeperRobot } from "./keeper-kinds.ts";
import type { Fields } from "./source.ts";
import { Rejection } from "./source.ts";

/**
 * Who did it. The user name of what a program did is that of the person who owns the program, who did nothing and is
 * no robot: such events are of an account of their own. Throws a {@link Rejection} if nobody is named.
 */
export function keeperAccount(name: string, fields: Fields): AccountRef {
  const email = emailOf(fields.username);
  const user = email ?? idOf(fields.username, "user name");
  if (isKeeperRobot(name)) {
    const app = idOf(fields.app_uid, "application id") ?? user;
    if (app !== undefined) return accountOf(`app:${app}`, { robot: true });
  }
  if (user === undefined) throw new Rejection("no user");
  return accountOf(user, { email });
}
