import { expect, it } from "vitest";
import { runCommand } from "../../src/commands/index.ts";
import { markPeopleStale } from "../../src/store/stale.ts";
import { testEngine } from "../helpers/engine.ts";
import { importText, line } from "../helpers/fill.ts";

const now = Date.parse("2026-10-20T12:00:00Z");

it("says how far the store reaches and what it holds", async () => {
  const { engine, deps } = await testEngine({ REPORT_TIMEZONE: "Europe/Oslo" }, () => now);
  const empty = await runCommand(["status"], deps);
  expect(empty).toMatchObject({
    type: "text",
    text: expect.stringMatching(/^Nothing has been imported yet\.\n/),
  });
  expect(empty).toMatchObject({
    data: { dataUpTo: null, sources: [], imports: [], counts: { events: 0, people: 0 } },
  });

  await importText(deps, "people.csv", "email,name,kind\nann@example.com,Ann,\nrobot@example.com,,robot\n");
  await importText(
    deps,
    "events.ndjson",
    [line("1", "ann", "2026-10-19T08:00:00Z"), line("2", "bo", "2026-10-20T08:00:00Z"), "{oops"].join("\n"),
  );
  const reply = await runCommand(["status"], deps);
  if (reply.type !== "text") throw new Error("status is a text");
  expect(JSON.parse(JSON.stringify(reply.data))).toEqual({
    version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
    store: "embedded",
    timeZone: "Europe/Oslo",
    dataUpTo: "2026-10-20T08:00:00.000Z",
    sources: [
      {
        source: "directory",
        title: "Directory",
        dataUpTo: null,
        upTo: null,
        importedAt: "2026-10-20T12:00:00.000Z",
        warning: null,
        feeds: [],
      },
      {
        source: "plain",
        title: "plain events",
        dataUpTo: "2026-10-20T08:00:00.000Z",
        upTo: "2026-10-20T08:00:00.000Z",
        importedAt: "2026-10-20T12:00:00.000Z",
        warning: null,
        feeds: [],
      },
    ],
    imports: expect.arrayContaining([
      {
        at: "2026-10-20T12:00:00.000Z",
        source: "plain",
        name: "events.ndjson",
        read: 3,
        added: 2,
        rejected: 1,
      },
    ]),
    counts: { events: 2, people: 3, robots: 1, accounts: 4, sessions: 2, days: 2 },
    stale: false,
    importing: false,
  });
  expect(reply.text).toContain(
    "Data complete up to today 10:00.\n  Directory: members only, file read today 14:00\n  plain events: up to today 10:00, file read today 14:00\n",
  );
  expect(reply.text).toContain("3 people (of them 1 service account), 4 accounts");
  expect(reply.text).toContain(
    "today 14:00  plain events, events.ndjson: 3 records read, 2 added, 1 rejected",
  );

  await markPeopleStale(engine.store);
  const stale = await runCommand(["status"], deps);
  expect(stale).toMatchObject({
    data: { stale: true },
    text: expect.stringContaining("An import did not end"),
  });
  await engine.store.leases.insertOne({ _id: "ingest", owner: "another", until: new Date(now + 1_000) });
  const importing = await runCommand(["status"], deps);
  expect(importing).toMatchObject({
    data: { importing: true },
    text: expect.stringContaining("An import is under way"),
  });
  await expect(runCommand(["status", "please"], deps)).rejects.toThrow("status takes no words");
});
