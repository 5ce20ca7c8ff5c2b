import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { chunked, membersOf, readAll, rejectedOf } from "./read.ts";

const LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse";
const CORE = "urn:ietf:params:scim:schemas:core:2.0:User";
const WORK = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

const pageOf = (resources: readonly unknown[]) => ({
  schemas: [LIST],
  totalResults: resources.length,
  startIndex: 1,
  itemsPerPage: resources.length,
  Resources: resources,
});

const users = [
  {
    schemas: [CORE, WORK],
    id: "2819c223",
    userName: "ann.ek",
    active: true,
    displayName: "Ann  Ek",
    name: { formatted: "Ms. Ann Ek", givenName: "Ann", familyName: "Ek" },
    emails: [
      { value: "private@home.example", type: "home" },
      { value: "Ann@Example.com", type: "work", primary: true },
    ],
    [WORK]: { department: "Sales", employeeNumber: "7", manager: { value: "26118915", displayName: "Eva" } },
    meta: { resourceType: "User", created: "2026-01-01T00:00:00Z" },
  },
  {
    schemas: [CORE],
    id: "26118915",
    userName: "eva@example.com",
    active: false,
    name: { givenName: "Eva", familyName: "Berg" },
  },
  { schemas: [CORE], id: "x1", userName: "backup@example.com", userType: "Service", active: true },
];
const members = [
  {
    id: "ann@example.com",
    email: "ann@example.com",
    name: "Ann Ek",
    team: "Sales",
    listId: "2819c223",
    managerId: "26118915",
  },
  { id: "eva@example.com", email: "eva@example.com", name: "Eva Berg", left: true, listId: "26118915" },
  { id: "backup@example.com", email: "backup@example.com", listId: "x1", robot: true },
];

const layouts: Record<string, string> = {
  "a page": JSON.stringify(pageOf(users)),
  "a pretty page": JSON.stringify(pageOf(users), null, 2),
  "page behind page": users.map((user) => JSON.stringify(pageOf([user]))).join("\n"),
  "an empty page among others": [pageOf([]), pageOf(users), pageOf([])]
    .map((page) => JSON.stringify(page))
    .join("\n"),
  "a page whose list comes first": JSON.stringify({ Resources: users, schemas: [LIST], totalResults: 3 }),
  "a list": JSON.stringify(users),
  "one a line": users.map((user) => JSON.stringify(user)).join("\n"),
};

describe("the same people in every layout", () => {
  test.each(Object.entries(layouts))("%s", async (_, text) => {
    const { source, records } = await readAll(text);
    expect([source, membersOf(records)]).toEqual(["directory", members]);
    expect(rejectedOf(records)).toEqual([]);
  });
});

it("is the same in pieces of any size", async () => {
  const text = layouts["a pretty page"] ?? "";
  const sizes = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(sizes, async (each) => {
      const { records } = await readAll(chunked(text, ...each));
      expect(membersOf(records)).toEqual(members);
    }),
    { numRuns: 40 },
  );
});

it("takes what providers write in their own ways", async () => {
  const text = JSON.stringify(
    pageOf([
      { id: 1, username: "a@ex.com", Active: "False", emails: [], displayname: "A" },
      {
        id: "2",
        userName: "b",
        active: "True",
        emails: ["b@ex.com"],
        [WORK.toUpperCase()]: { Manager: "1" },
      },
      {
        id: "3",
        userName: "c",
        active: null,
        emails: [{ value: "c2@ex.com" }, { value: "c@ex.com", type: "work" }],
      },
      {
        id: "4",
        userName: "d@ex.com",
        active: true,
        [WORK]: { manager: { value: "A@ex.com" } },
        userType: "Bot",
      },
      {
        id: "5",
        userName: "e@ex.com",
        active: true,
        [WORK]: { manager: { value: null } },
        userType: "Contractor",
      },
    ]),
  );
  const { records } = await readAll(text);
  expect(membersOf(records)).toEqual([
    { id: "a@ex.com", email: "a@ex.com", name: "A", left: true, listId: "1" },
    { id: "b@ex.com", email: "b@ex.com", managerId: "1", listId: "2" },
    { id: "c@ex.com", email: "c@ex.com", listId: "3" },
    { id: "d@ex.com", email: "d@ex.com", manager: "a@ex.com", listId: "4", robot: true },
    { id: "e@ex.com", email: "e@ex.com", listId: "5" },
  ]);
});

it("tells of each user that cannot be used, and why", async () => {
  const text = [
    { schemas: [CORE], id: "1", userName: "nobody", active: true },
    { schemas: ["urn:ietf:params:scim:schemas:core:2.0:Group"], id: "g", displayName: "Admins", members: [] },
    { schemas: [CORE], id: "2", userName: "ann@example.com" },
  ];
  const { records } = await readAll(text.map((each) => JSON.stringify(each)).join("\n"));
  expect(membersOf(records)).toEqual([{ id: "ann@example.com", email: "ann@example.com", listId: "2" }]);
  expect(rejectedOf(records)).toEqual([
    { line: 1, reason: "a user without an e-mail" },
    { line: 2, reason: "no SCIM user" },
  ]);
});

it("takes anything for a user without harm", async () => {
  const head = `${JSON.stringify({ schemas: [CORE], userName: "ann@example.com" })}\n`;
  const user = fc.dictionary(
    fc.constantFrom("id", "userName", "active", "emails", "name", "displayName", "userType", WORK, "schemas"),
    fc.jsonValue({ maxDepth: 2 }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(user, { maxLength: 5 }), async (all) => {
      const { records } = await readAll(head + all.map((each) => JSON.stringify(each)).join("\n"));
      for (const member of membersOf(records)) expect(member.email).toBe(member.id);
      for (const { reason } of rejectedOf(records)) expect(reason).not.toBe("");
    }),
    { numRuns: 50 },
  );
});
