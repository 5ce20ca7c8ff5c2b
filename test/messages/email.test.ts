import fc from "fast-check";
import { expect, it } from "vitest";
import type { Report, Row } from "../../src/domain/report.ts";
import { buildEmail, type EmailInput } from "../../src/messages/email.ts";
import { sampleEmail, sampleReport } from "./email-sample.ts";
import { wildReport, wildText } from "./samples.ts";

const emailOf = (report: Partial<Report> = {}, more: Partial<EmailInput> = {}) =>
  buildEmail({ ...sampleEmail, report: { ...sampleReport, ...report }, ...more });

it("says the figures in its subject, and more of them behind it", async () => {
  const { subject, html } = await emailOf();
  expect(subject).toBe("Product usage, last 30 days: 28 of 41 active, 1,204 login sessions (▼ 3 %)");
  expect(html).toMatch(
    /<div style="display:none[^>]*>88 remote connections \(▲ 42 %\) · 497 passwords accessed · /,
  );
  expect((await emailOf({}, { kind: "test" })).subject).toBe(`Test: ${subject}`);
  const inactive = await emailOf({ title: "Inactive people", figures: [], headline: "3 people went quiet." });
  expect(inactive.subject).toBe("Inactive people, last 30 days: 3 people went quiet");
  const subject1 = {
    user: "zoe@example.com",
    name: "Zoë",
    team: null,
    status: "active",
    lastActive: null,
  } as const;
  const one = await emailOf({ subject: { ...subject1, handle: "~abcdefghijk" }, people: null });
  expect(one.subject).toBe("Zoë, last 30 days: 1,204 login sessions (▼ 3 %), 88 remote connections (▲ 42 %)");
  expect(one.text).toContain("zoe@example.com · ● Active · never active");
});

it("says all of it in plain text, in lines that fit", async () => {
  const { text } = await emailOf();
  expect(text).toContain("Login Sessions: 1,204 (down 3 % from 1,240)");
  expect(text).toContain("People: 28 active, 7 passive, 6 inactive");
  expect(text).toContain("Users 1–10 of 41:\n- Zoë Ångström: Active, Sessions 41");
  expect(text).toContain("\n○ Zoë Ångström: quiet for 52 days since 2 Oct 2026 09:00\n");
  expect(text).toContain(
    "- Data complete up to: Keeper 17 Nov 2026 18:02, Bitwarden 23 Nov 2026 08:58\n- 2 service accounts left out\n",
  );
  expect(text).toContain(
    "Europe/Oslo\n\nWarning: Keeper: no event since 17 Nov 2026 18:02, which is longer than\nusual\n\n28 of 41",
  );
  expect(text).toContain("overview.pdf (214 KB, attached)\n  SHA-256 ab12");
  expect(text).toContain("the link works until 23 Dec\n  2026)\n  SHA-256 cd34");
  expect(text).toContain("\n  https://usage.example.com/files/abc.def/users.xlsx\n");
  expect(text).toContain(
    "\n-- \nYou get this every monday 09:00 in Europe/Oslo, set up by Ann Ek.\nUnsubscribe: https://usage.example.com/unsubscribe/abc.def\n",
  );
  for (const line of text.split("\n")) if (!line.includes("https:")) expect(line.length).toBeLessThan(80);
});

it("warns of what is silent before any number", async () => {
  const { html } = await emailOf({ warnings: ["keeper & <b>: silent"] });
  expect(html).toMatch(/<strong>Warning:<\/strong> Keeper &amp; &lt;b&gt;: silent<\/p>/);
  expect(html.indexOf("Warning:")).toBeLessThan(html.indexOf("28 of 41 people"));
  expect((await emailOf({ warnings: [] })).html).not.toContain("Warning:");
});

it("says why it comes, and how it stops", async () => {
  const none = { unsubscribe: undefined };
  expect((await emailOf({}, none)).text).toMatch(/set up by Ann Ek\. Whoever\s+set it up can/);
  expect((await emailOf({}, none)).html).not.toContain("Unsubscribe");
  expect((await emailOf({}, { kind: "now" })).text).toContain("because Ann Ek sent it now");
  expect((await emailOf({}, { kind: "test" })).text).toContain("a test that only you get");
});

it("stands without pictures, and loads nothing", async () => {
  const [chart] = sampleReport.charts;
  const { html } = await emailOf({}, { pictures: { trend: "c1@example.com" } });
  expect(html).toContain(`<img alt="${chart?.summary}" src="cid:c1@example.com"`);
  const without = await emailOf({}, { pictures: {} });
  expect(without.html).not.toContain("<img");
  expect(without.html).toContain(chart?.summary);
  for (const text of [html, without.html]) {
    expect(text).not.toMatch(/url\(|@import|<link|<script|(?:src|background)="(?!cid:)/);
    expect(text).not.toMatch(/undefined|NaN|\[object/);
    // Some mail programs cut off what is longer.
    expect(text.length).toBeLessThan(100_000);
  }
});

it("stays an e-mail whatever is in it", async () => {
  const quiet = fc.array(
    fc.record({
      user: wildText,
      name: fc.option(wildText),
      days: fc.nat(),
      quietSince: fc.constant(new Date(0)),
    }),
    { maxLength: 3 },
  );
  await fc.assert(
    fc.asyncProperty(wildReport, quiet, wildText, async (report, rows, text) => {
      const email = await buildEmail({
        ...sampleEmail,
        report,
        quiet: rows as Row[],
        quietHeadline: text,
        owner: text,
        rule: text,
      });
      expect(email.subject.length).toBeLessThanOrEqual(110);
      expect(email.subject).not.toMatch(/\p{Cc}|\u2028|\u2029/u);
      expect(email.html.isWellFormed() && email.text.isWellFormed()).toBe(true);
      // No text has opened a tag, left its attribute, or been read as a placeholder.
      expect(email.html).not.toMatch(/<(?:!channel|!here|@U1)|<%/);
      expect(email.html.match(/<\/body>/g)).toHaveLength(1);
      expect(email.text).not.toMatch(/[^\P{Cc}\n]/u);
    }),
    { numRuns: 40 },
  );
});
