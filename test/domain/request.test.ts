import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bucketUnits } from "../../src/domain/buckets.ts";
import { handleOf } from "../../src/domain/handle.ts";
import { findPerson, type Person } from "../../src/domain/person.ts";
import {
  formatRequest,
  parseRequest,
  type ReportName,
  type ReportRequest,
  readRequest,
} from "../../src/domain/request.ts";
import { sortBeginning, sortNamed, sortTitles, usersSorts } from "../../src/domain/sort.ts";
import { statuses } from "../../src/domain/status.ts";
import { splitWords } from "../../src/domain/words.ts";
import { UsageError } from "../../src/errors.ts";
import { computing } from "../helpers/computing.ts";

/** What a shell makes of a line: quotes are gone, the words in them stay together. */
function shell(...words: string[]): ReportRequest {
  const [report, ...rest] = words;
  return parseRequest(report as ReportName, rest);
}

const last30 = "last 30 days";

describe("the grammar", () => {
  it.each<[string, ReportRequest]>([
    ["overview", { report: "overview", period: last30 }],
    ["overview Last  7 Days", { report: "overview", period: "last 7 days" }],
    ["overview by week 2026-Q3", { report: "overview", period: "2026-q3", by: "week" }],
    ["overview 2026 by Month", { report: "overview", period: "2026", by: "month" }],
    ["users inactive 2026-10", { report: "users", status: "inactive", period: "2026-10" }],
    ["users 2026-10 inactive", { report: "users", status: "inactive", period: "2026-10" }],
    ["users sort sessions", { report: "users", period: last30, sort: "loginSessions" }],
    ["users sort Passwords Auto-filled", { report: "users", period: last30, sort: "passwordsAutofilled" }],
    [
      "users sort passwordsAccessed last week",
      { report: "users", period: "last week", sort: "passwordsAccessed" },
    ],
    ["users sort by last active", { report: "users", period: last30, sort: "lastActive" }],
    ["users sort last active last week", { report: "users", period: "last week", sort: "lastActive" }],
    ["users sort conn", { report: "users", period: last30, sort: "remoteConnections" }],
    ["users sort name by week", { report: "users", period: last30, sort: "user", by: "week" }],
    ["users team Sales", { report: "users", period: last30, team: "Sales" }],
    [
      "users team Customer Success last week",
      { report: "users", period: "last week", team: "Customer Success" },
    ],
    [
      "users team Active Directory inactive",
      { report: "users", period: last30, team: "Active Directory", status: "inactive" },
    ],
    [
      'users team "last week" sort added by day',
      { report: "users", period: last30, team: "last week", sort: "accountsAdded", by: "day" },
    ],
    ["users last week team “by week”", { report: "users", period: "last week", team: "by week" }],
    ["user alice", { report: "user", user: "alice", period: last30 }],
    ["user Zoë Ångström last 4 weeks", { report: "user", user: "Zoë Ångström", period: "last 4 weeks" }],
    ['user "Last Man" this week', { report: "user", user: "Last Man", period: "this week" }],
    ["user last week ann", { report: "user", user: "ann", period: "last week" }],
    ["user Bo by Hansen by month", { report: "user", user: "Bo by Hansen", period: last30, by: "month" }],
    ['user "today"', { report: "user", user: "today", period: last30 }],
    ['user "Ann ""Annie"" Ek"', { report: "user", user: 'Ann "Annie" Ek', period: last30 }],
    ["user C:\\ann", { report: "user", user: "C:\\ann", period: last30 }],
    [
      "user ann@example.com 2026-10-01..2026-10-15",
      { report: "user", user: "ann@example.com", period: "2026-10-01..2026-10-15" },
    ],
    ["me", { report: "me", period: last30 }],
    ["me by week last month", { report: "me", period: "last month", by: "week" }],
    ["inactive", { report: "inactive", period: last30 }],
    ["inactive 60 days last month", { report: "inactive", period: "last month", days: 60 }],
    ["inactive last 60 days 1 day", { report: "inactive", period: "last 60 days", days: 1 }],
    ["inactive 2026 2026 days", { report: "inactive", period: "2026", days: 2026 }],
  ])("%s", (line, request) => {
    expect(readRequest(line)).toEqual(request);
  });

  it.each<[string[], ReportRequest]>([
    [["overview", "last week"], { report: "overview", period: "last week" }],
    [["user", "Zoë Ångström", "last", "week"], { report: "user", user: "Zoë Ångström", period: "last week" }],
    [
      ["users", "team", "by week", "sort", "last active"],
      { report: "users", period: last30, team: "by week", sort: "lastActive" },
    ],
    [["inactive", "60 days"], { report: "inactive", period: last30, days: 60 }],
  ])("as a shell hands it over: %j", (words, request) => {
    expect(shell(...words)).toEqual(request);
  });

  it.each([
    ["overview lst week", /did you mean last week/],
    ["overview last 7 dayz", /did you mean last 7 days/],
    ["overview by weak", /“by weak” is not understood; did you mean by week/],
    ["overview last week this month", /“this month” is one too many/],
    ["user alice last 7 dayz", /“last 7 dayz” is no period; did you mean last 7 days/],
    ["user alice by weak", /did you mean by week/],
    ["users inactiv", /“inactiv” is no status; did you mean inactive/],
    ["users activ", /did you mean active/],
    ["users srt added", /did you mean sort/],
    ["users sort", /sort needs to know by what: sessions, connections, /],
    ["users sort last week", /sort needs to know by what/],
    ["users sort sesions", /“sesions” is nothing to sort by; did you mean sessions/],
    ["users sort a", /sort needs to know by what/],
    ["users team", /team needs a name/],
    ["users team last week", /team needs a name/],
    ["users everything", /right would be: users \[active/],
    ["user", /needs to know who/],
    ["user last week", /needs to know who/],
    ["me ann", /“ann” is no period/],
    ["overview everything", /is no period; try one of: today/],
    ["inactive 60 dyas", /“60 dyas” is not understood; did you mean 60 days/],
    ["inactive 60", /did you mean 60 days/],
    ["inactive 0 days", /1 to 3660 days/],
    ["inactive 5000 days", /1 to 3660 days/],
    ["inactive by week", /right would be: inactive \[N days\]/],
    ["nonsense", /there is no report “nonsense”/],
  ])("%s names what would be right", (line, message) => {
    expect(() => readRequest(line)).toThrow(message);
    expect(() => readRequest(line)).toThrow(UsageError);
  });

  it("reads back what it writes, whatever a name is", () => {
    const period = fc.constantFrom(
      "today",
      "last 7 days",
      "2026-q3",
      "since 2026-01-01",
      "2026-10-01..2026-10-15",
    );
    const parts = [
      "sort",
      "team",
      "by",
      "by week",
      "week",
      "last",
      "last week",
      "today",
      "active",
      "60",
      "days",
      "2026",
      "2026-10",
      "name",
      "Ann",
      "x@y.example",
      "o'neil",
      '"',
      '""',
      "“",
      "”",
      "„",
      "'",
      "\\",
      '\\"',
      "~",
      "-",
      " ",
      "\t",
      "\n",
      "\u00a0",
      "李",
      "שלום",
      "\u202e",
      "👩‍👩‍👧",
      "Ångström",
      handleOf("a"),
      "",
    ];
    const name = fc.oneof(
      fc.array(fc.constantFrom(...parts), { maxLength: 6 }).map((some) => some.join("")),
      fc.array(fc.constantFrom(...parts), { maxLength: 4 }).map((some) => some.join(" ")),
      fc.string({ unit: "binary", maxLength: 20 }),
      fc.string({ unit: "grapheme", maxLength: 20 }),
    );
    const by = fc.constantFrom(...bucketUnits);
    const required = { requiredKeys: ["report", "period"] as ("report" | "period")[] };
    const is = <R extends ReportName>(report: R) => fc.constant(report);
    const request = fc.oneof(
      fc.record({ report: is("overview"), period, by }, required),
      fc.record(
        {
          report: is("users"),
          period,
          by,
          status: fc.constantFrom(...statuses),
          sort: fc.constantFrom(...usersSorts),
          team: name,
        },
        required,
      ),
      fc.record(
        { report: is("user"), period, by, user: name },
        { requiredKeys: ["report", "period", "user"] },
      ),
      fc.record({ report: is("me"), period, by }, required),
      fc.record({ report: is("inactive"), period, days: fc.integer({ min: 1, max: 3_660 }) }, required),
    );
    fc.assert(
      fc.property(request, (each) => {
        expect(readRequest(formatRequest(each as ReportRequest))).toEqual(each);
      }),
      { numRuns: 2_000 },
    );
  });

  it("never breaks, and is not slow, on what anybody may type", async () => {
    const line = fc
      .tuple(
        fc.constantFrom("overview", "users", "user", "me", "inactive"),
        fc.array(
          fc.oneof(fc.constantFrom('"', "sort", "team", "by", "last", "7", "days", "week", "“"), fc.string()),
        ),
      )
      .map(([report, words]) => [report, ...words].join(" "));
    fc.assert(
      fc.property(line, (typed) => {
        try {
          readRequest(typed);
        } catch (error) {
          expect(error).toBeInstanceOf(UsageError);
        }
      }),
    );
    for (const text of ['"'.repeat(8_001), `"${"\\".repeat(8_000)}`, `user ${'"" '.repeat(4_000)}x`]) {
      expect(await computing(() => splitWords(text))).toBeLessThan(1_000);
    }
  });

  it("gives an order by its name, each by all of its own", () => {
    for (const sort of usersSorts) {
      for (const name of [sort, sortTitles[sort]]) expect(sortNamed(name.toUpperCase())).toBe(sort);
    }
    expect([sortBeginning("pass"), sortBeginning("last"), sortBeginning("")]).toEqual([
      undefined,
      "lastActive",
      undefined,
    ]);
  });
});

describe("finding a person", () => {
  const person = (user: string, name: string | null, accounts: readonly string[] = []): Person => ({
    id: user,
    user,
    name,
    team: null,
    manager: null,
    robot: false,
    left: false,
    started: null,
    accounts,
  });
  const people = [
    person("alice@example.com", "Alice Berg"),
    person("alan@example.com", "Alan Quist"),
    person("zoe@example.com", "Zoë Ångström"),
    person("zoe@other.example", "Zoe Adler"),
    person("u-17", null, ["plain/u-17", "bitwarden/X-1"]),
  ];

  it.each([
    ["ALICE@example.com", "alice@example.com"],
    ["alice", "alice@example.com"],
    ["Ali", "alice@example.com"],
    ["quist", "alan@example.com"],
    ["zoe angstrom", "zoe@example.com"],
    ["u-17", "u-17"],
    ["bitwarden/X-1", "u-17"],
    [handleOf("plain/u-17"), "u-17"],
    [handleOf("bitwarden/X-1"), "u-17"],
  ])("%s", (words, user) => {
    expect(findPerson(people, words).user).toBe(user);
  });

  it("takes a handle only as it is, and words that look like one as words too", () => {
    expect(() => findPerson(people, handleOf("plain/u-18"))).toThrow(/nobody is called/);
    expect(() => findPerson(people, handleOf("plain/u-17").toLowerCase())).toThrow(/nobody is called/);
    expect(findPerson([...people, person("x", "~abcdefghijk")], "~abcdefghijk").user).toBe("x");
  });

  it("has handles that fit where there is little room", () => {
    expect(handleOf("plain/u-17")).toBe("~lRYTqIFTsWh");
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 400 }), (text) => {
        expect(handleOf(text)).toMatch(/^~[A-Za-z0-9_-]{11}$/);
        expect(readRequest(`user ${handleOf(text)}`)).toMatchObject({ user: handleOf(text) });
      }),
    );
  });

  it("lists the candidates when there are several", () => {
    expect(() => findPerson(people, "zoe")).toThrow(/could be Zoë Ångström <zoe@example.com> or Zoe Adler/);
    expect(() => findPerson(people, "al")).toThrow(/Alice Berg.* or Alan Quist/);
  });

  it("names the nearest when there is none", () => {
    expect(() => findPerson(people, "alixe")).toThrow(/nobody is called “alixe”; did you mean Alice Berg/);
    expect(() => findPerson(people, "")).toThrow(/nobody is called/);
    expect(() => findPerson(people, "qqqqqqqqqq")).toThrow(/lists everybody/);
  });
});
