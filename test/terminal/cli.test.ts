import { execFile } from "node:child_process";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import sharp from "sharp";
import { beforeAll, describe, expect, it } from "vitest";
import type { CommandDeps } from "../../src/commands/command.ts";
import { runCommand } from "../../src/commands/index.ts";
import { parseOptions } from "../../src/terminal/options.ts";
import { atEndOfFile, openDataDir, temporaryFolder, testEngine } from "../helpers/engine.ts";
import { usage, usageAlone } from "../helpers/usage.ts";

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

async function imported(run = usage): Promise<{ dataDir: string; folder: string; file: string }> {
  const { folder, dataDir } = await openDataDir();
  const file = join(folder, "events.ndjson");
  await writeFile(file, lines.join("\n"));
  const { status, stderr } = await run(["import", file, "--time-zone", "Europe/Berlin"], { dataDir });
  expect([status, stderr]).toEqual([0, ""]);
  return { dataDir, folder, file };
}

it("imports, and answers with the contract's JSON", async () => {
  const { dataDir, file } = await imported(usageAlone);
  const input = `${lines[0]}\n{"broken\n`;
  const again = await usageAlone(["import", file, "-", "--json"], { dataDir, input });
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
    (await usageAlone(["overview", "2026-10", "--json", "--now", now], { dataDir })).stdout,
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
  expect(stdout).toMatch(/Login Sessions +2 +[▁█]/);
  expect(stdout).toContain("the period runs until 31 Oct 2026, so it is not compared with the one before");
  const whole = await usage(["overview", "2026-10-02..2026-10-02", "--now", now], { dataDir });
  expect(whole.stdout).toMatch(/Login Sessions +0 +▼ 100 %/);
  expect(stdout).toMatch(/Ann Ek +● Active/);

  const picture = join(folder, "ann.png");
  const drawn = await usageAlone(["user", "ann", "2026-10", "--now", now, "--out", picture], { dataDir });
  expect(drawn.status).toBe(0);
  expect(await sharp(picture).metadata()).toMatchObject({ format: "png", width: 1440 });
  const drawing = join(folder, "all.svg");
  await usage(["overview", "2026-10", "--now", now, "--out", drawing], { dataDir });
  expect(await readFile(drawing, "utf8")).toContain("Login Sessions");
  expect((await readdir(folder)).filter((name) => name.includes("part"))).toEqual([]);
});

describe("what is wrong gets one line and a status", () => {
  const later = atEndOfFile();
  /** With nothing in it. */
  let dataDir: string;
  let deps: CommandDeps;
  beforeAll(async () => {
    const empty = await testEngine({}, Date.now, later);
    dataDir = empty.config.DATA_DIR;
    deps = empty.deps;
  });

  it("to whatever started the process", async () => {
    const outcome = await usageAlone(["overvew"], { dataDir });
    expect(outcome).toEqual({
      status: 2,
      stdout: "",
      stderr: expect.stringMatching(/^[^\n]+ overview\?\n$/),
    });
  });

  it.each([
    [["overvew"], 2, /did you mean overview\?/],
    [["overview", "last", "moth"], 2, /did you mean last month/],
    [["overview", "--jsn"], 2, /there is no option --jsn; did you mean --json/],
    [["import", "nowhere.json"], 2, /there is no file nowhere.json/],
    [["inactive", "--out", "a.png"], 2, /nothing in this report for a PNG picture/],
    [["overview", "--as", "ann@example.com"], 1, /Who uses the vault is shown to its admins/],
  ])("%j", async (args, status, message) => {
    const outcome = await usage(args, { dataDir });
    expect(outcome.stderr).toMatch(message);
    expect([outcome.status, outcome.stdout, outcome.stderr.trim().split("\n").length]).toEqual([
      status,
      "",
      1,
    ]);
  });

  it.each([
    [["--now", "noon"], /--now has to be an instant from 2000 to 2099 such as/],
    [["--time-zone", "Oslo"], /--time-zone has to be an IANA name/],
    [["--as", "ann"], /--as has to be an e-mail/],
  ])("%j is said to be wrong before anything is opened", (args, message) => {
    expect(() => parseOptions(["overview", ...args])).toThrow(message);
  });

  it.each([
    [["import"], /needs at least one file/],
    [["import", "-"], /--source has to be plain, bitwarden, onepassword, .* or directory/],
    [["user", "nobody"], /nobody is called “nobody”/],
    [["me"], /me needs --as EMAIL/],
  ])("%j is said to be wrong", async (words, message) => {
    await expect(runCommand(words, deps, { source: "keepass" })).rejects.toThrow(message);
  });

  it.each([
    ["empty", "", usage],
    ["HTML", "<!doctype html><title>Sign in</title>", usage],
    ["one line of 10 MB", "x".repeat(10_000_000), usageAlone],
  ])("no vault export: %s", async (_, input, run) => {
    const outcome = await run(["import", "-"], { dataDir, input });
    expect(outcome.stderr).toMatch(/^standard input is no vault export: [^\n]+\n$|^standard input [^\n]+\n$/);
    expect([outcome.status, outcome.stdout]).toEqual([1, ""]);
  });

  it("keeps the good lines of a bad file, and the good files of several", async () => {
    const { folder, dataDir } = await openDataDir();
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
    expect(outcome.stdout).toContain("5 events added, 2 rejected");
    expect(outcome.stdout).toMatch(/ {2}line 2: .+\n {2}line 4: .*2999/);
    expect(outcome.stderr).toMatch(/^page.html is no vault export[^\n]+\n$/);
    const again = await usage(["import", join(folder, "page.html"), join(folder, "mixed.json"), "--json"], {
      dataDir,
    });
    expect(JSON.parse(again.stdout)).toMatchObject([{ duplicates: 5, rejected: 2 }]);
    expect(again.stderr).toMatch(/line 2: .+\n.*line 4: .+\npage.html is/);
  });

  it.each([
    ["truncated", `${lines[0]}\n${lines[1]?.slice(0, 30)}`, /breaks off \(line 2: /, 1],
    [
      "absurd dates only",
      '{"at":"0001-01-01T00:00:00Z","user":{"id":"u"},"kind":"login"}',
      /holds nothing that can be used/,
      0,
    ],
  ])("tells that an input is %s, and keeps what is good", async (_, input, message, added) => {
    const outcome = await usage(["import", "-", "--json"], {
      dataDir: join(await temporaryFolder(), "data"),
      input,
    });
    expect([outcome.status, JSON.parse(outcome.stdout)[0].added]).toEqual([1, added]);
    expect(outcome.stderr).toMatch(message);
  });

  it("cleans what it repeats", async () => {
    const outcome = await usage(["user", "a\n\u001b[31mb"], { dataDir });
    expect([outcome.status, /\p{Cc}/u.test(outcome.stderr.trim())]).toEqual([2, false]);
    expect(outcome.stderr.trim().split("\n")).toHaveLength(1);
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

it("takes the first of several events with one id, in whichever order they come", async () => {
  const told: unknown[] = [];
  for (const order of [
    [0, 1],
    [1, 0],
  ]) {
    const { dataDir } = await openDataDir();
    const moved = ["2026-10-20T08:00:00Z", "2026-10-10T08:00:00Z"].map((at) =>
      JSON.stringify({ id: "e1", at, user: { id: "u1" }, kind: "password_accessed" }),
    );
    for (const i of order) await usage(["import", "-"], { dataDir, input: moved[i] ?? "" });
    const { stdout } = await usage(["overview", "2026-10", "--json", "--now", "2026-11-05T00:00:00Z"], {
      dataDir,
    });
    told.push(JSON.parse(stdout));
  }
  expect(told[0]).toEqual(told[1]);
  expect(told[0]).toMatchObject({
    dataUpTo: "2026-10-10T08:00:00.000Z",
    tables: { users: [{ passwordsAccessed: 1 }] },
  });
});

it("shows the new reports, for people and for programs", async () => {
  const { dataDir, folder } = await imported();
  const directory = join(folder, "people.csv");
  await writeFile(
    directory,
    "email,name,team,manager\nann@example.com,Ann Ek,Sales,eva@example.com\nnew@example.com,New,,\n",
  );
  const later = "2026-12-24T12:00:00Z";
  const [listed, inactive, inactiveData, team, mine, evas, status] = (
    await Promise.all(
      [
        ["import", directory],
        ["inactive", "10", "days", "--now", later],
        ["inactive", "--now", later, "--json"],
        ["users", "team", "sal", "2026-10", "by", "week", "--now", now],
        ["me", "2026-10", "--as", "Ann@Example.com", "--json"],
        ["users", "--as", "eva@example.com", "--now", now],
        ["status", "--json"],
      ].map((args) => usage(args, { dataDir })),
    )
  ).map(({ stdout }) => stdout);
  expect(listed).toContain("Directory: 2 records read");
  expect(inactive?.split("\n").slice(0, 2)).toEqual([
    "People inactive for more than 10 days, last 30 days   25 Nov – 24 Dec 2026 · Europe/Berlin",
    "1 person never signed in, 2 went quiet.",
  ]);
  expect(inactive).toMatch(/^new@example.com +New +Never signed in$/m);
  expect(inactive).toMatch(/^u2 +Bo +Went quiet +3 Oct 00:30 +82$/m);
  const json = JSON.parse(inactiveData ?? "");
  expect(json).toMatchObject({ report: "inactive", figures: [], charts: {}, people: { inactive: 3 } });
  expect(json.tables.people[0]).toEqual({
    user: "new@example.com",
    name: "New",
    team: null,
    group: "never",
    quietSince: null,
    days: null,
    returnedAt: null,
  });
  expect(json.tables.people[1].quietSince).toBe("2026-10-02T22:30:00.500Z");
  expect(team).toContain("Users of team Sales, October 2026");
  expect(team).toMatch(/Passwords Accessed +1 +█▁▁▁$/m);
  expect(JSON.parse(mine ?? "")).toMatchObject({
    report: "me",
    subject: { user: "ann@example.com" },
    tables: { sessions: [{}] },
  });
  expect(evas).toContain("shown for the 1 person whose manager is ");
  expect(evas).not.toContain("Bo");
  expect(JSON.parse(status ?? "")).toMatchObject({
    dataUpTo: "2026-10-02T22:30:00.500Z",
    counts: { events: 5, people: 3 },
  });
});

it("helps, and makes a manifest, where no store can be opened", async () => {
  const env = { MONGODB_URI: "mongodb://127.0.0.1:1/none", ACTIVE_DAYS: "many" };
  const dataDir = join(await temporaryFolder(), "data");
  const manifest = await usageAlone(["manifest", "https://usage.example.com", "--json"], { dataDir, env });
  expect([manifest.status, JSON.parse(manifest.stdout).display_information.name]).toEqual([0, "Vault Usage"]);
  const help = await usage(["help", "users"], { dataDir, env });
  expect([help.status, help.stdout]).toEqual([
    0,
    expect.stringContaining("For example:\n  users inactive\n"),
  ]);
  expect((await usage(["users", "--help"], { dataDir, env })).stdout).toBe(help.stdout);
  expect((await usage([], { dataDir, env })).stdout).toContain("METRIC is one of: sessions, connections,");
});

it("stops quietly when nobody reads on", async () => {
  const { dataDir } = await imported();
  const command = `"${process.execPath}" src/cli.ts overview 2026 --json | head -c 1`;
  const { stdout, stderr } = await promisify(execFile)("sh", ["-c", command], {
    env: { PATH: process.env.PATH, DATA_DIR: dataDir },
  });
  expect([stdout, stderr]).toEqual(["{", ""]);
});
