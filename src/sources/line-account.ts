import type { AccountRef } from "../domain/event.ts";
import { accountOf, emailOf, idOf, nameOf } from "./fields.ts";
import { Rejection } from "./source.ts";

/**
 * The account of a user name in a log: `ann`, `ann@example.com`, `EXAMPLE\ann`. Directories do not tell capitals from small
 * letters, and servers write what was typed, so the id is in small letters. Throws a {@link Rejection} for no name.
 */
export function namedAccount(
  value: unknown,
  { name, robot }: { name?: string | undefined; robot?: boolean } = {},
): AccountRef {
  const user = idOf(value, "user name")?.trim();
  if (user === undefined || user === "-") throw new Rejection("no user");
  const id = ownCopy(user.toLowerCase());
  const email = emailOf(id.slice(id.lastIndexOf("\\") + 1));
  return accountOf(id, {
    email,
    name: nameOf(name === undefined ? undefined : ownCopy(name)),
    robot: robot === true,
  });
}

/** A part of a long text keeps all of it in memory; accounts are kept for the whole import. */
export function ownCopy(text: string): string {
  return ` ${text}`.slice(1);
}
