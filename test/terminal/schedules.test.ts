import { expect, it, onTestFinished } from "vitest";
import { createMailbox } from "../../src/demo/mailbox/index.ts";
import { openDataDir } from "../helpers/engine.ts";
import { usage, usageMany } from "../helpers/usage.ts";

it("sets up, runs, looks back on and ends a schedule in a terminal, by e-mail alone", async () => {
  const mailbox = await createMailbox();
  onTestFinished(() => mailbox.close());
  const { dataDir } = await openDataDir();
  const env = {
    SMTP_URL: mailbox.smtpUrl,
    MAIL_FROM: "Vault Usage <usage@example.com>",
    MAIL_ALLOWED_DOMAINS: "example.com",
  };
  const at = new Date(Date.now() - 8 * 86_400_000).toISOString();
  const line = { id: "e1", at, user: { id: "u1", email: "ann@example.com" }, kind: "password_accessed" };
  await usage(["import", "-"], { dataDir, input: JSON.stringify(line) });
  const words = "overview last month every monday 09:00 in Europe/Oslo to";
  const [made, refused, missing] = await Promise.all(
    [
      ["schedule", ...words.split(" "), "boss@example.com", "as", "csv", "if", "empty", "send"],
      ["schedule", ...words.split(" "), "boss@elsewhere.org"],
      ["schedule", ...words.split(" "), "#security"],
    ].map((args) => usage(args, { dataDir, env })),
  );
  expect(made?.stdout).toMatch(/^Scheduled as \w{4}\n.*boss@example\.com as csv if empty send\n/);
  expect(made?.stdout.match(/ {2}(next|then) {2}Mon /g)).toHaveLength(3);
  expect([refused?.status, refused?.stderr]).toEqual([
    2,
    "e-mails go to example.com only, not to elsewhere.org\n",
  ]);
  expect([missing?.status, missing?.stderr]).toEqual([
    2,
    expect.stringContaining("is no place to send reports to"),
  ]);
  const id = /Scheduled as (\w+)/.exec(made?.stdout ?? "")?.[1] ?? "";
  mailbox.fail({ at: "rcpt", code: 550 });
  const [failed, run, tested, history, paused, deleted, list] = await usageMany(
    [
      ["schedules", "run", id],
      ["schedules", "run", id],
      ["schedules", "test", id, "--as", "boss@example.com"],
      ["schedules", "history", id, "--json"],
      ["schedules", "pause", id],
      ["schedules", "delete", id, "yes"],
      ["schedules"],
    ],
    { dataDir, env },
  );
  expect([failed?.status, failed?.stdout]).toEqual([
    1,
    expect.stringMatching(/: failed\n[\s\S]*boss@example\.com: failed/),
  ]);
  expect([run?.status, run?.stdout]).toEqual([
    0,
    expect.stringMatching(/: sent\n[\s\S]*boss@example\.com: sent/),
  ]);
  // Whoever has but the address of somebody does not have their schedules.
  expect(tested?.status).toBe(1);
  expect(JSON.parse(history?.stdout ?? "").map((each: { kind: string }) => each.kind)).toEqual([
    "now",
    "now",
  ]);
  expect(paused?.stdout).toContain("paused");
  expect(deleted?.stdout).toContain(`Deleted ${id}. What it sent stays on record.`);
  expect(list?.stdout).toBe("Nothing is scheduled yet; “schedule” sets something up.\n");
  expect(mailbox.mails("boss@example.com")).toHaveLength(1);
  expect(mailbox.mails()[0]?.attachments.map(({ name }) => name)).toEqual([
    expect.stringMatching(/^trend/),
    expect.stringMatching(/\.csv$/),
  ]);
});
