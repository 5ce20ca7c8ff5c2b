import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkBlocks } from "../../src/demo/workspace/blocks/validate.ts";
import { textLength } from "../../src/demo/workspace/blocks/walk.ts";
import { topRows } from "../../src/messages/grid.ts";
import { clip, escapeText, fromOutside, sentLength } from "../../src/messages/limits.ts";
import type { SlackMessage } from "../../src/messages/message.ts";
import { buildErrorMessage, buildText } from "../../src/messages/notice.ts";
import { buildMessage } from "../../src/messages/report.ts";
import { wildReport, wildText } from "./samples.ts";

const now = new Date("2026-10-07T12:00:00Z");
const context = { surface: "message", newBlocks: [], isUsableImage: () => true } as const;

function expectSendable({ text, blocks }: SlackMessage): void {
  expect(checkBlocks(blocks, context)).toEqual([]);
  expect(text.trim()).not.toBe("");
  expect(text.length).toBeLessThanOrEqual(4_000);
  expect(text).not.toMatch(/<|@channel|@here/);
  expect(text.isWellFormed()).toBe(true);
  expect(JSON.stringify(blocks)).not.toMatch(/\\ud[89a-f]../i);
  const other = blocks.filter((block) => block.type !== "table");
  expect(textLength(other)).toBeLessThanOrEqual(10_000);
}

describe("whatever a report holds", () => {
  it("makes a message that Slack takes", async () => {
    const property = fc.asyncProperty(
      wildReport,
      fc.boolean(),
      fc.boolean(),
      fc.nat(150),
      async (report, plainTable, hasFiles, most) => {
        const rows = await topRows(report, most);
        const files = hasFiles ? { trend: "F1", breakdown: "F2" } : {};
        expectSendable(buildMessage(report, { now, rows, files, plainTable }));
      },
    );
    await fc.assert(property, { numRuns: 60 });
  });

  it("makes a text or an error that Slack takes", () => {
    const property = fc.property(fc.array(wildText, { maxLength: 60 }), (texts) => {
      const text = texts.join("\n");
      expectSendable(buildErrorMessage(text));
      if (text.trim() !== "") expectSendable(buildText(text));
    });
    fc.assert(property, { numRuns: 150 });
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
