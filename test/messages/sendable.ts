import { expect } from "vitest";
import { checkBlocks } from "../../src/demo/workspace/blocks/validate.ts";
import { textLength } from "../../src/demo/workspace/blocks/walk.ts";
import type { SlackMessage } from "../../src/messages/message.ts";

/** What a message may hold. */
export const context = { surface: "message", newBlocks: [], isUsableImage: () => true } as const;

/** Slack takes it, it says something without its blocks, and nothing in it is read as a mention. */
export function expectSendable({ text, blocks }: SlackMessage): void {
  expect(checkBlocks(blocks, context)).toEqual([]);
  expect(text.trim()).not.toBe("");
  expect(text.length).toBeLessThanOrEqual(4_000);
  expect(text).not.toMatch(/<|@channel|@here/);
  expect(text.isWellFormed()).toBe(true);
  expect(JSON.stringify(blocks)).not.toMatch(/\\ud[89a-f]../i);
  const other = blocks.filter((block) => block.type !== "table");
  expect(textLength(other)).toBeLessThanOrEqual(10_000);
}
