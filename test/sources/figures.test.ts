import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import type { SourceName } from "../../src/sources/index.ts";
import { temporaryFolder, testEngine } from "../helpers/engine.ts";
import { emptyStore, importText } from "../helpers/fill.ts";
import { fixturesOf, importFixtures, overview, people } from "./report.ts";

/** Login sessions, connections, accessed, auto-filled, added, latest logins; without robots. */
type Figures = readonly [number, number, number, number, number, number];

interface Expected {
  readonly figures: Figures;
  readonly people: readonly string[];
  readonly robots: number;
}

// What each source's fixtures come to, all of them together. (Where a vault has several forms, these tell of other events.)
const expected: Record<SourceName, Expected> = {
  plain: {
    figures: [2, 1, 1, 2, 1, 1],
    people: ["ann@example.com, Ann Ek, active", "u2, , active", "u3, , inactive"],
    robots: 0,
  },
  bitwarden: {
    figures: [4, 0, 2, 3, 1, 2],
    people: [
      "ann@example.com, Ann Ek, active",
      "bo@example.com, Bo Li, active",
      "cy@example.com, Cy Ott, inactive",
      "new@example.com, , inactive",
    ],
    robots: 1,
  },
  onepassword: {
    figures: [2, 0, 2, 1, 1, 1],
    people: [
      "ann@example.com, Ann Ek, active",
      "bo@example.com, Bo Li, active",
      "gil@partner.example, Gil Ortiz, inactive",
      "pia@example.com, Pia Moe, inactive",
    ],
    robots: 2,
  },
  vaultwarden: {
    figures: [3, 0, 1, 1, 1, 2],
    people: ["ann@example.com, Ann Example, active", "bo@example.com, Bo Example, active"],
    robots: 0,
  },
  keeper: {
    figures: [6, 3, 4, 3, 2, 2],
    people: [
      "ann@example.com, Ann Ek, active",
      "bo@example.com, Bo Li, active",
      "cy@example.com, , active",
      "nia@example.com, Nia Roe, inactive",
    ],
    robots: 2,
  },
  passbolt: {
    figures: [3, 0, 4, 0, 2, 3],
    people: [
      "ann@example.com, Ann Ek, active",
      "bo@example.com, Bo Li, active",
      "cy@example.com, , active",
      "dee@example.com, , inactive",
      "nia@example.com, Nia Roe, inactive",
      "odd@example.com, Odd Dahl, inactive",
    ],
    robots: 0,
  },
  lastpass: {
    figures: [2, 0, 0, 2, 1, 2],
    people: [
      "ann@example.com, Ann Ek, active",
      "bo@example.com, , passive",
      "nia@example.com, Nia Roe, inactive",
      "odd@example.com, Odd Dahl, inactive",
    ],
    robots: 1,
  },
  cyberark: {
    figures: [3, 1, 3, 0, 0, 1],
    people: ["ann, , active", "bo@example.com, , passive", "nobody, , inactive"],
    robots: 2,
  },
  devolutions: {
    figures: [2, 1, 2, 1, 2, 0],
    people: ["ann@example.com, , active", "example\\bo, , active"],
    robots: 0,
  },
  delinea: {
    figures: [2, 1, 2, 0, 1, 1],
    people: ["ann@example.com, Ann Example, active", "example\\nora, , active", "nora, , inactive"],
    robots: 1,
  },
  pmp: {
    figures: [2, 0, 2, 0, 1, 1],
    people: ["ann@example.com, , active", "bo, , passive"],
    robots: 0,
  },
  csv: {
    figures: [1, 0, 1, 0, 0, 1],
    people: ["ann@example.com, Ann Ek, active", "bo@example.com, , inactive"],
    robots: 0,
  },
  directory: {
    figures: [0, 0, 0, 0, 0, 0],
    people: [
      "ann@example.com, Ann Ek, inactive",
      "eva@example.com, Eva Berg, inactive",
      "kim@example.com, Kim Ask, inactive",
    ],
    robots: 1,
  },
};

const log = `When;Who;Action;Full name;IP address
2026-03-02 09:00:00;Ann@example.com;Sign in;Ann Ek;203.0.113.7
2026-03-02 09:01:00;ann@example.com;Viewed;Ann Ek;203.0.113.7
2026-03-02 09:02:00;bo@example.com;Bad password;;203.0.113.8
2026-03-02 09:03:00;;Viewed;;203.0.113.8
`;
const map = {
  at: "When",
  user: "Who",
  name: "Full name",
  kind: {
    column: "Action",
    values: { "Sign in": "login", Viewed: "password_accessed", "Bad password": "login_failed" },
  },
};
const order = [
  "loginSessions",
  "remoteConnections",
  "passwordsAccessed",
  "passwordsAutofilled",
  "accountsAdded",
  "latestLogins",
];

let deps: Awaited<ReturnType<typeof testEngine>>["deps"];
beforeAll(async () => {
  const clock = () => Date.parse("2026-07-10T12:00:00Z");
  const engine = await testEngine({ ACTIVE_DAYS: "365", INACTIVE_DAYS: "366" }, clock, () => {});
  deps = engine.deps;
  return () => engine.engine.close();
});

test.each(Object.entries(expected))("%s, from bytes to figures and people", async (name, wanted) => {
  await emptyStore(deps.store);
  const options = { sourceZone: "Europe/Oslo" };
  if (name === "csv") {
    const file = join(await temporaryFolder(), "map.json");
    await writeFile(file, JSON.stringify(map));
    await importText(deps, "log.csv", log, { ...options, map: file });
  } else {
    const files = await fixturesOf(name);
    expect(files.length).toBeGreaterThan(0);
    const { failures } = await importFixtures(deps, files, { ...options, source: name });
    expect(failures).toEqual([]);
  }
  const { figures, notes } = await overview(deps, "2026");
  const robots = Number(/^(\d+) service accounts? left out$/m.exec(notes.join("\n"))?.[1] ?? 0);
  expect({
    figures: order.map((key) => figures[key] ?? 0),
    people: await people(deps, "2026"),
    robots,
  }).toEqual(wanted);
});
