import type { Member } from "../domain/event.ts";
import { emailOf, isBlank, lowerCase, nameOf } from "./fields.ts";
import { scim } from "./scim.ts";
import type { Fields, Source } from "./source.ts";
import { Rejection } from "./source.ts";

/** Whose word on what an account is can be taken; anything else is a slip. */
const kinds: ReadonlyMap<string, { readonly robot: boolean }> = new Map([
  ["", { robot: false }],
  ["person", { robot: false }],
  ["robot", { robot: true }],
  ["service", { robot: true }],
]);

/** Words for that somebody is there no more. */
const leftWords = ["left", "inactive", "disabled", "suspended", "terminated", "deactivated", "former"];
/** Words for whether they are, and whether they left. */
const statuses: ReadonlyMap<string, { readonly left: boolean }> = new Map(
  ["", "active", ...leftWords].map((word) => [word, { left: leftWords.includes(word) }]),
);

/** A day, or an instant that begins with one. */
const dayShape = /^\d{4}-\d{2}-\d{2}(?=$|[T ]\d{2}:\d{2})/;

/** Columns of which one, beside the e-mail, makes a list of people of a table. */
const facts = ["name", "team", "manager", "kind", "status", "started"];
/** What only other records have: events, and the members that vaults list. */
const foreign = ["object", "userid", "user", "at", "timestamp"];
/** What no vault says of its members. */
const own = ["team", "manager", "kind", "started"];

/** The organisation's own list of people: who they are, in which team and under whom, and whether they are still there. */
export const directory: Source = {
  title: "Directory",
  describe:
    "a list of people, CSV or JSON with email, name, team, manager (an e-mail), kind (person, robot or service), status (active or left), started (a date); SCIM users",
  forms: [scim, { cut: "csv", recognises, translate }, { cut: "json", recognises, translate }],
};

function recognises(given: Fields): boolean {
  const fields = lowerCase(given);
  return "email" in fields && facts.some((name) => name in fields) && !foreign.some((name) => name in fields);
}

/** Whether a list of people is surely the organisation's own and no vault's. */
export function isOwnList(given: Fields): boolean {
  const fields = lowerCase(given);
  return own.some((name) => name in fields);
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
  const known = kinds.get(wordOf(fields.kind));
  if (known === undefined) throw new Rejection("unknown kind, right would be person, robot or service");
  const status = statuses.get(wordOf(fields.status));
  if (status === undefined) throw new Rejection("unknown status, right would be active or left");
  const started = dayOf(fields.started);
  const [name, team] = [nameOf(fields.name), nameOf(fields.team)];
  return {
    id: email,
    email,
    ...(name !== undefined && { name }),
    ...(team !== undefined && { team }),
    ...(manager !== undefined && { manager }),
    ...(status.left && { left: true }),
    ...(started !== undefined && { started }),
    ...(known.robot && { robot: true }),
  };
}

function wordOf(value: unknown): string {
  return isBlank(value) ? "" : String(value).trim().toLowerCase();
}

/** The day of a date, or of an instant as it is written. */
function dayOf(value: unknown): string | undefined {
  if (isBlank(value)) return undefined;
  const [day] = dayShape.exec(String(value).trim()) ?? [];
  try {
    // Temporal reads years in other ways too, which the shape does not let through.
    if (day !== undefined) return Temporal.PlainDate.from(day, { overflow: "reject" }).toString();
  } catch {
    // There is no such day.
  }
  throw new Rejection("the start is no date, right would be such as 2026-10-01");
}
