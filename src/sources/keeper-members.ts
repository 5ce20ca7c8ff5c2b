import type { Member } from "../domain/event.ts";
import { isOwnList } from "./directory.ts";
import { nameOf } from "./fields.ts";
import { keeperUser } from "./keeper-account.ts";
import type { Fields, Form, Translation } from "./source.ts";
import { Rejection } from "./source.ts";

/** How an account stands (◐): one word or two, of which the first has a capital. */
const status = /^[A-Z][a-z]+(?: [a-z]+)?$/;

/**
 * Users as Commander's `enterprise-info --users` lists them (◐ the columns are the vendor's, how they are spelled is
 * not told): `user_id` in JSON, `User ID` in CSV. Events name people by their e-mail, and so does this.
 */
export const keeperUsersCsv: Form = {
  cut: "csv",
  recognises: isSurelyKeeperUser,
  takes: isKeeperUser,
  translate: (fields): Translation => ({ type: "member", member: keeperMember(fields) }),
};

/** Whether it is a row of such a list if it is Keeper's at all. */
export function isKeeperUser(given: Fields): boolean {
  const fields = columnsOf(given);
  return "user_id" in fields && "email" in fields;
}

/** Other lists of people have numbers and e-mails too, so of a table's columns one has to be Keeper's own. */
export function isSurelyKeeperUser(given: Fields): boolean {
  const fields = columnsOf(given);
  if (!isKeeperUser(given) || isOwnList(fields)) return false;
  if ("transfer_status" in fields || "node" in fields) return true;
  return (
    typeof fields.user_id === "number" && typeof fields.status === "string" && status.test(fields.status)
  );
}

/** The account of a row. Who is locked or disabled stays; who left is for the directory to say. */
export function keeperMember(given: Fields): Member {
  const { email, name } = columnsOf(given);
  const user = keeperUser(email, nameOf(name));
  if (user === undefined) throw new Rejection("a user without an e-mail");
  return user;
}

function columnsOf(fields: Fields): Fields {
  const columns: Record<string, unknown> = {};
  for (const name in fields) columns[name.trim().toLowerCase().replaceAll(" ", "_")] = fields[name];
  return columns;
}
