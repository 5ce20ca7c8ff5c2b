import type { AccountRef, Member } from "../domain/event.ts";
import { accountOf, emailOf, fieldsOf, idOf, nameOf, textOf } from "./fields.ts";
import type { Fields } from "./source.ts";
import { Rejection } from "./source.ts";

/** Whether it is a user as `GET /users.json` gives them (◐), who says more than the one that a row may have in it. */
export function isPassboltUser(fields: Fields): boolean {
  const profile = fieldsOf(fields.profile);
  return "id" in fields && "username" in fields && ("first_name" in profile || "last_name" in profile);
}

/** An answer of the API without entries. */
export function isEmptyPage({ header, body }: Fields): boolean {
  return Array.isArray(body) && body.length === 0 && Object.keys(fieldsOf(header)).length > 0;
}

/** Who is disabled stays: that somebody left is for the directory to say. */
export function passboltMember(user: Fields): Member {
  const id = idOf(user.id, "user id");
  if (id === undefined) throw new Rejection("a user without an id");
  return passboltAccount(id, user);
}

/** The account of a user, whose user name is an e-mail. */
export function passboltAccount(id: string, user: Fields): AccountRef {
  const profile = fieldsOf(user.profile);
  return accountOf(id, {
    email: emailOf(user.username),
    name: nameOf([textOf(profile.first_name), textOf(profile.last_name)].join(" ")),
  });
}
