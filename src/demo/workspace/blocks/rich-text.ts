import { z } from "zod";
import { identifier, link, text } from "./text.ts";

const style = z
  .strictObject({
    bold: z.boolean().optional(),
    italic: z.boolean().optional(),
    strike: z.boolean().optional(),
    code: z.boolean().optional(),
    underline: z.boolean().optional(),
  })
  .optional();
const id = text(50);

const textRun = z.strictObject({ type: z.literal("text"), text: text(3000), style });
const linkRun = z.strictObject({
  type: z.literal("link"),
  url: link.or(text(3000).regex(/^mailto:.+/)),
  text: text(3000).optional(),
  unsafe: z.boolean().optional(),
  style,
});
const run = z.discriminatedUnion("type", [
  textRun,
  linkRun,
  z.strictObject({ type: z.literal("emoji"), name: text(100), unicode: text(100).optional(), style }),
  z.strictObject({ type: z.literal("user"), user_id: id, style }),
  z.strictObject({ type: z.literal("channel"), channel_id: id, style }),
  z.strictObject({ type: z.literal("usergroup"), usergroup_id: id, style }),
  z.strictObject({ type: z.literal("broadcast"), range: z.enum(["here", "channel", "everyone"]), style }),
  z.strictObject({
    type: z.literal("date"),
    timestamp: z.int(),
    format: text(100).regex(/\{[a-z_]+\}/),
    url: link.optional(),
    fallback: text(3000).optional(),
    style,
  }),
  z.strictObject({ type: z.literal("color"), value: z.string().regex(/^#[0-9a-fA-F]{6}$/), style }),
]);
const border = z.int().min(0).max(1).optional();

const section = z.strictObject({ type: z.literal("rich_text_section"), elements: z.array(run).min(1) });
const paragraph = z.discriminatedUnion("type", [
  section,
  z.strictObject({
    type: z.literal("rich_text_list"),
    style: z.enum(["bullet", "ordered"]),
    elements: z.array(section).min(1),
    indent: z.int().min(0).max(8).optional(),
    offset: z.int().min(0).optional(),
    border,
  }),
  z.strictObject({
    type: z.literal("rich_text_preformatted"),
    elements: z.array(z.discriminatedUnion("type", [textRun, linkRun])).min(1),
    border,
    language: text(50).optional(),
  }),
  z.strictObject({ type: z.literal("rich_text_quote"), elements: z.array(run).min(1), border }),
]);

export const richTextBlock = z.strictObject({
  type: z.literal("rich_text"),
  block_id: identifier.optional(),
  elements: z.array(paragraph).min(1),
});
