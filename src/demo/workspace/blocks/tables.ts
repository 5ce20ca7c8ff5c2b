import { z } from "zod";
import { richTextBlock } from "./rich-text.ts";
import { identifier, text } from "./text.ts";
import { textLength } from "./walk.ts";

const hasText = { error: "must be more than 0 characters" };

/** A cell of blanks looks as empty as one without text, so it is refused too. */
const filled = text(10_000).refine((value) => value.trim() !== "", hasText);
const rawText = z.strictObject({ type: z.literal("raw_text"), text: filled });
const richText = richTextBlock.omit({ block_id: true }).refine((cell) => textLength(cell) > 0, hasText);

const sameWidth = (rows: readonly (readonly unknown[])[]): boolean =>
  new Set(rows.map((row) => row.length)).size === 1;
const sameWidthError = { error: "all rows must have the same number of cells" };

export const tableBlock = z.strictObject({
  type: z.literal("table"),
  block_id: identifier.optional(),
  rows: z
    .array(
      z
        .array(z.discriminatedUnion("type", [rawText, richText]))
        .min(1)
        .max(20),
    )
    .min(1)
    .max(100)
    .refine(sameWidth, sameWidthError),
  column_settings: z
    .array(
      z
        .strictObject({
          align: z.enum(["left", "center", "right"]).optional(),
          is_wrapped: z.boolean().optional(),
        })
        .nullable(),
    )
    .max(20)
    .optional(),
});

export const dataTableBlock = z.strictObject({
  type: z.literal("data_table"),
  block_id: identifier.optional(),
  caption: text(2000),
  rows: z
    .array(
      z
        .array(
          z.discriminatedUnion("type", [
            rawText,
            richText,
            z.strictObject({ type: z.literal("raw_number"), value: z.number(), text: filled }),
          ]),
        )
        .min(1)
        .max(20),
    )
    .min(2)
    .max(101)
    .refine(sameWidth, sameWidthError),
  page_size: z.int().min(1).max(100).optional(),
  row_header_column_index: z.int().min(0).max(19).optional(),
});
