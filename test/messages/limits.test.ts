import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkBlocks } from "../../src/demo/workspace/blocks/validate.ts";
import { viewProblems } from "../../src/demo/workspace/index.ts";
import { parseAsked } from "../../src/domain/asked.ts";
import { maskReport } from "../../src/domain/mask.ts";
import { askedIn, compactRequest } from "../../src/messages/controls.ts";
import { buildFiles } from "../../src/messages/files.ts";
import { pageOf } from "../../src/messages/grid.ts";
import { buildHome, buildOwnHome, emptyHome } from "../../src/messages/home.ts";
import { clip, escapeText, fromOutside, sentLength } from "../../src/messages/limits.ts";
import type { SlackMessage } from "../../src/messages/message.ts";
import { buildAnswerModal, buildDatesModal, loadingModal } from "../../src/messages/modal.ts";
import { buildErrorMessage, buildText } from "../../src/messages/notice.ts";
import { buildMessage } from "../../src/messages/report.ts";
import { wildReport, wildText } from "./samples.ts";
import { context, expectSendable } from "./sendable.ts";

const now = new Date("2026-10-07T12:00:00Z");
const controlsOf = (blocks: SlackMessage["blocks"]) =>
  blocks.flatMap((block) => (block.type === "actions" ? [block] : []));

describe("whatever a report holds", () => {
  it("makes a message and a modal that Slack takes, with controls that say what is shown", async () => {
    const property = fc.asyncProperty(
      wildReport,
      fc.boolean(),
      fc.boolean(),
      fc.nat(9),
      fc.constantFrom("block", "plain", "list"),
      async (report, canShare, hasFiles, number, table) => {
        const page = await pageOf(report, number);
        const files = hasFiles ? { trend: "F1", breakdown: "F2" } : {};
        const asked = { request: compactRequest(report), at: now.getTime(), page: page.page };
        const controls = { asked, canShare, canOpenForms: true, exports: [{ label: "PDF", value: "pdf" }] };
        const message = buildMessage(report, { now, page, files, table, controls });
        expectSendable(message);
        expect(
          viewProblems({
            ...buildAnswerModal(buildMessage(report, { now, page, files, table: "list", controls })),
          }),
        ).toEqual([]);
        const rows = controlsOf(message.blocks);
        expect(rows.length).toBeGreaterThan(0);
        for (const row of rows) expect(parseAsked(askedIn(row.block_id ?? ""))).toEqual(asked);
        const masked = buildMessage(maskReport(report), { now, page, files, remark: "Shared by <@U1>" });
        expect(controlsOf(masked.blocks)).toEqual([]);
        expect(checkBlocks(masked.blocks, context)).toEqual([]);
      },
    );
    await fc.assert(property, { numRuns: 60 });
  });

  it("makes a list of files that Slack takes", () => {
    const file = fc.record({
      mark: fc.constant("x".repeat(22)),
      at: fc.constant(now),
      name: fc.constant("vault-usage-users.csv"),
      request: wildText,
      size: fc.nat(),
      sha256: fc.constant("a".repeat(64)),
      rows: fc.nat(),
      who: fc.oneof(wildText, fc.constant("U0ADMIN")),
      isThere: fc.boolean(),
    });
    const files = fc
      .uniqueArray(file, { maxLength: 25 })
      .map((list) => list.map((each, i) => ({ ...each, mark: `${each.mark}${i}` })));
    fc.assert(
      fc.property(files, wildText, (list, name) => {
        expectSendable(buildFiles({ title: `${name} is a report of ours.`, files: list, total: 400 }, now));
      }),
      { numRuns: 60 },
    );
  });

  it("makes a Home tab that Slack takes", async () => {
    const property = fc.asyncProperty(wildReport, wildReport, fc.boolean(), async (report, other, drawn) => {
      const { rows: quiet } = await pageOf(other, 0);
      const picture = drawn ? "F1" : undefined;
      const lines = [report.headline, other.headline];
      const parts = {
        now,
        today: report,
        month: other,
        inactive: other,
        quiet: quiet.slice(0, 5),
        picture,
        schedules: { count: 3, next: lines, paused: lines },
      };
      expect(viewProblems({ ...buildHome(parts) })).toEqual([]);
      expect(viewProblems({ ...buildOwnHome({ report, picture }, now) })).toEqual([]);
      expect(viewProblems({ ...buildOwnHome(report.headline, now) })).toEqual([]);
    });
    await fc.assert(property, { numRuns: 40 });
    for (const view of [emptyHome, loadingModal]) expect(viewProblems({ ...view })).toEqual([]);
    const dates = buildDatesModal({ from: "2026-10-01", to: "2026-10-02" }, "x".repeat(3_000));
    expect(viewProblems({ ...dates })).toEqual([]);
  });

  it("makes a text or an error that Slack takes", () => {
    const property = fc.property(fc.array(wildText, { maxLength: 60 }), (texts) => {
      const text = texts.join("\n");
      expectSendable(buildErrorMessage(text));
      if (text.trim() !== "") expectSendable(buildText(text));
    });
    fc.assert(property, { numRuns: 150, examples: [[["\ud83d", "a\t\tb"]]] });
  });
});

it("cuts texts without cutting what looks like one character", () => {
  fc.assert(
    fc.property(wildText, fc.integer({ min: 1, max: 200 }), (text, most) => {
      const clipped = clip(text, most);
      expect(sentLength(clipped)).toBeLessThanOrEqual(most);
      if (sentLength(text) <= most) expect(clipped).toBe(text);
    }),
  );
  expect(clip("👨‍👩‍👧‍👦 family", 12)).toBe("👨‍👩‍👧‍👦…");
});

it("keeps names from outside in their place", () => {
  expect(fromOutside("שלום", 60)).toBe("\u2068שלום\u2069");
  expect(fromOutside("a\nb\u202ec", 60)).toBe("a b c");
  expect(fromOutside("\u200b", 60)).toBe("–");
  expect(escapeText("<!channel> & @here")).toBe("&lt;!channel&gt; &amp; @\u2060here");
});
