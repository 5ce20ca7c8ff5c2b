import type { Member } from "../domain/event.ts";
import { emailOf, fieldsOf, idOf, isBlank, lowerCase, nameOf } from "./fields.ts";
import type { Fields, Form, Translation } from "./source.ts";
import { Rejection } from "./source.ts";

// In lower case, as attributes and URNs of SCIM may be spelled in any.
const enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:user";
const listResponse = "urn:ietf:params:scim:api:messages:2.0:listresponse";
/** User types, which everybody names as they like, that mean a program. */
const robots = ["service", "robot", "service account", "serviceaccount", "bot"];

/**
 * Users as SCIM 2.0 gives them (RFC 7643, RFC 7644): pages of `Resources`, or users alone. A person is called by the
 * e-mail as in every list of people, so that a page and a table of the same people are one directory. Managers are
 * told by SCIM's own ids, which the store resolves, since they may stand in a later page.
 */
export const scim: Form = {
  cut: "json",
  recognises(given) {
    const fields = lowerCase(given);
    return isEmptyPage(fields) || isUser(fields);
  },
  translate(given): Translation {
    const fields = lowerCase(given);
    if (isEmptyPage(fields)) return undefined;
    if (!isUser(fields)) throw new Rejection("no SCIM user");
    return { type: "member", member: memberOf(fields) };
  },
};

function isEmptyPage({ schemas, resources, totalresults }: Fields): boolean {
  const isPage = schemasOf(schemas).includes(listResponse) || typeof totalresults === "number";
  return isPage && (resources === undefined || (Array.isArray(resources) && resources.length === 0));
}

function schemasOf(schemas: unknown): string[] {
  return Array.isArray(schemas) ? schemas.map((schema) => String(schema).toLowerCase()) : [];
}

function isUser(fields: Fields): boolean {
  const hasSchema = schemasOf(fields.schemas).some((schema) => schema.endsWith(":user"));
  return "username" in fields && !("at" in fields) && (hasSchema || "emails" in fields || "active" in fields);
}

function memberOf(fields: Fields): Member {
  const email = mainEmail(fields);
  if (email === undefined) throw new Rejection("a user without an e-mail");
  const names = lowerCase(fieldsOf(fields.name));
  const name =
    nameOf(fields.displayname) ??
    nameOf(names.formatted) ??
    nameOf([names.givenname, names.familyname].filter((part) => typeof part === "string").join(" "));
  const work = lowerCase(fieldsOf(fields[enterprise]));
  const team = nameOf(work.department);
  const listId = idOf(fields.id, "id");
  const boss = managerOf(work.manager);
  return {
    id: email,
    email,
    ...(name !== undefined && { name }),
    ...(team !== undefined && { team }),
    ...boss,
    ...(String(fields.active).toLowerCase() === "false" && { left: true }),
    ...(listId !== undefined && { listId }),
    ...(robots.includes(String(fields.usertype).trim().toLowerCase()) && { robot: true }),
  };
}

/** The primary e-mail, else that of work, else the first; else the user name, if it is one. */
function mainEmail(fields: Fields): string | undefined {
  const all = (Array.isArray(fields.emails) ? fields.emails : []).flatMap((each) => {
    const { value, primary, type } = lowerCase(typeof each === "string" ? { value: each } : fieldsOf(each));
    const email = emailOf(value);
    return email === undefined ? [] : [{ email, primary, type }];
  });
  const main =
    all.find((each) => String(each.primary).toLowerCase() === "true") ??
    all.find((each) => each.type === "work") ??
    all[0];
  return main?.email ?? emailOf(fields.username);
}

/** By id, as the standard has it; some write the e-mail there, or the id without an object around it. */
function managerOf(given: unknown): Pick<Member, "manager" | "managerId"> {
  const value = typeof given === "string" ? given : lowerCase(fieldsOf(given)).value;
  if (isBlank(value)) return {};
  const manager = emailOf(value);
  if (manager !== undefined) return { manager };
  const managerId = idOf(value, "manager's id");
  return managerId === undefined ? {} : { managerId };
}
