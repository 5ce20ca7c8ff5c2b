import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findPerson, type Person } from "../../src/domain/person.ts";
import {
  formatRequest,
  parseRequest,
  type ReportName,
  type ReportRequest,
} from "../../src/domain/request.ts";
import { splitWords } from "../../src/domain/words.ts";

function parse(line: string): ReportRequest {
  const [report, ...words] = splitWords(line);
  return parseRequest(report as ReportName, words);
}

describe("the grammar", () => {
  it.each([
    ["overview", { report: "overview", period: "last 30 days" }],
    ["overview Last  7 Days", { report: "overview", period: "last 7 days" }],
    ["users inactive 2026-10", { report: "users", status: "inactive", period: "2026-10" }],
    ["user alice", { report: "user", user: "alice", period: "last 30 days" }],
    ["user Zoë Ångström last 4 weeks", { report: "user", user: "Zoë Ångström", period: "last 4 weeks" }],
    ['user "Last Man" this week', { report: "user", user: "Last Man", period: "this week" }],
    [
      "user ann@example.com 2026-10-01..2026-10-15",
      { report: "user", user: "ann@example.com", period: "2026-10-01..2026-10-15" },
    ],
  ])("%s", (line, request) => {
    expect(parse(line)).toEqual(request);
  });

  it.each([
    ["overview lst week", /did you mean last week/],
    ["overview last 7 dayz", /did you mean last 7 days/],
    ["user alice last 7 dayz", /“last 7 dayz” is no period; did you mean last 7 days/],
    ["users inactiv", /did you mean inactive/],
    ["user", /needs to know who/],
    ["user last week", /needs to know who/],
    ["overview everything", /is no period; try one of: today/],
  ])("%s names what would be right", (line, message) => {
    expect(() => parse(line)).toThrow(message);
  });

  it("reads back what it writes", () => {
    const period = fc.constantFrom("today", "last 7 days", "2026-q3", "since 2026-01-01");
    const name = fc
      .array(fc.constantFrom("Ann", "B", "Ångström", "o'neil", "x@y.example", "李"), {
        minLength: 1,
        maxLength: 3,
      })
      .map((words) => words.join(" "));
    const request = fc.oneof(
      fc.record({ report: fc.constant("overview" as const), period }),
      fc.record({
        report: fc.constant("users" as const),
        period,
        status: fc.constantFrom("active", "passive", "inactive"),
      }),
      fc.record({ report: fc.constant("user" as const), period, user: name }),
    );
    fc.assert(
      fc.property(request, (each) => {
        expect(parse(formatRequest(each as ReportRequest))).toEqual(each);
      }),
    );
  });
});

describe("finding a person", () => {
  const person = (user: string, name: string | null): Person => ({
    id: user,
    user,
    name,
    team: null,
    manager: null,
    robot: false,
    accounts: [],
  });
  const people = [
    person("alice@example.com", "Alice Berg"),
    person("alan@example.com", "Alan Quist"),
    person("zoe@example.com", "Zoë Ångström"),
    person("zoe@other.example", "Zoe Adler"),
    person("u-17", null),
  ];

  it.each([
    ["ALICE@example.com", "alice@example.com"],
    ["alice", "alice@example.com"],
    ["Ali", "alice@example.com"],
    ["quist", "alan@example.com"],
    ["zoe angstrom", "zoe@example.com"],
    ["u-17", "u-17"],
  ])("%s", (words, user) => {
    expect(findPerson(people, words).user).toBe(user);
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
