import type { Member } from "../domain/event.ts";
import { emailOf, nameOf } from "./fields.ts";
import type { Fields, Source } from "./source.ts";
import { Rejection } from "./source.ts";

/** Whose word on what an account is can be taken; anything else is a slip. */
const kinds: ReadonlyMap<string, { readonly robot: boolean }> = new Map([
  ["", { robot: false }],
  ["person", { robot: false }],
  ["robot", { robot: true }],
  ["service", { robot: true }],
]);

/** Columns of which one, beside the e-mail, makes a list of people of a table. */
const facts = ["name", "team", "manager", "kind", "started"];
/** What only other records have: events, and the members that vaults list. */
const foreign = ["object", "userid", "user", "at", "timestamp"];

/** The organisation's own list of people: who they are, in which team and under whom. */
export const directory: Source = {
  title: "Directory",
  describe:
    "the organisation's own list of people, as CSV or JSON with the columns email, name, team, manager (an e-mail) and kind (person, robot or service)",
  forms: [
    { cut: "csv", recognises, translate },
    { cut: "json", recognises, translate },
  ],
};

/** The fields under their names in lower case, as spreadsheets and their owners spell them in all ways. */
function lowerCase(fields: Fields): Fields {
  const lower: Record<string, unknown> = {};
  for (const name in fields) lower[name.trim().toLowerCase()] = fields[name];
  return lower;
}

function recognises(given: Fields): boolean {
  const fields = lowerCase(given);
  return "email" in fields && facts.some((name) => name in fields) && !foreign.some((name) => name in fields);
}

function translate(given: Fields) {
  return { type: "member" as const, member: memberOf(lowerCase(given)) };
}

function memberOf(fields: Fields): Member {
  if (isBlank(fields.email)) throw new Rejection("no e-mail");
  const email = emailOf(fields.email);
  if (email === undefined) throw new Rejection("the e-mail is none, right would be such as ann@example.com");
  const manager = emailOf(fields.manager);
  if (manager === undefined && !isBlank(fields.manager)) {
    throw new Rejection("the manager is no e-mail, right would be that of another row, or nothing");
  }
  const kind = isBlank(fields.kind) ? "" : String(fields.kind).trim().toLowerCase();
  const known = kinds.get(kind);
  if (known === undefined) throw new Rejection("unknown kind, right would be person, robot or service");
  const [name, team] = [nameOf(fields.name), nameOf(fields.team)];
  return {
    id: email,
    email,
    ...(name !== undefined && { name }),
    ...(team !== undefined && { team }),
    ...(manager !== undefined && { manager }),
    ...(known.robot && { robot: true }),
  };
}

function isBlank(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === "string" && value.trim() === "");
}
