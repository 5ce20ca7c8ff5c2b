import { expect, it } from "vitest";
import { answer } from "../../src/commands/report.ts";
import { createCalendar } from "../../src/domain/calendar.ts";
import type { Member, SourceRecord } from "../../src/domain/event.ts";
import { ingest } from "../../src/store/ingest.ts";
import { withLease } from "../../src/store/lease.ts";
import type { Store } from "../../src/store/open.ts";
import { rollUp } from "../../src/store/rollups.ts";
import { testEngine } from "../helpers/engine.ts";
import { importText, line } from "../helpers/fill.ts";

const calendar = createCalendar("UTC");

/** Lists members as a vault or the directory does. */
async function list(store: Store, source: string, ...members: Member[]): Promise<void> {
  await withLease(store, "ingest", async (lease) => {
    const records = async function* (): AsyncGenerator<SourceRecord> {
      for (const member of members) yield { type: "member", member, line: 1 };
    };
    await ingest(store, source, records(), { calendar, lease });
    await rollUp(store, { calendar, lease });
  });
}

const email = "ann@example.com";
const person = (store: Store) => store.people.findOne({ user: email });

it("goes before other lists, and what it no longer says is forgotten", async () => {
  const { engine } = await testEngine();
  const { store } = engine;
  await list(store, "bitwarden", { id: "u1", email, name: "A. Ek", team: "Guests" });
  expect(await person(store)).toMatchObject({ name: "A. Ek", team: "Guests", manager: null });
  await list(store, "directory", {
    id: email,
    email,
    name: "Ann Ek",
    team: "Sales",
    manager: "Eva@example.com",
  });
  expect(await person(store)).toMatchObject({
    _id: "bitwarden/u1",
    name: "Ann Ek",
    team: "Sales",
    manager: "eva@example.com",
    accounts: ["bitwarden/u1", `directory/${email}`],
  });
  await list(store, "bitwarden", { id: "u1", email, name: "A. Ek", team: "Guests" });
  expect(await person(store)).toMatchObject({ name: "Ann Ek", team: "Sales" });
  await list(store, "directory", { id: email, email });
  expect(await person(store)).toMatchObject({ name: "A. Ek", team: "Guests", manager: null });
});

it("says who is no person, and may take it back", async () => {
  const { engine } = await testEngine();
  const { store } = engine;
  await list(store, "bitwarden", { id: "u1", email });
  await list(store, "directory", { id: email, email, robot: true });
  expect((await person(store))?.robot).toBe(true);
  await list(store, "directory", { id: email, email });
  expect((await person(store))?.robot).toBe(false);
  // A program stays one when the directory lists it like everybody.
  await list(store, "bitwarden", { id: "u1", email, robot: true });
  expect((await person(store))?.robot).toBe(true);
});

it("comes before or after the events, with the same outcome", async () => {
  const told: unknown[] = [];
  const csv = `email,name,team,manager\n${email},Ann Ek,Sales,eva@example.com\n`;
  const events = [
    line("1", "ann", "2026-10-01T08:00:00Z"),
    line("2", "ann", "2026-10-02T08:00:00Z", "login"),
  ];
  for (const order of [
    ["people.csv", "events.ndjson"],
    ["events.ndjson", "people.csv"],
  ]) {
    const { engine, deps } = await testEngine({}, () => Date.parse("2026-10-20T00:00:00Z"));
    for (const name of order) {
      await importText(deps, name, name === "people.csv" ? csv : events.join("\n"));
    }
    const report = await answer({ report: "overview", period: "2026-10" }, deps);
    const stored = await person(engine.store);
    told.push([report.figures, await Array.fromAsync(report.tables.users?.rows() ?? []), stored]);
    expect(stored?._id).toBe("plain/ann");
  }
  expect(told[0]).toEqual(told[1]);
});

it("has nothing computed anew for those whom it names", async () => {
  const { engine, deps } = await testEngine();
  const { daily } = engine.store;
  await importText(deps, "events.ndjson", line("1", "ann", "2026-10-01T08:00:00Z"));
  // Whatever drops or makes this day again takes the mark away.
  await daily.updateOne({}, { $set: { loginSessions: 99 } });
  await importText(deps, "people.csv", `email,team\n${email},Sales\n`);
  expect(await daily.findOne({})).toMatchObject({ person: "plain/ann", loginSessions: 99 });
  expect(await person(engine.store)).toMatchObject({ team: "Sales", lastActive: expect.any(Date) });
  // What comes after counts for both accounts' person.
  await importText(deps, "more.ndjson", line("2", "ann", "2026-10-02T08:00:00Z"));
  expect(await daily.countDocuments({ person: "plain/ann" })).toBe(2);
});

it("reads people of older stores, who had no manager", async () => {
  const { engine, deps } = await testEngine({}, () => Date.parse("2026-10-20T00:00:00Z"));
  await importText(deps, "events.ndjson", line("1", "ann", "2026-10-01T08:00:00Z"));
  await engine.store.people.updateMany({}, { $unset: { manager: "" } });
  const asked = answer({ report: "overview", period: "2026-10" }, deps, {
    viewer: { sees: "team", email: "eva@example.com" },
  });
  expect((await asked).tables.users?.total).toBe(0);
  await importText(deps, "people.csv", `email,manager\n${email},eva@example.com\n`);
  expect((await person(engine.store))?.manager).toBe("eva@example.com");
});
