import { describe, expect, it, test } from "vitest";
import { membersOf, plainLine, readAll, rejectedOf } from "./read.ts";

const ann = {
  id: "ann@example.com",
  email: "ann@example.com",
  name: "Ann Ek",
  team: "Sales, North",
  manager: "eva@example.com",
};
const robot = {
  id: "backup@example.com",
  email: "backup@example.com",
  name: "Backup",
  left: true,
  started: "2026-01-01",
  robot: true,
};
const rows = [
  {
    email: "Ann@Example.com",
    name: " Ann  Ek ",
    team: "Sales, North",
    manager: "EVA@example.com",
    kind: "Person",
  },
  {
    email: "backup@example.com",
    name: "Backup",
    team: "",
    manager: null,
    kind: "service",
    status: "Left",
    started: "2026-01-01T08:00:00+02:00",
  },
];

const layouts: Record<string, string> = {
  CSV: 'email,name,team,manager,kind,status,started\nAnn@Example.com,Ann Ek,"Sales, North",EVA@example.com,person,,\nbackup@example.com,Backup,,,robot,left,2026-01-01\n',
  "CSV in another order, with a mark, CRLF and columns of others":
    '\uFEFFKind,Cost Centre, TEAM ,Manager,Name,E-Mail 2,EMAIL,status,started\r\n,7,"Sales, North",eva@example.com,Ann Ek,x,ann@example.com,active,\r\nRobot,8,,,Backup,,backup@example.com,Disabled,2026-01-01\r\n',
  "CSV with semicolons":
    "email;name;team;manager;kind;status;started\nann@example.com;Ann Ek;Sales, North;eva@example.com;;ACTIVE;\nbackup@example.com;Backup;;;service;former;2026-01-01\n",
  "a list": JSON.stringify(rows),
  "a pretty list": JSON.stringify(rows, null, 2),
  "one a line": rows.map((row) => JSON.stringify(row)).join("\n"),
  "under “people”": JSON.stringify({ people: rows }),
  "pretty, under “people”, with more beside": JSON.stringify({ version: 3, people: rows, total: 2 }, null, 2),
};

describe("the same people in every layout", () => {
  test.each(Object.entries(layouts))("%s", async (_, text) => {
    const { source, records } = await readAll(text);
    expect([source, membersOf(records)]).toEqual(["directory", [ann, robot]]);
    expect(rejectedOf(records)).toEqual([]);
  });
});

test("a row that cannot be used costs itself only, and is told with what would be right", async () => {
  const text = [
    "email,name,team,manager,kind",
    ",Nobody,Sales,,",
    "ann at example.com,Ann,Sales,,",
    "ann@example.com,Ann,Sales,Eva Berg,",
    "bo@example.com,Bo,Sales,,wizard",
    "carl@example.com,Carl",
    '"dora@example.com,"Dora",Sales,,',
    `${"x".repeat(400)}@example.com,Long,Sales,,`,
    "eva@example.com,Eva,,,",
  ].join("\n");
  const { records } = await readAll(text);
  expect(membersOf(records)).toEqual([{ id: "eva@example.com", email: "eva@example.com", name: "Eva" }]);
  expect(rejectedOf(records)).toEqual([
    { line: 2, reason: "no e-mail" },
    { line: 3, reason: "the e-mail is none, right would be such as ann@example.com" },
    { line: 4, reason: "the manager is no e-mail, right would be that of another row, or nothing" },
    { line: 5, reason: "unknown kind, right would be person, robot or service" },
    { line: 6, reason: "2 columns instead of 5" },
    { line: 7, reason: "not valid CSV: a stray quote" },
    { line: 8, reason: "the e-mail is none, right would be such as ann@example.com" },
  ]);
  const json = await readAll(
    '[{"email":7,"team":"A"},{"email":"a@b.example","team":["x"],"manager":{}},{"email":"c@d.example","team":["x"]}]',
  );
  expect(rejectedOf(json.records).map(({ reason }) => reason)).toEqual([
    expect.stringContaining("the e-mail is none"),
    expect.stringContaining("the manager is no e-mail"),
  ]);
  expect(membersOf(json.records)).toEqual([{ id: "c@d.example", email: "c@d.example" }]);
});

test.each([
  ["status", "on leave", "unknown status, right would be active or left"],
  ["started", "01/10/2026", "the start is no date, right would be such as 2026-10-01"],
  ["started", "2026-02-30", "the start is no date, right would be such as 2026-10-01"],
  ["started", "2026-10-01x", "the start is no date, right would be such as 2026-10-01"],
])("a %s of “%s” is told with what would be right", async (column, value, reason) => {
  const { records } = await readAll(`email,${column}\nann@example.com,${value}\nbo@example.com,\n`);
  expect(rejectedOf(records)).toEqual([{ line: 2, reason }]);
  expect(membersOf(records)).toEqual([{ id: "bo@example.com", email: "bo@example.com" }]);
});

describe("leaves to the vaults what is theirs", () => {
  const member = { userId: "u1", name: "Ann", email: "ann@example.com", status: 2 };
  it.each([
    ["bitwarden", JSON.stringify({ object: "list", data: [{ object: "member", id: "m1", ...member }] })],
    ["bitwarden", JSON.stringify([member])],
    [
      "bitwarden",
      "message,appIcon,appName,userId,userName,userEmail,date,type\nx,,web,u1,Ann,ann@example.com,2026-10-01T08:00:00Z,1000\n",
    ],
    ["plain", `${plainLine("e1", { email: "ann@example.com", name: "x", team: "y" })}`],
    [
      "onepassword",
      JSON.stringify({
        uuid: "x",
        timestamp: "2026-10-01T08:00:00Z",
        email: "a@b.example",
        name: "x",
        target_user: { uuid: "U" },
        category: "success",
      }),
    ],
  ])("%s %#", async (source, text) => {
    expect((await readAll(text)).source).toBe(source);
  });

  it.each([
    "email\nann@example.com\n",
    "name,team\nAnn,Sales\n",
    '{"email":"ann@example.com"}',
    '{"people":[]}',
  ])("takes no list of anything: %j", async (text) => {
    await expect(readAll(text)).rejects.toThrow(/no vault export/);
  });
});
