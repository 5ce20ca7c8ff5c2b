import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../helpers/engine.ts";
import { usage } from "../helpers/usage.ts";

const events = [
  {
    id: "e1",
    at: "2026-10-01T08:00:00Z",
    user: { id: "u1", email: "Ann@example.com", name: "Ann Ek" },
    kind: "login",
  },
  { id: "e2", at: "2026-10-01T08:10:00Z", user: { id: "u1" }, kind: "password_accessed" },
  { id: "e3", at: "2026-10-01T08:20:00Z", user: { id: "u1" }, kind: "logout" },
  { id: "e4", at: "2026-10-02T22:30:00.5Z", user: { id: "u2", name: "Bo" }, kind: "login" },
  { id: "e5", at: "2026-09-30T10:00:00Z", user: { id: "u1" }, kind: "password_autofilled" },
];
const lines = events.map((event) => JSON.stringify(event));
const now = "2026-10-20T12:00:00Z";

async function imported(): Promise<{ dataDir: string; folder: string; file: string }> {
  const folder = await temporaryFolder();
  const file = join(folder, "events.ndjson");
  await writeFile(file, lines.join("\n"));
  const dataDir = join(folder, "data");
  const { status, stderr } = await usage(["import", file, "--time-zone", "Europe/Berlin"], { dataDir });
  expect([status, stderr]).toEqual([0, ""]);
  return { dataDir, folder, file };
}

it("imports, and answers with the contract's JSON", async () => {
  const { dataDir, file } = await imported();
  const again = await usage(["import", file, "-", "--json"], { dataDir, input: `${lines[0]}\n{"broken\n` });
  expect(JSON.parse(again.stdout)).toEqual([
    {
      source: "plain",
      read: 5,
      added: 0,
      duplicates: 5,
      rejected: 0,
      people: 2,
      from: "2026-09-30T10:00:00.000Z",
      to: "2026-10-02T22:30:00.500Z",
    },
    {
      source: "plain",
      read: 2,
      added: 0,
      duplicates: 1,
      rejected: 1,
      people: 1,
      from: "2026-10-01T08:00:00.000Z",
      to: "2026-10-01T08:00:00.000Z",
    },
  ]);

  const overview = JSON.parse(
    (await usage(["overview", "2026-10", "--json", "--now", now], { dataDir })).stdout,
  );
  expect(overview).toMatchObject({
    report: "overview",
    period: { from: "2026-10-01", to: "2026-10-31", timeZone: "Europe/Berlin", label: "October 2026" },
    previousPeriod: { from: "2026-09-01", to: "2026-09-30" },
    asOf: "2026-10-20T12:00:00.000Z",
    dataUpTo: "2026-10-02T22:30:00.500Z",
  });
  expect(overview.figures).toContainEqual({
    key: "loginSessions",
    title: "Login Sessions",
    value: 2,
    previous: 1,
  });
  expect(overview.figures).toContainEqual({
    key: "latestLogins",
    title: "Latest Logins",
    value: 2,
    previous: 0,
  });
  expect(overview.charts.trend).toHaveLength(31);
  expect(overview.charts.trend[2]).toEqual({
    day: "2026-10-03",
    loginSessions: 1,
    remoteConnections: 0,
    passwordsAccessed: 0,
    passwordsAutofilled: 0,
    accountsAdded: 0,
    latestLogins: 1,
  });
  expect(overview.tables.users[0]).toEqual({
    user: "ann@example.com",
    name: "Ann Ek",
    team: null,
    status: "active",
    loginSessions: 1,
    remoteConnections: 0,
    passwordsAccessed: 1,
    passwordsAutofilled: 0,
    accountsAdded: 0,
    lastActive: "2026-10-01T08:20:00.000Z",
  });
  expect(overview.tables.users[1]).toMatchObject({ user: "u2", name: "Bo", status: "passive" });

  const user = JSON.parse(
    (await usage(["user", "ann", "2026-10", "--json", "--now", now], { dataDir })).stdout,
  );
  expect(user.charts.breakdown).toContainEqual({ metric: "passwordsAccessed", count: 1 });
  expect(user.tables.sessions).toEqual([
    {
      startedAt: "2026-10-01T08:00:00.000Z",
      endedAt: "2026-10-01T08:20:00.000Z",
      end: "logout",
      passwordsAccessed: 1,
      passwordsAutofilled: 0,
      accountsAdded: 0,
      remoteConnections: 0,
    },
  ]);

  const cut = JSON.parse(
    (await usage(["user", "ann", "2026-10", "--json", "--now", "2026-10-01T08:10:00Z"], { dataDir })).stdout,
  );
  expect(cut.tables.sessions).toMatchObject([{ end: "open", endedAt: null, passwordsAccessed: 1 }]);
  const before = JSON.parse(
    (await usage(["overview", "2026-10", "--json", "--now", "2026-10-01T08:05:00Z"], { dataDir })).stdout,
  );
  expect(before.figures).toContainEqual({
    key: "passwordsAccessed",
    title: "Passwords Accessed",
    value: 0,
    previous: 0,
  });
});

it("prints for people, and draws charts", async () => {
  const { dataDir, folder } = await imported();
  const { stdout } = await usage(["overview", "2026-10", "--now", now], { dataDir });
  expect(stdout).toContain("Product usage, October 2026   1–31 Oct 2026 · Europe/Berlin");
  expect(stdout).toContain("1 of 2 people is active, 0 inactive.");
  expect(stdout).toMatch(/Login Sessions +2 +▲ 100 %/);
  expect(stdout).toMatch(/Ann Ek +● Active/);

  const picture = join(folder, "ann.png");
  expect((await usage(["user", "ann", "2026-10", "--now", now, "--out", picture], { dataDir })).status).toBe(
    0,
  );
  expect(await sharp(picture).metadata()).toMatchObject({ format: "png", width: 1440 });
  const drawing = join(folder, "all.svg");
  await usage(["overview", "2026-10", "--now", now, "--out", drawing], { dataDir });
  expect(await readFile(drawing, "utf8")).toContain("Login Sessions");
  expect((await readdir(folder)).filter((name) => name.includes("part"))).toEqual([]);
});

describe("what is wrong gets one line and a status", () => {
  it.each([
    [["overvew"], 2, /did you mean overview\?/],
    [["overview", "last", "moth"], 2, /did you mean last month/],
    [["overview", "--jsn"], 2, /there is no option --jsn; did you mean --json\?/],
    [["overview", "--now", "noon"], 2, /--now has to be an instant such as/],
    [["overview", "--time-zone", "Oslo"], 2, /--time-zone has to be an IANA name/],
    [["overview", "--out", "report.doc"], 2, /ends in png or svg/],
    [["import"], 2, /needs at least one file/],
    [["import", "nowhere.json"], 2, /there is no file nowhere.json/],
    [["import", "-", "--source", "keepass"], 2, /--source has to be plain, bitwarden or onepassword/],
    [["user", "nobody"], 2, /nobody is called “nobody”/],
  ])("%j", async (args, status, message) => {
    const outcome = await usage(args, { dataDir: join(await temporaryFolder(), "data") });
    expect(outcome.stderr).toMatch(message);
    expect([outcome.status, outcome.stdout, outcome.stderr.trim().split("\n").length]).toEqual([
      status,
      "",
      1,
    ]);
  });

  it.each([
    ["empty", ""],
    ["blank", " \n\n"],
    ["binary", Buffer.from([0, 1, 2, 255, 254, 0, 9])],
    ["HTML", "<!doctype html><title>Sign in</title>"],
    ["other JSON", '{"hello":"world"}'],
    ["an array of numbers", "[1,2,3]"],
    ["CSV of something else", "a,b\n1,2\n"],
    ["prose", "Dear all, please find attached"],
    ["one line of 10 MB", "x".repeat(10_000_000)],
  ])("no vault export: %s", async (_, input) => {
    const outcome = await usage(["import", "-"], { dataDir: join(await temporaryFolder(), "data"), input });
    expect(outcome.stderr).toMatch(/^standard input is no vault export: [^\n]+\n$|^standard input [^\n]+\n$/);
    expect([outcome.status, outcome.stdout]).toEqual([1, ""]);
  });

  it("keeps the good lines of a bad file, and the good files of several", async () => {
    const folder = await temporaryFolder();
    const dataDir = join(folder, "data");
    const mixed = [
      lines[0],
      "{oops",
      lines[1],
      '{"at":"2999-01-01T00:00:00Z","user":{"id":"u"},"kind":"login"}',
      ...lines.slice(2),
    ];
    await writeFile(join(folder, "mixed.json"), mixed.join("\n"));
    await writeFile(join(folder, "page.html"), "<html></html>");
    const outcome = await usage(["import", join(folder, "page.html"), join(folder, "mixed.json")], {
      dataDir,
    });
    expect(outcome.status).toBe(1);
    expect(outcome.stderr).toContain("5 events added, 2 rejected");
    expect(outcome.stderr).toMatch(/ {2}line 2: .+\n {2}line 4: .*2999/);
    expect(outcome.stderr).toContain("page.html is no vault export");
  });

  it("holds the store's zone", async () => {
    const { dataDir, file } = await imported();
    const refused = await usage(["import", file, "--time-zone", "UTC"], { dataDir });
    expect([refused.status, refused.stderr]).toEqual([2, expect.stringContaining("rebuild --time-zone UTC")]);
    const rebuilt = await usage(["rebuild", "--time-zone", "UTC"], { dataDir });
    expect([rebuilt.status, rebuilt.stdout]).toEqual([0, "Rebuilt for 2 people; days are those of UTC.\n"]);
    const overview = await usage(["overview", "2026-10", "--json", "--now", now], { dataDir });
    expect(JSON.parse(overview.stdout).charts.trend[1]).toMatchObject({
      day: "2026-10-02",
      loginSessions: 1,
    });
  });
});
