import { expect, test } from "vitest";
import { eventsOf, readAll, rejectedOf } from "./read.ts";

const ann = "a1000000-0000-4000-8000-000000000001";
const date = "2026-03-02T08:03:10.3251234Z";

function event(fields: Record<string, unknown>): Record<string, unknown> {
  return {
    object: "event",
    type: 1114,
    itemId: "b1",
    actingUserId: ann,
    date,
    device: 2,
    ipAddress: "203.0.113.7",
    ...fields,
  };
}

function page(...data: unknown[]): string {
  return JSON.stringify({ object: "list", data, continuationToken: null });
}

async function eventsIn(text: string) {
  const { source, records } = await readAll(text);
  expect(source).toBe("bitwarden");
  return eventsOf(records);
}

test("reads a page of the Public API", async () => {
  expect(await eventsIn(page(event({})))).toEqual([
    {
      id: expect.stringMatching(/^[\w-]{22}$/),
      at: Date.parse("2026-03-02T08:03:10.325Z"),
      account: { id: ann },
      kind: "password_autofilled",
      device: "2",
    },
  ]);
});

test.each([
  [[1000], "User_LoggedIn", "login"],
  [[1005], "User_FailedLogIn", "login_failed"],
  [[1006], "User_FailedLogIn2fa", "login_failed"],
  [[1108], "Cipher_ClientToggledPasswordVisible", "password_accessed"],
  [[1109], "Cipher_ClientToggledHiddenFieldVisible", "password_accessed"],
  [[1111], "Cipher_ClientCopiedPassword", "password_accessed"],
  [[1112], "Cipher_ClientCopiedHiddenField", "password_accessed"],
  [[2100], "Secret_Retrieved", "password_accessed"],
  [[1114], "Cipher_ClientAutofilled", "password_autofilled"],
  [[1100], "Cipher_Created", "account_added"],
  [[2101], "Secret_Created", "account_added"],
  [[1107], "Cipher_ClientViewed", "other"],
  [[1110], "Cipher_ClientToggledCardCodeVisible", "other"],
  [[1113], "Cipher_ClientCopiedCardCode", "other"],
  [[1117, 1118, 1132, 1007, 1602, 1105, 1500, 99999, -1], "Something_New", "other"],
])("%j and %s mean %s", async (codes, name, kind) => {
  const fromPage = await eventsIn(page(...codes.map((type) => event({ type }))));
  const fromCsv = await eventsIn(`userId,date,type\n${ann},${date},${name}\n`);
  expect([...fromPage, ...fromCsv].map((each) => each.kind)).toEqual([...codes, 1].map(() => kind));
});

test("types that nobody knows are told, those that are known to count for nothing are not", async () => {
  const known = [1001, 1007, 1107, 1132, 1302, 1500, 1602, 1700, 2105, 2304];
  const unknown = [0, -1, 1133, 1303, 4711];
  const { records } = await readAll(page(...[...known, ...unknown].map((type) => event({ type }))));
  expect(records.map((record) => (record.type === "event" ? record.unknown : record))).toEqual([
    ...known.map(() => undefined),
    ...unknown.map(String),
  ]);
  const rows = ["Cipher_ClientViewed", "OrganizationUser_Invited", "Cipher_Sung", "", "1107", "constructor"];
  const csv = await readAll(["userId,date,type", ...rows.map((name) => `${ann},${date},${name}`)].join("\n"));
  expect(csv.records.map((record) => (record.type === "event" ? record.unknown : record))).toEqual([
    undefined,
    undefined,
    "Cipher_Sung",
    "nothing",
    undefined,
    "constructor",
  ]);
});

test("who acted: the acting user, else the user, else the service account, which is a robot", async () => {
  const text = page(
    event({ actingUserId: "acting", userId: "user", serviceAccountId: "robot" }),
    event({ actingUserId: null, userId: "user" }),
    event({ actingUserId: null, serviceAccountId: "robot", type: 2100 }),
    event({ actingUserId: null, userId: "done to", systemUser: 1, type: 1511 }),
    event({ actingUserId: null }),
    { object: "collection", id: "c1" },
  );
  const { records } = await readAll(text);
  expect(eventsOf(records).map(({ account }) => account)).toEqual([
    { id: "acting" },
    { id: "user" },
    { id: "robot", robot: true },
  ]);
  expect(rejectedOf(records).map(({ reason }) => reason)).toEqual([
    "no acting user",
    "no acting user",
    "neither an event nor a member",
  ]);
});

test("the vault's own API names the same events", async () => {
  const own = {
    type: 1111,
    userId: ann,
    organizationId: "o1",
    cipherId: "b1",
    actingUserId: ann,
    date,
    deviceType: 9,
    ipAddress: "203.0.113.7",
  };
  const fromPublic = await eventsIn(page(event({ type: 1111, device: 9 })));
  expect(await eventsIn(JSON.stringify([{ object: "event", ...own }]))).toEqual(fromPublic);
  // Without its word for what it is, it could be Vaultwarden's: then Bitwarden has to be named.
  const named = await readAll(JSON.stringify([own]), "bitwarden");
  expect(eventsOf(named.records)).toEqual(fromPublic);
});

test("two true events of one instant stay two, in any arrangement of pages", async () => {
  const [a, b] = [event({}), event({ itemId: "b2" })];
  const together = await eventsIn(page(a, a, b));
  const apart = await eventsIn([page(b), page(a), page(), page(a)].join("\n"));
  expect(new Set(together.map(({ id }) => id)).size).toBe(3);
  expect(apart.map(({ id }) => id).toSorted()).toEqual(together.map(({ id }) => id).toSorted());
});

test("reads members, also those who never came and those who were revoked", async () => {
  const members = page(
    {
      object: "member",
      id: "m1",
      userId: ann,
      name: "Ann Example",
      email: "Ann@example.com",
      status: 2,
      type: 0,
    },
    { object: "member", id: "m2", userId: null, name: null, email: "new@example.com", status: 0, type: 2 },
    {
      object: "member",
      id: "m3",
      userId: "a3",
      name: "Gone",
      email: "gone@example.com",
      status: -1,
      type: 2,
    },
    { object: "member", name: "nobody" },
  );
  const { source, records } = await readAll(members);
  expect(source).toBe("bitwarden");
  expect(records.flatMap((record) => (record.type === "member" ? [record.member] : []))).toEqual([
    { id: ann, name: "Ann Example", email: "ann@example.com" },
    { id: "member:m2", email: "new@example.com" },
    { id: "a3", name: "Gone", email: "gone@example.com" },
  ]);
  expect(rejectedOf(records)).toEqual([{ line: 1, reason: "a member without an id" }]);
});

test("members may come as a bare list, and with events in one file", async () => {
  const member = { id: "m1", userId: ann, name: "Ann Example", email: "ann@example.com", status: 2, type: 0 };
  const { records } = await readAll(`${JSON.stringify([member])}\n${page(event({}))}`);
  expect(records.map(({ type, line }) => [type, line])).toEqual([
    ["member", 1],
    ["event", 2],
  ]);
});

test("an empty page is an export without events", async () => {
  expect(await readAll(page())).toEqual({ source: "bitwarden", records: [] });
});

const header = "message,appIcon,appName,userId,userName,userEmail,date,ip,type,installationId";

test("reads the CSV of the web vault, with quoted line breaks, and counts lines right", async () => {
  const { source, records } = await readAll(
    [
      `\uFEFF${header}`,
      `"Copied password for ""item"",\r\nb1",bwi-globe,Web vault - Chrome,${ann},Zoë Ångström,zoe@example.com,2026-03-02T08:03:10.325Z,203.0.113.7,Cipher_ClientCopiedPassword,`,
      `Logged in,bwi-globe,,a2,Unknown,,2026-03-02T09:00:00Z,203.0.113.7,User_LoggedIn,`,
      `No type,bwi-globe,,a2,Unknown,,2026-03-02T09:00:01Z,203.0.113.7,,`,
      `No zone,bwi-globe,,a2,Unknown,,2026-03-02T09:00:01,203.0.113.7,User_LoggedIn,`,
      "",
      `Nobody,bwi-globe,,,Unknown,,2026-03-02T09:00:01Z,203.0.113.7,User_LoggedIn,`,
      `too few,columns`,
      `stray "quote,bwi-globe,,a3,Bo,,2026-03-02T09:00:02Z,203.0.113.7,User_LoggedIn,`,
      `"broken" quote,bwi-globe,,a3,Bo,,2026-03-02T09:00:02Z,203.0.113.7,User_LoggedIn,`,
      `"never closed,bwi-globe,,a3,Bo,,2026-03-02T09:00:02Z,203.0.113.7,User_LoggedIn,`,
      `Last,bwi-globe,,a4,Bo,,2026-03-02T09:00:02Z,203.0.113.7,User_LoggedIn,`,
    ].join("\r\n"),
  );
  expect(source).toBe("bitwarden");
  expect(records.map(({ type, line }) => [type, line])).toEqual([
    ["event", 2],
    ["event", 4],
    ["event", 5],
    ["rejected", 6],
    ["rejected", 8],
    ["rejected", 9],
    ["event", 10],
    ["rejected", 11],
    ["rejected", 12],
    ["event", 13],
  ]);
  expect(eventsOf(records)[0]).toEqual({
    id: expect.any(String),
    at: Date.parse("2026-03-02T08:03:10.325Z"),
    account: { id: ann, email: "zoe@example.com", name: "Zoë Ångström" },
    kind: "password_accessed",
    device: "Web vault - Chrome",
  });
  expect(eventsOf(records)[1]?.account).toEqual({ id: "a2" });
  expect(eventsOf(records)[2]?.kind).toBe("other");
  expect(rejectedOf(records).map(({ reason }) => reason)).toEqual([
    "time 2026-03-02T09:00:01 has no zone; --source-time-zone says in which it was written",
    "no acting user",
    "2 columns instead of 10",
    "not valid CSV: a stray quote",
    "not valid CSV: a stray quote",
  ]);
});

test("columns may come in any order, with semicolons, and a service account in its own", async () => {
  const events = await eventsIn(`type;serviceAccountId;date;userId\nSecret_Retrieved;sa1;${date};\n`);
  expect(events.map(({ account, kind }) => [account, kind])).toEqual([
    [{ id: "sa1", robot: true }, "password_accessed"],
  ]);
});

test("a header alone is an export without events", async () => {
  expect(await readAll(`${header}\n`)).toEqual({ source: "bitwarden", records: [] });
});
