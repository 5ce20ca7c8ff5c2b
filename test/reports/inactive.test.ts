import fc from "fast-check";
import { expect, it } from "vitest";
import { answer } from "../../src/commands/report.ts";
import { addDays, createCalendar, DAY, dayNumber } from "../../src/domain/calendar.ts";
import type { Report } from "../../src/domain/report.ts";
import { testEngine } from "../helpers/engine.ts";
import { emptyStore, importText, line } from "../helpers/fill.ts";

const zone = "Europe/Berlin";
const calendar = createCalendar(zone);
const users = ["ann", "bo", "dora"];
const firstDay = "2026-02-01";

interface Happening {
  readonly user: string;
  readonly at: number;
  readonly kind: string;
}

interface Row {
  readonly user: string;
  readonly group: string;
  readonly quietSince: Date | null;
  readonly days: number | null;
  readonly returnedAt: Date | null;
}

async function rowsOf(report: Report): Promise<Row[]> {
  const rows = await Array.fromAsync(report.tables.people?.rows() ?? []);
  return rows.map(({ user, group, quietSince, days, returnedAt }) => ({
    user,
    group,
    quietSince,
    days,
    returnedAt,
  })) as Row[];
}

/** The same from the events alone, person by person and day by day. */
function expected(
  happenings: readonly Happening[],
  { from, to, silence, now }: { from: string; to: string; silence: number; now: number },
): Row[] {
  const asOf = Math.min(now, calendar.startOf(addDays(to, 1)));
  const rows: Row[] = [];
  for (const user of users) {
    const own = happenings.filter((each) => each.user === user);
    // Dora is listed; of the others one has to have heard.
    if (user !== "dora" && !own.some(({ at }) => at <= now)) continue;
    const acts = own
      .filter(({ at, kind }) => kind !== "login_failed" && at <= now && at <= calendar.endOf(to))
      .map(({ at }) => at)
      .sort((a, b) => a - b);
    const who = { user: `${user}@example.com` };
    const last = acts.at(-1);
    if (last === undefined) {
      rows.push({ ...who, group: "never", quietSince: null, days: null, returnedAt: null });
      continue;
    }
    if (asOf - last > silence * DAY) {
      const days = Math.floor((asOf - last) / DAY);
      rows.push({ ...who, group: "quiet", quietSince: new Date(last), days, returnedAt: null });
      continue;
    }
    const days = [...Map.groupBy(acts, (at) => calendar.dayOf(at))];
    for (let i = days.length - 1; i > 0; i--) {
      const [before, after] = [days[i - 1], days[i]];
      if (!before || !after || after[0] < from) break;
      if (dayNumber(after[0]) - dayNumber(before[0]) <= silence) continue;
      const [since, at] = [Math.max(...before[1]), Math.min(...after[1])];
      rows.push({
        ...who,
        group: "returned",
        quietSince: new Date(since),
        days: Math.floor((at - since) / DAY),
        returnedAt: new Date(at),
      });
      break;
    }
  }
  const time = ({ group, quietSince, returnedAt }: Row): number =>
    (group === "quiet" ? quietSince : returnedAt)?.getTime() ?? 0;
  const order = ["never", "quiet", "returned"];
  return rows.sort(
    (a, b) =>
      order.indexOf(a.group) - order.indexOf(b.group) || time(b) - time(a) || (a.user < b.user ? -1 : 1),
  );
}

/** Days that are often as far from each other as a silence has to be, or a day more; over a change of clocks. */
const someDay = fc.oneof(fc.nat(150), fc.constantFrom(40, 41, 42, 49, 50, 60, 61, 85, 86, 130, 131));

const happening = fc.record({
  user: fc.constantFrom(...users),
  at: fc
    .record({
      day: someDay,
      minute: fc.nat(24 * 60 - 1),
    })
    .map(({ day, minute }) => calendar.startOf(addDays(firstDay, day)) + minute * 60_000),
  kind: fc.constantFrom("login", "login", "password_accessed", "logout", "other", "login_failed"),
});

it("says who never came, went quiet and returned, as the events have it", async () => {
  const { engine, deps } = await testEngine({ REPORT_TIMEZONE: zone });
  const examples = fc.record({
    happenings: fc.array(happening, { minLength: 1, maxLength: 25 }),
    asked: fc.array(
      fc.record({
        // The period holds one of the happenings, mostly, and is mostly over.
        around: fc.nat(),
        before: fc.constantFrom(0, 0, 5, 29, 99),
        length: fc.constantFrom(1, 7, 30, 100),
        silence: fc.constantFrom(1, 9, 20, 45),
        minutesLater: fc.oneof(fc.constant(400 * 24 * 60), fc.nat(60 * 24 * 60), fc.nat(24 * 60)),
      }),
      { minLength: 12, maxLength: 12 },
    ),
  });
  await fc.assert(
    fc.asyncProperty(examples, async ({ happenings, asked }) => {
      await emptyStore(engine.store);
      await importText(deps, "people.csv", "email,name\ndora@example.com,Dora\n");
      const lines = happenings.map(({ user, at, kind }, i) => line(`e${i}`, user, at, kind));
      await importText(deps, "events.ndjson", lines.join("\n"));
      for (const { around, before, length, silence, minutesLater } of asked) {
        const at = happenings[around % happenings.length]?.at ?? 0;
        const from = addDays(calendar.dayOf(at), -before);
        const now = at + minutesLater * 60_000;
        const case_ = { from, to: addDays(from, length - 1), silence, now };
        const period = `${case_.from}..${case_.to}`;
        const request = { report: "inactive", period, days: silence } as const;
        const report = await answer(request, deps, { now });
        expect(await rowsOf(report)).toEqual(expected(happenings, case_));
      }
    }),
    { numRuns: 8 },
  );
});

it("agrees with the other reports, and reads well", async () => {
  const { deps } = await testEngine({}, () => Date.parse("2026-10-20T12:00:00Z"));
  await importText(
    deps,
    "people.csv",
    "email,name,team,kind\nnew@example.com,New One,Sales,\nrobot@example.com,,,robot\nann@example.com,Ann Ek,Sales,\n",
  );
  await importText(
    deps,
    "events.ndjson",
    [
      line("1", "ann", "2026-10-19T08:00:00Z"),
      line("2", "bo", "2026-08-01T08:00:00Z"),
      line("3", "bo", "2026-10-19T08:00:00Z", "login_failed"),
      line("4", "carl", "2026-06-01T20:00:00Z"),
      line("5", "carl", "2026-10-18T06:00:00Z", "logout"),
      line("6", "carl", "2026-10-18T07:00:00Z"),
    ].join("\n"),
  );
  const inactive = await answer({ report: "inactive", period: "last 30 days" }, deps);
  expect(inactive.headline).toBe("1 person never signed in, 1 went quiet, 1 returned.");
  expect(await rowsOf(inactive)).toMatchObject([
    { user: "new@example.com", group: "never" },
    { user: "bo@example.com", group: "quiet", days: 80 },
    { user: "carl@example.com", group: "returned", returnedAt: new Date("2026-10-18T06:00:00Z"), days: 138 },
  ]);
  expect(inactive.persons?.(1, 9).map(({ label }) => label)).toEqual(["bo@example.com", "carl@example.com"]);
  expect(inactive.notes).toContain("1 service account left out");

  const overview = await answer({ report: "overview", period: "last 30 days" }, deps);
  const users = await answer({ report: "users", period: "last 30 days", status: "inactive" }, deps);
  expect(overview.people).toEqual({ active: 2, passive: 0, inactive: 2 });
  expect(inactive.people).toEqual(overview.people);
  expect(users.tables.users?.total).toBe(2);

  const since = await answer({ report: "inactive", period: "2026-10", days: 100 }, deps);
  expect([since.title, since.headline]).toEqual([
    "People inactive for more than 100 days",
    "1 person never signed in, 1 returned.",
  ]);
  const before = await answer({ report: "inactive", period: "2026-08", days: 60 }, deps);
  // Ann and Bo were not there yet, or just so; Carl had been gone for three months.
  expect((await rowsOf(before)).map(({ user, group }) => [user, group])).toEqual([
    ["ann@example.com", "never"],
    ["new@example.com", "never"],
    ["carl@example.com", "quiet"],
  ]);
});

it("says nothing false of nobody", async () => {
  const { deps } = await testEngine({}, () => Date.parse("2026-10-20T12:00:00Z"));
  const empty = await answer({ report: "inactive", period: "last 30 days" }, deps);
  expect([empty.headline, await rowsOf(empty)]).toEqual(["Nobody is known yet.", []]);
  await importText(deps, "events.ndjson", line("1", "ann", "2026-10-19T08:00:00Z"));
  const busy = await answer({ report: "inactive", period: "last 30 days" }, deps);
  expect([busy.headline, await rowsOf(busy)]).toEqual(["Nobody is inactive.", []]);
  await importText(deps, "events.ndjson", line("0", "ann", "2026-03-19T08:00:00Z"));
  const back = await answer({ report: "inactive", period: "last 30 days" }, deps);
  expect(back.headline).toBe("Nobody is inactive; 1 person returned.");
});
