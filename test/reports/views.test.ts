import { beforeAll, describe, expect, it } from "vitest";
import type { CommandDeps } from "../../src/commands/command.ts";
import { runCommand } from "../../src/commands/index.ts";
import { answer } from "../../src/commands/report.ts";
import { viewerOf } from "../../src/commands/viewer.ts";
import { handleOf } from "../../src/domain/handle.ts";
import type { Report, Row } from "../../src/domain/report.ts";
import type { ReportRequest } from "../../src/domain/request.ts";
import type { Viewer } from "../../src/domain/viewer.ts";
import { AccessError, UsageError } from "../../src/errors.ts";
import { renderJson } from "../../src/render/json.ts";
import { atEndOfFile, testEngine } from "../helpers/engine.ts";
import { importText, line } from "../helpers/fill.ts";

const now = Date.parse("2026-10-20T12:00:00Z");
const period = "2026-10";

/** Ann and Bo are Eva's, Bo and Carl in Sales; the robot is Eva's too; Dora is nobody's and never came. */
const people = `email,name,team,manager,kind
ann@example.com,Ann Ek,Opérations,eva@example.com,
bo@example.com,Bo Li,Sales,EVA@example.com,
carl@example.com,Carl Ek,sales,fay@example.com,
dora@example.com,,Support Nordics,,
eva@example.com,Eva,Sales & Friends,,
robot@example.com,Robot,Sales,eva@example.com,robot
`;
const events = [
  line("1", "ann", "2026-10-19T08:00:00Z"),
  line("2", "ann", "2026-10-20T08:00:00Z", "remote_connection"),
  line("3", "bo", "2026-10-20T09:00:00Z", "login"),
  line("4", "bo", "2026-10-01T09:00:00Z"),
  line("5", "bo", "2026-10-01T09:01:00Z"),
  line("6", "carl", "2026-09-18T06:00:00Z"),
  line("7", "carl", "2026-10-18T06:00:00Z", "account_added"),
  line("8", "robot", "2026-10-18T06:00:00Z"),
  line("9", "eva", "2026-07-18T06:00:00Z"),
];

let deps: CommandDeps;
const later = atEndOfFile();
// One store for all: every test reads only.
beforeAll(async () => {
  deps = (await testEngine({}, () => now, later)).deps;
  await importText(deps, "people.csv", people);
  await importText(deps, "events.ndjson", events.join("\n"));
});

async function usersOf(
  request: ReportRequest,
  viewer?: Viewer,
  at = now,
): Promise<{ report: Report; rows: Row[] }> {
  const report = await answer(request, deps, { viewer, now: at });
  return { report, rows: await Array.fromAsync(report.tables.users?.rows() ?? []) };
}

const names = (rows: readonly Row[]): string[] => rows.map(({ user }) => String(user).replace(/@.*/, ""));
const value = (report: Report, key: string): number | undefined =>
  report.figures.find((figure) => figure.key === key)?.value;

describe("the table of people", () => {
  it.each([
    [undefined, ["ann", "bo", "carl", "dora", "eva"]],
    ["passwordsAccessed", ["bo", "ann", "carl", "dora", "eva"]],
    ["accountsAdded", ["carl", "ann", "bo", "dora", "eva"]],
    ["lastActive", ["bo", "ann", "carl", "eva", "dora"]],
    ["user", ["ann", "bo", "carl", "dora", "eva"]],
  ] as const)("sorted by %s", async (sort, expected) => {
    const { rows, report } = await usersOf({ report: "users", period, ...(sort && { sort }) });
    expect(names(rows)).toEqual(expected);
    expect(report.persons?.(0, 2)).toEqual(
      expected.slice(0, 2).map((name) => ({
        handle: handleOf(`plain/${name}`),
        label: { ann: "Ann Ek", bo: "Bo Li", carl: "Carl Ek" }[name as string] ?? name,
      })),
    );
  });

  it.each([
    ["Sales", ["bo", "carl"], "Users of team Sales"],
    ["SALES", ["bo", "carl"], "Users of team Sales"],
    [handleOf("sales"), ["bo", "carl"], "Users of team Sales"],
    [handleOf("Sales"), ["bo", "carl"], "Users of team Sales"],
    ["operations", ["ann"], "Users of team Opérations"],
    ["sup", ["dora"], "Users of team Support Nordics"],
  ])("of team %s", async (team, expected, title) => {
    const { rows, report } = await usersOf({ report: "users", period, team });
    expect([names(rows).sort(), report.title]).toEqual([expected, title]);
  });

  it("has all numbers of the team alone", async () => {
    const { report } = await usersOf({ report: "users", period, team: "sales", status: "inactive" });
    expect(report.title).toBe("Inactive users of team Sales");
    expect(report.people).toEqual({ active: 2, passive: 0, inactive: 0 });
    expect([value(report, "passwordsAccessed"), value(report, "accountsAdded")]).toEqual([2, 1]);
    const trend = report.charts[0]?.rows ?? [];
    expect(trend.reduce((sum, row) => sum + Number(row.passwordsAccessed), 0)).toBe(2);
    expect(report.figures.find(({ key }) => key === "passwordsAccessed")?.previous).toBe(1);
    expect(report.request).toMatchObject({ team: "Sales" });
    // The day of "now" is cut: Bo signs in at nine.
    const early = await usersOf(
      { report: "users", period: "today", team: "sales" },
      undefined,
      now - 4 * 3_600_000,
    );
    expect(value(early.report, "loginSessions")).toBe(0);
  });

  it.each([
    ["Salez", /did you mean Sales/],
    ["s", /“s” could be Sales, Sales & Friends or Support Nordics/],
    ["qqqqqqqqq", /there are Opérations, Sales/],
    ["~aaaaaaaaaaa", /there is no team/],
    ["", /there is no team/],
  ])("names what would be right instead of team %j", async (team, message) => {
    const asked = usersOf({ report: "users", period, team });
    await expect(asked).rejects.toThrow(message);
    await expect(asked).rejects.toBeInstanceOf(UsageError);
  });

  it("is printed without what only controls need", async () => {
    const { report } = await usersOf({ report: "users", period, sort: "user" });
    const printed = JSON.parse(await renderJson(report));
    expect(printed.persons).toBeUndefined();
    expect(Object.keys(printed.tables.users[0])).toEqual([
      "user",
      "name",
      "team",
      "status",
      "loginSessions",
      "remoteConnections",
      "passwordsAccessed",
      "passwordsAutofilled",
      "accountsAdded",
      "lastActive",
    ]);
  });
});

describe("a trend by another unit", () => {
  it("is told in it, and has its rows by day", async () => {
    const { report } = await usersOf({ report: "overview", period, by: "week" });
    const [chart] = report.charts;
    expect([chart?.by, chart?.rows.length]).toEqual(["week", 31]);
    expect(chart?.summary).toContain("Passwords Accessed at most 2 in the week of 1 Oct 2026");
    const month = await usersOf({ report: "user", user: "bo", period, by: "month" });
    expect(month.report.charts[1]?.summary).toContain("Passwords Accessed at most 2 in October 2026");
    const day = await usersOf({ report: "overview", period });
    expect(day.report.charts[0]?.summary).toContain("Passwords Accessed at most 2 on 1 Oct 2026");
  });

  it.each([
    ["day", "2017-01-01..2026-10-01", /3,561 days by day .* ask by month, or for at most 130 days/],
    ["day", "2025-01-01..2026-10-01", /ask by week/],
    ["week", "2017-01-01..2026-10-01", /ask by month/],
  ] as const)("is refused where nobody could read it: by %s, %s", async (by, long, message) => {
    await expect(usersOf({ report: "overview", period: long, by })).rejects.toThrow(message);
  });
});

describe("a manager", () => {
  const eva: Viewer = { sees: "team", email: "eva@example.com" };

  it("is whoever the directory says is one, in any case", async () => {
    expect(await viewerOf(deps.store, "Eva@Example.com")).toEqual(eva);
    expect(await viewerOf(deps.store, "ann@example.com")).toEqual({ sees: "self", email: "ann@example.com" });
    expect(await viewerOf(deps.store, "")).toEqual({ sees: "self", email: "" });
  });

  it("sees their people and nothing of anybody else", async () => {
    const { report, rows } = await usersOf({ report: "overview", period }, eva);
    expect(names(rows)).toEqual(["ann", "bo"]);
    expect(report.people).toEqual({ active: 2, passive: 0, inactive: 0 });
    expect(report.notes).toContain("shown for the 2 people whose manager is eva@example.com");
    expect(report.notes).toContain("1 service account left out");
    expect(Object.fromEntries(report.figures.map(({ key, value }) => [key, value]))).toEqual({
      loginSessions: 4,
      remoteConnections: 1,
      passwordsAccessed: 3,
      passwordsAutofilled: 0,
      accountsAdded: 0,
      latestLogins: 1,
    });
    const trend = report.charts[0]?.rows ?? [];
    expect(trend.reduce((sum, row) => sum + Number(row.accountsAdded), 0)).toBe(0);
    const everything = JSON.stringify([report, rows, report.persons?.(0, 99)]);
    for (const other of ["carl", "dora", "Sales &"]) expect(everything.toLowerCase()).not.toContain(other);
    // The day of "now" is cut.
    const early = await usersOf(
      { report: "overview", period: "today" },
      eva,
      Date.parse("2026-10-20T08:30:00Z"),
    );
    expect([value(early.report, "remoteConnections"), value(early.report, "loginSessions")]).toEqual([1, 1]);
  });

  it("asks for one of them, and finds nobody else", async () => {
    const { report } = await usersOf({ report: "user", user: "ann", period }, eva);
    expect(report.subject?.user).toBe("ann@example.com");
    for (const user of ["carl", "carl@example.com", handleOf("plain/carl"), "dora", "eva"]) {
      const refused = usersOf({ report: "user", user, period }, eva);
      await expect(refused).rejects.toThrow(/nobody is called/);
      await expect(refused).rejects.not.toThrow(/Carl Ek|Dora|Eva/);
    }
    await expect(usersOf({ report: "users", period, team: "support nordics" }, eva)).rejects.toThrow(
      /there is no team/,
    );
  });

  it("of nobody sees nothing", async () => {
    const { report, rows } = await usersOf(
      { report: "overview", period },
      { sees: "team", email: "x@example.com" },
    );
    expect([rows, report.figures.every((figure) => figure.value === 0), report.headline]).toEqual([
      [],
      true,
      "Nobody is known yet. Nothing was recorded in this period.",
    ]);
    const inactive = await answer({ report: "inactive", period }, deps, {
      viewer: { sees: "team", email: "x@example.com" },
    });
    expect(inactive.headline).toBe("Nobody is known yet.");
  });

  it("asks for themselves as everybody does", async () => {
    const { report } = await usersOf({ report: "me", period: "2026" }, eva);
    expect([report.report, report.subject?.user, report.request]).toEqual([
      "me",
      "eva@example.com",
      { report: "me", period: "2026" },
    ]);
  });
});

describe("anybody else", () => {
  const ann: Viewer = { sees: "self", email: "Ann@example.com" };
  const others: ReportRequest[] = [
    { report: "overview", period },
    { report: "users", period },
    { report: "user", user: "ann", period },
    { report: "inactive", period },
  ];

  it.each(others)("is refused $report, by whichever way it is asked for", async (request) => {
    for (const viewer of [ann, { sees: "self" } as const]) {
      await expect(answer(request, deps, { viewer })).rejects.toBeInstanceOf(AccessError);
      await expect(runCommand([request.report, "ann"], deps, { viewer })).rejects.toMatchObject({
        userMessage:
          "Who uses the vault is shown to its admins and to managers for their teams; me shows your own.",
      });
    }
    // Nobody said who asks: in Slack that may not be taken for an admin.
    const inSlack = { ...deps, front: "slack" } as const;
    await expect(answer(request, inSlack)).rejects.toMatchObject({
      userMessage:
        "Who uses the vault is shown to its admins and to managers for their teams; /usage me shows your own.",
    });
    await expect(runCommand([request.report], inSlack)).rejects.toBeInstanceOf(AccessError);
    await expect(runCommand([], inSlack)).rejects.toBeInstanceOf(AccessError);
  });

  it("is refused what is the admins', and so are managers", async () => {
    for (const viewer of [ann, { sees: "team", email: "eva@example.com" } as const]) {
      for (const words of [["status"], ["import", "x.csv"], ["rebuild"]]) {
        await expect(runCommand(words, deps, { viewer })).rejects.toBeInstanceOf(AccessError);
      }
    }
  });

  it("sees their own", async () => {
    const { report } = await usersOf({ report: "me", period, by: "week" }, ann);
    expect([report.subject?.user, value(report, "passwordsAccessed")]).toEqual(["ann@example.com", 1]);
    expect(report.subject?.handle).toBe(handleOf("plain/ann"));
  });

  it("is told when they cannot be known", async () => {
    const me = { report: "me", period } as const;
    const inSlack = { ...deps, front: "slack" } as const;
    const nobody: Viewer = { sees: "self", email: "x@example.com" };
    await expect(answer(me, inSlack, { viewer: nobody })).rejects.toMatchObject({
      userMessage:
        "the vault knows nobody with your e-mail x@example.com; an administrator may ask with /usage user NAME",
    });
    await expect(answer(me, inSlack, { viewer: { sees: "self" } })).rejects.toMatchObject({
      userMessage: expect.stringContaining("Slack does not tell me your e-mail"),
    });
    await expect(answer(me, deps, { viewer: nobody })).rejects.toMatchObject({
      userMessage: "the vault knows nobody with the e-mail x@example.com",
    });
    await expect(answer(me, deps)).rejects.toThrow("me needs --as EMAIL in a terminal");
  });
});

it("names one person for sure where two vaults have one id for two people", async () => {
  const { deps } = await testEngine({}, () => now);
  const user = { id: "U1" };
  const event = { at: "2026-10-01T08:00:00Z", user, kind: "login" };
  await importText(deps, "plain.ndjson", JSON.stringify({ ...event, id: "1" }));
  const page = {
    object: "list",
    data: [{ object: "event", type: 1000, actingUserId: "U1", date: "2026-10-02T08:00:00Z" }],
  };
  await importText(deps, "page.json", JSON.stringify(page));
  await expect(answer({ report: "user", user: "U1", period }, deps)).rejects.toThrow(
    /could be bitwarden\/U1 or plain\/U1/,
  );
  for (const user of ["plain/U1", handleOf("plain/U1")]) {
    const report = await answer({ report: "user", user, period }, deps);
    expect(report.subject?.handle).toBe(handleOf("plain/U1"));
    // What a control or a schedule asks for next is the same person.
    const again = await answer(report.request, deps);
    expect(again.subject).toEqual(report.subject);
  }
});
